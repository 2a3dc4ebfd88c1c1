"""The clock of a stand-in: the running loop's, with a wall time tied to it, so that virtual time moves both."""

from __future__ import annotations

import asyncio
import time


class LoopClock:
    """Seconds of the running loop, and the wall time of its construction going on with them."""

    def __init__(self) -> None:
        self._wall = time.time()
        self._start: float | None = None

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
