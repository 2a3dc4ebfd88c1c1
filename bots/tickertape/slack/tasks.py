"""The adapter's own tasks: Bolt starts listeners and forgets them, so what must end well is kept here."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

import structlog

_log = structlog.get_logger(__name__)

ACKNOWLEDGED_AFTER = 2.0
"""Seconds that Slack waits at most to hear that something was taken, of the 3 that it gives (Events API reference)."""


async def safe(work: asyncio.Task[None]) -> None:
    """Return when `work` has ended, or when Slack cannot be left waiting any longer; `work` goes on."""
    await asyncio.wait({work}, timeout=ACKNOWLEDGED_AFTER)


class Tasks:
    """Work, which is never cancelled, because it makes calls; and watchers, which only wait and are cancelled."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[None]] = set()
        self._watchers: set[asyncio.Task[None]] = set()
        self._draining = False

    def start(self, work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
        """Run `work`; an error in it is logged and hurts nothing else."""
        task = asyncio.create_task(work, name=name)
        self._running.add(task)
        task.add_done_callback(self._ended)
        return task

    def watch(self, wait: Coroutine[Any, Any, None], name: str) -> None:
        """Run `wait`, which makes no calls; not at all once `drain` has begun."""
        if self._draining:
            wait.close()
            return
        task = asyncio.create_task(wait, name=name)
        self._watchers.add(task)
        task.add_done_callback(self._watchers.discard)

    async def drain(self) -> None:
        """Stop watching and wait until all work has ended, that included which it starts."""
        self._draining = True
        while pending := self._running | self._watchers:
            for watcher in self._watchers:
                watcher.cancel()
            await asyncio.wait(pending)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("task_crashed", task=task.get_name(), exc_info=error)
