"""A sliding window of calls that nothing describes but a published figure. Pure."""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Sequence

from core.surface import BudgetKey

_LONG = 10.0
"""Seconds from which a sliding period is paced; a shorter one (Discord's global second) is free soon enough."""

_PACE = ((0.088, 0.957), (0.335, 0.53), (0.336, 0.252), (1.0, 0.252))
"""How a rested budget is spent: share of it that is left, and the pause between two partial calls, in units of the
even pause (period / limit); between two points it is interpolated.

An answer that may end at any moment T from 10 to 20 s has the same mean lag in units of the optimum's whenever it ends
if the pause is constant up to 10 s and grows with T from then on, to twice the jump that it makes there. So are these
points, of which a search made the most: 1, 4, 8 and 10 answers of any length from 10 to 20 s have 1.41 to 1.50 times the
optimum's lag (tests/simulation/test_ratios.py)."""

_DRAINED = 0.088
"""Share that is left from which on a budget is spent evenly.

To have r times the optimum's lag at 10, 15 and 20 s takes about 67 / r of 50 calls in 20 s: with the 4 that are left at
1.47 an answer of a minute has gaps of 8 s until the first calls come back; gaps of 5 s would cost short answers 1.55."""

_RESTED = 0.75
"""Share from which on a drained budget is spent quickly again, if its answers have not all ended before. An answer that
goes on for minutes, spent evenly, leaves up to two thirds."""


class SlidingBudget:
    """At most `limit` calls in any `period` seconds, without headers to learn from (Slack's published tiers).

    A rested budget is spent quickly and a draining one slowly; once drained it is spent evenly. One place is kept for
    the end of each open answer, but no more than half of all. A 429 halves the rate; a period without another one
    brings a quarter of it back.
    """

    __slots__ = (
        "_allowed", "_claims", "_closed_until", "_drained", "_in_flight", "_last", "_limit", "_period", "_raise_at",
        "_spent", "key",
    )  # fmt: skip

    def __init__(self, key: BudgetKey, limit: int, period: float) -> None:
        self.key = key
        self._limit = limit
        self._period = period
        self._allowed = float(limit)
        self._raise_at: float | None = None
        self._spent: deque[float] = deque()
        self._in_flight = 0
        self._claims = 0
        self._drained = False
        self._last = float("-inf")
        self._closed_until = float("-inf")

    def claim(self, answers: int) -> None:
        """Keep places for the ends of so many more answers."""
        self._claims += answers
        self._drained = self._drained and self._claims > 0

    def ready(self, now: float, *, urgent: bool) -> float:
        """Return the earliest moment at which a call may leave."""
        self._forget(now)
        paced = self._period >= _LONG and not urgent
        reserve = min(self._claims, int(self._allowed) // 2) if paced else 0
        left = int(self._allowed) - len(self._spent) - self._in_flight - reserve
        earliest = max(now, self._closed_until)
        if left <= 0:
            earliest = max(earliest, self._frees_at(1 - left))
        return (
            max(earliest, self._last + self._pause(left, int(self._allowed) - reserve)) if paced else earliest
        )

    def _pause(self, left: int, of: int) -> float:
        """Return the seconds between two partial calls while so many calls are left of those that partial ones may take."""
        share = left / of
        self._drained = share <= _DRAINED or (self._drained and share < _RESTED)
        if self._drained and self._spent:
            return self._even_pause(left)
        return self._period / self._limit * _interpolate(_PACE, share)

    def _even_pause(self, left: int) -> float:
        """Return the pause with which the calls that are left last until others come back, and these until the next."""
        waits = enumerate(at + self._period - self._last for at in self._spent)
        return max((wait / (left + back + 1) for back, wait in waits if left + back >= 0), default=0.0)

    def begin(self, now: float) -> None:
        """Count a call that leaves now."""
        self._in_flight += 1
        self._last = now

    def settle(self, now: float) -> None:
        """Keep the call counted for a period from now."""
        self._in_flight -= 1
        self._spent.append(now)

    def close(self, now: float, retry_after: float) -> None:
        """Allow nothing for `retry_after` seconds, and half as much from then on; a 429 while closed is the same one."""
        if now >= self._closed_until:
            self._allowed = max(1.0, self._allowed / 2)
        self._closed_until = max(self._closed_until, now + retry_after)
        self._raise_at = self._closed_until + self._period

    def at_rest(self, now: float) -> bool:
        """Whether nothing is counted any more and the full rate is back."""
        self._forget(now)
        return not (self._spent or self._in_flight or self._claims) and self._allowed >= self._limit

    def _frees_at(self, places: int) -> float:
        """Return when `places` calls will have left the window; infinity if that waits for calls in flight."""
        return self._spent[places - 1] + self._period if places <= len(self._spent) else float("inf")

    def _forget(self, now: float) -> None:
        """Drop the calls that have left the window, and raise a halved rate when its time has come."""
        while self._spent and self._spent[0] + self._period <= now:
            self._spent.popleft()
        while self._raise_at is not None and now >= self._raise_at:
            self._allowed = min(float(self._limit), self._allowed + self._limit / 4)
            self._raise_at = self._raise_at + self._period if self._allowed < self._limit else None


def _interpolate(curve: Sequence[tuple[float, float]], at: float) -> float:
    """Return the height of a curve of straight lines; beyond its ends it is flat."""
    for (left, low), (right, high) in itertools.pairwise(curve):
        if at <= right:
            return low + (high - low) * max(0.0, at - left) / (right - left)
    return curve[-1][1]
