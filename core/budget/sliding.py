"""A sliding window of calls that nothing describes but a published figure. Pure."""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Sequence

from core.surface import BudgetKey

_SHORTEST = 0.2
"""Seconds between two partial calls on a full sliding budget: faster edits do not read as faster."""

_LONG = 10.0
"""Seconds from which a sliding period is paced; a shorter one (Discord's global second) is free soon enough."""

_PACE = ((0.0, 7.3), (0.073, 7.3), (0.074, 1.05), (0.37, 0.3), (0.53, 0.25), (1.0, 0.225))
"""How a sliding budget is spent: share of it that is left, and the pause between two partial calls, in units of the
even pace (period / limit); between two points it is interpolated. Most answers are over in 20 s, so two thirds go
at a quarter of the even pause; the last few last for the rest of a minute, so that a long answer still moves. Found by
search: little lag of 60 s answers among the curves that keep 1, 4 and 10 answers of 10, 15 and 20 s within 1.5 times
the offline optimum (tests/simulation/test_ratios.py)."""


class SlidingBudget:
    """At most `limit` calls in any `period` seconds, without headers to learn from (Slack's published tiers).

    A full budget is spent quickly and a draining one slowly. One place is kept for the end of each open answer, but
    no more than half of all. A 429 halves the rate; a period without another one brings a quarter of it back.
    """

    __slots__ = (
        "_allowed", "_claims", "_closed_until", "_in_flight", "_last", "_limit", "_period", "_raise_at", "_spent", "key",
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
        self._last = float("-inf")
        self._closed_until = float("-inf")

    def claim(self, answers: int) -> None:
        """Keep places for the ends of so many more answers."""
        self._claims += answers

    def ready(self, now: float, *, urgent: bool) -> float:
        """Return the earliest moment at which a call may leave."""
        self._forget(now)
        is_long = self._period >= _LONG
        reserve = min(self._claims, int(self._allowed) // 2) if is_long and not urgent else 0
        left = int(self._allowed) - len(self._spent) - self._in_flight - reserve
        earliest = max(now, self._closed_until)
        if left <= 0:
            return max(earliest, self._frees_at(1 - left))
        if urgent or not is_long:
            return earliest
        return max(earliest, self._last + self._pause(left / (int(self._allowed) - reserve)))

    def _pause(self, share: float) -> float:
        """Return the seconds between two partial calls while `share` of the budget is left."""
        even = self._period / self._limit
        return max(_SHORTEST, even * _interpolate(_PACE, share))

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
