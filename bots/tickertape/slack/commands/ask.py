"""The slash command: refused privately, or posted as a question, answered in its thread and acknowledged.

A slash command leaves no message behind and knows no thread (Slack's slash command page), so the bot posts the question
itself: people see what is being answered, and a reaction on it stops the answer.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from slack_bolt.context.ack.async_ack import AsyncAck

from tickertape.answer.preparation import PromptRefused
from tickertape.inbound.facts import Published, Question, Sender
from tickertape.inbound.inbox import Inbox
from tickertape.languages import Sentence, in_english
from tickertape.screen.budget import Urgency
from tickertape.slack import words
from tickertape.slack.acknowledging import safe
from tickertape.slack.gateway import mrkdwn
from tickertape.slack.gateway.messages import ASKED
from tickertape.slack.gateway.senders import Senders
from tickertape.slack.http import lookup, outcomes
from tickertape.slack.http.web import CallFailed, CallRateLimited, CallRefused, CallUnclear, reply
from tickertape.slack.restart.places import SlackPlace
from tickertape.slack.showing.dialect import DIALECT, literal
from tickertape.slack.showing.spots import Spots
from tickertape.slack.showing.surface import QUIET
from tickertape.slack.workspace import Workspace

_log = structlog.get_logger(__name__)

QUOTED = 2_000
"""Characters of a question that are posted: they fit into one block whatever they are. The model gets all of it."""

_TRIES = 4
_PAUSE = 0.5
"""Seconds before a second try; doubled for each further one."""


@dataclass(frozen=True, slots=True)
class Command:
    """One use of the slash command, or of the shortcut that asks about a message.

    `id` is the same however often it is delivered. `thread_ts` is the thread in which it is asked, None for a new one;
    `about` is the message that the question is about, which the model is told and nobody has to be shown.
    """

    id: str
    channel: str
    user: str
    handle: str
    text: str
    response_url: str
    thread_ts: str | None = None
    about: str = ""

    @property
    def prompt(self) -> str:
        """What the model is asked."""
        quoted = "\n".join(f"> {line}" for line in self.about.splitlines())
        return f"{self.text}\n\n{quoted}" if quoted else self.text


class AskCommand:
    """Serves the slash command."""

    def __init__(self, workspace: Workspace, inbox: Inbox, spots: Spots, senders: Senders) -> None:
        self._workspace = workspace
        self._inbox = inbox
        self._spots = spots
        self._senders = senders

    async def take(self, ack: AsyncAck, command: Mapping[str, Any]) -> None:
        """Have the command answered; return when it is acknowledged."""
        typed = mrkdwn.question(command.get("text") or "", self._workspace.identity.bot_user)
        used = Command(command["trigger_id"], command["channel_id"], command["user_id"],
                       command.get("user_name") or "", typed, command["response_url"])  # fmt: skip
        await self.start(used)
        await ack()

    async def start(self, command: Command) -> None:
        """Ask what was typed, each delivery once. Returns when that may be acknowledged."""
        await safe(self._workspace.tasks.start(self._ask(command), f"command {command.id}"))

    async def _ask(self, command: Command) -> None:
        sender = self._senders.by_url(command.user, command.channel, command.response_url)
        place = SlackPlace(self._workspace.team, command.channel, command.thread_ts, command.id)

        async def publish() -> Published | None:
            return await self._publish(command, sender)

        question = Question(
            key=place.message(command.id),
            text=command.prompt,
            place=place.key,
            conversation=place.conversation,
            sender=sender,
            spot=self._spots.at(place),
            publish=publish,
        )
        try:
            await self._inbox.ask(question)
        except PromptRefused as refused:
            await sender.tell(refused.sentence)

    async def _publish(self, command: Command, sender: Sender) -> Published | None:
        """Post an admitted question for all to see, and return what it is from then on; None if Slack refuses it."""
        try:
            ts = await self._post(command)
        except CallFailed as failed:
            await sender.tell(self._refusal(command, failed))
            return None
        place = SlackPlace(self._workspace.team, command.channel, command.thread_ts or ts, ts)
        later = self._senders.at(command.user, command.channel, place.thread_ts)
        return Published(place.message(ts), place.conversation, self._spots.at(place), later)

    def _refusal(self, command: Command, failed: CallFailed) -> Sentence:
        lacking = outcomes.lacking(failed) if isinstance(failed, CallRefused) else None
        _log.error("question_refused", channel=command.channel, reason=str(failed),
                   permission=in_english(lacking))  # fmt: skip
        if not isinstance(failed, CallRefused):
            return words.QUESTION_LOST
        absent = failed.code in {"not_in_channel", "channel_not_found"}
        return words.not_in_channel(self._workspace.identity.name) if absent else words.cannot_post(lacking)

    async def _post(self, command: Command) -> str:
        """Post the question and return its ts; raises `CallFailed` when it cannot be done."""
        message = await self._message(command)
        for attempt in range(1, _TRIES):
            try:
                return await self._create(command, message)
            except CallRateLimited as limited:
                self._workspace.limits.posts.close(asyncio.get_running_loop().time(), limited.retry_after)
            except CallUnclear:
                await asyncio.sleep(_PAUSE * 2 ** (attempt - 1))
                found = await self._find(command, message["metadata"])
                if found is not None:
                    return found
        return await self._create(command, message)

    async def _create(self, command: Command, message: Mapping[str, Any]) -> str:
        await self._workspace.limits.post_turn(command.channel)
        client = self._workspace.client
        response = await reply(
            client.chat_postMessage(channel=command.channel, thread_ts=command.thread_ts, **message)
        )
        return str(response["ts"])

    async def _find(self, command: Command, metadata: Mapping[str, Any]) -> str | None:
        """Look for the question in its thread, or among the channel's latest messages.

        None as well where Slack lets nobody look now.
        """
        where = lookup.SearchRange(command.channel, command.thread_ts, command.thread_ts)
        finder = lookup.Finder(self._workspace.client, self._workspace.limits, where)
        now = asyncio.get_running_loop().time()
        if finder.budget.ready(now, Urgency.NOW) > now:
            return None
        try:
            return await finder.find(lookup.carries(metadata))
        except lookup.Limited:
            return None

    async def _message(self, command: Command) -> dict[str, Any]:
        """Return the question as a message: the asker's name, which pings nobody, and the text as a quotation."""
        person = await self._workspace.person(command.user)
        name, language = person.name or command.handle, self._workspace.languages.of(person.locale)
        text = command.text if len(command.text) <= QUOTED else f"{command.text[: QUOTED - 1]}…"
        quoted = "\n".join(f"> {line}" for line in DIALECT.show(text).splitlines())
        return {
            "blocks": [
                {"type": "markdown", "text": f"{language.say(words.asked(literal(name)))}\n\n{quoted}"}
            ],
            "text": mrkdwn.fallback(f"{name}: {command.text}" if name else command.text),
            "metadata": {"event_type": ASKED, "event_payload": {"command": command.id, "user": command.user}},
            **QUIET,
        }
