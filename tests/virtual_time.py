"""An event loop whose clock jumps to the next deadline when nothing else can happen.

Real sockets on loopback work on it: the kernel delivers their bytes at once, so that the loop only jumps after a
real look at the selector has found nothing to read. Work in threads holds the clock until it is done. Hence sixty
seconds of streaming take milliseconds, and end in the same order every time.
"""

from __future__ import annotations

import asyncio
import math
import selectors
from collections.abc import Callable
from concurrent.futures import Executor
from queue import SimpleQueue

_DEADLOCK = 10.0
"""Real seconds without any input or timer after which the loop gives up."""


class _Selector(selectors.DefaultSelector):
    """A selector that advances the virtual clock instead of waiting."""

    def __init__(self) -> None:
        super().__init__()
        self.loop: VirtualTimeLoop | None = None

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Wait for input without letting real time pass, unless a thread is at work."""
        loop = self.loop
        if timeout == 0 or loop is None:
            if loop is not None:
                loop.creep()
            return super().select(0)
        while True:
            busy = loop.threads_at_work > 0
            ready = super().select(0.01 if busy else 0) or super().select(0)
            if ready:
                return ready
            if busy:
                continue
            if timeout is None:
                return self._wait_for_thread()
            loop.jump()
            return []

    def _wait_for_thread(self) -> list[tuple[selectors.SelectorKey, int]]:
        """Wait for real, for a thread that calls back; a test that waits for nothing fails instead of hanging."""
        ready = super().select(_DEADLOCK)
        if not ready:
            raise RuntimeError("deadlock: no timer, no input and no thread can wake this loop")
        return ready


class HoldingQueue(SimpleQueue[tuple[asyncio.Future[object] | None, Callable[[], object]]]):
    """The queue of work for a thread of aiosqlite's; the clock is held while there is any."""

    def put_nowait(self, item: tuple[asyncio.Future[object] | None, Callable[[], object]]) -> None:
        """Add work: the future that it ends with, and what to do."""
        future, _ = item
        if future is not None and isinstance(loop := future.get_loop(), VirtualTimeLoop):
            loop.hold_until(future)
        super().put_nowait(item)


class VirtualTimeLoop(asyncio.SelectorEventLoop):
    """An asyncio loop on virtual time; `time()` starts at 1000.0 s."""

    def __init__(self) -> None:
        selector = _Selector()
        super().__init__(selector)
        selector.loop = self
        self._now = 1000.0
        self.threads_at_work = 0

    def time(self) -> float:
        """Return the virtual time in seconds."""
        return self._now

    def jump(self) -> None:
        """Move the clock to the next deadline, or just past it (aiolimiter 1.3.0 livelocks on exact arrival)."""
        timers: list[asyncio.TimerHandle] = self._scheduled  # type: ignore[attr-defined]  # asyncio's heap of timers
        deadlines = [timer.when() for timer in timers if not timer.cancelled()]
        if deadlines:
            self._now = max(self._now, math.nextafter(min(deadlines), math.inf))

    def creep(self) -> None:
        """Move the clock by the least step, so that code which waits for less than that comes to an end."""
        self._now = math.nextafter(self._now, math.inf)

    def run_in_executor(  # type: ignore[override]  # the base class is generic in what func returns
        self, executor: Executor | None, func: Callable[..., object], *args: object
    ) -> asyncio.Future[object]:
        """Run `func` in a thread and hold the clock until it has ended."""
        future = super().run_in_executor(executor, func, *args)
        self.hold_until(future)
        return future

    def hold_until(self, future: asyncio.Future[object]) -> None:
        """Hold the clock until a thread has done what `future` stands for."""
        self.threads_at_work += 1
        future.add_done_callback(self._thread_done)

    async def shutdown_default_executor(self, timeout: float | None = None) -> None:  # noqa: ARG002, ASYNC109 - asyncio's
        """Wait for the threads for real: asyncio's time limit (Python 3.12) would be over at once on this clock."""
        self.threads_at_work += 1
        try:
            await super().shutdown_default_executor()
        finally:
            self.threads_at_work -= 1

    def _thread_done(self, _: asyncio.Future[object]) -> None:
        self.threads_at_work -= 1
