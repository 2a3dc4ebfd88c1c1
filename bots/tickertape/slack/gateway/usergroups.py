"""The workspace's usergroups and who is in them, asked of Slack once in a while and only when a rule names one."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import structlog

from tickertape.slack.http.web import CallFailed, reply
from tickertape.slack.workspace import Workspace

_log = structlog.get_logger(__name__)

KEPT_SECONDS = 600.0
"""How long an answer of usergroups.list is believed."""

_METHOD = "usergroups.list"


class Usergroups:
    """The usergroups of a workspace, cached."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._known: Mapping[str, frozenset[str]] | None = None
        self._until = float("-inf")
        self._asking: asyncio.Task[None] | None = None

    async def of(self, user: str) -> frozenset[str] | None:
        """Return the ids of the usergroups that `user` is in; None if Slack does not tell."""
        if asyncio.get_running_loop().time() >= self._until:
            if self._asking is None or self._asking.done():
                self._asking = asyncio.create_task(self._ask(), name=_METHOD)
            await asyncio.shield(self._asking)
        if self._known is None:
            return None
        return frozenset(group for group, users in self._known.items() if user in users)

    async def _ask(self) -> None:
        try:
            async with self._workspace.limits.guard(_METHOD):
                response = await reply(self._workspace.client.usergroups_list(include_users=True))
        except CallFailed as failed:
            _log.error("usergroups_not_known", reason=str(failed))
            self._known = None
            return
        groups = response.get("usergroups") or ()
        self._known = {group["id"]: frozenset(group.get("users") or ()) for group in groups}
        self._until = asyncio.get_running_loop().time() + KEPT_SECONDS
