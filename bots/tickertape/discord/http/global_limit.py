"""The limit that all calls of a bot share: Discord allows 50 requests a second, and closes everything after a 429.

Discord counts a call when it arrives, which is some time after it left and before its response came. A leaky bucket
such as aiolimiter's counts when calls leave: where the event loop or the way to Discord stalls, calls that left in
different seconds arrive in the same one, and earn a 429. Here a call holds a permit from when it leaves until one second
after its response came. All calls that arrive within one second then hold permits at the moment at which the last of
them leaves, so that there are never more of them than permits, whatever happens on the way. With a round trip of r
seconds this lets `MOST` / (1 + r) calls a second through.
"""

from __future__ import annotations

import asyncio
from collections import deque

MOST = 48
"""Permits: Discord allows 50 requests a second (API documentation, rate limits). aiohttp repeats a GET, PUT or DELETE by
itself when a kept connection turns out to be closed; two are left for that."""

SPARE = 8
"""Permits that typing notices may be among; calls that show answers take at most 40 (`budgets`), which are left free."""

PERIOD = 1.0
"""Seconds that Discord's limit is about."""


def is_exempt(path: str) -> bool:
    """Whether the limit does not count calls to `path`: interactions' responses, and their webhooks' messages."""
    return path.startswith(("/interactions/", "/webhooks/"))


class Permit:
    """Lets one call out. To be released when its response is here, or when there will be none."""

    def __init__(self, limit: GlobalLimit) -> None:
        self._limit = limit
        self._released = False
        self.used = False
        """Whether the call has left."""

    def release(self) -> None:
        """Give the permit back: for use at once if the call never left, else in a second. Only the first time counts."""
        if not self._released:
            self._released = True
            self._limit.give_back(used=self.used)


class GlobalLimit:
    """Lets one bot's calls out, times in seconds of the loop's clock."""

    def __init__(self) -> None:
        self._in_flight = 0
        self._answered: deque[float] = deque()
        """When the responses came of calls that still count."""
        self._waiting: deque[asyncio.Future[Permit]] = deque()
        self._timer: asyncio.TimerHandle | None = None
        self._closed_until = float("-inf")

    @property
    def closed_for(self) -> float:
        """Seconds for which nothing may be called; 0 or less if calls may leave."""
        return self._closed_until - _now()

    def close(self, until: float) -> None:
        """Let nothing out before `until`: Discord answered with a global 429."""
        self._closed_until = max(self._closed_until, until)

    async def acquire(self) -> Permit:
        """Wait for a permit, in order of coming, even while everything is closed."""
        waiter: asyncio.Future[Permit] = asyncio.get_running_loop().create_future()
        self._waiting.append(waiter)
        self._grant()
        try:
            return await waiter
        except asyncio.CancelledError:
            if waiter.done() and not waiter.cancelled():
                waiter.result().release()
            raise

    async def wait(self) -> Permit:
        """Wait until a call may leave, however long that takes, and return its permit."""
        while True:
            while (pause := self.closed_for) > 0:  # noqa: ASYNC110 - waits for a time, which can be put off
                await asyncio.sleep(pause)
            permit = await self.acquire()
            if self.closed_for <= 0:
                return permit
            permit.release()

    def acquire_spare(self) -> Permit | None:
        """Return a permit for a call that is dispensable; None where it might keep a better one waiting."""
        is_spare = not self._waiting and self._taken() < SPARE and self.closed_for <= 0
        return self._permit() if is_spare else None

    def give_back(self, *, used: bool) -> None:
        """Take note that a call has its response, or never left; for `Permit`."""
        self._in_flight -= 1
        if used:
            self._answered.append(_now())
        self._grant()

    def _permit(self) -> Permit:
        self._in_flight += 1
        return Permit(self)

    def _taken(self) -> int:
        now = _now()
        while self._answered and self._answered[0] + PERIOD <= now:
            self._answered.popleft()
        return self._in_flight + len(self._answered)

    def _grant(self) -> None:
        while self._waiting and self._taken() < MOST:
            waiter = self._waiting.popleft()
            if not waiter.done():
                waiter.set_result(self._permit())
        if self._waiting and self._answered and self._timer is None:
            at = self._answered[0] + PERIOD
            self._timer = asyncio.get_running_loop().call_at(at, self._wake)

    def _wake(self) -> None:
        self._timer = None
        self._grant()


def _now() -> float:
    return asyncio.get_running_loop().time()
