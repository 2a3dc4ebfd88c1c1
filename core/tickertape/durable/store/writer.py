"""The one writer of a database: what has come meanwhile goes into one transaction, in order.

Three kinds of writes come together here. Somebody waits for the first kind and is told if it fails. The second kind,
what happens to running answers, is kept by a `Backlog` until the database takes it; nobody waits, and no answer ever
hears of a database that is locked, read-only or full. The third kind is kept here: what people changed or deleted while the
database refused.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from tickertape.durable.store.errors import DatabaseRefuses, StoreError, translated

_log = structlog.get_logger(__name__)

T = TypeVar("T")

Work = Callable[[AsyncConnection], Awaitable[T]]
"""Statements that belong together. It may run again, on another connection, after an earlier run was rolled back."""

GROUP = 200
"""Writes that somebody waits for in one transaction, at most."""

GATHER = 0.05
"""Seconds for which a backlog gathers before it is written, so that hundreds of answers make a few commits a second."""

KEPT = 10_000
"""Writes that are kept while the database refuses them; then the earliest are given up, which is logged."""

FIRST_REST = 1.0
LONGEST_REST = 30.0
"""Seconds after which a backlog is tried again that the database has refused: doubled each time, up to the longest."""


class Entry(Protocol):
    """A part of a transaction."""

    async def run(self, connection: AsyncConnection) -> None:
        """Execute its statements."""
        ...

    def committed(self) -> None:
        """Hear that the transaction was committed."""
        ...

    def failed(self, error: Exception) -> None:
        """Hear that the transaction was rolled back, and why."""
        ...

    def parts(self) -> Sequence[Entry]:
        """Return the entries that can be tried one by one; itself, if there is only one."""
        ...


class Backlog(Protocol):
    """Writes that nobody waits for."""

    @property
    def waiting(self) -> int:
        """How many there are."""
        ...

    def take(self) -> Entry:
        """Return all of them as one entry; if it fails because the database refuses, they are waiting again."""
        ...


class _Awaited(Generic[T]):
    """A write that somebody waits for."""

    def __init__(self, work: Work[T], future: asyncio.Future[T]) -> None:
        self._work = work
        self._future = future
        self._result: T

    async def run(self, connection: AsyncConnection) -> None:
        self._result = await self._work(connection)

    def committed(self) -> None:
        if not self._future.done():
            self._future.set_result(self._result)

    def failed(self, error: Exception) -> None:
        if not self._future.done():
            self._future.set_exception(error)

    def parts(self) -> Sequence[Entry]:
        return (self,)


@dataclass(order=True, slots=True)
class _Kept:
    """A write that is tried until the database takes it. `waiting` is the heap where it waits, earlier ones first."""

    number: int
    work: Work[object] = field(compare=False)
    waiting: list[_Kept] = field(compare=False)

    async def run(self, connection: AsyncConnection) -> None:
        await self.work(connection)

    def committed(self) -> None:
        """Nothing is left to do."""

    def failed(self, error: Exception) -> None:
        """Wait again if it was refused, before what has come since; what is at fault itself is given up."""
        if isinstance(error, DatabaseRefuses):
            heapq.heappush(self.waiting, self)
        else:
            _log.error("store_lost", changes=1, exc_info=error)

    def parts(self) -> Sequence[Entry]:
        return (self,)


class Writer:
    """Writes groups of entries, each in a transaction. `refusal` is why the database took none lately, if it did not."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._queue: deque[Entry] = deque()
        self._backlog: Backlog | None = None
        self._kept: list[_Kept] = []
        self._numbers = itertools.count()
        self._rest = 0.0
        self._pause: asyncio.TimerHandle | None = None
        self._wake = asyncio.Event()
        self._closing = False
        self._task: asyncio.Task[None] | None = None
        self.refusal: DatabaseRefuses | None = None

    def serve(self, backlog: Backlog) -> None:
        """Take what waits in `backlog` into every transaction, before all else."""
        self._backlog = backlog

    def gather(self) -> None:
        """Say that something waits that nobody waits for, and which is to be written before long."""
        self._start()
        if self._pause is None and not self._closing:
            self._pause_for(GATHER)

    async def write(self, work: Work[T]) -> T:
        """Run `work` in a transaction and return its result once that is committed; raises a `StoreError`.

        Cancelling the caller does not undo it.
        """
        if self._closing:
            raise StoreError("the store is closed")
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._queue.append(_Awaited(work, future))
        self._start()
        self._wake.set()
        return await future

    def keep(self, work: Work[object]) -> None:
        """Run `work` as soon as the database takes it, behind what was kept before; nobody waits for it."""
        if self._closing:
            _log.error("store_lost", changes=1)
            return
        heapq.heappush(self._kept, _Kept(next(self._numbers), work, self._kept))
        while len(self._kept) > KEPT:
            heapq.heappop(self._kept)
            _log.error("store_lost", changes=1)
        self.gather()

    async def close(self) -> None:
        """Write what is left: once, if the database refuses."""
        self._closing = True
        self._go_on()
        if self._task is not None:
            await self._task
        self._end_pause()
        if self._backlog is not None and self._backlog.waiting:
            _log.error("store_lost", answers=self._backlog.waiting)
        if self._kept:
            _log.error("store_lost", changes=len(self._kept))

    def _start(self) -> None:
        if self._task is None and not self._closing:
            self._task = asyncio.create_task(self._run(), name="store writer")

    async def _run(self) -> None:
        while await self._something_due():
            group = self._take()
            match await self._try(group):
                case None:
                    self._accepted()
                case DatabaseRefuses() as error:
                    self._refused(group, error)
                case error:
                    await self._alone(group, error)

    async def _something_due(self) -> bool:
        """Wait for the next write; False once there is none and the store is closing."""
        while not self._queue and not self._backlog_due:
            if self._closing:
                return False
            self._wake.clear()
            await self._wake.wait()
        return True

    @property
    def _backlog_due(self) -> bool:
        waiting = self._backlog.waiting if self._backlog is not None else 0
        return waiting + len(self._kept) > 0 and self._pause is None

    def _take(self) -> list[Entry]:
        group: list[Entry] = []
        if self._backlog is not None and self._backlog.waiting:
            group.append(self._backlog.take())
        while self._kept and len(group) < GROUP:
            group.append(heapq.heappop(self._kept))
        while self._queue and len(group) < GROUP:
            group.append(self._queue.popleft())
        return group

    async def _try(self, group: Sequence[Entry]) -> Exception | None:
        """Commit a group, and return what went wrong instead."""
        try:
            await self._commit(group)
        except Exception as error:  # noqa: BLE001 - the supervisor: a defect in one write hurts no other
            return error
        return None

    async def _commit(self, group: Sequence[Entry]) -> None:
        with translated():
            async with self._engine.begin() as connection:
                for entry in group:
                    await entry.run(connection)
        for entry in group:
            entry.committed()

    async def _alone(self, group: Sequence[Entry], error: Exception) -> None:
        """Give each part of a failed group a transaction of its own, so that only the one at fault fails."""
        entries = [part for entry in group for part in entry.parts()]
        if len(entries) == 1:
            entries[0].failed(error)
            return
        for number, entry in enumerate(entries):
            match await self._try([entry]):
                case DatabaseRefuses() as refusal:
                    self._refused(entries[number:], refusal)
                    return
                case Exception() as found:
                    entry.failed(found)
        self._accepted()

    def _refused(self, group: Sequence[Entry], error: DatabaseRefuses) -> None:
        for entry in group:
            entry.failed(error)
        if self.refusal is None:
            _log.error("store_refuses", kind=type(error).__name__, detail=error.detail)
        self.refusal = error
        self._rest = min(LONGEST_REST, max(FIRST_REST, self._rest * 2))
        self._pause_for(self._rest)

    def _accepted(self) -> None:
        if self.refusal is not None:
            _log.info("store_recovered")
        self.refusal = None
        self._rest = 0.0

    def _pause_for(self, seconds: float) -> None:
        """Let the backlog wait for so long, unless somebody's write takes it along before."""
        self._end_pause()
        self._pause = asyncio.get_running_loop().call_later(seconds, self._go_on)

    def _go_on(self) -> None:
        self._end_pause()
        self._wake.set()

    def _end_pause(self) -> None:
        if self._pause is not None:
            self._pause.cancel()
            self._pause = None
