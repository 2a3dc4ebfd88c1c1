"""What a model is told of a conversation, what a second question does, and what can be done with an answer."""

from __future__ import annotations

import asyncio

import pytest

from tests.everyday.conftest import Make
from tests.everyday.rig import Shown, govern, model_in, told
from tests.support.scripted_model import Script, ScriptedModel, model_of, pieces_of
from tests.support.services import Setup
from tests.support.slow_database import slow_reads
from tickertape.answer.running import SecondPrompt
from tickertape.memory.models import ModelInfo
from tickertape.memory.personas import Persona
from tickertape.model.api import Finish
from tickertape.model.reasoning import ReasoningMode
from tickertape.rules.quota import Limits, Scope
from tickertape.rules.rulebook import Rules
from tickertape.screen.body import Offer
from tickertape.service import Everyday

TEXT = "The quick brown fox jumps over the lazy dog. " * 8

PROMPT_GONE = "The question was deleted, so I can't answer it again."
SUPERSEDED = "Stopped: a new question came."


def texts(shown: list[Shown]) -> list[str]:
    return [each.text for each in shown]


async def test_the_oldest_turns_give_way_whole_while_system_prompt_and_question_stay(
    on_platform: Make,
) -> None:
    setup = Setup(
        {"small": model_of("word " * 100)},
        infos=[ModelInfo("small", context=500, max_tokens=100)],
        personas=[Persona("standard", "Be brief.")],
    )
    async with on_platform(setup) as rig:
        for number in range(1, 6):
            await rig.ask(f"Question {number}?", direct=True)
            await rig.quiet()
        first, *between, last = told(rig)
        assert (first, last) == ("Be brief.", "Question 5?")
        assert 1 <= len(between) < 8
        whole = [text for number in range(1, 5) for text in (f"Question {number}?", "word " * 100)]
        assert between == whole[-len(between) :]
        await rig.ask("long " * 390, direct=True)
        await rig.quiet()
        assert told(rig) == ["Be brief.", ("long " * 390).strip()]


async def test_a_second_question_waits_by_default_and_people_see_it(on_platform: Make) -> None:
    async with on_platform(Setup({"small": model_of(TEXT, pause=0.1)})) as rig:
        await rig.ask("First?", direct=True)
        await rig.until(lambda: rig.answers(direct=True) and rig.answers(direct=True)[0].text[:9] == TEXT[:9])
        await rig.ask("Second?", direct=True)
        await rig.until(
            lambda: any("waiting for the answer before" in each.lower() for each in rig.waiting())
        )
        assert len(model_in(rig).asked) == 1
        await rig.quiet()
        assert texts(rig.answers(direct=True)) == [TEXT.strip()] * 2
        assert told(rig) == ["First?", TEXT, "Second?"]
        rig.assert_clean()


async def test_a_kill_while_a_question_waits_leaves_no_sign_of_it(on_platform: Make) -> None:
    async with on_platform(Setup({"small": model_of(TEXT, pause=0.1)})) as rig:
        await rig.ask("First?", direct=True)
        await rig.until(lambda: rig.answers(direct=True))
        await rig.ask("Second?", direct=True)
        await rig.until(lambda: any("waiting for" in each.lower() for each in rig.waiting()))
        await rig.restart()
        await rig.quiet()
        assert not any("waiting for" in each.lower() or "thinking" in each.lower() for each in rig.waiting())
        assert len(rig.answers(direct=True)) == 2


async def test_a_second_question_can_interrupt_and_people_see_it(on_platform: Make) -> None:
    settings = Everyday(second_prompt=SecondPrompt.INTERRUPT)
    setup = Setup({"small": model_of(TEXT, pause=0.1)}, everyday=settings)
    async with on_platform(setup) as rig:
        await rig.ask("First?", direct=True)
        await rig.until(lambda: rig.answers(direct=True) and rig.answers(direct=True)[0].text[:9] == TEXT[:9])
        await rig.ask("Second?", direct=True)
        await rig.quiet()
        first, second = texts(rig.answers(direct=True))
        assert SUPERSEDED in first
        assert second == TEXT.strip()
        rig.assert_clean()


async def test_different_conversations_wait_for_nothing(on_platform: Make) -> None:
    async with on_platform(Setup({"small": model_of(TEXT, pause=0.1)})) as rig:
        await rig.ask("First?")
        await rig.ask("Second?", "bob")
        await rig.ask("Third?", direct=True)
        await rig.until(lambda: len(model_in(rig).asked) == 3, 2.0)
        await rig.quiet()
        ends = model_in(rig).closed_at
        assert max(ends) - min(ends) < 1.0


async def test_a_question_that_is_edited_before_its_turn_is_asked_as_it_says_then(on_platform: Make) -> None:
    async with on_platform(Setup({"small": model_of(TEXT, pause=0.1)})) as rig:
        await rig.ask("First?", direct=True)
        await rig.until(lambda: rig.answers(direct=True))
        question = await rig.ask("Hwo?", direct=True)
        await rig.until(lambda: any("waiting for" in each.lower() for each in rig.waiting()))
        await rig.edit(question, "How?")
        await rig.quiet()
        assert told(rig) == ["First?", TEXT, "How?"]
        assert len(model_in(rig).asked) == 2
        assert not rig.is_offered_anew(question)
        rig.assert_clean()


@pytest.mark.parametrize("direct", [False, True])
async def test_a_question_that_is_edited_while_it_is_admitted_is_asked_as_it_says_then(
    direct: bool, on_platform: Make
) -> None:
    async with on_platform(Setup({"small": model_of("Like this.")})) as rig:
        await govern(
            rig, Rules(limits=(Limits(Scope.USER, tokens_per_day=100_000),))
        )  # read from the database
        async with slow_reads(rig.service.store):
            question = await rig.ask("Hwo?", direct=direct)
            await asyncio.sleep(1)
            await rig.edit(question, "How?")
            await asyncio.sleep(1)
        await rig.quiet()
        assert told(rig) == ["How?"]
        assert len(model_in(rig).asked) == 1
        assert not rig.is_offered_anew(question)
        rig.assert_clean()


@pytest.mark.parametrize("direct", [False, True])
async def test_an_edited_question_that_is_asked_anew_takes_the_running_answers_place(
    direct: bool, on_platform: Make
) -> None:
    model = ScriptedModel([Script(pieces_of(TEXT), hold=True), Script(["Like this."])])
    async with on_platform(Setup({"small": model})) as rig:
        question = await rig.ask("Hwo?", direct=direct)
        await rig.until(lambda: any(TEXT.strip() in each.text for each in rig.answers(direct=direct)))
        await rig.edit(question, "How?")
        await rig.until(lambda: rig.is_offered_anew(question))
        assert len(model.closed_at) == 0, "an edit alone stops nothing"
        for _ in range(2):
            await rig.accept_edit(question)
        await rig.quiet()
        old, new = texts(rig.answers(direct=direct))
        assert SUPERSEDED in old
        assert new == "Like this."
        assert [turn.text for turn in model.asked[-1]] == ["How?"]
        assert len(model.asked) == len(model.closed_at) == 2
        if direct:
            await rig.ask("So?", direct=True)
            await rig.quiet()
            assert told(rig) == ["How?", "Like this.", "So?"]
        rig.assert_clean()


async def test_an_answer_to_former_words_is_not_remembered_after_a_kill_either(on_platform: Make) -> None:
    model = ScriptedModel([Script(pieces_of(TEXT), hold=True), Script(["Like this."])])
    async with on_platform(Setup({"small": model})) as rig:
        question = await rig.ask("Hwo?", direct=True)
        await rig.until(lambda: any(TEXT.strip() in each.text for each in rig.answers(direct=True)))
        await rig.edit(question, "How?")
        await rig.until(lambda: rig.is_offered_anew(question))
        await rig.accept_edit(question)
        await rig.until(lambda: SUPERSEDED in rig.answers(direct=True)[0].text)
        assert rig.service.repairer._answering.registry.running(), "the process does not know yet"
        await rig.restart()
        await rig.quiet()
        assert [SUPERSEDED in each for each in texts(rig.answers(direct=True))] == [True, False]
        await rig.ask("So?", direct=True)
        await rig.quiet()
        assert told(rig) == ["How?", "Like this.", "So?"]


@pytest.mark.parametrize("restarts", [False, True])
async def test_a_deleted_question_cannot_be_answered_again(restarts: bool, on_platform: Make) -> None:
    async with on_platform(Setup({"small": model_of("Because.")})) as rig:
        question = await rig.ask()
        await rig.quiet()
        await rig.delete(question)
        await rig.quiet()
        if restarts:
            await rig.restart()
        await rig.press(Offer.AGAIN)
        await rig.quiet()
        assert rig.whispers() == [PROMPT_GONE]
        assert len(model_in(rig).asked) == 1
        rig.assert_clean()


async def test_what_was_said_is_forgotten_everywhere(on_platform: Make) -> None:
    async with on_platform(Setup({"small": model_of("Because.")})) as rig:
        await rig.ask()
        await rig.ask("My password is hunter2.", direct=True)
        await rig.quiet()
        assert (await rig.command("forget", "everything")).text == "Forgotten: 4 messages."
        await rig.ask("So?", direct=True)
        await rig.quiet()
        assert told(rig) == ["So?"]
        await rig.press(Offer.AGAIN)
        await rig.quiet()
        assert rig.whispers()[-1] == PROMPT_GONE


async def test_an_unknown_model_or_persona_names_the_nearest(on_platform: Make) -> None:
    setup = Setup(
        {"small": model_of("Small."), "large": model_of("Large.")},
        personas=[Persona("standard", ""), Persona("pirate", "Arr.")],
    )
    async with on_platform(setup) as rig:
        for direct in (False, True):
            said = await rig.command("model", "larg", "moderator" if not direct else "alice", direct=direct)
            assert said.text == "There is no such model. Did you mean large?"
        said = await rig.command("persona", "pirat", direct=True)
        assert said.text == "There is no such persona. Did you mean pirate?"
        assert (await rig.command("model", "gpt", direct=True)).text.startswith("There is no such model.")


async def test_a_model_that_was_chosen_and_is_no_longer_set_up_gives_way_to_the_default(
    on_platform: Make,
) -> None:
    small = model_of("Small.")
    setup = Setup({"small": small, "large": model_of("Large.")})
    async with on_platform(setup) as rig:
        await rig.command("model", "large", direct=True)
        await rig.ask(direct=True)
        await rig.quiet()
        await rig.restart(Setup({"small": small}))
        await rig.ask(direct=True)
        await rig.quiet()
        assert texts(rig.answers(direct=True)) == ["Large.", "Small."]


async def test_a_personas_placeholders_are_filled(on_platform: Make) -> None:
    prompt = "You speak with {user} on {platform}. Today is {date}."
    setup = Setup({"small": model_of("Arr.")}, personas=[Persona("standard", ""), Persona("pirate", prompt)])
    async with on_platform(setup) as rig:
        await rig.command("persona", "pirate", direct=True)
        await rig.ask(direct=True)
        await rig.quiet()
        assert told(rig)[0].casefold() == (
            f"you speak with alice on {rig.platform}. today is friday, 2027-01-15."
        )


@pytest.mark.parametrize("mode", ReasoningMode)
async def test_reasoning_is_hidden_summarised_or_shown(mode: ReasoningMode, on_platform: Make) -> None:
    model = ScriptedModel([Script(["Because."], pause=1.0, thoughts=["Hm. "] * 12)])
    setup = Setup({"small": model}, infos=[ModelInfo("small", reasoning=mode)])
    async with on_platform(setup) as rig:
        await rig.ask()
        await rig.quiet()
        (answer,) = texts(rig.answers())
        assert ("Thought for 12 s." in answer) is (mode is ReasoningMode.SUMMARY)
        assert ("> Hm. Hm." in answer) is (mode is ReasoningMode.SHOWN)
        assert "Because." in answer
        if mode is ReasoningMode.HIDDEN:
            assert answer == "Because."


async def test_a_length_limit_is_said_and_the_answer_goes_on_across_a_restart(on_platform: Make) -> None:
    model = ScriptedModel([Script(pieces_of(TEXT), finish=Finish.LENGTH), Script(["And so on."])])
    async with on_platform(Setup({"small": model})) as rig:
        await rig.ask()
        await rig.quiet()
        (answer,) = rig.answers()
        assert "The answer reached the model's length limit." in answer.text
        assert answer.offers[0] == "continue"
        await rig.restart()
        await rig.press(Offer.CONTINUE)
        await rig.quiet()
        await asyncio.sleep(1)
        assert rig.answers()[-1].text == "And so on."
        assert told(rig)[:2] == ["Why?", TEXT]
