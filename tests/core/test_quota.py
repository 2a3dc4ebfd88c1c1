from __future__ import annotations

import math
import re
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.support.english import english
from tickertape.rules.quota import DAY, HOUR, Counted, Kind, Limits, Refusal, Scope, Spent, check, strictest

NOW = 1_800_000_000.0
USER = Limits(Scope.USER)
HOURLY = replace(USER, per_hour=3)
DAILY = replace(USER, tokens_per_day=1000)

AGES = st.floats(-60, 2 * DAY) | st.sampled_from([0.0, HOUR, DAY, math.nextafter(HOUR, 0), HOUR - 1e-3])
STARTS = st.lists(AGES.map(lambda age: NOW - age), max_size=12)
SPENT = st.lists(st.builds(Spent, AGES.map(lambda age: NOW - age), st.integers(0, 800)), max_size=12)
COUNTED = st.builds(Counted, st.integers(0, 4), STARTS, SPENT)
MOST = st.one_of(st.none(), st.integers(1, 6))
LIMITS = st.builds(Limits, st.sampled_from(Scope), MOST, MOST, st.one_of(st.none(), st.integers(1, 3000)))


def reached(limits: Limits, counted: Counted, now: float) -> set[Kind]:
    """Return the limits that are reached, counted in the plainest way."""
    begun = sum(at + HOUR > now for at in counted.started)
    tokens = sum(spent.tokens for spent in counted.spent if spent.at + DAY > now)
    pairs = {
        Kind.AT_ONCE: (limits.at_once, counted.running),
        Kind.PER_HOUR: (limits.per_hour, begun),
        Kind.TOKENS_PER_DAY: (limits.tokens_per_day, tokens),
    }
    return {kind for kind, (limit, number) in pairs.items() if limit is not None and number >= limit}


@given(LIMITS, COUNTED)
def test_it_refuses_at_the_limit_and_never_below(limits: Limits, counted: Counted) -> None:
    refusal = check(limits, counted, NOW)
    over = reached(limits, counted, NOW)
    assert (refusal is not None) == bool(over)
    if refusal is not None:
        assert refusal.kind in over
        assert refusal.scope is limits.scope


@given(LIMITS, COUNTED)
def test_at_the_promised_time_asking_is_allowed_and_not_before(limits: Limits, counted: Counted) -> None:
    counted = replace(counted, running=0)
    refusal = check(limits, counted, NOW)
    assume(refusal is not None)
    assert refusal is not None
    assert refusal.wait is not None
    assert check(limits, counted, NOW + refusal.wait) is None
    assert check(limits, counted, math.nextafter(NOW + refusal.wait, 0)) is not None


@given(LIMITS, COUNTED)
def test_the_time_in_the_sentence_is_long_enough_and_not_much_longer(
    limits: Limits, counted: Counted
) -> None:
    refusal = check(limits, replace(counted, running=0), NOW)
    assume(refusal is not None)
    assert refusal is not None
    assert refusal.wait is not None
    said = promised(english(refusal.sentence))
    assert check(limits, replace(counted, running=0), NOW + said) is None
    assert said < refusal.wait + (1 if refusal.wait < 59 else 61)


def promised(sentence: str) -> float:
    """Return the seconds that a sentence names."""
    units = {"second": 1, "minute": 60, "hour": 3600}
    (wait,) = re.findall(r"again in (.*)\.$", sentence)
    return sum(
        int(number) * units[unit] for number, unit in re.findall(r"(\d+) (second|minute|hour)s?", wait)
    )


@given(LIMITS, COUNTED, st.randoms())
def test_the_order_of_what_was_counted_does_not_matter(
    limits: Limits, counted: Counted, random: object
) -> None:
    started, spent = list(counted.started), list(counted.spent)
    random.shuffle(started)  # type: ignore[attr-defined]  # Hypothesis gives random.Random
    random.shuffle(spent)  # type: ignore[attr-defined]
    assert check(limits, Counted(counted.running, started, spent), NOW) == check(limits, counted, NOW)


@pytest.mark.parametrize(
    ("limits", "counted", "sentence"),
    [
        (
            replace(USER, at_once=2),
            Counted(2),
            "I write at most 2 answers for you at a time. Please ask again when one has ended.",
        ),
        (
            replace(USER, per_hour=1),
            Counted(0, [NOW - HOUR + 12 * 60]),
            "I write at most 1 answer for you in an hour. Please ask again in 12 minutes.",
        ),
        (
            HOURLY,
            Counted(0, [NOW - HOUR + 0.2, NOW - 9, NOW]),
            "I write at most 3 answers for you in an hour. Please ask again in 1 second.",
        ),
        (
            DAILY,
            Counted(0, [], [Spent(NOW - DAY + 7260.5, 1000)]),
            "Your 1,000 tokens for 24 hours are used up. Please ask again in 2 hours 2 minutes.",
        ),
        (
            Limits(Scope.WORKSPACE, at_once=10),
            Counted(11),
            "I write at most 10 answers here at a time. Please ask again when one has ended.",
        ),
        (
            Limits(Scope.WORKSPACE, per_hour=1),
            Counted(0, [NOW]),
            "I write at most 1 answer here in an hour. Please ask again in 1 hour.",
        ),
        (
            Limits(Scope.WORKSPACE, tokens_per_day=5),
            Counted(0, [], [Spent(NOW, 6)]),
            "The 5 tokens for 24 hours are used up here. Please ask again in 24 hours.",
        ),
    ],
)
def test_the_refusal_says_what_and_when(limits: Limits, counted: Counted, sentence: str) -> None:
    refusal = check(limits, counted, NOW)
    assert refusal is not None
    assert english(refusal.sentence) == sentence


def test_a_later_answer_may_have_to_wait_for_several_to_leave_the_window() -> None:
    starts = [NOW - 3000, NOW - 2000, NOW - 1000, NOW - 500]
    refusal = check(HOURLY, Counted(0, starts), NOW)
    assert refusal is not None
    assert refusal.wait == HOUR - 2000


def test_of_several_refusals_the_one_that_lasts_longest_is_told() -> None:
    at_once = check(replace(USER, at_once=1), Counted(1), NOW)
    hour = check(replace(USER, per_hour=1), Counted(0, [NOW - 100]), NOW)
    assert hour is not None
    day = check(Limits(Scope.WORKSPACE, tokens_per_day=1), Counted(0, [], [Spent(NOW - 100, 1)]), NOW)
    assert strictest([at_once, None, day, hour]) is day
    assert strictest([at_once, hour]) is hour
    assert strictest([at_once, soon := replace(hour, wait=0.5)]) is soon
    assert strictest([None, at_once]) is at_once
    assert strictest([None]) is None
    assert isinstance(at_once, Refusal)
    assert at_once.wait is None
