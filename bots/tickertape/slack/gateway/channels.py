"""The names of channels, asked of Slack only where a persona is told one."""

from __future__ import annotations

import structlog

from tickertape.slack.http.cache import Cache
from tickertape.slack.http.web import CallFailed, CallRefused, reply
from tickertape.slack.keys import is_direct
from tickertape.slack.workspace import Workspace

_log = structlog.get_logger(__name__)

_METHOD = "conversations.info"


class Channels:
    """The channels of a workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._cache: Cache[str] = Cache(_METHOD, self._ask)

    async def name(self, channel: str) -> str:
        """Return what people call a channel; empty for direct messages, and where Slack does not tell."""
        return "" if is_direct(channel) else await self._cache.find(channel) or ""

    async def _ask(self, channel: str) -> str | None:
        workspace = self._workspace
        try:
            async with workspace.limits.guard(_METHOD):
                response = await reply(workspace.client.conversations_info(channel=channel))
        except CallFailed as failed:
            _log.warning("channel_not_known", channel=channel, reason=str(failed))
            return "" if isinstance(failed, CallRefused) else None  # a refusal is not asked for again so soon
        found = response.get("channel") or {}
        return "" if found.get("is_im") or found.get("is_mpim") else str(found.get("name") or "")
