"""What is known of a sliding limit: a 429 lowers it, time raises it, and a published figure that is too low is found out."""

from __future__ import annotations

import pytest

from tests.support import keys
from tickertape.screen.budget import SlidingBudget, Urgency
from tickertape.screen.budget.allowance import Allowance

HOUR = 3600.0


def allowed(allowance: Allowance, *moments: float) -> list[int]:
    return [allowance.calls(now) for now in moments]


def test_what_is_published_is_allowed_as_long_as_nothing_says_otherwise() -> None:
    allowance = Allowance(50, 60.0, explores=False)
    assert allowed(allowance, 0.0, 1e6) == [50, 50]
    assert allowance.whole(0.0)
    assert not allowance.explores(1e6)


def test_a_rate_that_a_429_halved_is_raised_by_quarters_up_to_what_was_counted_and_to_all_after_five_minutes() -> (
    None
):
    allowance = Allowance(50, 60.0, explores=True)
    allowance.refuse(100.0, 130.0, 40)
    assert allowed(allowance, 100.0, 189.9, 190.0, 249.9, 250.0, 429.9, 430.0) == [25, 25, 37, 37, 40, 40, 50]
    assert not allowance.explores(429.9), "while it recovers nothing is tried"
    assert allowance.explores(430.0)
    assert not allowance.whole(430.0), "it is remembered how strict the platform was"


def test_less_than_half_is_left_when_less_was_counted() -> None:
    allowance = Allowance(50, 60.0, explores=False)
    allowance.refuse(0.0, 30.0, 20)
    assert allowed(allowance, 0.0, 90.0, 150.0, 329.9) == [18, 20, 20, 20]


def test_a_second_429_counts_for_twice_as_long_and_none_for_longer_than_six_hours() -> None:
    allowance = Allowance(50, 60.0, explores=False)
    at = 0.0
    for seconds in (300.0, 600.0, 1200.0, 2400.0, 4800.0, 9600.0, 19200.0, 6 * HOUR, 6 * HOUR):
        allowance.refuse(at, at, 40)
        ends = at + seconds
        assert allowed(allowance, ends - 61.0, ends + 61.0) == [40, 50]
        at = ends + 61.0


def test_where_next_to_nothing_was_counted_somebody_else_drew_and_the_rate_is_only_halved() -> None:
    allowance = Allowance(48, 60.0, explores=False)
    allowance.refuse(0.0, 30.0, 5)
    assert allowed(allowance, 0.0, 90.0, 150.0) == [24, 36, 48]
    assert allowance.whole(150.0), "it says nothing of the limit"
    allowance.refuse(200.0, 230.0, 6)
    assert allowed(allowance, 200.0, 290.0) == [5, 6]


def test_at_least_one_call_is_allowed() -> None:
    allowance = Allowance(1, 60.0, explores=False)
    allowance.refuse(0.0, 30.0, 0)
    assert allowed(allowance, 0.0, 90.0) == [1, 1]


def test_what_a_platform_let_through_is_allowed_from_then_on() -> None:
    allowance = Allowance(50, 60.0, explores=True)
    allowance.prove(0.0, 40)
    assert allowed(allowance, 0.0) == [50]
    allowance.prove(0.0, 80)
    assert allowed(allowance, 0.0, 1e6) == [80, 80]
    allowance.refuse(100.0, 130.0, 30)
    allowance.prove(189.0, 60)
    assert allowed(allowance, 189.0) == [27], "not while a 429 is recovered from"


def test_nobody_explores_beyond_four_times_what_is_published() -> None:
    allowance = Allowance(50, 60.0, explores=True)
    allowance.prove(0.0, 199)
    assert allowance.explores(0.0)
    allowance.prove(0.0, 200)
    assert not allowance.explores(0.0)


def test_a_429_that_exploring_earned_shows_where_the_limit_is_and_nobody_explores_for_an_hour_or_more() -> (
    None
):
    allowance = Allowance(50, 60.0, explores=True)
    allowance.prove(0.0, 70)
    at = 0.0
    for pause in (HOUR, 2 * HOUR, 4 * HOUR, 6 * HOUR, 6 * HOUR):
        allowance.refuse(at, at + 30.0, 65)
        assert allowed(allowance, at) == [65]
        assert not allowance.explores(at + pause - 1)
        at += pause
        assert allowance.explores(at)
    assert not allowance.whole(at)


def test_a_429_after_all_that_is_published_lowers_nothing() -> None:
    allowance = Allowance(50, 60.0, explores=True)
    allowance.refuse(0.0, 30.0, 50)
    assert allowed(allowance, 0.0) == [50]
    assert not allowance.explores(3599.0)


def drained(*, explores: bool) -> SlidingBudget:
    """Return a budget of 50 calls a minute that was drained at 22 s; all but the place for an end was spent at 24 s."""
    budget = SlidingBudget(keys.budget("test"), 50, 60.0, explores=explores)
    budget.claim(1)
    for half_seconds in range(49):
        budget.begin(half_seconds / 2)
        budget.settle(half_seconds / 2)
    return budget


def test_a_budget_that_stays_drained_is_explored_after_twenty_seconds_one_call_at_a_time() -> None:
    plain, budget = drained(explores=False), drained(explores=True)
    assert budget.ready(41.9, Urgency.PARTIAL) == plain.ready(50.0, Urgency.PARTIAL) == 60.0
    now = 42.0
    for _ in range(5):
        assert budget.ready(now, Urgency.PARTIAL) == now
        budget.begin(now)
        assert budget.ready(now, Urgency.PARTIAL) == float("inf"), (
            "the next one waits for what becomes of this one"
        )
        budget.settle(now)
        assert budget.ready(now, Urgency.PARTIAL) == pytest.approx(now + 0.6, abs=0.1), (
            "twice as fast as evenly"
        )
        now = budget.ready(now, Urgency.PARTIAL)
    budget.begin(now)
    budget.settle(now)
    budget.close(now, 10.0)
    assert budget.ready(now, Urgency.PARTIAL) > now + 10.0, "a 429 ends it"


def test_exploring_waits_for_no_turn_that_comes_earlier() -> None:
    budget = drained(explores=True)
    assert budget.ready(66.0, Urgency.PARTIAL) == 66.0
    budget.claim(-1)
    budget.claim(1)
    assert budget.ready(42.0, Urgency.PARTIAL) == 60.0, "of new answers none has waited yet"


def test_another_answer_does_not_make_a_drained_budget_rested() -> None:
    budget = drained(explores=False)
    budget.claim(-1)
    budget.claim(1)
    budget.begin(24.5)
    budget.settle(24.5)
    budget.claim(1)
    assert budget.ready(66.0, Urgency.PARTIAL) == 66.0
    budget.begin(66.0)
    budget.settle(66.0)
    assert budget.ready(66.0, Urgency.PARTIAL) - 66.0 > 0.6, "what is left is spent evenly"
