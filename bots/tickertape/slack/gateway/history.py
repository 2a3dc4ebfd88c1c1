"""Slack's own history of a conversation, for what was said before the bot came; implements `tickertape.inbound.history.MessageHistory`.

It is read once per conversation, within Slack's limits and for a few seconds at most: an answer does not wait for the past.
Some apps may read once a minute, 15 messages at a time (Slack's rate limits page, "non-Marketplace apps"): they get those.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import structlog
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from tickertape.inbound.past_message import PastMessage
from tickertape.prompts.prompt import Prompt
from tickertape.screen.budget import Urgency
from tickertape.slack.gateway import mrkdwn
from tickertape.slack.gateway.callers import Callers, Known
from tickertape.slack.gateway.messages import asked_by
from tickertape.slack.http import lookup
from tickertape.slack.http.web import CallFailed, CallRateLimited, reply
from tickertape.slack.keys import channel_of, message_key, person_key, timestamp
from tickertape.slack.workspace import Workspace

_log = structlog.get_logger(__name__)

PATIENCE = 4.0
"""Seconds that an answer waits for the history of its conversation."""

_PEOPLE = 1.0
"""Seconds that it then waits for the names and usergroups of those who wrote."""

_PAGE = 200
_MAX_PAGES = 3

_SAID = frozenset({None, "bot_message", "file_share", "thread_broadcast"})
"""Subtypes of messages that somebody wrote; all others are Slack's own."""


class SlackHistory:
    """Reads threads by conversations.replies and direct messages by conversations.history."""

    def __init__(self, workspace: Workspace, callers: Callers) -> None:
        self._workspace = workspace
        self._callers = callers

    async def before(self, prompt: Prompt, most: int) -> Sequence[PastMessage] | None:  # noqa: ARG002 - the seam's signature
        """Return the messages from before the prompt, oldest first; None if they can't be read now."""
        if prompt.conversation is None:
            return ()
        channel, thread_ts = channel_of(prompt.place), prompt.conversation.root
        latest = timestamp(prompt.source)
        if thread_ts == latest:
            return ()  # the prompt is the beginning of its thread
        messages: list[Mapping[str, Any]] = []
        try:
            async with asyncio.timeout(PATIENCE):
                await self._read(messages, channel, thread_ts, latest)
        except (CallFailed, TimeoutError) as error:
            _log.warning("history_not_read", channel=channel, reason=str(error) or type(error).__name__)
            if not messages:
                return None
        earlier = sorted((message for message in messages if message["ts"] < latest), key=_ts)
        said = [message for message in earlier if message.get("subtype") in _SAID]
        people = await self._people({author for message in said if (author := self._author(message))})
        return [self._past(channel, message, people) for message in said]

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

    async def _people(self, users: Iterable[str]) -> Mapping[str, Known]:
        """Return what Slack tells in time of those who wrote: its messages hold ids. It is asked once for each."""
        asking = {asyncio.ensure_future(self._callers.known(user)): user for user in users}
        if not asking:
            return {}
        told, late = await asyncio.wait(asking, timeout=_PEOPLE)
        for each in late:
            each.cancel()
        return {asking[each]: each.result() for each in told}

    def _past(self, channel: str, message: Mapping[str, Any], people: Mapping[str, Known]) -> PastMessage:
        """Return what a message says, and who says it."""
        identity = self._workspace.identity
        user, app = self._author(message), str(message.get("bot_id") or "")
        ours = user is None and app == identity.bot_id
        name, roles = people.get(user, self._callers.unknown) if user else (_app_name(message), None)
        return PastMessage(
            message_key(identity.team, channel, message["ts"]),
            None if ours else person_key(user or app),
            "" if ours else name,
            mrkdwn.question(_text(message), identity.bot_user),
            _ts(message),
            is_app=user is None and not ours,
            is_root=message.get("thread_ts") == message["ts"],
            roles=roles,
        )

    def _author(self, message: Mapping[str, Any]) -> str | None:
        """Return the person who wrote a message, or who asked by the command; None if that was an app."""
        asked = asked_by(message, self._workspace.identity.bot_id)
        if asked is None and message.get("bot_id"):
            return None
        return asked or message.get("user") or None


def _app_name(message: Mapping[str, Any]) -> str:
    return str(message.get("username") or (message.get("bot_profile") or {}).get("name") or "")


def _text(message: Mapping[str, Any]) -> str:
    """Return all that a message of ours says, of which `text` is only the beginning; and what others wrote."""
    blocks = [block.get("text") for block in message.get("blocks") or () if block.get("type") == "markdown"]
    return "\n\n".join(text for text in blocks if isinstance(text, str)) or str(message.get("text") or "")


def _ts(message: Mapping[str, Any]) -> float:
    return float(message["ts"])
