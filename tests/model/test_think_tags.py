from __future__ import annotations

import re
from contextlib import aclosing, suppress
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.scripted_model import Script, ScriptedModel, pieces_of
from tickertape.model.api import CutOff, Delta, Finish, ModelError, Usage
from tickertape.model.think_tags import ThinkTags
from tickertape.model.thinking import SeparateReasoning

ANSWERS = st.lists(
    st.sampled_from(["<think>", "</think>", "<thi", "nk>", "</", "<", ">", " ", "\n", "a", "think", "é"]),
    max_size=12,
).map("".join)
CUTS = st.lists(st.integers(0, 60), max_size=12)


def cut(text: str, cuts: list[int]) -> list[str]:
    """Cut a text in pieces, some of them empty."""
    borders = [0, *sorted(min(border, len(text)) for border in cuts), len(text)]
    return [text[start:end] for start, end in pairwise(borders)]


def sort_out(pieces: list[str]) -> tuple[str, str, list[Delta]]:
    tags = ThinkTags()
    deltas = [tags.take(Delta(text=piece)) for piece in pieces]
    deltas.append(tags.close())
    return "".join(d.reasoning for d in deltas), "".join(d.text for d in deltas), deltas


def expected(text: str) -> tuple[str, str]:
    """Return reasoning and answer of a whole text, by the plainest reading."""
    found = re.fullmatch(r"\s*<think>(.*?)(?:</think>\s*(.*)|\Z)", text, re.DOTALL)
    return (found[1], found[2] or "") if found else ("", text)


@given(ANSWERS, CUTS)
def test_reasoning_and_answer_are_told_apart_however_the_text_is_cut(text: str, cuts: list[int]) -> None:
    reasoning, answer, deltas = sort_out(cut(text, cuts))
    assert (reasoning, answer) == expected(text)
    first_text = next((at for at, delta in enumerate(deltas) if delta.text), len(deltas))
    assert not any(delta.reasoning for delta in deltas[first_text + 1 :])


@given(ANSWERS, CUTS)
def test_only_what_may_become_a_tag_has_to_wait(text: str, cuts: list[int]) -> None:
    tags, came, given_out = ThinkTags(), "", 0
    for piece in cut(text, cuts):
        delta = tags.take(Delta(text=piece))
        came += piece
        given_out += len(delta.text) + len(delta.reasoning)
    reasoning, answer = expected(came)
    assert len(reasoning) + len(answer) - given_out < max(len("</think>"), len(came) - len(came.lstrip()) + 7)


def test_a_tag_further_on_is_text() -> None:
    text = "Write <think>x</think> like this."
    assert sort_out([text])[:2] == ("", text)
    assert sort_out(["<think>a</think>b <think>c</think>"])[:2] == ("a", "b <think>c</think>")


def test_an_empty_pair_of_tags_leaves_the_answer_alone() -> None:
    assert sort_out(["<think>\n\n</think>\n\n", "Yes."])[:2] == ("\n\n", "Yes.")


def test_a_gateway_that_sends_reasoning_apart_keeps_its_tags() -> None:
    tags = ThinkTags()
    assert tags.take(Delta(text="\n", reasoning="Hm")) == Delta(text="\n", reasoning="Hm")
    assert tags.take(Delta(text="<think>")) == Delta(text="<think>")


def test_finish_and_usage_pass_and_bring_what_waits() -> None:
    tags, usage = ThinkTags(), Usage(1, 2)
    assert tags.take(Delta(text=" <th")) == Delta()
    assert tags.take(Delta(finish=Finish.LENGTH, usage=usage)) == Delta(" <th", "", Finish.LENGTH, usage)
    assert tags.close() == Delta()


async def read(model: SeparateReasoning) -> list[Delta]:
    async with aclosing(model.stream(())) as deltas:
        return [delta async for delta in deltas]


@pytest.mark.parametrize("size", [1, 3, 100])
async def test_a_model_gives_its_reasoning_apart(size: int) -> None:
    script = Script(pieces_of("<think>Hm.</think>\nYes.", size))
    deltas = await read(SeparateReasoning(ScriptedModel([script])))
    assert "".join(delta.reasoning for delta in deltas) == "Hm."
    assert "".join(delta.text for delta in deltas) == "Yes."
    assert deltas[-1].finish is Finish.COMPLETE
    assert Delta() not in deltas


@pytest.mark.parametrize("error", [None, CutOff("broke")])
async def test_what_waits_comes_before_the_end_however_that_is(error: ModelError | None) -> None:
    model = SeparateReasoning(ScriptedModel([Script([" <thi"], finish=None, error=error)]))
    came: list[Delta] = []
    with suppress(CutOff):
        async with aclosing(model.stream(())) as deltas:
            async for delta in deltas:
                came.append(delta)  # noqa: PERF401 - a comprehension would lose what came before the error
        assert error is None
    assert came == [Delta(text=" <thi")]


async def test_closing_it_closes_the_model() -> None:
    inner = ScriptedModel([Script(["Yes", "."], hold=True)])
    async with aclosing(SeparateReasoning(inner).stream(())) as deltas:
        assert await anext(deltas) == Delta(text="Yes")
    assert len(inner.closed_at) == 1
