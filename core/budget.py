"""Budgets: how many calls a platform allows, as far as we know. Pure: `now` is passed in, in seconds.

A budget answers one question: when may the next call leave? It counts a call from the moment it leaves until a full
period after it came back, because the platform counts it at some moment in between.

Two kinds of call ask. An *urgent* one (an answer's first text, its last text) may take the last place there is; a
partial one keeps the pace that makes the budget last.
"""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from core.surface import BudgetKey

MAX_IDLE_BUDGETS = 10_000
"""Budgets kept before those that are at rest are forgotten."""


class Budget(Protocol):
    """One counter of a platform."""

    @property
    def key(self) -> BudgetKey:
        """The counter's name, for logs and for sharing it among processes."""
        ...

    def ready(self, now: float, *, urgent: bool) -> float:
        """Return the earliest moment, `now` or later, at which a call may leave; infinity while replies are due."""
        ...

    def claim(self, answers: int) -> None:
        """Take note that so many more answers (fewer, if negative) will need a call for their end."""
        ...

    def begin(self, now: float) -> None:
        """Count a call that leaves now."""
        ...

    def settle(self, now: float) -> None:
        """Take note that a call has come back, however it ended."""
        ...

    def close(self, now: float, retry_after: float) -> None:
        """Allow nothing for `retry_after` seconds: the platform answered 429."""
        ...

    def at_rest(self, now: float) -> bool:
        """Whether forgetting this budget loses nothing."""
        ...


@dataclass(frozen=True, slots=True)
class Reading:
    """What a response's headers said of a window: its size, what is left of it, and its end in seconds from now."""

    limit: int
    remaining: int
    reset_after: float


_SLOWEST = 4.0
"""By how much repeated 429s slow a window's partial calls at most."""

_RECOVERY = 0.25
"""How much of that a window without a 429 takes back."""


class WindowBudget:
    """A fixed window that begins with its first call, learned from response headers (Discord).

    Until the first response `limit` calls per `period` seconds are assumed. Partial calls are spread over the window,
    so that a message moves evenly; urgent ones take any place that is left. It holds as long as the ways there and
    back vary by less than half a period.
    """

    __slots__ = (
        "_closed_until", "_foreign", "_in_flight", "_known", "_last", "_limit", "_own", "_period", "_resets_at", "_slow", "key",
    )  # fmt: skip

    def __init__(self, key: BudgetKey, limit: int, period: float) -> None:
        self.key = key
        self._limit = limit
        self._period = period
        self._own = 0
        self._foreign = 0
        self._in_flight = 0
        self._resets_at: float | None = None
        self._known = False
        self._slow = 1.0
        """By how much partial calls go slower than the window allows, after a 429 that it did not announce."""
        self._last = float("-inf")
        self._closed_until = float("-inf")

    def claim(self, answers: int) -> None:
        """Keep nothing back: the next window is near enough for every end."""

    def ready(self, now: float, *, urgent: bool) -> float:
        """Return the earliest moment at which a call may leave."""
        self._roll(now)
        earliest = max(now, self._closed_until)
        if self._own + self._foreign >= self._limit and self._resets_at is not None:
            earliest = max(earliest, self._resets_at)
        if not urgent:
            earliest = max(earliest, self._last + self._slow * self._period / self._limit)
        return earliest

    def begin(self, now: float) -> None:
        """Count a call that leaves now; the first one opens a window, whose end is a guess until a response comes."""
        self._roll(now)
        self._own += 1
        self._in_flight += 1
        self._last = now
        if self._resets_at is None:
            self._resets_at = now + self._period
            self._known = False

    def settle(self, now: float) -> None:
        """Take note that a call has come back; a guessed window may have begun as late as at its first reply."""
        self._in_flight -= 1
        if not self._known and self._resets_at is not None:
            self._resets_at = max(self._resets_at, now + self._period)
            self._known = True

    def learn(self, now: float, reading: Reading) -> None:
        """Take over what a response's headers say that arrived at `now`; call it before `settle`.

        The window's end is known up to the way back of the response, and never too early. Calls that the server
        counts and we did not make are somebody else's (another process with the same token).
        """
        resets_at = now + reading.reset_after
        if self._known and self._resets_at is not None:
            if resets_at < self._resets_at - self._period / 2:
                return  # a late response of the window before
            if resets_at < self._resets_at + self._period / 2:
                resets_at = min(resets_at, self._resets_at)
            else:
                self._own, self._foreign = self._in_flight, 0
        self._known = True
        self._resets_at = resets_at
        self._limit = max(1, reading.limit)
        used = self._limit - reading.remaining
        self._foreign = max(self._foreign, used - self._own)
        if used <= 1 or reading.reset_after > self._period:
            self._period = max(reading.reset_after, 0.001)

    def close(self, now: float, retry_after: float) -> None:
        """Allow nothing for `retry_after` seconds, and half the pace from then on, which recovers window by window.

        There is more to a 429 than the headers tell (a limit shared with others, one below the window's own).
        """
        if now >= self._closed_until:
            self._slow = min(_SLOWEST, 2 * self._slow)
        self._closed_until = max(self._closed_until, now + retry_after)

    def at_rest(self, now: float) -> bool:
        """Whether the window is over and nothing is under way."""
        self._roll(now)
        return self._in_flight == 0 and self._resets_at is None and now >= self._closed_until

    def _roll(self, now: float) -> None:
        """Begin afresh when the window has ended; calls still in flight may be counted in the new one."""
        if self._resets_at is not None and now >= self._resets_at:
            self._own, self._foreign = self._in_flight, 0
            self._known = False
            if now >= self._closed_until:
                self._slow = max(1.0, self._slow - _RECOVERY)
            self._resets_at = now + self._period if self._in_flight else None


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


B = TypeVar("B", bound=Budget)


class Budgets(Generic[B]):
    """The budgets of one kind by key; those at rest are forgotten when there are many."""

    def __init__(self, make: Callable[[BudgetKey], B]) -> None:
        self._make = make
        self._by_key: dict[BudgetKey, B] = {}

    def get(self, key: BudgetKey, now: float) -> B:
        """Return the budget of `key`, a new one if it is not known."""
        budget = self._by_key.get(key)
        if budget is None:
            self._make_room(now)
            budget = self._by_key[key] = self._make(key)
        return budget

    def _make_room(self, now: float) -> None:
        if len(self._by_key) >= MAX_IDLE_BUDGETS:
            self._by_key = {key: budget for key, budget in self._by_key.items() if not budget.at_rest(now)}
