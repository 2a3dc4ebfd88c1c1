"""What Slack shows of an answer that is a native stream, beside its text: that the app is at work, and a stop button.

While a thread's session is `processing`, Slack offers its own stop button there (agents.sessions.setStatus). Slack does
not end that status by itself, not even when somebody stops. "is thinking…" (assistant.threads.setStatus) disappears
with the first message. Both are extras: what Slack refuses is logged and forgotten.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Any

import structlog

from bots.slack import words
from bots.slack.native_surface import NativeSurface
from bots.slack.surface import Place
from bots.slack.web import CallFailed, reply
from bots.slack.workspace import Workspace
from core.answer import Answer

_log = structlog.get_logger(__name__)

ACTIVE, PROCESSING = "active", "processing"
_METHOD = "agents.sessions.setStatus"
_PATIENCE = {PROCESSING: 5.0, ACTIVE: 60.0}
"""Seconds to wait for a call's turn: a late stop button is of no use, one that stays is a nuisance."""

Thread = tuple[str, str]
"""A channel and the ts of a thread's root."""


@dataclass(slots=True)
class _Session:
    """One thread's session: the answers that are being written, and what Slack was told last."""

    running: int = 0
    told: str = ACTIVE
    is_telling: bool = False

    @property
    def wanted(self) -> str:
        return PROCESSING if self.running else ACTIVE


class Sessions:
    """The sessions of one workspace in which answers are being written."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._sessions: dict[Thread, _Session] = {}

    def follow(self, answer: Answer, surface: NativeSurface, place: Place) -> None:
        """Show that `answer` is being written at `place`, until it is done."""
        thread = place.channel, place.thread_ts or place.asked_ts
        self._sessions.setdefault(thread, _Session()).running += 1
        tasks = self._workspace.tasks
        tasks.start(self._think(thread, surface), f"thinking {answer.id}")
        tasks.start(self._tell(thread), f"session {answer.id}")
        tasks.watch(self._await_end(answer, thread), f"session {answer.id}")

    async def _await_end(self, answer: Answer, thread: Thread) -> None:
        await answer.done.wait()
        self._sessions[thread].running -= 1
        self._workspace.tasks.start(self._tell(thread), f"session {answer.id}")

    async def _tell(self, thread: Thread) -> None:
        """Bring Slack up to date; one call at a time, so that the last one says what is true."""
        session = self._sessions.get(thread)
        if session is None or session.is_telling:
            return
        session.is_telling = True
        while (wanted := session.wanted) != session.told and await self._set(thread, wanted):
            session.told = wanted
        session.is_telling = False
        if not session.running:
            del self._sessions[thread]

    async def _set(self, thread: Thread, status: str) -> bool:
        """Set the session's status; return whether Slack took it."""
        channel, root = thread
        try:
            await asyncio.wait_for(self._workspace.limits.guard(_METHOD).acquire(), _PATIENCE[status])
        except TimeoutError:
            _log.warning(
                "session_status_not_set", channel=channel, status=status, reason="its turn did not come"
            )
            return False
        call = self._workspace.client.agents_sessions_setStatus(
            channel_id=channel, thread_ts=root, status=status
        )
        return await _quietly(call, "session_status_not_set", channel)

    async def _think(self, thread: Thread, surface: NativeSurface) -> None:
        """Say that the model thinks; take it back if the first text was faster, which would else leave it there."""
        budget = self._workspace.limits.status(thread[0])
        now = asyncio.get_running_loop().time()
        if surface.has_begun() or budget.ready(now, urgent=True) > now:
            return
        budget.begin(now)
        budget.settle(now)
        await self._set_thinking(thread, words.IS_THINKING)
        if surface.has_begun():
            await self._workspace.limits.turn(budget)
            await self._set_thinking(thread, "")

    async def _set_thinking(self, thread: Thread, status: str) -> None:
        channel, root = thread
        call = self._workspace.client.assistant_threads_setStatus(
            channel_id=channel, thread_ts=root, status=status
        )
        await _quietly(call, "thinking_not_shown", channel)


async def _quietly(call: Awaitable[Any], event: str, channel: str) -> bool:
    try:
        await reply(call)
    except CallFailed as failed:
        _log.warning(event, channel=channel, reason=str(failed))
        return False
    return True
