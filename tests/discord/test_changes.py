"""Questions that people edit and delete while they are being answered."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path

import pytest

from tests.discord.lives import Lives, on_lives
from tests.discord.stage import offers
from tests.support.english import english
from tests.support.keys import key
from tests.support.scripted_model import Script, ScriptedModel, model_of, pieces_of
from tests.support.slow_database import slow_reads
from tickertape.discord.showing.dialect import DIALECT
from tickertape.languages import words

FIRST = "One two three four five."
SECOND = "Six seven eight nine ten."


def endless_then(second: str) -> ScriptedModel:
    """Return a model that writes `FIRST` and goes on, and then answers everything with `second`."""
    return ScriptedModel([Script(pieces_of(FIRST), hold=True), Script(pieces_of(second))])


def told(lives: Lives, number: int = -1) -> list[str]:
    return [turn.text for turn in lives.stage.model.asked[number]]


def again(lives: Lives, text: str) -> str:
    """Return a question's new text, which still mentions the bot."""
    return f"<@{lives.discord.bot_user.id}> {text}"


async def test_a_deleted_question_is_forgotten_and_not_offered_again(tmp_path: Path) -> None:
    async with on_lives(tmp_path, endless_then(SECOND)) as lives:
        question = await lives.stage.ask("Why?")
        await lives.stage.until_running(len(FIRST))
        await lives.discord.delete(question)
        await lives.until_quiet()
        (answer,) = lives.stage.shown()
        assert answer.content == f"{FIRST}\n\n{DIALECT.marker(english(words.QUESTION_DELETED))}"
        assert offers(answer) == []
        await lives.discord.say(lives.discord.general, lives.discord.alice, "So?", reply_to=answer)
        await lives.until_quiet()
        assert "Why?" not in told(lives)


async def test_a_deleted_question_is_not_offered_again_after_a_crash(tmp_path: Path) -> None:
    async with on_lives(tmp_path, endless_then(SECOND)) as lives:
        question = await lives.stage.ask("Why?")
        answer = await lives.stage.until_running(len(FIRST))
        await lives.discord.delete(question)
        await lives.stage.until(lambda: answer.over)
        await lives.service.store.answer_writes.flush()
        assert lives.stage.shown()[0].content == FIRST
        await lives.restart(1)
        await lives.until_quiet()
        (shown,) = lives.stage.shown()
        assert shown.content.endswith(DIALECT.marker(english(words.QUESTION_DELETED)))
        assert offers(shown) == []


async def test_a_question_that_is_deleted_while_it_is_admitted_gets_no_answer(tmp_path: Path) -> None:
    async with on_lives(tmp_path, model_of(FIRST)) as lives:
        async with slow_reads(lives.service.store):
            question = await lives.stage.ask("Why?")
            await lives.stage.settle()
            await lives.discord.delete(question)
            await lives.stage.settle()
        await lives.until_quiet()
        assert lives.stage.model.asked == []
        assert lives.stage.shown() == []


@pytest.mark.parametrize("delay", [0.0, 0.02, 0.1, 1.0])
async def test_a_question_that_is_edited_while_it_is_admitted_is_asked_as_it_is_then(
    delay: float, tmp_path: Path
) -> None:
    async with on_lives(tmp_path, model_of(FIRST)) as lives:
        async with slow_reads(lives.service.store):
            question = await lives.stage.ask("Hwo?")
            await asyncio.sleep(delay)
            await lives.discord.edit(question, again(lives, "How?"))
            await lives.stage.settle()
        await lives.until_quiet()
        assert told(lives) == ["How?"]
        record = await lives.service.store.answers.by_prompt(
            key(f"discord:{question.channel.id}/{question.id}")
        )
        assert record is not None
        assert record.prompt == "How?"
        assert question.reactions == {}


async def test_a_deleted_question_stops_the_answer_that_its_button_asked_for(tmp_path: Path) -> None:
    model = ScriptedModel([Script(pieces_of(FIRST)), Script(pieces_of(SECOND), hold=True)])
    async with on_lives(tmp_path, model) as lives:
        question = await lives.stage.ask("Why?")
        await lives.until_quiet()
        first = lives.stage.shown()[0]
        pressed = await lives.discord.press(first, lives.discord.alice, first.buttons[0]["custom_id"])
        await lives.stage.until_running(len(SECOND))
        await lives.discord.delete(question)
        await lives.until_quiet()
        assert first.content == FIRST
        assert pressed.messages[0].content.endswith(DIALECT.marker(english(words.QUESTION_DELETED)))
        assert len(model.closed_at) == 2


async def test_an_edited_question_that_is_asked_anew_takes_the_running_answers_place(tmp_path: Path) -> None:
    async with on_lives(tmp_path, endless_then(SECOND)) as lives:
        question = await lives.stage.ask("Why?")
        await lives.stage.until_running(len(FIRST))
        await lives.discord.edit(question, again(lives, "How?"))
        await lives.stage.until(lambda: "🔁" in question.reactions)
        assert len(lives.stage.answering.registry.running()) == 1, "an edit alone stops nothing"
        await lives.discord.react(question, lives.discord.alice, "🔁")
        await lives.until_quiet()
        old, new = lives.stage.shown()
        assert old.content == f"{FIRST}\n\n{DIALECT.marker(english(words.SUPERSEDED))}"
        assert new.content == SECOND
        assert told(lives)[-1] == "How?"


async def test_an_unchanged_question_is_not_asked_again_while_it_is_answered(tmp_path: Path) -> None:
    async with on_lives(tmp_path, endless_then(SECOND)) as lives:
        question = await lives.stage.ask("Why?")
        await lives.stage.until_running(len(FIRST))
        for message in (question, lives.stage.shown()[0]):
            await lives.discord.react(message, lives.discord.alice, "🔁")
        await lives.stage.settle()
        assert len(lives.stage.model.asked) == len(lives.stage.answering.registry.running()) == 1


@pytest.mark.parametrize("edited", [False, True])
@pytest.mark.parametrize("pause", [0.0, 1.5])
async def test_a_question_is_not_asked_again_while_it_is_answered_again(
    pause: float, edited: bool, tmp_path: Path
) -> None:
    model = ScriptedModel([Script(pieces_of(FIRST)), Script(pieces_of("word " * 60), pause=0.1)])
    async with on_lives(tmp_path, model) as lives:
        discord = lives.discord
        question = await lives.stage.ask("Why?")
        await lives.until_quiet()
        if edited:
            await discord.edit(question, again(lives, "How?"))
            await lives.until_quiet()
        await discord.react(question, discord.alice, "🔁")
        await asyncio.sleep(pause)
        await discord.unreact(question, discord.alice, "🔁")
        await discord.react(question, discord.alice, "🔁")
        await lives.until_quiet()
        assert len(model.asked) == len(lives.stage.shown()) == 2


async def test_a_question_that_is_edited_while_it_is_answered_again_takes_that_answers_place(
    tmp_path: Path,
) -> None:
    model = ScriptedModel(
        [Script(pieces_of(FIRST)), Script(pieces_of(FIRST), hold=True), Script(pieces_of(SECOND))]
    )
    async with on_lives(tmp_path, model) as lives:
        discord = lives.discord
        question = await lives.stage.ask("Why?")
        await lives.until_quiet()
        await discord.react(question, discord.alice, "🔁")
        await lives.stage.until_running(len(FIRST))
        await discord.edit(question, again(lives, "How?"))
        await lives.stage.until(lambda: discord.bot_user in question.reactions["🔁"])
        await discord.unreact(question, discord.alice, "🔁")
        await discord.react(question, discord.alice, "🔁")
        await lives.until_quiet()
        assert told(lives)[-1] == "How?"
        assert [each.content for each in lives.stage.shown()] == [
            FIRST,
            f"{FIRST}\n\n{DIALECT.marker(english(words.SUPERSEDED))}",
            SECOND,
        ]


async def test_a_second_press_changes_nothing_while_the_question_is_answered_again(tmp_path: Path) -> None:
    model = ScriptedModel([Script(pieces_of(FIRST)), Script(pieces_of(SECOND), hold=True)])
    async with on_lives(tmp_path, model) as lives:
        await lives.stage.ask("Why?")
        await lives.until_quiet()
        (first,) = lives.stage.shown()
        press = partial(lives.discord.press, first, lives.discord.alice, first.buttons[0]["custom_id"])
        await press()
        await lives.stage.until_running(len(SECOND))
        second = await press()
        await lives.stage.settle()
        assert second.error is None
        assert second.responded_at is not None
        assert len(model.asked) == len(lives.stage.shown()) == 2


async def test_a_question_that_is_edited_before_its_turn_is_asked_as_it_is_then(tmp_path: Path) -> None:
    model = ScriptedModel([Script(pieces_of("word " * 60), pause=0.1), Script(pieces_of(SECOND))])
    async with on_lives(tmp_path, model) as lives:
        thread = lives.discord.add_thread(lives.discord.general, "side", lives.discord.alice)
        await lives.stage.ask("Why?", channel=thread)
        await lives.stage.until_running(20)
        waiting = await lives.stage.ask("Hwo?", channel=thread)
        await lives.stage.until(lambda: len(lives.stage.answering.registry.running()) == 2)
        await lives.discord.edit(waiting, again(lives, "How?"))
        await lives.until_quiet()
        assert told(lives)[-1] == "How?"
        assert len(model.asked) == 2
        assert waiting.reactions == {}
