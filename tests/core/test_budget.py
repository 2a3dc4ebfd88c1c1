"""Budgets against servers that count for themselves: nothing is ever rejected, and little is left unused."""

from __future__ import annotations

import heapq
import itertools
import random
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import keys
from tests.support.fake_platform import Counter
from tickertape.screen.budget import Budget, Budgets, Reading, SlidingBudget, Urgency, WindowBudget


def drive(
    budget: Budget, server: Counter, *, seconds: float, urgent: float, seed: int, at_once: int
) -> list[float]:
    """Make every call that `budget` allows, with random round trips; return when the calls left.

    A share `urgent` of the calls is urgent. At most `at_once` calls are in flight.
    """
    dice = random.Random(seed)
    order = itertools.count()
    events: list[tuple[float, int, str, Reading | None]] = [(0.0, next(order), "ask", None)]
    left: list[float] = []
    in_flight = 0
    while events and events[0][0] < seconds:
        now, _, what, reading = heapq.heappop(events)
        if what == "arrive":
            rejected = server.arrive(now)
            assert rejected is None, f"rejected at {now:.3f}"
            heapq.heappush(events, (now + dice.uniform(0.01, 0.4), next(order), "back", server.reading(now)))
            continue
        if what == "back":
            in_flight -= 1
            if isinstance(budget, WindowBudget) and reading is not None:
                budget.learn(now, reading)
            budget.settle(now)
        is_urgent = dice.random() < urgent
        at = budget.ready(now, Urgency.NOW if is_urgent else Urgency.PARTIAL)
        if at <= now and in_flight < at_once:
            budget.begin(now)
            in_flight += 1
            left.append(now)
            heapq.heappush(events, (now + dice.uniform(0.01, 0.4), next(order), "arrive", None))
            heapq.heappush(events, (now, next(order), "ask", None))
        elif at < float("inf") and in_flight < at_once:
            heapq.heappush(events, (max(at, now + 0.001), next(order), "ask", None))
    return left


limits = st.tuples(st.integers(1, 20), st.sampled_from([1.0, 2.0, 5.0, 10.0]))
seeds = st.integers(0, 2**32)


@settings(deadline=None, max_examples=150, derandomize=True)
@given(limits, seeds, st.sampled_from([0.0, 0.3, 1.0]), st.integers(1, 6), st.integers(0, 25))
def test_a_window_budget_never_earns_a_429(
    limit: tuple[int, float], seed: int, urgent: float, at_once: int, claims: int
) -> None:
    budget = WindowBudget(keys.budget("test"), *limit)
    budget.claim(claims)
    drive(budget, Counter(*limit), seconds=40, urgent=urgent, seed=seed, at_once=at_once)


@settings(deadline=None, max_examples=100, derandomize=True)
@given(st.integers(1, 60), seeds, st.sampled_from([0.0, 0.3, 1.0]), st.integers(1, 6))
def test_a_sliding_budget_never_earns_a_429(limit: int, seed: int, urgent: float, at_once: int) -> None:
    budget = SlidingBudget(keys.budget("test"), limit, 60.0)
    server = Counter(limit, 60.0, sliding=True)
    drive(budget, server, seconds=200, urgent=urgent, seed=seed, at_once=at_once)


def test_a_window_is_used_up_to_nine_tenths() -> None:
    server = Counter(5, 5.0)
    left = drive(WindowBudget(keys.budget("test"), 5, 5.0), server, seconds=60, urgent=0.0, seed=1, at_once=1)
    assert len(left) >= 0.85 * 60


def test_partial_calls_are_spread_and_urgent_ones_take_what_is_left() -> None:
    budget = WindowBudget(keys.budget("test"), 5, 5.0)
    budget.begin(0.0)
    budget.settle(0.1)
    assert budget.ready(0.1, Urgency.PARTIAL) == pytest.approx(1.1)
    assert budget.ready(0.1, Urgency.NOW) == 0.1


def test_a_whole_message_needs_no_turn_in_a_window_while_ends_have_places() -> None:
    budget = WindowBudget(keys.budget("test"), 5, 5.0)
    budget.claim(2)
    for _ in range(3):
        assert budget.ready(0.1, Urgency.FULL) == 0.1
        budget.begin(0.1)
        budget.settle(0.1)
    assert budget.ready(0.1, Urgency.FULL) == budget.ready(0.1, Urgency.PARTIAL) == pytest.approx(3.1)
    assert budget.ready(0.1, Urgency.NOW) == 0.1


def test_a_whole_message_keeps_the_pace_of_a_sliding_budget() -> None:
    budget = SlidingBudget(keys.budget("test"), 50, 60.0)
    budget.begin(0.0)
    budget.settle(0.1)
    assert 0.1 < budget.ready(0.1, Urgency.FULL) == budget.ready(0.1, Urgency.PARTIAL)


def test_a_short_sliding_budget_does_not_let_partial_calls_out_all_at_once() -> None:
    budget = SlidingBudget(keys.budget("test"), 40, 1.0)
    budget.begin(0.0)
    budget.settle(0.1)
    assert budget.ready(0.01, Urgency.PARTIAL) == pytest.approx(0.0125)
    assert budget.ready(0.01, Urgency.NOW) == 0.01


def partial_calls(budget: WindowBudget, seconds: float) -> list[float]:
    """Make every partial call that the budget allows, in no time, and return when they left."""
    left: list[float] = []
    while (now := budget.ready(left[-1] if left else 0.0, Urgency.PARTIAL)) < seconds:
        budget.begin(now)
        budget.settle(now)
        left.append(now)
    return left


def test_the_last_places_of_a_window_are_held_for_the_ends_of_more_answers_than_it_has_places() -> None:
    budget = WindowBudget(keys.budget("test"), 5, 5.0)
    budget.claim(5)
    assert partial_calls(budget, 5.0) == pytest.approx([0, 1, 2, 3, 4])
    budget = WindowBudget(keys.budget("test"), 5, 5.0)
    budget.claim(8)
    assert partial_calls(budget, 10.0) == pytest.approx([0, 1, 3.5, 4, 4.5, 5, 6, 8.5, 9, 9.5])
    budget = WindowBudget(keys.budget("test"), 5, 5.0)
    budget.claim(100)
    assert partial_calls(budget, 5.0) == pytest.approx([0, 3, 3.5, 4, 4.5])


def test_held_places_are_free_for_ends_and_are_held_no_longer_than_answers_are_open() -> None:
    budget = WindowBudget(keys.budget("test"), 5, 5.0)
    budget.claim(8)
    budget.begin(0.0)
    budget.settle(0.1)
    for _ in range(4):
        assert budget.ready(1.0, Urgency.NOW) == 1.0
        budget.begin(1.0)
        budget.settle(1.1)
    assert budget.ready(1.2, Urgency.NOW) == pytest.approx(5.1)
    assert not budget.at_rest(20.0)
    budget.claim(-8)
    assert budget.at_rest(20.0)


def test_a_server_that_allows_less_or_more_is_learned_from_its_headers() -> None:
    budget = WindowBudget(keys.budget("test"), 5, 5.0)
    budget.begin(0.0)
    budget.learn(0.1, Reading(limit=2, remaining=1, reset_after=10.0))
    budget.settle(0.1)
    budget.begin(0.2)
    assert budget.ready(0.2, Urgency.NOW) == pytest.approx(10.1)
    budget.learn(0.3, Reading(limit=50, remaining=48, reset_after=9.8))
    budget.settle(0.3)
    assert budget.ready(0.3, Urgency.NOW) == 0.3


def test_calls_of_another_process_are_counted() -> None:
    budget = WindowBudget(keys.budget("test"), 5, 5.0)
    budget.begin(0.0)
    budget.learn(0.1, Reading(limit=5, remaining=1, reset_after=4.9))
    budget.settle(0.1)
    budget.begin(0.2)
    assert budget.ready(0.2, Urgency.NOW) == pytest.approx(5.0)


@pytest.mark.parametrize(
    "budget", [WindowBudget(keys.budget("test"), 5, 5.0), SlidingBudget(keys.budget("test"), 50, 60.0)]
)
def test_a_429_closes_a_budget_for_as_long_as_it_says(budget: Budget) -> None:
    budget.close(10.0, 7.5)
    assert budget.ready(10.0, Urgency.NOW) >= 17.5


def test_a_429_halves_a_sliding_rate_once_and_it_comes_back_slowly() -> None:
    budget = SlidingBudget(keys.budget("test"), 40, 60.0)
    budget.close(0.0, 5.0)
    budget.close(0.1, 5.0)

    def burst(now: float) -> int:
        count = 0
        while budget.ready(now, Urgency.NOW) <= now:
            budget.begin(now)
            budget.settle(now)
            count += 1
        return count

    assert burst(6.0) == 20
    assert burst(66.1) == 30
    assert burst(126.2) == 40
    assert burst(1000.0) == 40


def test_a_429_that_no_header_announced_halves_a_windows_pace_for_a_while() -> None:
    budget = WindowBudget(keys.budget("test"), 5, 5.0)
    budget.begin(0.0)
    budget.close(0.1, 1.0)
    budget.close(0.1, 1.0)
    budget.settle(0.1)
    assert budget.ready(1.2, Urgency.PARTIAL) == pytest.approx(2.0)
    assert budget.ready(1.2, Urgency.FULL) == pytest.approx(2.0)
    assert budget.ready(1.2, Urgency.NOW) == 1.2
    gaps = []
    now = 5.2
    for _ in range(40):
        now = budget.ready(now, Urgency.PARTIAL)
        budget.begin(now)
        budget.settle(now)
        gaps.append(budget.ready(now, Urgency.PARTIAL) - now)
    assert gaps[0] > 1.5
    assert gaps[-1] == pytest.approx(1.0)


EVEN = 60.0 / 50


def gaps_of(budget: SlidingBudget, now: float, calls: int) -> list[float]:
    """Make so many partial calls, each as soon as the budget allows, in no time; return the pauses between them."""
    gaps = []
    for _ in range(calls):
        budget.begin(now)
        budget.settle(now)
        following = budget.ready(now, Urgency.PARTIAL)
        gaps.append(following - now)
        now = following
    return gaps


def test_a_rested_sliding_budget_is_spent_quickly_and_a_draining_one_slowly() -> None:
    budget = SlidingBudget(keys.budget("test"), 50, 60.0)
    budget.claim(1)
    gaps = gaps_of(budget, 0.0, 49)
    assert max(gaps[:30]) <= EVEN / 3
    assert EVEN / 3 < min(gaps[34:44]) < max(gaps[34:44]) <= EVEN
    assert max(gaps) <= 7 * EVEN, "a long answer still moves"
    assert max(gaps[45:]) == pytest.approx(min(gaps[45:])), (
        "what is left is spread evenly until the first call comes back"
    )


def test_a_drained_sliding_budget_is_spent_evenly_from_then_on() -> None:
    budget = SlidingBudget(keys.budget("test"), 50, 60.0)
    budget.claim(1)
    gaps = gaps_of(budget, 0.0, 200)
    assert all(0.8 * EVEN <= gap <= 2 * EVEN for gap in gaps[52:])
    assert sum(gaps[52:]) == pytest.approx(len(gaps[52:]) * EVEN, rel=0.05)


@pytest.mark.parametrize("rests", [True, False])
def test_a_drained_sliding_budget_is_spent_quickly_again_when_it_has_rested_or_its_answers_are_over(
    rests: bool,
) -> None:
    budget = SlidingBudget(keys.budget("test"), 50, 60.0)
    budget.claim(1)
    now = sum(gaps_of(budget, 0.0, 49))
    assert now == pytest.approx(60.0)
    now = 66.0
    assert gaps_of(budget, now, 1)[0] > EVEN / 2
    if rests:
        now = 150.0
    else:
        budget.claim(-1)
        budget.claim(1)
    assert gaps_of(budget, now, 1)[0] < EVEN / 2


@settings(deadline=None, max_examples=200, derandomize=True)
@given(
    st.integers(1, 60),
    st.integers(0, 80),
    st.lists(st.tuples(st.sampled_from(["call", "close", "wait"]), st.floats(0, 30)), max_size=60),
    st.booleans(),
)
def test_a_sliding_budget_always_says_when(
    limit: int, claims: int, events: list[tuple[str, float]], urgent: bool
) -> None:
    budget = SlidingBudget(keys.budget("test"), limit, 60.0)
    budget.claim(claims)
    now = 0.0
    for what, seconds in events:
        if what == "close":
            budget.close(now, seconds)
        elif what == "call" and budget.ready(now, Urgency.NOW) <= now:
            budget.begin(now)
            budget.settle(now)
        else:
            now += seconds
        assert now <= budget.ready(now, Urgency.NOW if urgent else Urgency.PARTIAL) < now + 200


def test_a_place_is_kept_for_the_end_of_every_open_answer() -> None:
    budget = SlidingBudget(keys.budget("test"), 50, 60.0)
    budget.claim(7)
    now = 0.0
    while (following := budget.ready(now, Urgency.PARTIAL)) < 59:
        now = following
        budget.begin(now)
        budget.settle(now)
    ends = 0
    while budget.ready(now, Urgency.NOW) <= now:
        budget.begin(now)
        budget.settle(now)
        ends += 1
    assert ends == 7


def test_a_429_at_the_very_end_of_another_s_time_is_a_new_one() -> None:
    budget = SlidingBudget(keys.budget("test"), 40, 60.0)
    budget.close(0.0, 5.0)
    budget.close(5.0, 5.0)
    assert budget.ready(10.0, Urgency.NOW) == 10.0
    for _ in range(10):
        budget.begin(10.0)
        budget.settle(10.0)
    assert budget.ready(10.0, Urgency.NOW) == 70.0, "a quarter of the calls is left"


def test_repeated_429s_slow_a_window_to_a_quarter_of_its_pace() -> None:
    budget = WindowBudget(keys.budget("test"), 5, 5.0)
    budget.begin(0.0)
    budget.settle(0.0)
    paces = []
    for second in range(3):
        budget.close(float(second), 1.0)
        paces.append(budget.ready(3.0, Urgency.PARTIAL))
    assert paces == [3.0, 4.0, 4.0]
    assert not budget.at_rest(4.9)
    assert budget.at_rest(5.0)
    budget.close(5.0, 2.0)
    assert not budget.at_rest(6.9)
    assert budget.at_rest(7.0)


def test_a_sliding_budget_is_at_rest_when_nothing_counts_and_nothing_was_learned() -> None:
    budget = SlidingBudget(keys.budget("test"), 50, 60.0)
    assert budget.at_rest(0.0)
    budget.claim(1)
    assert not budget.at_rest(0.0), "an answer counts on it"
    budget.claim(-1)
    budget.begin(0.0)
    assert not budget.at_rest(100.0), "a call is under way"
    budget.settle(100.0)
    assert not budget.at_rest(159.9), "it counts"
    assert budget.at_rest(160.0)
    for _ in range(30):
        budget.begin(200.0)
        budget.settle(200.0)
    budget.close(200.0, 5.0)
    assert not budget.at_rest(1e6), "the platform is stricter than it says"


def test_budgets_at_rest_are_forgotten_when_there_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tickertape.screen.budget.by_key.MAX_IDLE_BUDGETS", 3)
    budgets = Budgets(lambda key: WindowBudget(key, 5, 5.0))
    busy = budgets.get(keys.budget("busy"), 0.0)
    assert busy.key == keys.budget("busy")
    busy.begin(0.0)
    idle = budgets.get(keys.budget("idle"), 0.0)
    budgets.get(keys.budget("third"), 0.0)
    budgets.get(keys.budget("fourth"), 1.0)
    assert budgets.get(keys.budget("busy"), 1.0) is busy
    assert budgets.get(keys.budget("idle"), 1.0) is not idle


KINDS: dict[str, Callable[[], Budget]] = {
    "window": lambda: WindowBudget(keys.budget("test"), 5, 5.0),
    "a minute": lambda: SlidingBudget(keys.budget("test"), 8, 60.0),
    "a minute that is explored": lambda: SlidingBudget(keys.budget("test"), 8, 60.0, explores=True),
    "a second": lambda: SlidingBudget(keys.budget("test"), 40, 1.0),
}
steps = st.tuples(
    st.sampled_from(["call", "call", "call", "answer", "ends", "leave", "come back", "close", "headers"]),
    st.sampled_from([0.0, 0.1, 0.4, 1.0, 2.5, 7.0, 30.0, 200.0]),
    st.integers(0, 3),
)


def happen(budget: Budget, what: str, now: float, number: int) -> None:
    """Let something happen to a budget: a call leaves or comes back, an answer begins or ends, headers or a 429 come."""
    if what in {"call", "leave"}:
        budget.begin(now)
    if what in {"call", "come back"}:
        budget.settle(now)
    if what in {"answer", "ends"}:
        budget.claim(1 if what == "answer" else -1)
    if what == "close":
        budget.close(now, 3.0 * number)
    if what == "headers" and isinstance(budget, WindowBudget):
        budget.learn(now, Reading(limit=4 + number % 2, remaining=number, reset_after=1.0 + number))


def told(budget: Budget, now: float) -> list[float]:
    return [*(budget.ready(now, urgency) for urgency in Urgency), budget.at_rest(now)]


@pytest.mark.parametrize("kind", KINDS)
@settings(deadline=None, max_examples=300, derandomize=True)
@given(st.lists(steps, max_size=40))
def test_to_ask_a_budget_changes_nothing(kind: str, events: list[tuple[str, float, int]]) -> None:
    """Whether it is asked ten times before each event or never, it says the same at the end of every beginning."""
    asked, unasked = KINDS[kind](), KINDS[kind]()
    now, out, answers = 0.0, 0, 0
    for what, pause, number in events:
        for tenth in range(11):
            told(asked, now + pause * tenth / 10)
        now += pause
        if (what == "come back" and not out) or (what == "ends" and not answers):
            continue
        out += {"leave": 1, "come back": -1}.get(what, 0)
        answers += {"answer": 1, "ends": -1}.get(what, 0)
        happen(asked, what, now, number)
        happen(unasked, what, now, number)
    assert [told(asked, now + later) for later in (0, 1, 8, 70)] == [
        told(unasked, now + later) for later in (0, 1, 8, 70)
    ]


def test_a_budget_that_nobody_asks_is_drained_all_the_same() -> None:
    budget = SlidingBudget(keys.budget("test"), 50, 60.0)
    budget.claim(1)
    for second in range(48):
        budget.begin(second / 2)
        budget.settle(second / 2)
    assert budget.ready(62.0, Urgency.PARTIAL) >= 62.0
    assert budget.ready(66.0, Urgency.NOW) == 66.0
    budget.begin(66.0)
    budget.settle(66.0)
    assert budget.ready(66.0, Urgency.PARTIAL) - 66.0 > EVEN / 2, (
        "spent evenly, though a quarter is left again"
    )


def test_a_window_recovers_from_a_429_while_a_call_hangs() -> None:
    budget = WindowBudget(keys.budget("test"), 5, 5.0)
    budget.begin(0.0)
    budget.close(0.1, 1.0)
    assert budget.ready(4.0, Urgency.PARTIAL) == 4.0
    assert budget.ready(13.0, Urgency.FULL) == 13.0
    budget.begin(13.0)
    assert budget.ready(13.0, Urgency.PARTIAL) == pytest.approx(14.5), (
        "twice as slow, less a quarter for each of two windows"
    )
    assert budget.ready(13.0, Urgency.NOW) == 13.0
