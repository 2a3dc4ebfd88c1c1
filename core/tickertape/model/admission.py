"""How many answers may be open at once, and how fast they are opened."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiolimiter import AsyncLimiter

from tickertape.model.api import Busy
from tickertape.model.settings import Admission


class Gate:
    """The bot's own limits; whoever waits for a place longer than `limits.wait` seconds gets a `Busy`."""

    def __init__(self, limits: Admission) -> None:
        self._limits = limits
        self._streams = asyncio.Semaphore(limits.streams)
        self._opening = asyncio.Semaphore(limits.opening)
        self._rate = AsyncLimiter(limits.per_second, 1.0)
        self.streaming = 0
        """Answers that hold a place now."""

    @asynccontextmanager
    async def answering(self) -> AsyncIterator[None]:
        """Hold a place among the answers that stream at the same time."""
        await self._wait(self._streams)
        self.streaming += 1
        try:
            yield
        finally:
            self.streaming -= 1
            self._streams.release()

    @asynccontextmanager
    async def opening(self) -> AsyncIterator[None]:
        """Hold a place among the requests that wait for their headers, at the pace at which they may begin."""
        await self._wait(self._opening)
        try:
            await self._wait(self._rate)
            yield
        finally:
            self._opening.release()

    async def _wait(self, place: asyncio.Semaphore | AsyncLimiter) -> None:
        try:
            async with asyncio.timeout(self._limits.wait):
                await place.acquire()
        except TimeoutError:
            raise Busy(f"no place became free within {self._limits.wait:g} s") from None
