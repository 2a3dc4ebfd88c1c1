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

from tickertape.answer.answer import Answer
from tickertape.languages import Language
from tickertape.screen.budget import Urgency
from tickertape.slack import words
from tickertape.slack.http.web import CallFailed, reply
from tickertape.slack.restart.places import SlackPlace
from tickertape.slack.showing.native_calls import ACTIVE, PROCESSING
from tickertape.slack.showing.native_surface import NativeSurface
from tickertape.slack.workspace import Workspace

_log = structlog.get_logger(__name__)

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

    def status(self, place: SlackPlace) -> str:
        """Return the status that the session of a thread is to have."""
        session = self._sessions.get(_thread_of(place))
        return session.wanted if session is not None else ACTIVE

    def clear_up(self, place: SlackPlace) -> None:
        """Take back what an earlier process may have told Slack about a thread, unless it is true again."""
        thread = _thread_of(place)
        self._sessions.setdefault(thread, _Session()).told = ""
        self._workspace.tasks.start(self._clear_up(thread), f"session of {thread[1]}")

    async def _clear_up(self, thread: Thread) -> None:
        await self._tell(thread)
        if thread not in self._sessions:
            await self._clear_thinking(thread)

    def follow(self, answer: Answer, surface: NativeSurface, place: SlackPlace) -> None:
        """Show that `answer` is being written at `place`, until it is done."""
        thread = _thread_of(place)
        self._sessions.setdefault(thread, _Session()).running += 1
        tasks = self._workspace.tasks
        if answer.before is None:
            tasks.start(self._think(thread, surface), f"thinking {answer.id}")
        else:
            tasks.start(self._say_waiting(answer.before, thread, surface.language), f"waiting {answer.id}")
            tasks.watch(self._await_turn(answer, answer.before, surface), f"turn of {answer.id}")
        tasks.start(self._tell(thread), f"session {answer.id}")
        tasks.watch(self._await_end(answer, thread, surface), f"session {answer.id}")

    async def _say_waiting(self, before: Answer, thread: Thread, language: Language) -> None:
        """Say that an answer waits for the one before it; unlike thinking, that can take long, and nothing else tells."""
        await self._workspace.limits.turn(self._workspace.limits.status(thread[0]))
        if not before.done.is_set():
            await self._set_thinking(thread, language.say(words.IS_WAITING))

    async def _await_turn(self, answer: Answer, before: Answer, surface: NativeSurface) -> None:
        await before.done.wait()
        if not answer.over:
            thinking = self._think(_thread_of(surface.place), surface)
            self._workspace.tasks.start(thinking, f"thinking {answer.id}")

    async def _await_end(self, answer: Answer, thread: Thread, surface: NativeSurface) -> None:
        await answer.done.wait()
        self._sessions[thread].running -= 1
        tasks = self._workspace.tasks
        tasks.start(self._tell(thread), f"session {answer.id}")
        if not surface.has_begun():
            tasks.start(self._clear_thinking(thread), f"thinking {answer.id}")

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
        if surface.has_begun() or budget.ready(now, Urgency.NOW) > now:
            return
        budget.begin(now)
        budget.settle(now)
        await self._set_thinking(thread, surface.language.say(words.IS_THINKING))
        if surface.has_begun():
            await self._clear_thinking(thread)

    async def _clear_thinking(self, thread: Thread) -> None:
        """Take "is thinking…" back; a message, if one is on screen, has done so, unless it was faster."""
        await self._workspace.limits.turn(self._workspace.limits.status(thread[0]))
        await self._set_thinking(thread, "")

    async def _set_thinking(self, thread: Thread, status: str) -> None:
        channel, root = thread
        call = self._workspace.client.assistant_threads_setStatus(
            channel_id=channel, thread_ts=root, status=status
        )
        await _quietly(call, "thinking_not_shown", channel)


def _thread_of(place: SlackPlace) -> Thread:
    return place.channel, place.thread_ts or place.asked_ts


async def _quietly(call: Awaitable[Any], event: str, channel: str) -> bool:
    try:
        await reply(call)
    except CallFailed as failed:
        _log.warning(event, channel=channel, reason=str(failed))
        return False
    return True
