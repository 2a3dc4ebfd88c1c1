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
from tickertape.languages import Sentence, in_english
from tickertape.prompts.keys import MessageKey
from tickertape.screen.budget import Urgency
from tickertape.slack import words
from tickertape.slack.gateway import mrkdwn
from tickertape.slack.gateway.prompts import Prompts
from tickertape.slack.gateway.questions import Question
from tickertape.slack.gateway.seen import Seen
from tickertape.slack.http import lookup, outcomes
from tickertape.slack.http.notices import Notices
from tickertape.slack.http.web import CallFailed, CallRateLimited, CallRefused, CallUnclear, reply
from tickertape.slack.showing.dialect import DIALECT, literal
from tickertape.slack.showing.surface import QUIET
from tickertape.slack.tasks import safe
from tickertape.slack.workspace import Workspace

_log = structlog.get_logger(__name__)

EVENT_TYPE = "tickertape_question"
"""The type of a posted question's metadata; its payload is `{command}`."""

QUOTED = 2_000
"""Characters of a question that are posted: they fit into one block whatever they are. The model gets all of it."""

_TRIES = 4
_PAUSE = 0.5
"""Seconds before a second try; doubled for each further one."""


def is_question(message: Mapping[str, Any]) -> bool:
    """Whether a message of the bot's own is a question that somebody asked by the command."""
    return (message.get("metadata") or {}).get("event_type") == EVENT_TYPE


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


class Commands:
    """Serves the slash command."""

    def __init__(self, workspace: Workspace, prompts: Prompts, notices: Notices) -> None:
        self._workspace = workspace
        self._prompts = prompts
        self._notices = notices
        self._seen = Seen()

    async def take(self, ack: AsyncAck, command: Mapping[str, Any]) -> None:
        """Have the command answered, and acknowledge it with a refusal or nothing."""
        try:
            text = self._workspace.answering.check(self._typed(command))
        except PromptRefused as refused:
            language = await self._workspace.language_of(command["user_id"])
            await ack(text=language.say(refused.sentence), response_type="ephemeral")
            return
        used = Command(command["trigger_id"], command["channel_id"], command["user_id"],
                       command.get("user_name") or "", text, command["response_url"])  # fmt: skip
        await self.start(used)
        await ack()

    async def start(self, command: Command) -> None:
        """Ask what was typed, unless it was delivered before. Returns when that may be acknowledged."""
        if self._seen.first(command.id):
            await safe(self._workspace.tasks.start(self._ask(command), f"command {command.id}"))

    def _typed(self, command: Mapping[str, Any]) -> str:
        return mrkdwn.question(command.get("text") or "", self._workspace.identity.bot_user)

    async def _ask(self, command: Command) -> None:
        try:
            admitted = await self._admit(command)
        except PromptRefused as refused:
            await self._tell(command, refused.sentence)
            return
        try:
            ts = await self._post(command)
        except CallFailed as failed:
            await self._refuse(command, failed)
            return
        finally:
            self._workspace.answering.registry.note_asked(
                admitted
            )  # from now on it is asked under its message's key
        question = Question(command.channel, ts, command.thread_ts or ts, command.user, command.prompt)
        prompt = await self._prompts.prompt_for(question)
        try:
            await self._prompts.begin(prompt, question.place(self._workspace.team))
        except PromptRefused as refused:
            await self._tell(command, refused.sentence)

    async def _admit(self, command: Command) -> MessageKey:
        """Return the key under which it may be asked, or raise `PromptRefused`: before the question is shown to all."""
        question = Question(command.channel, command.id, command.thread_ts, command.user, command.prompt)
        prompt = await self._prompts.prompt_for(question)
        await self._workspace.answering.admit(prompt)
        return prompt.key

    async def _refuse(self, command: Command, failed: CallFailed) -> None:
        lacking = outcomes.lacking(failed) if isinstance(failed, CallRefused) else None
        _log.error("question_refused", channel=command.channel, reason=str(failed),
                   permission=in_english(lacking))  # fmt: skip
        sentence = words.QUESTION_LOST
        if isinstance(failed, CallRefused):
            absent = failed.code in {"not_in_channel", "channel_not_found"}
            sentence = (
                words.not_in_channel(self._workspace.identity.name) if absent else words.cannot_post(lacking)
            )
        await self._tell(command, sentence)

    async def _tell(self, command: Command, sentence: Sentence) -> None:
        language = await self._workspace.language_of(command.user)
        await self._notices.respond(command.response_url, language.say(sentence))

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
        spot = lookup.Spot(command.channel, command.thread_ts, command.thread_ts)
        finder = lookup.Finder(self._workspace.client, self._workspace.limits, spot)
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
            "metadata": {"event_type": EVENT_TYPE, "event_payload": {"command": command.id}},
            **QUIET,
        }
