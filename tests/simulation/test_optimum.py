"""The offline optimum is legal, and nothing found by trying everything is better."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.simulation import brute
from tests.simulation.optimum import (
    DISCORD_CHANNEL,
    KNOWN,
    WITHIN,
    Problem,
    Schedule,
    Window,
    fixed_windows,
    lower_bound,
    schedule,
    search,
    sliding_window,
)
from tests.simulation.quadratic import Gap, NoSolution, Spring, solve
from tests.support.fake_platform import Counter

TINY = [
    Problem(answers, seconds, 0.0, Window(limit, period), Window(posts, period))
    for answers, seconds, limit, period, posts in [
        (1, 3.0, 1, 1.0, 1),
        (1, 4.0, 2, 2.0, 1),
        (2, 3.0, 1, 1.0, 2),
        (2, 4.0, 2, 2.0, 2),
        (2, 4.0, 2, 2.0, 1),
        (3, 3.0, 2, 2.0, 3),
    ]
]


def assert_legal(problem: Problem, found: Schedule) -> None:
    """Fail if a server would refuse a call, or an answer is edited before its post or left without its end."""
    counter = Counter(problem.edits.limit, problem.edits.period - WITHIN / 2)
    for call in sorted(found.calls, key=lambda call: call.at):
        assert counter.arrive(call.at) is None
        assert call.at >= problem.posted_at(call.answer) - 1e-4
    for answer in range(problem.answers):
        assert any(call.answer == answer and call.at >= problem.seconds for call in found.calls)


def recomputed(problem: Problem, found: Schedule) -> list[float]:
    """Return the mean lag of each answer of a schedule, character by character as it were."""
    shown = [problem.posted_at(answer) for answer in range(problem.answers)]
    totals = [at**2 / 2 for at in shown]
    for call in found.calls:
        last, end = min(shown[call.answer], problem.seconds), min(call.at, problem.seconds)
        totals[call.answer] += (end - last) * (call.at - (last + end) / 2)
        shown[call.answer] = call.at
    return [total / problem.seconds - problem.step / 2 for total in totals]


@pytest.mark.parametrize("problem", TINY, ids=str)
def test_no_schedule_on_a_grid_is_better(problem: Problem) -> None:
    found = fixed_windows(problem)
    assert_legal(problem, found)
    assert found.lags == pytest.approx(recomputed(problem, found), abs=1e-3)
    ticks = 4 if problem.answers < 3 else 2
    tried = brute.best(problem, ticks)
    assert found.lag <= tried + 1e-3
    assert found.lag >= tried - 0.5 / ticks, "the grid costs no more than half a tick"


@pytest.mark.parametrize(("answers", "seconds"), KNOWN)
def test_the_best_schedule_of_a_channel_is_legal(answers: int, seconds: float) -> None:
    problem = Problem(answers, seconds)
    found = fixed_windows(problem)
    assert_legal(problem, found)
    assert found.lags == pytest.approx(recomputed(problem, found), abs=1e-3)
    assert found.lag <= lower_bound(answers, 1.0, 0.0)


@pytest.mark.parametrize(("answers", "seconds"), [(1, 10.0), (4, 10.0), (8, 10.0)])
def test_what_is_known_is_what_the_search_finds(answers: int, seconds: float) -> None:
    problem = Problem(answers, seconds)
    assert fixed_windows(problem).lag == pytest.approx(schedule(problem, search(problem)).lag, abs=1e-3)


def test_a_long_answer_comes_close_to_the_bound() -> None:
    assert fixed_windows(Problem(1, 20.0)).lag == pytest.approx(lower_bound(1, 1.0, 0.0), rel=0.03)


def test_sliding_windows_deal_their_calls_out_evenly() -> None:
    assert sliding_window(1, 10.0, 50, step=0.0) == pytest.approx(0.1)
    assert sliding_window(10, 15.0, 50, step=0.0) == pytest.approx(1.5)
    assert sliding_window(10, 15.0, 50, step=0.0, spent=10) == pytest.approx(15 / 8)
    uneven = (2 * 12.0**2 / (2 * 3) + 12.0**2 / (2 * 2)) / 36
    assert sliding_window(3, 12.0, 8, step=0.0) == pytest.approx(uneven)


@given(st.lists(st.floats(0, 10), min_size=2, max_size=5), st.floats(0.1, 3))
@settings(max_examples=200, deadline=None)
def test_the_solver_finds_no_less_than_any_point_that_is_tried(wanted: list[float], least: float) -> None:
    size = len(wanted)
    springs = [Spring(None, number, at) for number, at in enumerate(wanted)]
    gaps = [Gap(number, number + 1, least) for number in range(size - 1)]
    found = solve(size, springs, [0.0] * size, gaps)
    assert all(right - left >= least - 1e-5 for left, right in itertools.pairwise(found))
    cost = _squares(found, wanted)
    for shift in (-1.0, -0.01, 0.01, 1.0):
        assert _squares([at + shift for at in found], wanted) >= cost - 1e-6
    start = min(wanted)
    assert _squares([start + least * number for number in range(size)], wanted) >= cost - 1e-6


def test_the_solver_says_so_when_there_is_no_room() -> None:
    with pytest.raises(NoSolution):
        solve(1, [Spring(None, 0)], [0.0], [Gap(None, 0, 2.0), Gap(0, None, -1.0)])


def test_the_channel_is_the_one_that_users_report() -> None:
    assert Window(5, 5.0) == DISCORD_CHANNEL


def _squares(found: list[float], wanted: list[float]) -> float:
    return sum((at - want) ** 2 for at, want in zip(found, wanted, strict=True)) / 2
