"""Finds a message of ours by its metadata, after a create of which nobody knows whether it took effect."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bots.slack.budgets import SlackLimits
from bots.slack.web import CallRateLimited, CallRefused, CallUnclear, reply

_log = structlog.get_logger(__name__)

PAGE = 200
"""Messages of one look. Slack gives some apps no more than 15 whatever is asked."""

MAX_LOOKS = 5
"""Pages of messages that are searched: what came after the question, in the seconds since then."""


class Limited(CallUnclear):
    """The look itself was answered with a 429, which says nothing about the budget of posting: look again later."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where to look: a channel, a thread of it or None, and the ts after which the message must have come.

    Without a ts only the latest messages are looked at.
    """

    channel: str
    thread_ts: str | None
    oldest: str | None


Wanted = Callable[[Mapping[str, Any]], bool]
"""Tells of a message whether it is the one."""


async def find(
    client: AsyncWebClient, limits: SlackLimits, spot: Spot, metadata: Mapping[str, Any]
) -> str | None:
    """Return the ts of the message with this metadata; None if there is none.

    An app without the scope to look finds nothing: a message twice is better than an answer lost. Raises `CallFailed`.
    """
    return await _find(client, limits, spot, lambda message: _carries(message, metadata))


async def find_file(client: AsyncWebClient, limits: SlackLimits, spot: Spot, file_id: str) -> str | None:
    """Return the ts of the message that shares this file, as `find` does."""
    return await _find(client, limits, spot, lambda message: _shares(message, file_id))


async def find_stream(client: AsyncWebClient, limits: SlackLimits, spot: Spot, wanted: Wanted) -> str | None:
    """Return the ts of the message that `wanted` tells, as `find` does: a native stream carries no metadata."""
    return await _find(client, limits, spot, wanted)


async def _find(client: AsyncWebClient, limits: SlackLimits, spot: Spot, wanted: Wanted) -> str | None:
    try:
        return await _search(client, limits, spot, wanted)
    except CallRefused as refused:
        if refused.code != "missing_scope":
            raise
        _log.warning("cannot_look_up", channel=spot.channel, scope=refused.needed)
        return None


async def _search(client: AsyncWebClient, limits: SlackLimits, spot: Spot, wanted: Wanted) -> str | None:
    cursor: str | None = None
    for _ in range(MAX_LOOKS):
        response = await _look(client, limits, spot, cursor)
        for message in response.get("messages") or ():
            if wanted(message):
                return str(message["ts"])
        cursor = (response.get("response_metadata") or {}).get("next_cursor")
        if not cursor or spot.oldest is None:
            return None
    return None


def _carries(message: Mapping[str, Any], metadata: Mapping[str, Any]) -> bool:
    carried = message.get("metadata") or {}
    return all(carried.get(name) == value for name, value in metadata.items())


def _shares(message: Mapping[str, Any], file_id: str) -> bool:
    return any(file.get("id") == file_id for file in message.get("files") or ())


async def _look(
    client: AsyncWebClient, limits: SlackLimits, spot: Spot, cursor: str | None
) -> AsyncSlackResponse:
    options: dict[str, Any] = {
        "channel": spot.channel,
        "oldest": spot.oldest,
        "limit": PAGE,
        "cursor": cursor,
        "include_all_metadata": True,
    }
    try:
        if spot.thread_ts is not None:
            async with limits.guard("conversations.replies"):
                return await reply(client.conversations_replies(ts=spot.thread_ts, **options))
        async with limits.guard("conversations.history"):
            return await reply(client.conversations_history(**options))
    except CallRateLimited as limited:
        raise Limited(f"look-up {limited}") from limited
