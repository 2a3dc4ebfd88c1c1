"""Loop time and Slack's wall-clock stamps."""

from __future__ import annotations

import asyncio
import time

_MICRO = 1_000_000


class Clock:
    """Derives wall time from one look at the real clock and the running loop's time since then.

    Hence the stamps follow a virtual loop.
    """

    def __init__(self) -> None:
        self._offset: float | None = None
        self._last = 0

    def now(self) -> float:
        """Return the running loop's time in seconds."""
        return asyncio.get_running_loop().time()

    def wall(self) -> float:
        """Return the seconds since 1970 that the stand-in's stamps show."""
        if self._offset is None:
            self._offset = time.time() - self.now()
        return self._offset + self.now()

    def ts(self) -> str:
        """Return a new Slack timestamp, later than all before, e.g. `1700000000.000100`."""
        self._last = max(int(self.wall() * _MICRO), self._last + 1)
        return f"{self._last // _MICRO}.{self._last % _MICRO:06d}"
