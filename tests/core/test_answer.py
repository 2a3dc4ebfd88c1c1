from __future__ import annotations

from tests.support.prompts import prompt
from tickertape.answer.answer import Answer, Ending
from tickertape.answer.states import State
from tickertape.languages import words


def test_text_that_comes_after_the_end_is_not_taken() -> None:
    answer = Answer(prompt(), 0.0)
    answer.ask()
    answer.append("Because.", 1.0)
    answer.end(Ending(State.STOPPED, words.STOPPED, "stopped"), 2.0)
    answer.append(" And more.", 3.0)
    assert answer.draft.text == "Because."
    assert answer.draft.grew_at == 1.0


def test_an_answer_has_one_end() -> None:
    answer = Answer(prompt(), 0.0)
    first = Ending(State.STOPPED, words.STOPPED, "stopped")
    assert answer.end(first, 2.0)
    assert not answer.end(Ending(State.FAILED, words.BUG, "crash"), 3.0)
    assert answer.ending is first
    assert answer.ended_at == 2.0
