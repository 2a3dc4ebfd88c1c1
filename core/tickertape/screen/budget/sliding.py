"""A sliding window of calls that nothing describes but a published figure. Pure."""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Sequence

from tickertape.prompts.keys import BudgetKey
from tickertape.screen.budget.allowance import Allowance
from tickertape.screen.budget.api import Urgency

_LONG = 10.0
"""Seconds from which a sliding period is paced by what is left; a shorter one (Discord's global second) is free soon
enough."""

_SPREAD = 0.5
"""Pause between two partial calls of a shorter period, in units of the even one: forty at once would hold up the event
loop, and an even pause, with the wait for the next delta, would cost a third of the calls."""

_PACE = ((0.088, 1.0), (0.32, 0.515), (0.39, 0.2454), (1.0, 0.2454))
"""How a rested budget is spent: share of it that is left, and the pause between two partial calls, in units of the
even pause (period / limit); between two points it is interpolated.

An answer that may end at any moment T from 10 to 20 s has the same mean lag in units of the optimum's whenever it ends
if the pause is constant up to 10 s and grows with T from then on, to twice the jump that it makes there. So are these
points, of which a search made the most on virtual time with the delays that the real clock adds: 1, 4 and 10 answers of
any length from 10 to 20 s have at most 1.48 times the optimum's lag (tests/simulation/test_ratios.py).

The first pause is a little below 0.3 s, because a call then waits for the next delta (`tickertape.screen.pacing`)."""

_DRAINED = 0.088
"""Share that is left from which on a budget is spent evenly.

To have r times the optimum's lag at 10, 15 and 20 s takes about 67 / r of 50 calls in 20 s: with the 4 that are left at
1.47 an answer of a minute has gaps of 8 s until the first calls come back; gaps of 5 s would cost short answers 1.55."""

_RESTED = 0.75
"""Share from which on a drained budget is spent quickly again, if its answers have not all ended before. An answer that
goes on for minutes, spent evenly, leaves up to two thirds."""


_EXPLORE_AFTER = 20.0
"""Seconds for which a budget must have been drained before it is explored: most answers are over by then."""

_EXPLORED = 2
"""How much faster than evenly a budget is explored: a platform that allows twice as much is found out within a minute."""


class SlidingBudget:
    """At most `limit` calls in any `period` seconds, without headers to learn from (Slack's published tiers).

    A rested budget is spent quickly and a draining one slowly; once drained it is spent evenly. One place is kept for
    the end of each open answer, but no more than half of all. How many calls there really are is learned from what
    happens (`tickertape.screen.budget.allowance`); with `explores`, partial calls of a budget that stays drained go beyond the limit,
    one at a time, at twice its even pace.
    """

    __slots__ = (
        "_allowance", "_claims", "_closed_until", "_drained_since", "_in_flight", "_last", "_period", "_spent", "key",
    )  # fmt: skip

    def __init__(self, key: BudgetKey, limit: int, period: float, *, explores: bool = False) -> None:
        self.key = key
        self._period = period
        self._allowance = Allowance(limit, period, explores=explores)
        self._spent: deque[float] = deque()
        self._in_flight = 0
        self._claims = 0
        self._drained_since: float | None = None
        self._last = float("-inf")
        self._closed_until = float("-inf")

    def claim(self, answers: int) -> None:
        """Keep places for the ends of so many more answers."""
        self._claims += answers
        if not self._claims:
            self._drained_since = None

    def ready(self, now: float, urgency: Urgency) -> float:
        """Return the earliest moment at which a call may leave; one that brings a whole message is paced as any other."""
        paced = urgency is not Urgency.NOW
        spent, allowed = self._counted(now), self._allowance.calls(now)
        reserve = self._reserve(allowed) if paced else 0
        left = allowed - len(spent) - self._in_flight - reserve
        earliest = max(now, self._closed_until)
        if paced:
            since = self._drained(now, left / (allowed - reserve))
            turn = self._last + self._pause(spent, left, allowed - reserve, allowed, since)
            if self._explores(now, since):
                return max(earliest, self._tries_at(allowed, turn if left > 0 else float("inf")))
            earliest = max(earliest, turn)
        return max(earliest, self._frees_at(spent, 1 - left)) if left <= 0 else earliest

    def _reserve(self, allowed: int) -> int:
        """Return how many calls are kept from partial ones, for ends."""
        return min(self._claims, allowed // 2) if self._period >= _LONG else 0

    def _tries_at(self, allowed: int, turn: float) -> float:
        """Return when a call may leave that explores, one at a time; `turn` is when it would without."""
        return float("inf") if self._in_flight else min(turn, self._last + self._period / allowed / _EXPLORED)

    def _explores(self, now: float, since: float | None) -> bool:
        """Whether the budget has been drained for so long that a call beyond it is worth a 429."""
        return since is not None and now - since >= _EXPLORE_AFTER and self._allowance.explores(now)

    def _drained(self, now: float, share: float) -> float | None:
        """Return since when the budget is drained, now that so much of it is left; None if it is not."""
        if self._period < _LONG or share >= _RESTED:
            return None
        return now if self._drained_since is None and share <= _DRAINED else self._drained_since

    def _pause(
        self, spent: Sequence[float], left: int, most: int, allowed: int, since: float | None
    ) -> float:
        """Return the seconds between two partial calls while `left` of the `most` that they may take are left."""
        if self._period < _LONG:
            return _SPREAD * self._period / allowed
        if since is not None and spent:
            return self._even_pause(spent, left)
        return self._period / allowed * _interpolate(_PACE, left / most)

    def _even_pause(self, spent: Sequence[float], left: int) -> float:
        """Return the pause with which the calls that are left last until others come back, and these until the next."""
        waits = enumerate(at + self._period - self._last for at in spent)
        return max((wait / (left + back + 1) for back, wait in waits if left + back >= 0), default=0.0)

    def begin(self, now: float) -> None:
        """Count a call that leaves now. What came back before it, without a 429, is proven to be allowed."""
        self._forget(now)
        self._allowance.prove(now, len(self._spent))
        self._note_drain(now)  # before the call: it may have rested until now
        self._in_flight += 1
        self._last = now
        self._note_drain(now)

    def settle(self, now: float) -> None:
        """Keep the call counted for a period from now."""
        self._in_flight -= 1
        self._spent.append(now)

    def close(self, now: float, retry_after: float) -> None:
        """Allow nothing for `retry_after` seconds, and less from then on; a 429 while closed is the same one.

        The call that earned it has been settled, and is the last that was counted.
        """
        self._forget(now)
        is_new = now >= self._closed_until
        self._closed_until = max(self._closed_until, now + retry_after)
        if is_new:
            self._note_drain(now)
            self._allowance.refuse(now, self._closed_until, max(0, len(self._spent) - 1))
            self._note_drain(now)

    def at_rest(self, now: float) -> bool:
        """Whether nothing is counted any more and nothing has been learned."""
        return not (self._counted(now) or self._in_flight or self._claims) and self._allowance.whole(now)

    def _note_drain(self, now: float) -> None:
        """Take note of whether the budget is drained. With time alone more and more is left, so events are enough."""
        allowed = self._allowance.calls(now)
        most = allowed - self._reserve(allowed)
        left = most - len(self._counted(now)) - self._in_flight
        self._drained_since = self._drained(now, left / most)

    def _frees_at(self, spent: Sequence[float], places: int) -> float:
        """Return when `places` calls will have left the window; infinity if that waits for calls in flight."""
        return spent[places - 1] + self._period if places <= len(spent) else float("inf")

    def _counted(self, now: float) -> Sequence[float]:
        """Return when the calls came back that are still in the window."""
        if not self._spent or self._spent[0] + self._period > now:
            return self._spent
        return [at for at in self._spent if at + self._period > now]

    def _forget(self, now: float) -> None:
        """Drop the calls that have left the window."""
        while self._spent and self._spent[0] + self._period <= now:
            self._spent.popleft()


def _interpolate(curve: Sequence[tuple[float, float]], at: float) -> float:
    """Return the height of a curve of straight lines; beyond its ends it is flat."""
    for (left, low), (right, high) in itertools.pairwise(curve):
        if at <= right:
            return low + (high - low) * max(0.0, at - left) / (right - left)
    return curve[-1][1]
