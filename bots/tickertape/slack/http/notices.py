"""What only one person is told: in the channel for their eyes, else in a direct message, or on a command's response."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import aiohttp
import structlog

from tickertape.languages import Sentence
from tickertape.slack.gateway.mrkdwn import escape
from tickertape.slack.http.web import CallFailed, reply
from tickertape.slack.keys import is_direct
from tickertape.slack.showing.surface import QUIET
from tickertape.slack.workspace import Workspace

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody to tell, and where they are: a channel, and a thread of it or None."""

    user: str
    channel: str
    thread_ts: str | None = None

    @property
    def is_alone(self) -> bool:
        """Whether they are in a direct message with the bot, where a plain message is private."""
        return is_direct(self.channel)


class Notices:
    """Tells people things privately. Whatever Slack refuses is logged and forgotten."""

    def __init__(self, workspace: Workspace, session: aiohttp.ClientSession) -> None:
        self._workspace = workspace
        self._session = session

    async def tell(self, recipient: Recipient, sentence: Sentence) -> None:
        """Say `sentence` to `recipient`, in their language, and nobody else."""
        await self._workspace.tasks.protect(self._tell(recipient, sentence), f"tell {recipient.user}")

    async def _tell(self, recipient: Recipient, sentence: Sentence) -> None:
        text = (await self._workspace.language_of(recipient.user)).say(sentence)
        if recipient.is_alone or not await self._whisper(recipient, text):
            await self._write(recipient, text)

    async def offer(self, recipient: Recipient, text: str, buttons: Sequence[Mapping[str, Any]]) -> None:
        """Say `text` to `recipient` alone, with buttons below it; where Slack refuses that, say nothing."""
        section = {"type": "section", "text": {"type": "plain_text", "text": text}}
        await self._whisper(recipient, text, [section, {"type": "actions", "elements": list(buttons)}])

    async def say(self, user: str, response_url: str, sentence: Sentence) -> None:
        """Say `sentence`, in their language, to `user`, who used the command behind `response_url`."""
        await self.respond(response_url, (await self._workspace.language_of(user)).say(sentence))

    async def respond(
        self, response_url: str, text: str, blocks: Sequence[Mapping[str, Any]] | None = None
    ) -> None:
        """Say `text` to whoever used the command or button behind `response_url` (5 times, 30 minutes).

        `blocks`, if there are any, say it instead.
        """
        message: dict[str, Any] = {
            "response_type": "ephemeral",
            "replace_original": False,
            "text": escape(text),
        }
        if blocks:
            message["blocks"] = list(map(dict, blocks))
        try:
            async with self._session.post(
                response_url, json=message, proxy=self._workspace.client.proxy
            ) as response:
                if response.status != 200:
                    _log.warning("response_not_taken", status=response.status)
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            _log.warning("response_not_taken", reason=type(error).__name__)

    async def _whisper(
        self, recipient: Recipient, text: str, blocks: Sequence[Mapping[str, Any]] | None = None
    ) -> bool:
        workspace = self._workspace
        try:
            async with workspace.limits.guard("chat.postEphemeral"):
                await reply(
                    workspace.client.chat_postEphemeral(
                        channel=recipient.channel,
                        user=recipient.user,
                        thread_ts=recipient.thread_ts,
                        text=escape(text),
                        blocks=None if blocks is None else list(map(dict, blocks)),
                    )
                )
        except CallFailed as failed:
            _log.warning("whisper_failed", channel=recipient.channel, reason=str(failed))
            return False
        return True

    async def _write(self, recipient: Recipient, text: str) -> None:
        """Write a direct message; Slack opens the conversation when the channel is a user's id."""
        channel, thread_ts = (
            (recipient.channel, recipient.thread_ts) if recipient.is_alone else (recipient.user, None)
        )
        client = self._workspace.client
        try:
            await self._workspace.limits.post_turn(channel)
            await reply(
                client.chat_postMessage(channel=channel, thread_ts=thread_ts, text=escape(text), **QUIET)
            )
        except CallFailed as failed:
            _log.warning("direct_message_failed", user=recipient.user, reason=str(failed))
