from __future__ import annotations

from tickertape.answer.answer import Answer, Ending, State
from tickertape.languages import words
from tickertape.prompts.prompt import Prompt


def test_text_that_comes_after_the_end_is_not_taken() -> None:
    answer = Answer(Prompt("test:1", "Why?", "alice", "test:place"), 0.0)
    answer.append("Because.", 1.0)
    answer.end(Ending(State.STOPPED, words.STOPPED, "stopped"), 2.0)
    answer.append(" And more.", 3.0)
    assert answer.draft.text == "Because."
    assert answer.draft.grew_at == 1.0


def test_an_answer_has_one_end() -> None:
    answer = Answer(Prompt("test:1", "Why?", "alice", "test:place"), 0.0)
    first = Ending(State.STOPPED, words.STOPPED, "stopped")
    assert not answer.over
    assert answer.end(first, 2.0)
    assert not answer.end(Ending(State.FAILED, words.BUG, "crash"), 3.0)
    assert answer.over
    assert answer.ending is first
    assert answer.ended_at == 2.0
