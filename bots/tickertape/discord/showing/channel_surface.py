"""Shows an answer as messages of a channel, a thread or a direct message."""

from __future__ import annotations

from dataclasses import replace

from tickertape.discord import words
from tickertape.discord.http import outcomes
from tickertape.discord.http.lost_messages import find_message, search_in
from tickertape.discord.http.response import Json, Response
from tickertape.discord.http.rest import Request, Rest
from tickertape.discord.http.upload import MAX_FILE
from tickertape.discord.keys import ids_of
from tickertape.discord.showing.buttons import AnswerButtons
from tickertape.discord.showing.dialect import DIALECT
from tickertape.languages import Sentence
from tickertape.prompts.keys import MessageKey
from tickertape.render.dialect import Dialect
from tickertape.screen.body import Body, Call, Room
from tickertape.screen.budget import Budget
from tickertape.screen.outcome import Outcome, RateLimited, Refused, Shown, Unconfirmed

_SUPPRESS_EMBEDS = 1 << 2
"""Message flag: links in a model's text don't unfurl (API documentation, message flags)."""


def content(body: Body) -> Json:
    """Return the part of a payload that every create and edit has. Without `allowed_mentions`, edits ping."""
    return {"content": body.text, "allowed_mentions": {"parse": []}, "flags": _SUPPRESS_EMBEDS}


class ChannelSurface:
    """Creates and edits messages through the channel's routes.

    The first message is a reply to the message `reply_to`, if given. `send_permission` is the name of the permission
    that writing here needs; `files` says whether the bot may post files as well.
    """

    def __init__(
        self,
        rest: Rest,
        channel_id: int,
        buttons: AnswerButtons,
        *,
        reply_to: int | None = None,
        send_permission: Sentence = words.SEND,
        files: bool = True,
    ) -> None:
        self._rest = rest
        self._channel_id = channel_id
        self._buttons = buttons
        self._reply_to = reply_to
        self._send_permission = send_permission
        self._files = files
        self._unsure = False
        """The message to be posted next may have been created without our knowing."""
        self._look_after: int | None = None
        """An earlier process may have created it: it is looked for behind this message before it is posted."""

    @property
    def dialect(self) -> Dialect:
        """Discord's way of writing."""
        return DIALECT

    @property
    def room(self) -> Room:
        """Any number of messages, and files where the bot may post them."""
        return Room(file=MAX_FILE if self._files else 0)

    def bind(self, answer_id: str) -> None:
        """Set the answer that is shown here."""
        self._buttons.answer_id = answer_id

    def move(self, channel_id: int, *, send_permission: Sentence, files: bool) -> None:
        """Show what comes from now on in another channel, in which nothing is replied to."""
        self._channel_id, self._reply_to = channel_id, None
        self._send_permission, self._files = send_permission, files

    def resume(self, after: int) -> None:
        """Go on with an answer of an earlier process; a message that nobody knows of comes after `after`, if at all."""
        self._look_after = after

    def costs(self, call: Call) -> tuple[Budget, ...]:
        """Return the budget of the channel's creates or edits, or of looking for a message."""
        if self._look_after is not None and call is not Call.EDIT:
            return self._rest.costs(search_in(self._channel_id))
        request = self._edit(0) if call is Call.EDIT else self._create()
        return self._rest.costs(request)

    async def post(self, body: Body, page: int) -> Outcome:
        """Create message number `page`; the nonce makes sure that a repetition creates no second one.

        Discord then returns the first one, which may show an older text. It forgets a nonce after minutes: what an
        earlier process may have created is looked for first.
        """
        if self._look_after is not None:
            return await self._look(self._look_after, page)
        payload = content(body) | self._buttons.change(body) | self._identity(page)
        request = self._create()
        answer = await self._rest.call(request, payload, body.file)
        if isinstance(answer, Response) and answer.code == outcomes.REPLY_NEEDS_HISTORY:
            self._reply_to = None
            return Unconfirmed(f"{answer.problem}; trying without a reply")
        result = self._outcome(answer, request)
        if isinstance(result, Refused) and body.file is not None:
            return self.refuse_files(result)
        return self._posted(result, body)

    async def _look(self, after: int, page: int) -> Outcome:
        """Search the channel for the message that an earlier process may have created."""

        def is_ours(message: Json) -> bool:
            return self._buttons.are_on(message) or message.get("nonce") == self._nonce(page)

        found = await find_message(self._rest, self._channel_id, after, is_ours)
        if isinstance(found, Refused):
            self._look_after, self._unsure = None, True
            return Unconfirmed(f"{found.reason}; creating it")
        if isinstance(found, Shown):
            self._look_after = None
        return found

    def _posted(self, result: Outcome, body: Body) -> Outcome:
        """Take note of what came of a create."""
        if isinstance(result, Unconfirmed):
            self._unsure = True
        if not isinstance(result, Shown):
            return result
        if self._unsure:
            self._unsure = False
            return replace(result, certain=False)
        self._buttons.confirm(result.message, body)
        return result

    def refuse_files(self, refused: Refused) -> Unconfirmed:
        """Take note that files are refused here: all text comes in messages."""
        self._files = False
        return Unconfirmed(f"{refused.reason}; going on without a file")

    async def edit(self, message: MessageKey, body: Body) -> Outcome:
        """Replace what `message` shows."""
        request = self._edit(ids_of(message)[1])
        payload = content(body) | self._buttons.change(body, message)
        self._buttons.forget(message)
        result = self._outcome(await self._rest.call(request, payload), request)
        if isinstance(result, Shown):
            self._buttons.confirm(message, body)
        return result

    def _identity(self, page: int) -> Json:
        identity: Json = {"nonce": self._nonce(page), "enforce_nonce": True}
        if page == 0 and self._reply_to is not None:
            identity["message_reference"] = {"message_id": str(self._reply_to), "fail_if_not_exists": False}
        return identity

    def _nonce(self, page: int) -> str:
        return f"{self._buttons.answer_id}-{page}"

    def _outcome(self, answer: Response | RateLimited | Unconfirmed, request: Request) -> Outcome:
        return outcomes.outcome(answer, self._rest.budget(request), self._send_permission)

    def _create(self) -> Request:
        return Request("POST", f"/channels/{self._channel_id}/messages", lane=self._buttons.answer_id)

    def _edit(self, message_id: int) -> Request:
        return Request("PATCH", f"/channels/{self._channel_id}/messages/{message_id}")
