"""A fixed window of calls that response headers describe. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

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


@dataclass(frozen=True, slots=True)
class _Window:
    """What is known of a window: the calls that count in it, and its end; None before its first call."""

    own: int = 0
    foreign: int = 0
    """Calls that the server counts and we did not make."""
    resets_at: float | None = None
    known: bool = False
    """Whether a response told its end, or at least came back in it: else the end is a guess."""
    slow: float = 1.0
    """By how much partial calls go slower than the window allows, after a 429 that it did not announce."""


class WindowBudget:
    """A fixed window that begins with its first call, learned from response headers (Discord).

    Until the first response `limit` calls per `period` seconds are assumed. Partial calls are spread over the window,
    so that a message moves evenly; urgent ones take any place that is left. Where more answers are open than a window
    has places, as many of the last places as there are answers too many are held for ends until the window is nearly
    over: ends that fall together then need not wait for the window after the next. It holds as long as the ways there
    and back vary by less than half a period.
    """

    __slots__ = (
        "_claims", "_closed_until", "_in_flight", "_last", "_last_window", "_limit", "_period", "key",
    )  # fmt: skip

    def __init__(self, key: BudgetKey, limit: int, period: float) -> None:
        self.key = key
        self._limit = limit
        self._period = period
        self._in_flight = 0
        self._claims = 0
        self._last_window = _Window()
        """The window as it was when something happened last; `_window` tells what has become of it."""
        self._last = float("-inf")
        self._closed_until = float("-inf")

    def claim(self, answers: int) -> None:
        """Take note that so many more answers will end."""
        self._claims += answers

    def ready(self, now: float, urgency: Urgency) -> float:
        """Return the earliest moment at which a call may leave."""
        window = self._window(now)
        earliest = max(now, self._closed_until)
        if self._left(window) <= 0 and window.resets_at is not None:
            earliest = max(earliest, window.resets_at)
        if urgency is Urgency.NOW or (urgency is Urgency.FULL and self._spares_a_place(window)):
            return earliest
        return max(earliest, self._next_turn(window))

    def _spares_a_place(self, window: _Window) -> bool:
        """Whether a call may take a place before its turn: the ends of answers find one even then, and no 429 came."""
        return window.slow <= 1.0 and self._left(window) > min(self._claims, self._limit - 1)

    def _left(self, window: _Window) -> int:
        """Return the places left in a window."""
        return self._limit - window.own - window.foreign

    def _next_turn(self, window: _Window) -> float:
        """Return when the next partial call has its turn in the window."""
        even = self._period / self._limit
        held = self._claims - self._limit
        if held <= 0 or window.slow > 1.0:
            turn = self._last + window.slow * even
            return (
                turn if window.resets_at is None else max(turn, window.resets_at - self._left(window) * even)
            )
        if window.resets_at is None:
            return float("-inf")
        left = self._left(window)
        return window.resets_at - left * even * (_HELD if left <= held else 1.0)

    def begin(self, now: float) -> None:
        """Count a call that leaves now; the first one opens a window, whose end is a guess until a response comes."""
        window = self._window(now)
        resets_at = now + self._period if window.resets_at is None else window.resets_at
        self._last_window = replace(window, own=window.own + 1, resets_at=resets_at)
        self._in_flight += 1
        self._last = now

    def settle(self, now: float) -> None:
        """Take note that a call has come back; a guessed window may have begun as late as at its first reply."""
        window = self._window(now)
        self._in_flight -= 1
        if not window.known and window.resets_at is not None:
            window = replace(window, resets_at=max(window.resets_at, now + self._period), known=True)
        self._last_window = window

    def learn(self, now: float, reading: Reading) -> None:
        """Take over what a response's headers say that arrived at `now`; call it before `settle`.

        The window's end is known up to the way back of the response, and never too early. Calls that the server
        counts and we did not make are somebody else's (another process with the same token).
        """
        window = self._window(now)
        resets_at = now + reading.reset_after
        own, foreign = window.own, window.foreign
        if window.known and window.resets_at is not None:
            if resets_at < window.resets_at - self._period / 2:
                return  # a late response of the window before
            if resets_at < window.resets_at + self._period / 2:
                resets_at = min(resets_at, window.resets_at)
            else:
                own, foreign = self._in_flight, 0
        self._limit = max(1, reading.limit)
        used = self._limit - reading.remaining
        self._last_window = _Window(own, max(foreign, used - own), resets_at, known=True, slow=window.slow)
        if used <= 1 or reading.reset_after > self._period:
            self._period = max(reading.reset_after, 0.001)

    def close(self, now: float, retry_after: float) -> None:
        """Allow nothing for `retry_after` seconds, and half the pace from then on, which recovers window by window.

        There is more to a 429 than the headers tell (a limit shared with others, one below the window's own).
        """
        window = self._window(now)
        if now >= self._closed_until:
            window = replace(window, slow=min(_SLOWEST, 2 * window.slow))
        self._last_window = window
        self._closed_until = max(self._closed_until, now + retry_after)

    def at_rest(self, now: float) -> bool:
        """Whether the window is over, nothing is under way, and no answer counts on it."""
        is_idle = self._in_flight == 0 and self._claims == 0 and self._window(now).resets_at is None
        return is_idle and now >= self._closed_until

    def _window(self, now: float) -> _Window:
        """Return the window of `now`: a fresh one when the last has ended and calls may leave again.

        Calls still in flight may be counted in the new one, and in the one after it.
        """
        window = self._last_window
        if window.resets_at is None or now < (end := max(window.resets_at, self._closed_until)):
            return window
        ended = 1 + math.floor((now - end) / self._period) if self._in_flight else 1
        resets_at = end + ended * self._period if self._in_flight else None
        return _Window(self._in_flight, 0, resets_at, slow=max(1.0, window.slow - ended * _RECOVERY))
