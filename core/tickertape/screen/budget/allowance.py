"""How many calls a period allows where the platform does not say: published, then corrected by what happens. Pure.

A 429 at a count that was taken for allowed means that the platform is stricter than published. The rate is set just
below what was counted, at most to half, recovers by quarters of the published figure, and for some minutes not beyond
what was counted. So a second 429 does not follow the first, and a platform that stays strict is asked for more ever more
rarely. Where next to nothing had been counted, somebody else draws on the same counter: then the rate is only halved.

A published figure that is a lower bound ("50+") may be far too low. Nothing tells but trying: while text has been
waiting for long, calls may *explore* beyond it, one at a time, up to a few times the published figure. What a platform
let through becomes the allowance. A 429 then only says where the limit is: the allowance stays at what was proven, and
nobody explores for an hour or more.
"""

from __future__ import annotations

_CEILING = 300.0
_EXPLORE = 3600.0
_LONGEST = 6 * 3600.0
"""Seconds for which the count of a 429 is a ceiling, and for which nobody explores after one that exploring earned.
Each further one doubles its time, up to the longest."""

_BELOW = 0.9
"""Share of a count that earned a 429 which is taken for safe: the platform may count a few calls longer than we do."""

_FARTHEST = 4
"""Times the published figure from which on nobody explores: by then the readers of several answers lack nothing."""

_FOREIGN = 1 / 8
"""Share of what is known below which a count does not tell where the limit is."""


class Allowance:
    """The calls of one sliding period. `published` is where it begins; `explores` lets it find out about more."""

    __slots__ = (
        "_ceiling", "_ceiling_until", "_ceilings", "_explorations", "_explores_from", "_known", "_period", "_published", "_raise_at",
    )  # fmt: skip

    def __init__(self, published: int, period: float, *, explores: bool) -> None:
        self._published = published
        self._period = period
        self._known = float(published)
        self._raise_at: float | None = None
        self._ceiling = float("inf")
        self._ceiling_until = float("-inf")
        self._ceilings = 0
        self._explores_from = float("-inf") if explores else float("inf")
        self._explorations = 0

    def calls(self, now: float) -> int:
        """Return how many calls a period allows now, as far as is known."""
        return max(1, int(self._at(now)[0]))

    def explores(self, now: float) -> bool:
        """Whether a call beyond what is known may be tried."""
        known, raise_at = self._at(now)
        return known < _FARTHEST * self._published and now >= self._explores_from and raise_at is None

    def whole(self, now: float) -> bool:
        """Whether nothing that was learned would be lost by beginning anew."""
        return self._at(now)[0] >= self._published and self._ceilings == self._explorations == 0

    def prove(self, now: float, counted: int) -> None:
        """Take note that the platform let so many calls of one period through."""
        self._known, self._raise_at = self._at(now)
        if self._raise_at is None:
            self._known = max(self._known, float(counted))

    def refuse(self, now: float, until: float, counted: int) -> None:
        """Take note of a 429 that closes everything up to `until`, when `counted` calls had been let through before."""
        self._known, self._raise_at = self._at(now)
        if counted >= self._published:
            self._explores_from = now + _doubled(_EXPLORE, self._explorations)
            self._explorations += 1
            self._known = float(min(self._known, counted))
            return
        lowered = self._known / 2
        if counted >= self._known * _FOREIGN:
            lowered = min(lowered, counted * _BELOW)
            self._ceiling = float(counted)
            self._ceiling_until = until + _doubled(_CEILING, self._ceilings)
            self._ceilings += 1
        self._known = max(1.0, lowered)
        self._raise_at = until + self._period

    def _at(self, now: float) -> tuple[float, float | None]:
        """Return how many calls are known to be allowed at `now`, and when a rate that a 429 lowered is raised next."""
        known, raise_at = self._known, self._raise_at
        while raise_at is not None and now >= raise_at:
            ceiling = self._ceiling if raise_at < self._ceiling_until else float("inf")
            known = max(1.0, min(self._published, ceiling, known + self._published / 4))
            raise_at = raise_at + self._period if known < self._published else None
        return known, raise_at


def _doubled(seconds: float, times: int) -> float:
    return min(_LONGEST, seconds * 2.0 ** min(times, 10))
