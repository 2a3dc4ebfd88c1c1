"""Discord's identifiers and stamps, from the loop's clock."""

from __future__ import annotations

import datetime as dt

from tickertape.sandbox.clock import LoopClock

DISCORD_EPOCH_MS = 1_420_070_400_000
"""First millisecond of 2015: snowflakes count from there (API documentation, reference)."""


class Clock(LoopClock):
    """The clock from which identifiers come."""

    def __init__(self) -> None:
        super().__init__()
        self._last = 0

    def snowflake(self) -> int:
        """Return a new identifier, larger than all before, whose high bits are the present."""
        present = (int(self.wall() * 1000) - DISCORD_EPOCH_MS) << 22
        self._last = max(self._last + 1, present)
        return self._last


def timestamp(wall: float) -> str:
    """Return Unix seconds as Discord writes a time."""
    return dt.datetime.fromtimestamp(wall, dt.UTC).isoformat()
