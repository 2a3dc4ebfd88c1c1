"""What a window learns from response headers, and which of its places may be taken before their turn."""

from __future__ import annotations

import pytest

from tests.support import keys
from tickertape.screen.budget import Reading, Urgency, WindowBudget


def answered(budget: WindowBudget, at: float, reading: Reading) -> None:
    """Make a call that comes back a tenth of a second later with these headers."""
    budget.begin(at)
    budget.learn(at + 0.1, reading)
    budget.settle(at + 0.1)


@pytest.mark.parametrize(
    ("reading", "even"),
    [
        (
            Reading(limit=5, remaining=4, reset_after=2.0),
            0.4,
        ),  # it was the first call: that is all of the period
        (Reading(limit=5, remaining=3, reset_after=2.0), 1.0),  # somebody began the window earlier
        (Reading(limit=5, remaining=3, reset_after=10.0), 2.0),  # in any case it is longer than thought
        (Reading(limit=5, remaining=4, reset_after=0.5), 0.1),
    ],
)
def test_the_period_is_learned_from_the_first_call_and_from_a_longer_one(
    reading: Reading, even: float
) -> None:
    budget = WindowBudget(keys.budget("test"), 5, 5.0)
    answered(budget, 0.0, reading)
    ends = 0.1 + reading.reset_after
    assert budget.ready(0.1, Urgency.PARTIAL) == pytest.approx(max(even, ends - reading.remaining * even))


def test_a_late_response_of_the_window_before_tells_nothing_of_this_one() -> None:
    budget = WindowBudget(keys.budget("test"), 5, 5.0)
    answered(budget, 0.0, Reading(5, 4, 4.9))
    answered(budget, 5.2, Reading(5, 4, 4.9))
    budget.learn(5.4, Reading(5, 0, 0.0))
    assert budget.ready(5.4, Urgency.NOW) == 5.4
    assert budget.ready(5.4, Urgency.PARTIAL) == pytest.approx(6.28)


def test_a_window_that_the_server_ended_earlier_is_taken_over_with_the_calls_that_are_under_way() -> None:
    budget = WindowBudget(keys.budget("test"), 5, 5.0)
    for at in (0.0, 1.0, 2.0):
        answered(budget, at, Reading(5, 4 - round(at), 4.9 - at))
    answered(budget, 4.2, Reading(5, 4, 4.9))
    for _ in range(4):
        assert budget.ready(4.3, Urgency.NOW) == 4.3
        budget.begin(4.3)
    assert budget.ready(4.3, Urgency.NOW) == pytest.approx(9.2)


def test_headers_do_not_make_up_for_a_429_that_they_did_not_announce() -> None:
    budget = WindowBudget(keys.budget("test"), 5, 5.0)
    budget.begin(0.0)
    budget.close(0.1, 1.0)
    budget.learn(0.1, Reading(5, 4, 4.9))
    budget.settle(0.1)
    assert budget.ready(1.5, Urgency.PARTIAL) == pytest.approx(1.96)


def test_one_whole_message_may_go_before_its_turn_however_many_ends_are_due() -> None:
    budget = WindowBudget(keys.budget("test"), 5, 5.0)
    budget.claim(5)
    for at in (0.0, 4.9):
        budget.begin(at)
        budget.settle(at)
    assert budget.ready(5.0, Urgency.PARTIAL) == pytest.approx(5.9)
    assert budget.ready(5.0, Urgency.FULL) == 5.0
    budget.begin(5.0)
    budget.settle(5.0)
    assert budget.ready(5.0, Urgency.FULL) == pytest.approx(6.0), "the other places are for ends"
