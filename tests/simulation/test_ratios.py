"""The regression tests of pacing: every figure is a ratio to what is possible, so that no machine's speed matters."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from _pytest.mark import ParameterSet

from tests.simulation import baselines, paces, targets
from tests.simulation.platforms import ROUND_TRIP
from tests.simulation.world import (
    Figures,
    Scenario,
    Setting,
    best_possible,
    bound,
    fairness_of_the_best,
    on_virtual_time,
    play,
    play_unevenly,
    steady_in,
)

CHANNEL, CHANNELS, SLASH, WORKSPACE = Setting.CHANNEL, Setting.CHANNELS, Setting.SLASH, Setting.WORKSPACE
SHORT = (10.0, 15.0, 20.0)
"""Seconds of the answers that are compared with the optimum."""


FAIRNESS = {(WORKSPACE, 60.0): 1.796}
"""What is measured where a target is missed; a case that meets it has to leave the list."""


def known_to_fail(
    cases: Sequence[tuple[object, ...]], measured: Mapping[tuple[Any, ...], float]
) -> list[ParameterSet]:
    """Return the cases, those with a measured failure marked with it."""
    return [
        pytest.param(*case, marks=pytest.mark.xfail(strict=True, reason=f"measured {measured[case]}"))
        if case in measured
        else pytest.param(*case)
        for case in cases
    ]


@functools.cache
def played(scenario: Scenario) -> Figures:
    """Return the figures of Tickertape; each scenario is played once."""
    figures = on_virtual_time(lambda: play(scenario))
    assert figures.summary.complete
    return figures


def assert_at_most(ratio: float, most: float) -> None:
    assert ratio <= most, f"{ratio:.3f} is more than {most}"


@pytest.mark.parametrize("answers", [1, 4, 8])
def test_long_answers_come_close_to_the_bound(answers: int) -> None:
    scenario = steady_in(CHANNEL, answers, 60.0)
    assert_at_most(played(scenario).summary.mean / bound(scenario), targets.LONG_ANSWERS)


@pytest.mark.parametrize("answers", [8, 32])
def test_channels_that_share_only_the_global_limit_come_close_to_the_bound(answers: int) -> None:
    """Thirty-two want nearly all that the limit allows: with an even pause between its calls it would be 1.36."""
    scenario = steady_in(CHANNELS, answers, 15.0)
    assert_at_most(played(scenario).summary.mean / bound(scenario), targets.LONG_ANSWERS)
    assert_at_most(played(scenario).summary.fairness, targets.FAIRNESS)


def _to_optimum(setting: Setting, answers: int, seconds: float) -> float:
    scenario = steady_in(setting, answers, seconds)
    best = best_possible(scenario)
    assert best is not None
    return played(scenario).summary.mean / best


@pytest.mark.parametrize("seconds", SHORT)
def test_one_answer_comes_close_to_the_optimum(seconds: float) -> None:
    assert_at_most(_to_optimum(CHANNEL, 1, seconds), targets.ONE_ANSWER)


@pytest.mark.parametrize("seconds", SHORT)
@pytest.mark.parametrize("answers", [4, 8])
def test_a_shared_channel_comes_close_to_the_optimum(answers: int, seconds: float) -> None:
    assert_at_most(_to_optimum(CHANNEL, answers, seconds), targets.SHARED_CHANNEL)


IN_A_WORKSPACE = [(answers, seconds) for answers in (1, 4, 10) for seconds in (10.0, 12.0, 15.0, 17.5, 20.0)]


@pytest.mark.parametrize(("answers", "seconds"), IN_A_WORKSPACE)
def test_a_workspace_comes_close_to_the_optimum(answers: int, seconds: float) -> None:
    most = targets.WORKSPACE_REACHED[answers]
    assert most <= targets.WORKSPACE
    assert_at_most(_to_optimum(WORKSPACE, answers, seconds), most)


@pytest.mark.parametrize(("answers", "seconds"), IN_A_WORKSPACE)
def test_a_workspace_comes_close_to_the_optimum_with_the_delays_of_the_real_clock(
    answers: int, seconds: float
) -> None:
    """Without them one answer of 15 s had 1.47 times the optimum's lag when the real clock showed 1.49 to 1.54."""
    scenario = steady_in(WORKSPACE, answers, seconds)
    best = best_possible(scenario)
    figures = on_virtual_time(lambda: play_unevenly(scenario, seed=1))
    assert best is not None
    assert figures.rate_limited == targets.RATE_LIMITED
    most = targets.WORKSPACE_REACHED_UNEVENLY[answers]
    assert most <= targets.WORKSPACE
    assert_at_most(figures.summary.mean / best, most)


def test_a_long_answer_still_moves_when_the_minute_is_nearly_spent() -> None:
    """The text of one answer alone stands still for no longer than seven even pauses, and in the next minutes for two.

    A mean lag of 5.3 and 4.9 times the bound's, and a gap of 10.6 even pauses, is what it was before that was planned.
    """
    minute, minutes = steady_in(WORKSPACE, 1, 60.0), steady_in(WORKSPACE, 1, 180.0)
    assert_at_most(played(minute).summary.gap / WORKSPACE.seconds_per_edit, 6.65)
    assert_at_most(played(minute).summary.mean / bound(minute), 4.3)
    assert_at_most(played(minutes).summary.mean / bound(minutes), 2.5)


@pytest.mark.parametrize(("answers", "most"), [(4, 3.9), (10, 2.8)])
def test_long_answers_share_what_is_left_of_a_minute(answers: int, most: float) -> None:
    """Four and ten answers of a minute, whose mean lag was 4.16 and 2.83 times the bound's."""
    scenario = steady_in(WORKSPACE, answers, 60.0)
    assert_at_most(played(scenario).summary.mean / bound(scenario), most)


BESIDE_BASELINES = [(CHANNEL, 8, targets.SHARED_CHANNEL), (WORKSPACE, 10, targets.WORKSPACE)]


@pytest.mark.parametrize(("setting", "answers"), [case[:2] for case in BESIDE_BASELINES])
def test_fixed_intervals_are_left_behind(setting: Setting, answers: int) -> None:
    scenarios = [steady_in(setting, answers, seconds) for seconds in SHORT]
    better = min(sum(_baseline(scenario, kind) for scenario in scenarios) for kind in baselines.Kind)
    ours = sum(played(scenario).summary.mean for scenario in scenarios)
    assert_at_most(ours / better, targets.BASELINES)


@pytest.mark.parametrize("seconds", SHORT)
@pytest.mark.parametrize(("setting", "answers", "over_optimum"), BESIDE_BASELINES)
def test_fixed_intervals_are_left_behind_at_each_length_at_which_that_is_possible(
    setting: Setting, answers: int, over_optimum: float, seconds: float
) -> None:
    scenario = steady_in(setting, answers, seconds)
    better = min(_baseline(scenario, kind) for kind in baselines.Kind)
    most = targets.over_baseline(best_possible(scenario), better, over_optimum)
    assert_at_most(played(scenario).summary.mean / better, most)


@pytest.mark.parametrize("setting", [CHANNEL, CHANNELS])
def test_messages_that_a_fast_model_fills_are_not_held_back(setting: Setting) -> None:
    """Eight messages in two seconds; with all calls paced it would be 1.10 times the baselines' lag."""
    scenario = Scenario(setting, 1, paces.fast(2.0), "fast")
    better = min(_baseline(scenario, kind) for kind in baselines.Kind)
    assert_at_most(played(scenario).summary.mean / better, 0.85)


def test_messages_that_fast_models_fill_leave_ends_their_places() -> None:
    """Ten answers of 40,000 tokens in 20 s; with full messages sent at once, an end came 50 s late."""
    assert_at_most(played(Scenario(WORKSPACE, 10, paces.fast(20.0), "fast")).summary.end, 10.0)


@functools.cache
def _baseline(scenario: Scenario, kind: baselines.Kind) -> float:
    interval = baselines.TUNED[scenario.setting, kind]
    return on_virtual_time(lambda: baselines.play(scenario, kind, interval)).summary.mean


@pytest.mark.parametrize(
    "scenario",
    [
        steady_in(CHANNEL, 1, 3.0),
        Scenario(CHANNEL, 1, paces.slow(30.0), "slow"),
        steady_in(SLASH, 8, 1.5),
        *(steady_in(WORKSPACE, 1, seconds) for seconds in SHORT),
    ],
    ids=lambda scenario: scenario.name,
)
def test_the_end_is_on_screen_at_once_while_the_budget_lasts(scenario: Scenario) -> None:
    assert_at_most(played(scenario).summary.end, ROUND_TRIP + targets.DELAY)


ALONE = [
    steady_in(CHANNEL, 1, 60.0),
    Scenario(CHANNEL, 1, paces.burst_at_end(10.0), "burst at the end"),
    *(
        Scenario(CHANNEL, 1, paces.fast_beginning(tenths / 10), "fast beginning")
        for tenths in range(5, 50, 5)
    ),
]


@pytest.mark.parametrize("scenario", ALONE, ids=lambda scenario: scenario.name)
def test_one_answer_alone_never_waits_longer_than_its_interval_for_its_end(scenario: Scenario) -> None:
    assert_at_most(played(scenario).summary.end, scenario.setting.seconds_per_edit + 2 * ROUND_TRIP)


@pytest.mark.parametrize(("setting", "answers"), [
    (CHANNEL, 1), (CHANNEL, 4), (CHANNELS, 8), (CHANNELS, 32), (SLASH, 8), (WORKSPACE, 1), (WORKSPACE, 4), (WORKSPACE, 10),
])  # fmt: skip
def test_the_first_text_is_on_screen_at_once(setting: Setting, answers: int) -> None:
    assert_at_most(played(steady_in(setting, answers, 10.0)).summary.first, ROUND_TRIP + targets.DELAY)


EVERY_KIND = [
    steady_in(CHANNEL, 8, 60.0),
    steady_in(CHANNELS, 8, 20.0),
    steady_in(CHANNELS, 32, 10.0),
    steady_in(SLASH, 8, 20.0),
    steady_in(WORKSPACE, 10, 60.0),
    steady_in(WORKSPACE, 30, 20.0),
    Scenario(CHANNEL, 8, paces.bursty(20.0), "bursty"),
    Scenario(WORKSPACE, 4, paces.bursty(20.0), "bursty"),
    Scenario(CHANNEL, 4, paces.slow(60.0), "slow"),
    Scenario(CHANNEL, 1, paces.fast(2.0), "fast"),
    Scenario(WORKSPACE, 4, paces.fast(2.0), "fast"),
    Scenario(CHANNEL, 4, paces.burst_at_end(10.0), "burst at the end"),
    Scenario(WORKSPACE, 4, paces.burst_at_end(10.0), "burst at the end"),
]


@pytest.mark.parametrize("scenario", EVERY_KIND, ids=lambda scenario: scenario.name)
def test_nothing_earns_a_429_and_every_answer_is_whole(scenario: Scenario) -> None:
    assert played(scenario).rate_limited == targets.RATE_LIMITED


EIGHT_ALIKE = [(setting, seconds) for setting in (CHANNEL, WORKSPACE) for seconds in (*SHORT, 60.0)]
EIGHT_ALIKE += [(CHANNELS, 20.0), (SLASH, 20.0)]


@pytest.mark.parametrize(("setting", "seconds"), known_to_fail(EIGHT_ALIKE, FAIRNESS))
def test_equal_answers_are_served_alike(setting: Setting, seconds: float) -> None:
    """Eight answers of 15 s in a channel are served no less alike than by the optimum, which misses the target.

    All eight ends fall together and a window takes five, so three come 5 s late. At 10, 15 and 20 s the optimum serves
    its worst 1.50, 1.50 and 1.37 times as badly as its best, although it knows the ends. An order of calls that is made
    for an end at 15 s can reach 1.05, at 4.0 s of mean lag instead of 3.1 s; of the orders that an annealing search
    tried for ends at 10 s and at 15 s, whichever comes, none was below 1.31 at both.

    In a workspace the target is missed at 60 s. To keep within 1.5 times the optimum at 10 to 20 s, all but four of the
    calls that are not for ends are spent in the first 20 s, and eight answers share the four in the next 40 s.
    """
    scenario = steady_in(setting, 8, seconds)
    misses = (setting, seconds) == (CHANNEL, 15.0)
    most = fairness_of_the_best(scenario) if misses else targets.FAIRNESS
    assert_at_most(played(scenario).summary.fairness, most)


def test_the_optimum_itself_is_less_fair_than_the_target() -> None:
    fairness = [fairness_of_the_best(steady_in(CHANNEL, 8, seconds)) for seconds in SHORT]
    assert fairness == pytest.approx([1.50, 1.50, 1.37], abs=0.01)


def test_ends_that_fall_together_go_out_in_order_of_waiting_wherever_in_a_window_they_fall() -> None:
    """In the order in which the ends are heard of, it would be 1.93 on average."""
    fairness = [played(steady_in(CHANNEL, 8, float(seconds))).summary.fairness for seconds in range(10, 16)]
    assert_at_most(sum(fairness) / len(fairness), 1.4)


def test_a_slow_model_has_every_token_shown_and_a_fast_one_costs_no_more_edits() -> None:
    slow = Scenario(CHANNEL, 1, paces.slow(60.0), "slow")
    figures = played(slow)
    assert figures.posts + figures.edits <= len(slow.pace.pieces) + 1
    assert_at_most(figures.summary.p99, ROUND_TRIP + targets.DELAY)
    fast = played(Scenario(WORKSPACE, 1, paces.fast(1.0), "fast"))
    assert fast.edits <= played(steady_in(WORKSPACE, 1, 10.0)).edits
