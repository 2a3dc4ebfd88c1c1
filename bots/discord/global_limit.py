"""The limit that all calls of a bot share: Discord allows 50 requests a second, and closes everything after a 429."""

from __future__ import annotations

import asyncio

from aiolimiter import AsyncLimiter

_BURST = 16
_PERIOD = 0.5
"""A leaky bucket of 16 that drains 16 in 0.5 s lets out at most 16 + 32 = 48 requests in any second: its full burst
and what drains meanwhile. Discord allows 50 (API documentation, rate limits); the rest is for uneven ways there. A
rate that is a power of two keeps aiolimiter's sums exact: with others, a clock that stands still between two timers (a
test's) can find its timer due again and again without enough having drained."""


def is_exempt(path: str) -> bool:
    """Whether the limit does not count calls to `path`: interactions' responses, and their webhooks' messages."""
    return path.startswith(("/interactions/", "/webhooks/"))


class GlobalLimit:
    """Lets one bot's calls out, times in seconds of the loop's clock."""

    def __init__(self) -> None:
        self._limiter = AsyncLimiter(_BURST, _PERIOD)
        self._closed_until = float("-inf")

    @property
    def closed_for(self) -> float:
        """Seconds for which nothing may be called; 0 or less if calls may leave."""
        return self._closed_until - asyncio.get_running_loop().time()

    def close(self, until: float) -> None:
        """Let nothing out before `until`: Discord answered with a global 429."""
        self._closed_until = max(self._closed_until, until)

    async def wait_for_place(self) -> None:
        """Wait for a place among the calls of this second."""
        await self._limiter.acquire()

    async def wait(self) -> None:
        """Wait until a call may leave, however long that takes."""
        while (pause := self.closed_for) > 0:  # noqa: ASYNC110 - waits for a time, which can be put off
            await asyncio.sleep(pause)
        await self.wait_for_place()
