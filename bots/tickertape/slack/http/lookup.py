"""Finds a message of ours by its metadata, after a create of which nobody knows whether it took effect."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from tickertape.screen.budget import Budget
from tickertape.slack.http.budgets import SlackLimits
from tickertape.slack.http.web import CallRateLimited, CallRefused, reply

_log = structlog.get_logger(__name__)

PAGE = 200
"""Messages of one look. Slack gives some apps no more than 15 whatever is asked."""

MAX_LOOKS = 5
"""Pages of messages that are searched: what came after the question, in the seconds since then."""


MAX_LIMITED = 3
"""Looks in a row that are answered with a 429 before the message is taken for missing."""

REPLIES, HISTORY = "conversations.replies", "conversations.history"


class Limited(CallRateLimited):
    """The look itself was answered with a 429: look again when `budget`, which is not that of posting, is open."""

    def __init__(self, budget: Budget, retry_after: float) -> None:
        super().__init__(retry_after)
        self.budget = budget


@dataclass(frozen=True, slots=True)
class SearchRange:
    """Where to look: a channel, a thread of it or None, and the ts after which the message must have come.

    Without a ts only the latest messages are looked at.
    """

    channel: str
    thread_ts: str | None
    oldest: str | None

    @property
    def method(self) -> str:
        """The method that looks here."""
        return HISTORY if self.thread_ts is None else REPLIES


Wanted = Callable[[Mapping[str, Any]], bool]
"""Tells of a message whether it is the one."""


def carries(metadata: Mapping[str, Any]) -> Wanted:
    """Want the message with this metadata."""

    def is_it(message: Mapping[str, Any]) -> bool:
        carried = message.get("metadata") or {}
        return all(carried.get(name) == value for name, value in metadata.items())

    return is_it


def shares(file_id: str) -> Wanted:
    """Want the message that shares this file."""
    return lambda message: any(file.get("id") == file_id for file in message.get("files") or ())


class Finder:
    """Looks for the messages of one answer in one place."""

    def __init__(self, client: AsyncWebClient, limits: SlackLimits, where: SearchRange) -> None:
        self._client = client
        self._limits = limits
        self._where = where
        self._limited = 0

    @property
    def budget(self) -> Budget:
        """What a look draws on."""
        return self._limits.looks(self._where.method)

    async def find(self, wanted: Wanted) -> str | None:
        """Return the ts of the message that is wanted; None if there is none.

        An app without the scope to look finds nothing, nor does one that Slack lets not look `MAX_LIMITED` times in
        a row: a message twice is better than an answer lost. Raises `CallFailed`.
        """
        try:
            found = await self._search(wanted)
        except CallRateLimited as limited:
            self._put_off(limited.retry_after)
            return None
        except CallRefused as refused:
            if refused.code != "missing_scope":
                raise
            _log.warning("cannot_look_up", channel=self._where.channel, scope=refused.needed)
            return None
        self._limited = 0
        return found

    async def find_file(self, name: str, size: int) -> str | None:
        """Return the id of a file of this name and size in bytes that was shared here; raises as `find` does."""
        ids: list[str] = []

        def holds(message: Mapping[str, Any]) -> bool:
            files = message.get("files") or () if message.get("bot_id") else ()
            ids.extend(file["id"] for file in files if (file.get("title"), file.get("size")) == (name, size))
            return bool(ids)

        return ids[0] if await self.find(holds) else None

    def _put_off(self, retry_after: float) -> None:
        """Close the budget and raise `Limited`; return if that was the last try."""
        self.budget.close(asyncio.get_running_loop().time(), retry_after)
        self._limited += 1
        if self._limited < MAX_LIMITED:
            raise Limited(self.budget, retry_after)
        _log.warning("cannot_look_up", channel=self._where.channel, limited=self._limited)
        self._limited = 0

    async def _search(self, wanted: Wanted) -> str | None:
        cursor: str | None = None
        for _ in range(MAX_LOOKS):
            response = await self._look(cursor)
            for message in response.get("messages") or ():
                if wanted(message):
                    return str(message["ts"])
            cursor = (response.get("response_metadata") or {}).get("next_cursor")
            if not cursor or self._where.oldest is None:
                return None
        return None

    async def _look(self, cursor: str | None) -> AsyncSlackResponse:
        where = self._where
        options: dict[str, Any] = {
            "channel": where.channel,
            "oldest": where.oldest,
            "limit": PAGE,
            "cursor": cursor,
            "include_all_metadata": True,
        }
        async with self._limits.guard(where.method):
            if where.thread_ts is not None:
                return await reply(self._client.conversations_replies(ts=where.thread_ts, **options))
            return await reply(self._client.conversations_history(**options))
