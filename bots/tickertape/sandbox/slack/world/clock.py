"""Slack's timestamps, from the loop's clock."""

from __future__ import annotations

from tickertape.sandbox.clock import LoopClock

_MICRO = 1_000_000


class Clock(LoopClock):
    """The clock from which timestamps come. Its wall time begins when it is first read."""

    def __init__(self) -> None:
        super().__init__()
        self._last = 0

    def wall(self) -> float:
        """Return the seconds since 1970 that the stand-in's stamps show."""
        self.start()
        return super().wall()

    def ts(self) -> str:
        """Return a new Slack timestamp, later than all before, e.g. `1700000000.000100`."""
        self._last = max(int(self.wall() * _MICRO), self._last + 1)
        return f"{self._last // _MICRO}.{self._last % _MICRO:06d}"
