"""Time and identifiers: the loop's clock, wall-clock stamps derived from it, and snowflakes."""

from __future__ import annotations

import asyncio
import datetime as dt
import time

DISCORD_EPOCH_MS = 1_420_070_400_000
"""First millisecond of 2015: snowflakes count from there (API documentation, reference)."""


class Clock:
    """The running loop's clock with a wall time tied to it, so that virtual time moves both."""

    def __init__(self) -> None:
        self._wall = time.time()
        self._start: float | None = None
        self._last = 0

    def start(self) -> None:
        """Tie the wall time of the construction to the running loop's present, the first time."""
        if self._start is None:
            self._start = self.now()

    def now(self) -> float:
        """Return seconds of the running loop's clock."""
        return asyncio.get_running_loop().time()

    def wall(self) -> float:
        """Return Unix seconds; before `start` they stand still."""
        return self._wall if self._start is None else self._wall + self.now() - self._start

    def snowflake(self) -> int:
        """Return a new identifier, larger than all before, whose high bits are the present."""
        present = (int(self.wall() * 1000) - DISCORD_EPOCH_MS) << 22
        self._last = max(self._last + 1, present)
        return self._last


def timestamp(wall: float) -> str:
    """Return Unix seconds as Discord writes a time."""
    return dt.datetime.fromtimestamp(wall, dt.UTC).isoformat()
