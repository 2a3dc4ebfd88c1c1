"""The pacer alone, with the time as an argument."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.keys import budget
from tickertape.screen.budget import SlidingBudget, Urgency, WindowBudget
from tickertape.screen.draft import Draft
from tickertape.screen.pacing import Costs, Lane, Pacer


def lane_with(text: str, at: float) -> Lane:
    draft = Draft()
    draft.append(text, at)
    return Lane(draft)


def serve(pacer: Pacer[Lane], lane: Lane, now: float) -> None:
    """Perform the lane's call in no time."""
    costs = lane.costs
    pacer.begin(lane, now)
    lane.draft.cover(lane.draft.mark())
    pacer.settle(costs, now)


def costs_of(limit: int = 5, period: float = 5.0) -> Costs:
    return (WindowBudget(budget("test"), limit, period),)


def test_the_lane_with_most_lag_goes_first() -> None:
    pacer: Pacer[Lane] = Pacer()
    costs = costs_of()
    little, much = lane_with("a", 0.0), lane_with("a" * 50, 0.0)
    pacer.want(little, costs, 0.0)
    pacer.want(much, costs, 0.0)
    assert pacer.next(1.0) is much


def after_a_call() -> tuple[Pacer[Lane], Costs]:
    """Return a pacer whose window has just taken its first call."""
    pacer: Pacer[Lane] = Pacer()
    costs = costs_of()
    first = lane_with("a" * 50, 0.0)
    pacer.want(first, costs, 0.0)
    assert pacer.next(0.0) is first
    serve(pacer, first, 0.0)
    return pacer, costs


def test_an_urgent_lane_goes_before_the_rest_and_needs_no_spread() -> None:
    pacer, costs = after_a_call()
    partial, final = lane_with("a" * 500, 0.1), lane_with("b", 0.1)
    pacer.want(partial, costs, 0.1)
    assert pacer.next(0.1) is None
    final.urgency = Urgency.NOW
    pacer.want(final, costs, 0.2)
    assert pacer.next(0.2) is final


def test_a_full_message_is_not_paced_and_goes_after_an_end() -> None:
    pacer, costs = after_a_call()
    full, final = lane_with("a" * 5000, 0.1), lane_with("b", 0.1)
    full.urgency, final.urgency = Urgency.FULL, Urgency.NOW
    pacer.want(full, costs, 0.1)
    pacer.want(final, costs, 0.1)
    assert pacer.next(0.1) is final
    serve(pacer, final, 0.1)
    assert pacer.next(0.1) is full


def test_a_message_is_not_changed_twice_within_a_blink_but_for_its_end() -> None:
    pacer: Pacer[Lane] = Pacer()
    lane, other = lane_with("a" * 50, 0.0), lane_with("a", 0.0)
    posting, editing = costs_of(), costs_of()
    pacer.want(lane, posting, 0.0)
    assert pacer.next(0.0) is lane
    serve(pacer, lane, 0.0)
    pacer.want(lane, editing, 0.1)
    assert pacer.next(0.1) is None
    assert pacer.wakes_at() == pytest.approx(0.2)
    pacer.want(other, editing, 0.1)
    assert pacer.next(0.1) is other
    lane.urgency = Urgency.NOW
    pacer.want(lane, editing, 0.1)
    assert pacer.next(0.1) is lane


def waiting_for_its_turn() -> tuple[Pacer[Lane], Lane, Costs]:
    """Return a lane that was served at 0.0, got its newest delta at 0.99, and may have its next call at 1.0."""
    pacer: Pacer[Lane] = Pacer()
    lane, costs = lane_with("a" * 50, 0.0), costs_of()
    pacer.want(lane, costs, 0.0)
    assert pacer.next(0.0) is lane
    serve(pacer, lane, 0.0)
    lane.draft.append("more ", 0.99)
    pacer.want(lane, costs, 0.99)
    return pacer, lane, costs


def test_a_lane_whose_turn_comes_between_two_deltas_is_held_for_the_next_one() -> None:
    pacer, lane, _ = waiting_for_its_turn()
    assert pacer.next(1.0) is None
    lane.draft.append("text ", 1.01)
    pacer.grew(lane, 1.01)
    assert pacer.wakes_at() == 1.01
    assert pacer.next(1.011) is lane, "also when the loop comes to it a little later"


def test_a_held_lane_goes_without_its_next_delta_when_that_is_late() -> None:
    pacer, lane, _ = waiting_for_its_turn()
    assert pacer.next(1.0) is None
    assert pacer.wakes_at() == pytest.approx(1.015)
    assert pacer.next(1.0151) is lane


def test_a_lane_is_not_held_right_after_a_delta_or_in_a_silence() -> None:
    for newest in (1.0, 0.999, 0.97):
        pacer, lane, costs = waiting_for_its_turn()
        lane.draft.grew_at = newest
        pacer.want(lane, costs, 1.0)
        assert pacer.next(1.0) is lane


def test_an_end_is_not_held_and_does_not_wait_for_a_lane_that_is() -> None:
    pacer, lane, costs = waiting_for_its_turn()
    assert pacer.next(1.0) is None
    final = lane_with("b", 1.0)
    final.urgency = Urgency.NOW
    pacer.want(final, costs, 1.0)
    assert pacer.next(1.0) is final
    serve(pacer, final, 1.0)
    assert pacer.next(1.0) is None
    assert not lane.held, "the turn has gone to the end, and the next one is anybody's"


def test_a_held_lane_whose_answer_ends_goes_at_once() -> None:
    pacer, lane, costs = waiting_for_its_turn()
    assert pacer.next(1.0) is None
    lane.urgency = Urgency.NOW
    pacer.want(lane, costs, 1.001)
    assert pacer.next(1.001) is lane


def test_it_says_when_to_ask_again() -> None:
    pacer: Pacer[Lane] = Pacer()
    costs = costs_of()
    lane = lane_with("a", 0.0)
    assert pacer.wakes_at() is None
    pacer.want(lane, costs, 0.0)
    serve(pacer, lane, 0.0)
    pacer.want(lane, costs, 0.1)
    assert pacer.next(0.1) is None
    assert pacer.wakes_at() == 1.0
    assert pacer.next(1.0) is lane


def test_a_dropped_lane_is_not_served() -> None:
    pacer: Pacer[Lane] = Pacer()
    lane = lane_with("a", 0.0)
    pacer.want(lane, costs_of(), 0.0)
    pacer.drop(lane)
    pacer.drop(lane)
    assert pacer.next(10.0) is None
    assert pacer.wakes_at() is None


def test_lanes_of_other_budgets_do_not_wait_for_each_other() -> None:
    pacer: Pacer[Lane] = Pacer()
    here, there = lane_with("a", 0.0), lane_with("a", 0.0)
    pacer.want(here, costs_of(), 0.0)
    pacer.want(there, costs_of(), 0.0)
    first = pacer.next(0.0)
    assert first is not None
    serve(pacer, first, 0.0)
    assert pacer.next(0.0) in {here, there} - {first}


def test_a_call_waits_for_every_budget_it_draws_on() -> None:
    pacer: Pacer[Lane] = Pacer()
    shared = SlidingBudget(budget("workspace"), 1, 60.0)
    first, second = lane_with("a", 0.0), lane_with("a", 0.0)
    pacer.want(first, (WindowBudget(budget("one"), 5, 5.0), shared), 0.0)
    pacer.want(second, (WindowBudget(budget("two"), 5, 5.0), shared), 0.0)
    served = pacer.next(0.0)
    assert served is not None
    serve(pacer, served, 0.0)
    assert pacer.next(30.0) is None
    assert pacer.next(60.0) in {first, second} - {served}


@settings(deadline=None, max_examples=100, derandomize=True)
@given(st.integers(2, 12), st.integers(0, 2**32))
def test_nobody_starves_however_unequal_the_models_are(lanes: int, seed: int) -> None:
    dice = random.Random(seed)
    pacer: Pacer[Lane] = Pacer()
    costs = costs_of()
    everyone = [lane_with("", 0.0) for _ in range(lanes)]
    speeds = [dice.choice([1, 20, 2000]) for _ in everyone]
    served_at = dict.fromkeys(everyone, 0.0)
    longest = 0.0
    for tick in range(1, 1200):
        now = tick / 10
        for lane, speed in zip(everyone, speeds, strict=True):
            if tick % 10 == 0 or speed > 1:
                lane.draft.append("x" * speed, now)
                lane.urgency = Urgency.FULL if lane.draft.waiting >= 2000 else Urgency.PARTIAL
                pacer.want(lane, costs, now)
        while (turn := pacer.next(now)) is not None:
            serve(pacer, turn, now)
            longest = max(longest, now - served_at[turn])
            served_at[turn] = now
    longest = max(longest, *(now - at for at in served_at.values()))
    assert longest <= 5.0 * lanes + 2.0, "five fair rounds"


def test_queues_that_share_a_budget_take_turns_at_it() -> None:
    """Forty channels want all of what the bot may do; with those served first that asked last, some would wait for ever."""
    pacer: Pacer[Lane] = Pacer()
    shared = SlidingBudget(budget("shared"), 40, 1.0)
    lanes = [lane_with("", 0.0) for _ in range(60)]
    costs = {
        lane: (WindowBudget(budget(f"channel {number}"), 5, 5.0), shared) for number, lane in enumerate(lanes)
    }
    served = dict.fromkeys(lanes, 0)
    for tick in range(1, 3000):
        now = tick / 100
        for lane in lanes:
            lane.draft.append("word", now)
            pacer.want(lane, costs[lane], now)
        while (lane_now := pacer.next(now)) is not None:
            served[lane_now] += 1
            serve(pacer, lane_now, now)
    assert max(served.values()) <= 1.2 * min(served.values())


def test_equal_lanes_take_turns() -> None:
    pacer: Pacer[Lane] = Pacer()
    costs = costs_of()
    lanes = [lane_with("", 0.0) for _ in range(8)]
    order: list[int] = []
    for tick in range(1, 3200):
        now = tick / 50
        for lane in lanes:
            lane.draft.append("word", now)
            pacer.want(lane, costs, now)
        while (lane_now := pacer.next(now)) is not None:
            order.append(lanes.index(lane_now))
            serve(pacer, lane_now, now)
    rounds = [order[start : start + 8] for start in range(8, len(order) - 8, 8)]
    assert all(len(set(round_)) == 8 for round_ in rounds)


def test_an_answer_counts_once_on_the_budgets_of_its_end_and_on_no_others() -> None:
    pacer: Pacer[Lane] = Pacer()
    (posts,), (edits,) = costs_of(), costs_of()
    lane = lane_with("a", 0.0)
    pacer.open(lane, (posts,))
    assert not posts.at_rest(0.0)
    pacer.claim(lane, (posts,))
    pacer.claim(lane, (edits,))
    assert posts.at_rest(0.0)
    assert not edits.at_rest(0.0)
    pacer.close(lane)
    assert edits.at_rest(0.0)


def test_a_lane_that_waits_for_nothing_but_a_reply_wakes_nobody() -> None:
    pacer: Pacer[Lane] = Pacer()
    costs: Costs = (SlidingBudget(budget("workspace"), 1, 60.0),)
    first, second = lane_with("a", 0.0), lane_with("b", 0.0)
    pacer.want(first, costs, 0.0)
    assert pacer.next(0.0) is first
    pacer.begin(first, 0.0)
    pacer.want(second, costs, 0.1)
    assert pacer.next(0.1) is None
    assert pacer.wakes_at() is None
    pacer.settle(costs, 0.2)
    assert pacer.wakes_at() == 60.2
