"""The best schedule on a grid of times, found by trying everything: what the optimum is tested against. Pure.

It assumes nothing of what `optimum` derives: any answer may get any call, windows need not be full.
"""

from __future__ import annotations

import functools
import itertools
import math

from tests.simulation.optimum import Problem

_State = tuple[float, int, tuple[float, ...]]
"""When the open window began, how many calls it has taken, and up to when each answer's text is on screen."""


def best(problem: Problem, ticks: int) -> float:
    """Return the least mean lag of schedules whose calls leave on a grid of `ticks` a second, posts aside."""
    last_tick = round((problem.seconds + 2 * problem.edits.period) * ticks)

    @functools.cache
    def cost(tick: int, state: _State) -> float:
        at = tick / ticks
        _, _, shown = state
        if all(text >= problem.seconds for text in shown):
            return 0.0
        if tick > last_tick:
            return math.inf
        return min(
            _paid(problem, shown, served, at) + cost(tick + 1, _after(problem, state, served, at))
            for served in _choices(problem, state, at)
        )

    start = tuple(problem.posted_at(answer) for answer in range(problem.answers))
    posts = sum(at**2 / 2 for at in start)
    flow = (posts + cost(0, (-math.inf, 0, start))) / (problem.answers * problem.seconds)
    return flow - problem.step / 2


def _choices(problem: Problem, state: _State, at: float) -> list[tuple[int, ...]]:
    """Return every set of answers that may get a call now."""
    opened, used, shown = state
    room = problem.edits.limit - (used if at < opened + problem.edits.period else 0)
    open_to = [answer for answer, text in enumerate(shown) if text <= at]
    return [
        served
        for size in range(min(room, len(open_to)) + 1)
        for served in itertools.combinations(open_to, size)
    ]


def _paid(problem: Problem, shown: tuple[float, ...], served: tuple[int, ...], at: float) -> float:
    over = max(0.0, at - problem.seconds)
    return sum(
        ((at - shown[answer]) ** 2 - over**2) / 2 for answer in served if shown[answer] < problem.seconds
    )


def _after(problem: Problem, state: _State, served: tuple[int, ...], at: float) -> _State:
    opened, used, shown = state
    if at >= opened + problem.edits.period:
        opened, used = (at, 0) if served else (-math.inf, 0)
    return opened, used + len(served), tuple(at if n in served else text for n, text in enumerate(shown))
