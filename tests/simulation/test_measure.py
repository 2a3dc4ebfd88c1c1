"""The measuring itself, on cases that can be done in the head."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.simulation import paces
from tests.simulation.measure import (
    Frame,
    Record,
    Text,
    Wait,
    mean,
    percentile,
    shown_steps,
    summarize,
    waits,
)
from tickertape.demo.lag import Step, mean_lag

SENT = [Step(1.0, 4), Step(2.0, 8), Step(3.0, 12)]


def test_every_character_waits_until_a_frame_shows_it() -> None:
    assert list(waits(SENT, [Step(2.5, 6), Step(4.0, 12)])) == [
        Wait(1.5, 4), Wait(0.5, 2), Wait(2.0, 2), Wait(1.0, 4),
    ]  # fmt: skip


def test_what_was_shown_once_does_not_wait_again() -> None:
    assert list(waits(SENT, [Step(2.0, 8), Step(2.5, 4), Step(3.5, 12)])) == [
        Wait(1.0, 4), Wait(0.0, 4), Wait(0.5, 4),
    ]  # fmt: skip


def test_percentiles_count_characters() -> None:
    some = [Wait(3.0, 1), Wait(1.0, 98), Wait(2.0, 1)]
    assert [percentile(some, share) for share in (0.5, 0.98, 0.99, 1.0)] == [1.0, 1.0, 2.0, 3.0]
    assert mean(some) == pytest.approx(1.03)
    assert percentile([], 0.5) == 0.0 == mean([])


def test_pages_are_put_together_and_a_hidden_end_is_not_counted() -> None:
    text = Text("one two\n\nthree four")
    frames = [Frame(2.0, 1, "thr"), Frame(1.0, 0, "one two"), Frame(3.0, 1, "three four")]
    assert shown_steps(text, frames) == [Step(1.0, 9), Step(2.0, 12), Step(3.0, 19)]


def test_space_that_was_not_sent_yet_is_not_taken_for_shown() -> None:
    sent = [Step(1.0, 3), Step(9.0, 7)]
    shown = shown_steps(Text("one two"), [Frame(2.0, 0, "one"), Frame(9.5, 0, "one two")])
    assert list(waits(sent, shown)) == [Wait(1.0, 3), Wait(0.5, 4)]


def test_added_characters_are_passed_over() -> None:
    assert Text("*bold* text").covered(["*bold* te", "…"]) == len("*bold* te")


@given(st.lists(st.integers(1, 60), min_size=1, max_size=20))
def test_it_agrees_with_the_demo_on_steady_text(cuts: list[int]) -> None:
    pace = paces.steady(2.0)
    sent = pace.sent(0.0)
    total = len(pace.text)
    ends = sorted({min(total, sum(cuts[:number])) for number in range(1, len(cuts) + 1)})
    shown = [Step(5.0 + number, end) for number, end in enumerate(ends)]
    assert mean(list(waits(sent, shown))) == pytest.approx(mean_lag(sent, shown))


def test_a_summary_tells_the_worst_served_from_the_best() -> None:
    quick = Record(SENT, [Step(1.5, 4), Step(2.5, 8), Step(3.5, 12)], ended=3.0)
    late = Record(SENT, [Step(2.0, 4), Step(3.0, 8), Step(4.0, 12)], ended=3.0)
    summary = summarize([quick, late])
    assert (summary.mean, summary.first, summary.end, summary.fairness) == (0.75, 1.0, 1.0, 2.0)
    assert summary.complete


def test_the_gap_is_between_two_steps_that_show_more() -> None:
    shown = [Step(1.0, 1), Step(1.5, 1), Step(4.0, 3), Step(5.0, 4)]
    assert Record([Step(0.0, 4)], shown, 5.0).gaps == [3.0, 1.0]
    assert summarize([Record([Step(0.0, 1)], [Step(1.0, 1)], 1.0)]).gap == 0.0


def test_an_answer_that_never_came_is_not_complete() -> None:
    lost = Record(SENT, [Step(2.0, 4)], ended=3.0)
    assert not summarize([lost]).complete
    assert lost.end == math.inf


@pytest.mark.parametrize("pace", [paces.bursty(10), paces.slow(20), paces.fast(0.5), paces.burst_at_end(5)])
def test_paces_send_all_their_text_in_order(pace: paces.Pace) -> None:
    sent = pace.sent(0.0)
    assert sent[-1].characters == len(pace.text)
    assert [step.at for step in sent] == sorted(step.at for step in sent)
    assert sent[-1].at == pytest.approx(pace.ends)
