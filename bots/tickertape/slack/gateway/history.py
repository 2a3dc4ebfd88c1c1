"""Slack's own history of a conversation, for what was said before the bot came; implements `tickertape.memory.memory.History`.

It is read once per conversation, within Slack's limits and for a few seconds at most: an answer does not wait for the past.
Some apps may read once a minute, 15 messages at a time (Slack's rate limits page, "non-Marketplace apps"): they get those.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import structlog
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from tickertape.durable.store.records import NewTurn
from tickertape.memory.tokens import tokens_of
from tickertape.memory.memory import tokens_of
from tickertape.prompts.keys import ConversationKey, MessageKey
from tickertape.prompts.prompt import Prompt
from tickertape.prompts.turns import Role
from tickertape.screen.budget import Urgency
from tickertape.slack.commands import ask as commands
from tickertape.slack.gateway import mrkdwn
from tickertape.slack.http import lookup
from tickertape.slack.http.web import CallFailed, CallRateLimited, reply
from tickertape.slack.keys import channel_of, person_key, timestamp
from tickertape.slack.workspace import Workspace

_log = structlog.get_logger(__name__)

PATIENCE = 4.0
"""Seconds that an answer waits for the history of its conversation."""

_PAGE = 200
_MAX_PAGES = 3


class SlackHistory:
    """Reads threads by conversations.replies and direct messages by conversations.history."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    async def before(self, prompt: Prompt, most: int) -> Sequence[NewTurn] | None:
        """Return at most `most` turns that were said before the prompt, oldest first; None if they can't be read now."""
        conversation, latest = prompt.conversation, timestamp(prompt.source)
        if conversation is None or conversation.root == latest:
            return ()  # the prompt is the beginning of its thread
        channel = channel_of(conversation.place)
        messages: list[Mapping[str, Any]] = []
        try:
            async with asyncio.timeout(PATIENCE):
                await self._read(messages, channel, conversation.root, latest)
        except (CallFailed, TimeoutError) as error:
            _log.warning("history_not_read", channel=channel, reason=str(error) or type(error).__name__)
            if not messages:
                return None
        earlier = sorted((message for message in messages if message["ts"] < latest), key=_ts)
        turns = [self._turn(conversation, message) for message in earlier]
        return [turn for turn in turns if turn is not None][-most:]

    async def _read(
        self, messages: list[Mapping[str, Any]], channel: str, thread_ts: str, latest: str
    ) -> None:
        """Read pages into `messages` while there are any, so that those stay that came in time."""
        cursor: str | None = None
        for _ in range(_MAX_PAGES):
            response = await self._page(channel, thread_ts, latest, cursor)
            messages.extend(response.get("messages") or ())
            cursor = (response.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return

    async def _page(
        self, channel: str, thread_ts: str, latest: str, cursor: str | None
    ) -> AsyncSlackResponse:
        method = lookup.REPLIES if thread_ts else lookup.HISTORY
        client, limits = self._workspace.client, self._workspace.limits
        budget, now = limits.looks(method), asyncio.get_running_loop().time()
        if (opens := budget.ready(now, Urgency.PARTIAL)) > now:
            raise CallRateLimited(opens - now)
        options: dict[str, Any] = {
            "channel": channel,
            "latest": latest,
            "limit": _PAGE,
            "cursor": cursor,
            "include_all_metadata": True,
        }
        try:
            async with limits.guard(method):
                if thread_ts:
                    return await reply(client.conversations_replies(ts=thread_ts, **options))
                return await reply(client.conversations_history(**options))
        except CallRateLimited as limited:
            budget.close(asyncio.get_running_loop().time(), limited.retry_after)
            raise

    def _turn(self, conversation: ConversationKey, message: Mapping[str, Any]) -> NewTurn | None:
        """Return what a message says as a turn; None for what Slack itself writes, and for empty ones."""
        identity = self._workspace.identity
        said = mrkdwn.question(_text(message), identity.bot_user)
        if not said or message.get("subtype") not in {None, "bot_message", "file_share", "thread_broadcast"}:
            return None
        is_ours = message.get("bot_id") == identity.bot_id and not commands.is_question(message)
        user = message.get("user") or message.get("bot_id") or ""
        return NewTurn(
            conversation,
            Role.ASSISTANT if is_ours else Role.USER,
            said,
            tokens_of(said),
            float(message["ts"]),
            keys=(MessageKey(conversation.place, message["ts"]),),
            author=None if is_ours or not user else person_key(user),
        )


def _text(message: Mapping[str, Any]) -> str:
    """Return all that a message of ours says, of which `text` is only the beginning; and what others wrote."""
    blocks = [block.get("text") for block in message.get("blocks") or () if block.get("type") == "markdown"]
    return "\n\n".join(text for text in blocks if isinstance(text, str)) or str(message.get("text") or "")


def _ts(message: Mapping[str, Any]) -> float:
    return float(message["ts"])
