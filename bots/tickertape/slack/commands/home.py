"""The app's own places: the Home tab with a short help, one's figures and the models, and prompts to begin with."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from typing import Any

import structlog

from tickertape.answer.preparation import PromptRefused
from tickertape.durable.store.records import Choice
from tickertape.inbound.commands import Commands
from tickertape.inbound.facts import Here
from tickertape.languages import Lines, Sentence
from tickertape.prompts.keys import ConversationKey
from tickertape.slack import words
from tickertape.slack.gateway.callers import Callers
from tickertape.slack.gateway.mrkdwn import of_markdown
from tickertape.slack.http.web import CallFailed, reply
from tickertape.slack.keys import place_of
from tickertape.slack.workspace import Workspace

_log = structlog.get_logger(__name__)

MAX_SECTION = 3000
"""Characters of a section (Slack's Block Kit reference)."""

Event = Mapping[str, Any]


class Home:
    """Shows it to whoever opens it. What Slack refuses is logged and forgotten."""

    def __init__(self, workspace: Workspace, commands: Commands, callers: Callers, command: str) -> None:
        self._command = command
        self._workspace = workspace
        self._commands = commands
        self._callers = callers

    def on_opened(self, event: Event) -> None:
        """Take an app_home_opened event, which comes for both of the app's tabs."""
        user, channel = str(event.get("user", "")), str(event.get("channel", ""))
        if event.get("tab") == "home":
            self._workspace.tasks.start(self._show(user, channel), f"home of {user}")
        elif event.get("tab") == "messages" and channel:
            self._workspace.tasks.start(self._suggest(user, channel), f"suggestions in {channel}")

    async def _show(self, user: str, channel: str) -> None:
        view = {"type": "home", "blocks": await self._blocks(user, channel)}
        await self._call("views.publish", self._workspace.client.views_publish(user_id=user, view=view))

    async def _blocks(self, user: str, channel: str) -> list[dict[str, Any]]:
        caller, place = await self._callers.of(user, channel), place_of(self._workspace.team, channel)
        parts: list[Lines | Sentence] = [
            words.help_text(self._command),
            await _said(self._commands.usage(caller.asker)),
            await _said(self._commands.choices(Choice.MODEL, Here(caller, place, ConversationKey(place)))),
        ]
        language = self._workspace.languages.of(caller.origin.locale)
        return [_section(text) for text in dict.fromkeys(map(language.say, parts))]

    async def _suggest(self, user: str, channel: str) -> None:
        say = (await self._workspace.language_of(user)).say
        prompts = [{"title": say(title), "message": say(message)} for title, message in words.SUGGESTED]
        await self._call(
            "assistant.threads.setSuggestedPrompts",
            self._workspace.client.assistant_threads_setSuggestedPrompts(
                channel_id=channel, thread_ts="", prompts=prompts
            ),
        )

    async def _call(self, method: str, call: Awaitable[Any]) -> None:
        try:
            async with self._workspace.limits.guard(method):
                await reply(call)
        except CallFailed as failed:
            _log.warning("home_not_shown", method=method, reason=str(failed))


async def _said(saying: Awaitable[Lines]) -> Lines | Sentence:
    """Return what is said, or why it is not."""
    try:
        return await saying
    except PromptRefused as refusal:
        return refusal.sentence


def _section(markdown: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": of_markdown(markdown)[:MAX_SECTION]}}
