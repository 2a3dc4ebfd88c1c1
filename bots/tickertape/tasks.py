"""An adapter's own tasks: its libraries start handlers and forget them, so what must end well is kept here."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

import structlog

_log = structlog.get_logger(__name__)

T = TypeVar("T")


class Tasks:
    """Work, which is never cancelled, because it makes calls; and watchers, which only wait and are cancelled."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[Any]] = set()
        self._watching: set[asyncio.Task[None]] = set()
        self._closing = False

    def start(self, work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
        """Run `work` by itself; an error in it is logged and hurts nothing else."""
        task = self._keep(work, name)
        task.add_done_callback(self._report)
        return task

    def watch(self, work: Coroutine[Any, Any, None], name: str) -> None:
        """Run `work` until `close` at the latest, and not at all once that has begun; its calls go through `protect`."""
        if self._closing:
            work.close()
            return
        task = asyncio.create_task(work, name=name)
        self._watching.add(task)
        task.add_done_callback(self._watching.discard)
        task.add_done_callback(self._report)

    async def protect(self, work: Coroutine[Any, Any, T], name: str) -> T:
        """Wait for `work`, which goes on when the waiting is cancelled, and return its result or raise its error."""
        task = self._keep(work, name)
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            task.add_done_callback(self._report)
            raise

    async def close(self) -> None:
        """Watch no more, and wait until all work has ended, that included which it starts."""
        self._closing = True
        while pending := self._running | self._watching:
            for watcher in self._watching:
                watcher.cancel()
            await asyncio.wait(pending)

    def _keep(self, work: Coroutine[Any, Any, T], name: str) -> asyncio.Task[T]:
        task = asyncio.create_task(work, name=name)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task

    def _report(self, task: asyncio.Task[Any]) -> None:
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("task_crashed", task=task.get_name(), exc_info=error)
