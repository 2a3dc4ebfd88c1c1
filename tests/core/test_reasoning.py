from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.english import english
from tickertape.languages import words
from tickertape.model.api import Delta
from tickertape.model.reasoning import ReasoningMode, Thinking

HIDDEN, SUMMARY, SHOWN = ReasoningMode.HIDDEN, ReasoningMode.SUMMARY, ReasoningMode.SHOWN

PIECES = st.lists(st.text(alphabet="ab \n\r>", max_size=6), max_size=12)


def taken(thinking: Thinking, *deltas: Delta) -> str:
    return "".join(thinking.take(delta, float(at)) for at, delta in enumerate(deltas))


def thoughts(*pieces: str) -> list[Delta]:
    return [Delta(reasoning=piece) for piece in pieces]


def texts(*pieces: str) -> list[Delta]:
    return [Delta(text=piece) for piece in pieces]


@given(PIECES, PIECES, st.sampled_from([HIDDEN, SUMMARY]))
def test_the_text_passes_unchanged_where_reasoning_is_not_shown(
    reasoning: list[str], text: list[str], mode: ReasoningMode
) -> None:
    assert taken(Thinking(mode), *thoughts(*reasoning), *texts(*text)) == "".join(text)


@given(PIECES, PIECES)
def test_shown_reasoning_is_a_quote_above_the_answer_however_it_is_cut(
    reasoning: list[str], text: list[str]
) -> None:
    thinking = Thinking(SHOWN)
    draft = taken(thinking, *thoughts(*reasoning), *texts(*text))
    answer = "".join(text)
    quote = draft[: thinking.quoted]
    assert draft[thinking.quoted :] == (answer if answer.strip() else "")
    assert thinking.answered == bool(answer.strip())
    whole = "".join(reasoning)
    assert bool(quote) == bool(whole.strip())
    assert all(line.startswith("> ") for line in quote.rstrip("\n").split("\n") if quote)
    if "\r" not in whole:
        said = re.sub(r"(?m)^> ", "", quote).removesuffix("\n\n")
        assert said == whole.lstrip().rstrip("\n")


def test_a_quote_has_no_gap_that_would_end_it() -> None:
    thinking = Thinking(SHOWN)
    draft = taken(thinking, *thoughts("\nFirst", ".\n", "\n", "Second.\r\n"), *texts("\n", "\nYes", "."))
    assert draft == "> First.\n> \n> Second.\n\n\n\nYes."
    assert draft[thinking.quoted :] == "\n\nYes."


def test_what_is_thought_after_the_answer_began_is_not_shown() -> None:
    thinking = Thinking(SHOWN)
    assert taken(thinking, *texts("Yes"), *thoughts("hm"), *texts(".")) == "Yes."
    assert thinking.quoted == 0


def test_reasoning_and_text_can_come_in_one_delta() -> None:
    assert taken(Thinking(SHOWN), Delta(text="Yes.", reasoning="Hm.")) == "> Hm.\n\nYes."


def test_the_summary_counts_while_the_model_thinks_and_says_in_the_end_how_long() -> None:
    thinking = Thinking(SUMMARY)
    assert thinking.thinking_for(3.0) is None
    thinking.take(Delta(reasoning=" \n"), 4.0)
    assert thinking.thinking_for(9.5) is None, "white space is no reasoning"
    thinking.take(Delta(reasoning="Hm"), 5.0)
    assert english(words.thinking(thinking.thinking_for(9.0))) == "Thinking…"
    assert english(words.thinking(thinking.thinking_for(17.5))) == "Thinking… 10 s"
    thinking.take(Delta(text="\n"), 17.0)
    assert thinking.thinking_for(17.5) == 10, "white space is no answer"
    assert thinking.thought_for(17.6) == 13
    thinking.take(Delta(text="Yes"), 17.4)
    assert thinking.thinking_for(17.5) is None
    assert english(words.thought_for(thinking.thought_for(99.0))) == "Thought for 12 s."


@pytest.mark.parametrize(("mode", "after"), [(HIDDEN, 60.0), (SHOWN, 60.0), (SUMMARY, 0.4)])
def test_nothing_is_said_of_reasoning_that_is_hidden_or_shown_or_short(
    mode: ReasoningMode, after: float
) -> None:
    thinking = Thinking(mode)
    thinking.take(Delta(reasoning="Hm"), 0.0)
    assert thinking.thinking_for(after) is None
    thinking.take(Delta(text="Yes"), after)
    assert english(words.thought_for(thinking.thought_for(after))) == ""


def test_an_answer_without_reasoning_says_nothing_of_it() -> None:
    thinking = Thinking(SUMMARY)
    thinking.take(Delta(text="Yes"), 1.0)
    assert thinking.thought_for(9.0) is None


def test_the_shown_time_goes_up_in_steps_that_grow() -> None:
    thinking = Thinking(SUMMARY)
    thinking.take(Delta(reasoning="Hm"), 7.0)
    shown = [thinking.thinking_for(7.0 + tenths / 10) or 0 for tenths in range(4200)]
    assert [*dict.fromkeys(shown)] == [*range(0, 60, 5), *range(60, 300, 15), 300, 360]
    assert [shown[seconds * 10] for seconds in (4, 5, 59, 60, 74, 75, 299, 300, 359, 360)] == [0, 5, 55, 60, 60, 75, 285, 300, 300, 360]  # fmt: skip


@pytest.mark.parametrize(("seconds", "shown"), [(1, "1 s"), (59, "59 s"), (60, "1 min"), (125, "2 min 5 s")])
def test_a_time_is_written_short(seconds: int, shown: str) -> None:
    assert english(words.thought_for(seconds)) == f"Thought for {shown}."
    assert english(words.thinking(seconds)) == f"Thinking… {shown}"
