"""One Slack conversation or thread as a surface: an answer's messages are posted and edited in it.

chat.postMessage is not idempotent and has no nonce. Every create therefore carries the answer's id and page as message
metadata; after a create of which nobody knows whether it took effect, the thread is searched for them first.
"""

from __future__ import annotations

import asyncio
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from tickertape.languages import ENGLISH, Language, Sentence, words
from tickertape.prompts.keys import MessageKey
from tickertape.screen.body import Body, Call, File, Offer, Room
from tickertape.screen.budget import Budget
from tickertape.screen.outcome import Outcome, Refused, Shown, Unconfirmed
from tickertape.slack.gateway.mrkdwn import comment, fallback
from tickertape.slack.http import lookup, outcomes
from tickertape.slack.http.budgets import SlackLimits
from tickertape.slack.http.files import MAX_FILE, FileSharer
from tickertape.slack.http.web import CallFailed, CallUnclear, reply
from tickertape.slack.keys import timestamp
from tickertape.slack.restart.places import SlackPlace
from tickertape.slack.showing.dialect import DIALECT, SlackDialect

STOP_ACTION = "tickertape_stop"
"""The Stop button's action_id; its value is the answer's id."""

OFFER_ACTION = "tickertape_"
"""What the action_ids of the buttons below an answer that is over begin with; the offer follows, the value is the
answer's id."""

_FACES: dict[Offer, tuple[str, Sentence | None]] = {
    Offer.AGAIN: ("🔁", words.AGAIN_LABEL),
    Offer.CONTINUE: ("▶️", words.CONTINUE_LABEL),
    Offer.GOOD: ("👍", None),
    Offer.BAD: ("👎", None),
}
"""Emoji and label of each button."""

EVENT_TYPE = "tickertape_answer"
"""The type of our message metadata; its payload is `{answer, page}`."""

QUIET: dict[str, Any] = {"unfurl_links": False, "unfurl_media": False, "parse": "none", "link_names": False}
"""No previews, which could carry data away, and nothing taken for a mention but what is written as one."""


class SlackSurface:
    """Shows one answer in one place. `bind` must be called before the first call: with the answer's id.

    `files` says whether the bot has the scope to send files.
    """

    dialect: SlackDialect = DIALECT

    def __init__(
        self,
        client: AsyncWebClient,
        limits: SlackLimits,
        place: SlackPlace,
        language: Language = ENGLISH,
        *,
        files: bool = True,
    ) -> None:
        self._client = client
        self._limits = limits
        self._answer_id = ""
        self.place = place
        self.language = language
        """The asker's."""
        self._in_doubt: set[int] = set()
        """Pages of which a create may have taken effect."""
        where = lookup.SearchRange(place.channel, place.thread_ts, place.asked_ts)
        self._finder = lookup.Finder(client, limits, where)
        self._sharer = FileSharer(client, limits, where) if files else None

    @property
    def room(self) -> Room:
        """Any number of messages, and files where the bot may send them."""
        return Room(file=MAX_FILE if self._sharer else 0)

    def bind(self, answer_id: str) -> None:
        """Take the id that the Stop button and the metadata carry."""
        self._answer_id = answer_id

    def resume(self, pages: int) -> None:
        """Go on with an answer of an earlier process that has so many pages; it may have made one more."""
        self._in_doubt.add(pages)
        if self._sharer:
            self._sharer.resume(pages)

    async def find(self, page: int) -> MessageKey | None:
        """Return the message of page `page`, if an earlier process made it; None as well where nobody can look now."""
        try:
            ts = await self._finder.find(lookup.carries(self.metadata(page)))
        except CallFailed:
            return None
        return self.place.message(ts) if ts else None

    def costs(self, call: Call) -> tuple[Budget, ...]:
        """Return the budgets of `call`; a create in doubt takes a look and may turn into an edit."""
        if call is Call.EDIT:
            return (self._limits.updates,)
        if call is Call.FILE:
            return self._sharer.budgets if self._sharer else (self._limits.files,)
        posting = self._limits.posting(self.place.channel)
        return (self._limits.updates, *posting, self._finder.budget) if self._in_doubt else posting

    async def post(self, body: Body, page: int) -> Outcome:
        """Create page `page`, unless a create before did so after all: then that message gets the text."""
        if body.file is not None:
            return await self._share(body.file, body.text, page)
        found: str | None = None
        try:
            if page in self._in_doubt:
                found = await self._finder.find(lookup.carries(self.metadata(page)))
            ts = found or await self._create(body, page)
        except CallFailed as failed:
            if isinstance(failed, CallUnclear):
                self._in_doubt.add(page)
            # Slack does not say which counter was full. The channel's is kept at one call a second, the least that
            # Slack promises, so it is the workspace's that must be smaller than assumed.
            return outcomes.of_post(failed, self._limits.posts)
        key = self.place.message(ts)
        outcome = await self.edit(key, body) if found else Shown(key, _now())
        if isinstance(outcome, Shown):
            self._in_doubt.discard(page)
        return outcome

    async def _share(self, file: File, text: str, page: int) -> Outcome:
        """Share a file. Slack does not tell its message's ts, and nothing edits it: the file's id makes its key."""
        if self._sharer is None:
            return Refused("files are not sent here")
        try:
            file_id = await self._sharer.share(file, comment(text), page)
        except CallFailed as failed:
            outcome = outcomes.of_post(failed, self._limits.files)
            if isinstance(outcome, Refused):
                self._sharer = None
                return Unconfirmed(f"{outcome.reason}; going on without a file")
            return outcome
        return Shown(self.place.message(file_id), _now())

    async def edit(self, message: MessageKey, body: Body) -> Outcome:
        """Replace a message's blocks. With blocks, unlike with text alone, no "(edited)" is shown.

        A file stays what it is: nothing edits it.
        """
        if body.file is not None:
            return Shown(message, _now())
        try:
            await reply(
                self._client.chat_update(
                    channel=self.place.channel, ts=timestamp(message), **self._content(body), **QUIET
                )
            )
        except CallFailed as failed:
            return outcomes.of_edit(failed, self._limits.updates)
        return Shown(message, _now())

    async def _create(self, body: Body, page: int) -> str:
        response = await reply(
            self._client.chat_postMessage(
                channel=self.place.channel,
                thread_ts=self.place.thread_ts,
                metadata=self.metadata(page),
                **self._content(body),
                **QUIET,
            )
        )
        return str(response["ts"])

    def metadata(self, page: int) -> dict[str, Any]:
        """Return what page `page` carries, unseen: whose it is."""
        return {"event_type": EVENT_TYPE, "event_payload": {"answer": self._answer_id, "page": page}}

    def _content(self, body: Body) -> dict[str, Any]:
        blocks: list[dict[str, Any]] = [{"type": "markdown", "text": body.text}, *self.buttons(body)]
        return {"blocks": blocks, "text": fallback(body.text)}

    def buttons(self, body: Body) -> list[dict[str, Any]]:
        """Return the block of the buttons that `body` has, none if it has none."""
        buttons = [self._stop_button()] * body.stoppable
        buttons += [offer_button(offer, self._answer_id, self.language) for offer in body.offers]
        return [{"type": "actions", "elements": buttons}] if buttons else []

    def _stop_button(self) -> dict[str, Any]:
        return {
            "type": "button",
            "action_id": STOP_ACTION,
            "text": {"type": "plain_text", "text": self.language.say(words.STOP_LABEL)},
            "value": self._answer_id,
        }


def offer_button(offer: Offer, answer: str, language: Language) -> dict[str, Any]:
    """Return the button that does what an answer offers."""
    emoji, label = _FACES[offer]
    text = emoji if label is None else f"{emoji} {language.say(label)}"
    return {
        "type": "button",
        "action_id": f"{OFFER_ACTION}{offer.value}",
        "text": {"type": "plain_text", "text": text, "emoji": True},
        "value": answer,
    }


def _now() -> float:
    return asyncio.get_running_loop().time()
