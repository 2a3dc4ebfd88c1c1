"""A fixed window of calls that response headers describe. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from tickertape.prompts.keys import BudgetKey
from tickertape.screen.budget.api import Urgency


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


_HELD = 0.5
"""How far apart the partial calls in held places are, in units of the even pause (period / limit).

With the last three of five places held for 8 answers, calls leave 0, 1, 3.5, 4 and 4.5 s after a window's beginning.
Over ends at 8 to 20 s this takes 2% off the mean lag of an even spread, and the worst-served answer has 1.33 times the
lag of the best-served on average instead of 1.37 times, at most 1.52 instead of 1.59. From 0.4 to 0.75 it is all much the
same; to hold places until the next window (no partial call in them) costs 17% of mean lag and gains nothing."""


class WindowBudget:
    """A fixed window that begins with its first call, learned from response headers (Discord).

    Until the first response `limit` calls per `period` seconds are assumed. Partial calls are spread over the window,
    so that a message moves evenly; urgent ones take any place that is left. Where more answers are open than a window
    has places, as many of the last places as there are answers too many are held for ends until the window is nearly
    over: ends that fall together then need not wait for the window after the next. It holds as long as the ways there
    and back vary by less than half a period.
    """

    __slots__ = (
        "_claims", "_closed_until", "_foreign", "_in_flight", "_known", "_last", "_limit", "_own", "_period", "_resets_at",
        "_slow", "key",
    )  # fmt: skip

    def __init__(self, key: BudgetKey, limit: int, period: float) -> None:
        self.key = key
        self._limit = limit
        self._period = period
        self._own = 0
        self._foreign = 0
        self._in_flight = 0
        self._claims = 0
        self._resets_at: float | None = None
        self._known = False
        self._slow = 1.0
        """By how much partial calls go slower than the window allows, after a 429 that it did not announce."""
        self._last = float("-inf")
        self._closed_until = float("-inf")

    def claim(self, answers: int) -> None:
        """Take note that so many more answers will end."""
        self._claims += answers

    def ready(self, now: float, urgency: Urgency) -> float:
        """Return the earliest moment at which a call may leave."""
        self._roll(now)
        earliest = max(now, self._closed_until)
        if self._left <= 0 and self._resets_at is not None:
            earliest = max(earliest, self._resets_at)
        if urgency is Urgency.NOW or (urgency is Urgency.FULL and self._spares_a_place):
            return earliest
        return max(earliest, self._next_turn())

    @property
    def _spares_a_place(self) -> bool:
        """Whether a call may take a place before its turn: the ends of answers find one even then, and no 429 came."""
        return self._slow <= 1.0 and self._left > min(self._claims, self._limit - 1)

    @property
    def _left(self) -> int:
        """Places left in the window."""
        return self._limit - self._own - self._foreign

    def _next_turn(self) -> float:
        """Return when the next partial call has its turn in the window."""
        even = self._period / self._limit
        held = self._claims - self._limit
        if held <= 0 or self._slow > 1.0:
            turn = self._last + self._slow * even
            return turn if self._resets_at is None else max(turn, self._resets_at - self._left * even)
        if self._resets_at is None:
            return float("-inf")
        return self._resets_at - self._left * even * (_HELD if self._left <= held else 1.0)

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
        """Whether the window is over, nothing is under way, and no answer counts on it."""
        self._roll(now)
        is_idle = self._in_flight == 0 and self._claims == 0 and self._resets_at is None
        return is_idle and now >= self._closed_until

    def _roll(self, now: float) -> None:
        """Begin afresh when the window has ended; calls still in flight may be counted in the new one."""
        if self._resets_at is not None and now >= self._resets_at:
            self._own, self._foreign = self._in_flight, 0
            self._known = False
            if now >= self._closed_until:
                self._slow = max(1.0, self._slow - _RECOVERY)
            self._resets_at = now + self._period if self._in_flight else None
