"""Prompts that come while an answer of the same conversation is running, and answers that a journal follows."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from tests.support import keys
from tests.support.english import english
from tests.support.fake_platform import FakeChannel, FakeSurface
from tests.support.keys import key
from tests.support.pacing_only import Notes, answering_on
from tests.support.prompts import prompt as prompt_of
from tests.support.scripted_model import Script, ScriptedModel, model_of
from tests.support.services import Compose
from tickertape.answer.answer import Answer
from tickertape.answer.answering import Answering
from tickertape.answer.opening import Moved, Opened, Opener, Opening
from tickertape.answer.running import SecondPrompt
from tickertape.answer.states import State
from tickertape.languages import words
from tickertape.prompts.prompt import Prompt
from tickertape.screen.streamer import Placeholder
from tickertape.service import Everyday

TEXT = "The quick brown fox jumps over the lazy dog. " * 5


def prompt(number: int, conversation: str = "fake:thread") -> Prompt:
    return prompt_of(key=f"fake:{number}", conversation=conversation)


def ask(answering: Answering, number: int, conversation: str = "fake:thread") -> tuple[Answer, FakeSurface]:
    surface = FakeSurface(FakeChannel())
    answer = answering.ask(prompt(number, conversation), Opening(surface, placeholder=Placeholder(after=3.0)))
    assert answer is not None
    return answer, surface


async def test_a_second_prompt_waits_for_its_turn_and_says_so(compose: Compose) -> None:
    model = model_of(TEXT)
    answering = (await compose(model)).answering
    first, _ = ask(answering, 1)
    second, surface = ask(answering, 2)
    third, _ = ask(answering, 3)
    await second.shown.wait()
    assert surface.texts == [english(words.WAITING_TURN)]
    assert len(model.asked) == 1
    await third.done.wait()
    assert first.ended_at is not None
    assert second.ended_at is not None
    assert model.closed_at == sorted(model.closed_at)
    assert first.ended_at <= second.ended_at <= model.closed_at[2]
    assert surface.texts == [TEXT.strip()]


async def test_other_conversations_wait_for_nothing(compose: Compose) -> None:
    answering = (await compose(model_of(TEXT))).answering
    first, _ = ask(answering, 1, "fake:thread")
    second, _ = ask(answering, 2, "fake:other")
    await asyncio.gather(first.done.wait(), second.done.wait())
    assert first.ended_at == second.ended_at


async def test_a_second_prompt_can_interrupt(compose: Compose) -> None:
    model = model_of(TEXT)
    answering = (await compose(model, Everyday(second_prompt=SecondPrompt.INTERRUPT))).answering
    first, shown = ask(answering, 1)
    await asyncio.sleep(0.5)
    second, _ = ask(answering, 2)
    await asyncio.gather(first.done.wait(), second.done.wait())
    assert first.state is State.STOPPED
    assert shown.texts[0].endswith(f"_{english(words.SUPERSEDED)}_")
    assert second.state is State.COMPLETE


async def test_a_prompt_that_waits_can_be_stopped_and_the_next_one_goes_on(compose: Compose) -> None:
    answering = (await compose(ScriptedModel([Script(["Hello."], pause=2)]))).answering
    first, _ = ask(answering, 1)
    second, surface = ask(answering, 2)
    third, _ = ask(answering, 3)
    await second.shown.wait()
    assert answering.stop(second)
    await second.done.wait()
    assert surface.texts == ["_Stopped._"]
    assert not first.over
    await third.done.wait()
    assert third.state is State.COMPLETE


async def test_a_prompt_after_one_that_was_stopped_waits_for_the_answer_that_is_running(
    compose: Compose,
) -> None:
    model = ScriptedModel([Script(["Hello."], pause=2)])
    answering = (await compose(model)).answering
    first, _ = ask(answering, 1)
    second, _ = ask(answering, 2)
    await second.shown.wait()
    answering.stop(second)
    await second.done.wait()
    third, _ = ask(answering, 3)
    await third.shown.wait()
    assert not first.over
    assert len(model.asked) == 1
    await third.done.wait()
    assert first.over


@pytest.mark.parametrize("seconds", [0.0, 0.3])
async def test_all_text_is_written_down_before_it_is_shown(seconds: float) -> None:
    notes, surface = Notes(seconds=seconds), FakeSurface(FakeChannel())
    answering = answering_on(model_of(TEXT), notes)
    answer = answering.ask(prompt(1), Opening(surface, {"channel": "general"}))
    assert answer is not None
    while not answer.done.is_set():
        await asyncio.sleep(0.05)
        assert notes.text.startswith("".join(surface.texts))
    assert notes.events == ["begin general", "posted True", "ended complete", "delivered 0"]


async def test_a_prompt_that_was_taken_before_the_restart_is_not_answered_again() -> None:
    notes, surface, model = Notes(known={key("fake:1")}), FakeSurface(FakeChannel()), model_of(TEXT)
    answering = answering_on(model, notes)
    answer = answering.ask(prompt(1), Opening(surface, {"channel": "general"}, placeholder=Placeholder()))
    assert answer is not None
    await answer.done.wait()
    assert model.asked == []
    assert surface.texts == []


async def opening(answering: Answering, opener: Opener, surface: FakeSurface | None = None) -> Answer:
    """Ask where the place has to be opened first."""
    surface = surface or FakeSurface(FakeChannel())
    answer = answering.ask(prompt(2), Opening(surface, {"channel": "unknown"}, opener=opener))
    assert answer is not None
    await answering.open(answer, opener)
    return answer


async def test_an_answer_whose_place_is_opened_belongs_there_and_waits_for_its_turn_there() -> None:
    notes, model = Notes(), model_of(TEXT)
    answering = answering_on(model, notes)
    first, _ = ask(answering, 1, "fake:opened")

    async def opener(_: Answer) -> Opened:
        assert notes.events[-1] == "begin unknown", "it is written down first"
        await asyncio.sleep(0.5)
        known = Moved(
            {"channel": "opened"}, lambda known: replace(known, conversation=keys.conversation("fake:opened"))
        )
        return Opened(known)

    moving = await opening(answering, opener)
    await moving.done.wait()
    assert "moved opened fake:opened" in notes.events
    assert moving.prompt.conversation == keys.conversation("fake:opened")
    assert first.ended_at is not None
    assert model.closed_at[1] - first.ended_at == pytest.approx(model.closed_at[0] - first.asked_at, abs=0.2)


async def test_where_an_answer_is_after_all_is_written_down_after_a_slow_database_has_taken_it() -> None:
    notes = Notes(seconds=1.0)
    answering = answering_on(model_of(TEXT), notes)

    async def opener(_: Answer) -> Opened:
        return Opened(Moved({"channel": "opened"}, lambda known: known))

    answer = await opening(answering, opener)
    assert notes.events == []
    await answer.done.wait()
    assert notes.events[:2] == ["begin unknown", "moved opened fake:thread"]


async def test_what_ends_before_its_place_is_open_is_shown_there_alone() -> None:
    notes, model, surface = Notes(), model_of(TEXT), FakeSurface(FakeChannel())
    answering = answering_on(model, notes)

    async def opener(answer: Answer) -> Opened:
        assert answering.stop(answer)
        await asyncio.sleep(5)
        assert surface.texts == []
        assert not answer.done.is_set()
        return Opened(Moved({"channel": "opened"}, lambda known: known))

    answer = await opening(answering, opener, surface)
    await answer.done.wait()
    assert surface.texts == ["_Stopped._"]
    assert model.asked == []
    moved = notes.events.index("moved opened fake:thread")
    assert "ended stopped" in notes.events[moved:], "the place that is written down says that it ended"


@pytest.mark.parametrize("stopped", [False, True])
async def test_an_answer_whose_place_is_not_opened_is_dropped(compose: Compose, stopped: bool) -> None:
    model, surface = model_of(TEXT), FakeSurface(FakeChannel())
    answering = (await compose(model)).answering

    async def opener(answer: Answer) -> None:
        if stopped:
            answering.stop(answer)

    answer = await opening(answering, opener, surface)
    assert answer.done.is_set()
    assert (answering.registry.running(), model.asked, surface.texts) == ([], [], [])


async def test_an_answer_is_dropped_where_opening_its_place_fails_unexpectedly(compose: Compose) -> None:
    answering = (await compose(model_of(TEXT))).answering

    async def opener(_: Answer) -> None:
        raise RuntimeError("unexpected")

    with pytest.raises(RuntimeError, match="unexpected"):
        await opening(answering, opener)
    assert answering.registry.running() == []


async def test_a_place_is_opened_although_the_database_is_slow() -> None:
    notes = Notes(seconds=100.0)
    answering = answering_on(model_of(TEXT), notes)
    asked = asyncio.get_running_loop().time()

    async def opener(_: Answer) -> Opened:
        assert asyncio.get_running_loop().time() - asked < 1
        return Opened()

    answer = await opening(answering, opener)
    assert not answer.over
    await answer.done.wait()
    assert answer.state is State.COMPLETE
