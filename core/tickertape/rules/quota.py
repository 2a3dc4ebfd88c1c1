"""Limits of how much may be asked, and when to ask again. Pure: what was counted comes as an argument, and so does now.

Windows slide: what happened at t counts until, not including, t + the window's length. So the promised time is exact,
nobody has to wait for midnight, and nobody gets twice the limit around it.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tickertape.languages import Sentence, words

HOUR = 3600.0
DAY = 86_400.0
"""Seconds of the two windows."""


class Scope(enum.Enum):
    """Whose limit it is."""

    USER = "user"
    WORKSPACE = "workspace"
    """Everybody of a Discord server or Slack workspace together."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The most of each, None for any number: answers at once, answers begun per hour, tokens per day."""

    scope: Scope
    at_once: int | None = None
    per_hour: int | None = None
    tokens_per_day: int | None = None


@dataclass(frozen=True, slots=True)
class Spent:
    """Tokens of prompts and answers together, counted at `at` (Unix time in seconds).

    Several counts may be put together into one, at the time of the latest.
    """

    at: float
    tokens: int


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted within the scope: answers that run, when answers began, tokens that were spent.

    Times are Unix times in seconds, as `now` is. More than the windows may be given; order does not matter.
    """

    running: int = 0
    started: Sequence[float] = ()
    spent: Sequence[Spent] = ()


class Kind(enum.Enum):
    """Which limit is reached."""

    AT_ONCE = "at once"
    PER_HOUR = "per hour"
    TOKENS_PER_DAY = "tokens per day"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A limit is reached.

    `wait` is how many seconds from now it stops being so, if nothing more is counted; None when that is not known,
    because it depends on when a running answer ends.
    """

    scope: Scope
    kind: Kind
    limit: int
    wait: float | None

    @property
    def sentence(self) -> Sentence:
        """What to tell the asker, privately."""
        return _sentences(self.limit, words.duration(self.wait or 0.0))[self.scope, self.kind]


def _sentences(limit: int, wait: Sentence) -> Mapping[tuple[Scope, Kind], Sentence]:
    """Return what is said when `limit` is reached, `wait` before it is not any more."""
    return {
        (Scope.USER, Kind.AT_ONCE): Sentence("user-at-once", {"answers": limit}),
        (Scope.USER, Kind.PER_HOUR): Sentence("user-per-hour", {"answers": limit, "wait": wait}),
        (Scope.USER, Kind.TOKENS_PER_DAY): Sentence("user-tokens-per-day", {"tokens": limit, "wait": wait}),
        (Scope.WORKSPACE, Kind.AT_ONCE): Sentence("workspace-at-once", {"answers": limit}),
        (Scope.WORKSPACE, Kind.PER_HOUR): Sentence("workspace-per-hour", {"answers": limit, "wait": wait}),
        (Scope.WORKSPACE, Kind.TOKENS_PER_DAY): Sentence(
            "workspace-tokens-per-day", {"tokens": limit, "wait": wait}
        ),
    }


def check(limits: Limits, counted: Counted, now: float) -> Refusal | None:
    """Return why no further answer may begin now, None if one may.

    A limit refuses once it is reached, and an answer that has begun is never cut: the last one of a day may spend more
    tokens than were left. When several are reached, the refusal is the one that lasts longest.
    """
    return strictest(
        (
            _at_once(limits, counted),
            _per_hour(limits, counted, now),
            _tokens_per_day(limits, counted, now),
        )
    )


def strictest(refusals: Iterable[Refusal | None]) -> Refusal | None:
    """Return the refusal with the longest wait, e.g. of a user's and a workspace's; one without a wait counts least."""
    given = [refusal for refusal in refusals if refusal is not None]
    return max(given, key=lambda refusal: refusal.wait or 0.0, default=None)


def _at_once(limits: Limits, counted: Counted) -> Refusal | None:
    if limits.at_once is None or counted.running < limits.at_once:
        return None
    return Refusal(limits.scope, Kind.AT_ONCE, limits.at_once, None)


def _per_hour(limits: Limits, counted: Counted, now: float) -> Refusal | None:
    if limits.per_hour is None:
        return None
    wait = _wait(((at + HOUR, 1) for at in counted.started), limits.per_hour, now)
    return None if wait is None else Refusal(limits.scope, Kind.PER_HOUR, limits.per_hour, wait)


def _tokens_per_day(limits: Limits, counted: Counted, now: float) -> Refusal | None:
    if limits.tokens_per_day is None:
        return None
    ends = ((spent.at + DAY, spent.tokens) for spent in counted.spent)
    wait = _wait(ends, limits.tokens_per_day, now)
    return None if wait is None else Refusal(limits.scope, Kind.TOKENS_PER_DAY, limits.tokens_per_day, wait)


def _wait(counts: Iterable[tuple[float, int]], limit: int, now: float) -> float | None:
    """Return the seconds until what counts is below `limit`, None if it is; each (end, number) counts until its end."""
    alive = sorted((end, number) for end, number in counts if end > now)
    left = sum(number for _, number in alive)
    if left < limit:
        return None
    for end, number in alive:
        left -= number
        if left < limit:
            return end - now
    raise ValueError("a limit is at least 1")
