"""The three clocks of one answer, and the fourth that ends the wait for a trailer. Pure."""

from __future__ import annotations

from tickertape.model.api import Clock, TimedOut
from tickertape.model.settings import Clocks


class Deadlines:
    """Says until when to wait for the next bytes, and which clock it is that runs out then.

    `whole` is the moment at which the whole answer must be there. All moments are of one clock, in seconds.
    """

    __slots__ = ("_clock", "_clocks", "_whole", "when")

    def __init__(self, clocks: Clocks, now: float, whole: float) -> None:
        self._clocks = clocks
        self._whole = whole
        self._clock = Clock.FIRST
        self.when = 0.0
        """The moment at which waiting ends."""
        self._arm(Clock.FIRST, now + clocks.first_event)

    def event(self, now: float, *, finished: bool) -> None:
        """Take note of a data event; `finished` when the finish_reason has come."""
        clocks = self._clocks
        gap = min(clocks.between_events, clocks.after_finish) if finished else clocks.between_events
        self._arm(Clock.STALL, now + gap)

    def _arm(self, clock: Clock, when: float) -> None:
        self._clock = clock if when <= self._whole else Clock.WHOLE
        self.when = min(when, self._whole)

    def error(self) -> TimedOut:
        """Return the error for the clock that runs out at `when`."""
        seconds = {
            Clock.FIRST: self._clocks.first_event,
            Clock.STALL: self._clocks.between_events,
            Clock.WHOLE: self._clocks.whole,
        }[self._clock]
        return TimedOut(f"{_SENTENCES[self._clock]} within {seconds:g} s", self._clock)


_SENTENCES = {
    Clock.FIRST: "no data event came",
    Clock.STALL: "no further data event came",
    Clock.WHOLE: "the answer did not end",
}
