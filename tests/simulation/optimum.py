"""How little display lag is possible: a lower bound for long answers, and the best schedule that knows the future.

**The lower bound.** With one edit every tau seconds shared by n streams of equal, steady pace, each stream's edits
come n * tau apart on average. A character that arrives in a gap of g seconds between two edits of its message waits
for the gap's end, g / 2 on average, and a gap of g seconds holds characters in proportion to g. So the mean wait is
the sum of all g^2 / 2 over the sum of all g, which is least when all gaps are equal: n * tau / 2. Then the call takes
half a round trip to the server. A short answer can stay below: the first text needs no edit, and the last edits, which
come when no more text arrives, are as good as further budget. For these the optimum is computed.

**The offline optimum.** n answers begin together, speak steadily for T seconds, and the whole future is known. Each
answer's first text is a post, which leaves as soon as the budget of posts allows: the reader is owed it within one
round trip, and no edit is spent on it. A post begins a message only, so it can't take an edit's place. Pages are left
out: text is shown in its order, so that the first text of a next page comes with an edit that fills the page before.

- *Who is next:* of two answers with text up to a < b on screen, give the next call (at t) to that with a. If it went to
  the other, exchange all later calls of the two: if the passed-over answer's next call is at s > t, the cost changes
  by (t-a)^2 + (s-b)^2 - (t-b)^2 - (s-a)^2 = -2 (b-a) (s-t) in total, over 2, which is never more. So the order is that
  of a queue: round robin, with answers posted later at its end.
- *Finals:* every answer needs one call at T or later; a second one there shows nothing new. With the last partial at l
  and the final at F it costs (T-l)^2 / 2 + (T-l) (F-T): as early as the windows allow.
- *Fixed windows* (Discord): a window of `period` seconds begins with its first call and takes `limit` calls. It does no
  harm to make an empty place a call, so all windows before the last are full: the calls fall into groups of `limit`,
  group after group at least a period apart from first call to first call, and no call later than a period after its
  group's first.
- Given when the last window before T opens, how many of its places partial calls take, and how many of all calls come
  before late posts, the order and the finals are fixed, and the cost is a convex quadratic function of the times of
  the partial calls under difference constraints: `quadratic.solve` gives its global minimum. These few numbers are
  searched: the counts completely, the opening on a grid that is then refined around the best places.
- *Sliding windows* (Slack): up to T below the period only the number of calls counts. The gaps of an answer with m
  calls are best equal, T / m, which costs T^2 / (2 m); that is convex in m, so the calls are dealt out evenly.

All this takes text for a stream of single characters. Models send tokens, `step` seconds apart; a token's characters
come together at its end, half a step later on average than in the flow, so every schedule's mean lag is at least half a
step below that of the flow, and so is the least one.
"""

from __future__ import annotations

import functools
import math
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace

from tests.simulation.quadratic import Gap, NoSolution, Spring, solve

WITHIN = 1e-3
"""Seconds before its window's end at which a call still counts in it."""

_PINNED = 1e-6
_GRID = 12
_REFINED = 6
_GOLDEN = (math.sqrt(5) - 1) / 2


def lower_bound(answers: int, seconds_per_edit: float, round_trip: float) -> float:
    """Return the least mean lag in seconds of `answers` long answers that share a budget of edits."""
    return answers * seconds_per_edit / 2 + round_trip / 2


@dataclass(frozen=True, slots=True)
class Window:
    """At most `limit` calls in `period` seconds."""

    limit: int
    period: float


DISCORD_CHANNEL = Window(5, 5.0)


@dataclass(frozen=True, slots=True)
class Problem:
    """`answers` that speak for `seconds`, tokens every `step` seconds, within fixed windows of edits and posts."""

    answers: int
    seconds: float
    step: float = 0.02
    edits: Window = DISCORD_CHANNEL
    posts: Window = DISCORD_CHANNEL

    def posted_at(self, answer: int) -> float:
        """Return when the answer's first text is posted: with its first token, or when posts are allowed again."""
        return self.step + answer // self.posts.limit * self.posts.period


@dataclass(frozen=True, slots=True)
class Shape:
    """What is searched: all that is not convex.

    `windows` of edits are opened up to the one that opens last before the end, at `opens`; `used` of its calls are
    partial ones, and `early` of all partial calls come before the second round of posts.
    """

    windows: int
    opens: float
    used: int
    early: int


KNOWN = {
    (1, 10.0): Shape(2, 6.0159, 5, 0),
    (1, 15.0): Shape(3, 11.0159, 5, 0),
    (1, 20.0): Shape(4, 16.0159, 5, 0),
    (4, 10.0): Shape(2, 5.0200, 5, 0),
    (4, 15.0): Shape(3, 10.0200, 5, 0),
    (4, 20.0): Shape(4, 15.0200, 5, 0),
    (8, 10.0): Shape(2, 5.0200, 2, 3),
    (8, 15.0): Shape(3, 10.0200, 4, 3),
    (8, 20.0): Shape(4, 15.0200, 5, 4),
}
"""What `search` finds for so many answers of so many seconds in one channel: it takes seconds each."""


@dataclass(frozen=True, slots=True)
class Call:
    """An edit of `answer` at `at` seconds from the beginning of the stream."""

    at: float
    answer: int


@dataclass(frozen=True, slots=True)
class Schedule:
    """Edits in order of time, and each answer's mean lag in seconds up to the moment at which they leave."""

    calls: tuple[Call, ...]
    lags: tuple[float, ...]

    @property
    def lag(self) -> float:
        """The mean lag of all characters."""
        return sum(self.lags) / len(self.lags)


def fixed_windows(problem: Problem) -> Schedule:
    """Return the best schedule under fixed windows; the shapes of the usual problems are known."""
    key = (problem.answers, problem.seconds)
    usual = problem == Problem(*key) and key in KNOWN
    return schedule(problem, KNOWN[key] if usual else search(problem))


@functools.cache
def search(problem: Problem) -> Shape:
    """Return the shape of the best schedule."""
    ranked = sorted(_search(problem), key=lambda found: found[0])
    return min((_refine(problem, shape) for _, shape in ranked[:_REFINED]), key=lambda found: found[0])[1]


def sliding_window(answers: int, seconds: float, limit: int, step: float = 0.02, spent: int = 0) -> float:
    """Return the least mean lag, up to the moment of leaving, with `limit` edits for all that time.

    `spent` of them show no text that the first post could not: an answer whose post holds its place needs one.
    """
    each, more = divmod(limit - spent, answers)
    lengths = [each + (number < more) for number in range(answers)]
    rest = seconds - step  # the first token is posted
    cost = sum(rest**2 / (2 * length) + step**2 / 2 for length in lengths)
    return cost / (answers * seconds) - step / 2


def schedule(problem: Problem, shape: Shape) -> Schedule:
    """Return the best schedule of this shape. Raises `NoSolution` if there is none."""
    times, order = _times(problem, shape), _order(problem, shape)
    lags = [cost / problem.seconds - problem.step / 2 for cost in _costs(problem, times, order)]
    return Schedule(tuple(map(Call, times, order)), tuple(lags))


def _search(problem: Problem) -> Iterator[tuple[float, Shape]]:
    """Yield every count on a coarse grid of openings, with its lag."""
    period = problem.edits.period
    for number in range(_GRID + 1):
        opens = problem.seconds - period * (1 - max(number, 0.02) / _GRID)
        for shape in _shapes(problem, opens):
            yield _lag(problem, shape), shape


def _shapes(problem: Problem, opens: float) -> Iterator[Shape]:
    most = math.floor((opens - problem.step) / problem.edits.period + 1e-9) + 1
    latest = problem.answers > problem.posts.limit
    for windows in range(max(1, most - 1), most + 1):
        for used in range(problem.edits.limit + 1):
            calls = (windows - 1) * problem.edits.limit + used
            for early in range(min(calls, 2 * problem.posts.limit) + 1 if latest else 1):
                if used or opens >= problem.seconds:
                    yield Shape(windows, opens, used, early)


def _lag(problem: Problem, shape: Shape) -> float:
    try:
        return schedule(problem, shape).lag
    except NoSolution:
        return math.inf


def _refine(problem: Problem, shape: Shape) -> tuple[float, Shape]:
    """Move the opening to the best place within a step of the grid, by golden sections."""
    width = problem.edits.period / _GRID
    low = max(shape.opens - width, problem.seconds - problem.edits.period + WITHIN)
    high = min(shape.opens + width, problem.seconds)
    best = (_lag(problem, shape), shape)
    for _ in range(24 if shape.used else 0):
        left, right = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
        tried = [
            (_lag(problem, each), each) for each in (replace(shape, opens=left), replace(shape, opens=right))
        ]
        low, high = (low, right) if tried[0][0] <= tried[1][0] else (left, high)
        best = min(best, *tried, key=lambda found: found[0])
    return best


def _order(problem: Problem, shape: Shape) -> list[int]:
    """Return the answer of every call, the finals included: a queue that late posts join at its end."""
    first = min(problem.answers, problem.posts.limit)
    queue = deque(range(first))
    late = range(first, problem.answers)
    partial = _partials(problem, shape)
    order = []
    for number in range(partial + problem.answers):
        if number == shape.early:
            queue.extend(late)
        order.append(queue.popleft())
        if number < partial:
            queue.append(order[-1])
    return order


def _partials(problem: Problem, shape: Shape) -> int:
    return (shape.windows - 1) * problem.edits.limit + shape.used


def _finals(problem: Problem, shape: Shape) -> list[float]:
    """Return when the finals leave: places left in the last window at the end, then a window after the other."""
    edits = problem.edits
    times = [max(problem.seconds, shape.opens)] * (edits.limit - shape.used)
    opens = shape.opens
    while len(times) < problem.answers:
        opens += edits.period
        times += [max(problem.seconds, opens)] * edits.limit
    return times[: problem.answers]


def _times(problem: Problem, shape: Shape) -> list[float]:
    """Return the best times of all calls."""
    builder = _Builder(problem, shape)
    return [*builder.solve(), *_finals(problem, shape)]


def _costs(problem: Problem, times: list[float], order: list[int]) -> list[float]:
    """Return the sum of each answer's waits for a flow of one character a second."""
    shown = [problem.posted_at(answer) for answer in range(problem.answers)]
    totals = [at**2 / 2 for at in shown]
    for at, answer in zip(times, order, strict=True):
        last = shown[answer]
        over = max(0.0, at - problem.seconds)
        totals[answer] += ((at - last) ** 2 - over**2) / 2
        shown[answer] = at
    return totals


class _Builder:
    """The quadratic problem of one shape: its variables are the times of the partial calls."""

    def __init__(self, problem: Problem, shape: Shape) -> None:
        self.problem = problem
        self.shape = shape
        self.size = _partials(problem, shape)
        self.pinned = self.size - shape.used if shape.used else None
        """The call that opens the last window, whose time is given."""
        self.springs: list[Spring] = []
        self.gaps: list[Gap] = []
        self.linear = [0.0] * self.size

    def solve(self) -> list[float]:
        self._chains()
        self._windows()
        return solve(self.size, self.springs, self.linear, self.gaps)

    def _chains(self) -> None:
        """Every answer's calls follow one another; the last partial one is held by the final."""
        last: list[int | None] = [None] * self.problem.answers
        order, finals = _order(self.problem, self.shape), _finals(self.problem, self.shape)
        for call, answer in enumerate(order[: self.size]):
            before = last[answer]
            posted = self.problem.posted_at(answer) if before is None else 0.0
            self.springs.append(Spring(before, call, posted))
            self.gaps.append(Gap(before, call, posted))
            last[answer] = call
        for final, answer in zip(finals, order[self.size :], strict=True):
            call_before = last[answer]
            if call_before is not None:
                self.springs.append(Spring(call_before, None, -self.problem.seconds))
                self.linear[call_before] -= final - self.problem.seconds

    def _windows(self) -> None:
        limit, period = self.problem.edits.limit, self.problem.edits.period
        for call in range(self.size):
            opening = call - call % limit
            if call == opening:
                if call:
                    self.gaps.append(Gap(call - limit, call, period))
            else:
                self.gaps += [Gap(opening, call, 0.0), Gap(call, opening, WITHIN - period)]
            self.gaps.append(Gap(call, None, -self.problem.seconds))
        if self.pinned is not None:
            self.gaps.append(Gap(None, self.pinned, self.shape.opens - _PINNED))
            self.gaps.append(Gap(self.pinned, None, -self.shape.opens - _PINNED))
        elif self.size:
            self.gaps.append(Gap(self.size - limit, None, period - self.problem.seconds))
