"""`/ask` with a thread of its own, killed at any moment: the question is answered once, in its thread."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from pathlib import Path

import discord as discord_py
import pytest

from tests.discord.lives import Lives, on_lives
from tests.discord.stage import offers, stop_buttons
from tests.support.english import english
from tests.support.scripted_model import Script, ScriptedModel, pieces_of
from tests.support.slow_database import slow_writes
from tickertape.discord.commands import thread_starts
from tickertape.discord.showing.dialect import DIALECT
from tickertape.languages import words
from tickertape.sandbox.discord import Channel, Drop, Interaction, Message, Overwrite, Permission

ANSWER = "Because."
INTERRUPTED = DIALECT.marker(english(words.INTERRUPTED))


async def ask(lives: Lives) -> Interaction:
    discord = lives.discord
    return await discord.slash(discord.general, discord.alice, "ask", {"prompt": "Why?", "thread": True})


def thread_of(interaction: Interaction) -> Channel:
    """Return the one thread, which the question bears."""
    (question,) = interaction.messages
    assert question.content == "> Why?"
    assert question.thread is not None
    return question.thread


def answers_in(lives: Lives, channel: Channel) -> list[Message]:
    return [each for each in lives.stage.shown(channel) if not each.is_system and each.interaction is None]


def is_acknowledged(_: Lives, interaction: Interaction) -> bool:
    return interaction.responded_at is not None


def has_thread(_: Lives, interaction: Interaction) -> bool:
    return bool(interaction.messages) and interaction.messages[0].thread is not None


def has_answer(lives: Lives, interaction: Interaction) -> bool:
    return has_thread(lives, interaction) and bool(answers_in(lives, thread_of(interaction)))


@pytest.mark.parametrize("away", [1.0, 200.0])
@pytest.mark.parametrize("reached", [is_acknowledged, has_thread, has_answer])
async def test_the_question_is_answered_once_in_its_thread(
    reached: Callable[[Lives, Interaction], bool], away: float, tmp_path: Path
) -> None:
    async with on_lives(tmp_path, ANSWER, message_content=True) as lives:
        discord = lives.discord
        interaction = await ask(lives)
        await lives.stage.until(lambda: reached(lives, interaction))  # the reply to that is still on its way
        await lives.restart(away)
        await lives.until_quiet()
        thread = thread_of(interaction)
        assert [each.content for each in answers_in(lives, thread)] == [ANSWER]
        assert answers_in(lives, discord.general) == []
        assert (
            discord.calls.count("POST", "/channels/{}/messages/{}/threads")
            - discord.calls.count("POST", "/channels/{}/messages/{}/threads", status=400)
            == 1
        )
        assert await lives.service.store.answers.unfinished("discord") == []
        asked = len(lives.stage.model.asked)
        await discord.say(thread, discord.bob, "And then?")
        await lives.until_quiet()
        assert [turn.text for turn in lives.stage.model.asked[asked]] == ["Alice: Why?", ANSWER, "And then?"]


async def test_the_question_is_shown_when_it_is_written_down(tmp_path: Path) -> None:
    async with on_lives(tmp_path, ANSWER) as lives:
        async with slow_writes(lives.service.store):
            interaction = await ask(lives)
            await asyncio.sleep(0.4)
            assert interaction.responded_at is None
        await lives.stage.until(lambda: is_acknowledged(lives, interaction))
        await lives.restart()
        await lives.until_quiet()
        assert [each.content for each in answers_in(lives, thread_of(interaction))] == [ANSWER]


async def test_a_stop_while_the_thread_starts_is_said_in_the_thread(tmp_path: Path) -> None:
    async with on_lives(tmp_path, ANSWER) as lives:
        discord = lives.discord
        for _ in range(2):
            discord.drop_next("POST", "/channels/{}/messages/{}/threads")
        interaction = await ask(lives)
        await asyncio.sleep(1)
        stop = await discord.slash(discord.general, discord.alice, "stop")
        await lives.until_quiet()
        assert [each.content for each in stop.messages] == ["Stopped."]
        assert answers_in(lives, discord.general) == []
        (answer,) = answers_in(lives, thread_of(interaction))
        assert answer.content == DIALECT.marker(english(words.stopped_by(None)))
        assert lives.stage.model.asked == []


async def test_a_thread_that_fails_unexpectedly_leaves_no_answer_running(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object) -> None:
        raise discord_py.ClientException("unexpected")

    monkeypatch.setattr(thread_starts, "start", fail)
    async with on_lives(tmp_path, ANSWER) as lives:
        await ask(lives)
        await lives.until_quiet()
        assert lives.stage.shown() == []
        assert await lives.service.store.answers.unfinished("discord") == []


@pytest.mark.parametrize("times", [2, 4])
async def test_several_kills_start_no_second_thread(times: int, tmp_path: Path) -> None:
    async with on_lives(tmp_path, ANSWER) as lives:
        interaction = await ask(lives)
        await lives.stage.until(lambda: is_acknowledged(lives, interaction))
        for _ in range(times):
            await lives.restart(1)
            await asyncio.sleep(0.3)
        await lives.until_quiet()
        assert [each.content for each in answers_in(lives, thread_of(interaction))] == [ANSWER]
        assert answers_in(lives, lives.discord.general) == []


async def test_where_no_thread_can_be_started_any_more_it_is_answered_in_place(tmp_path: Path) -> None:
    async with on_lives(tmp_path, ANSWER) as lives:
        discord = lives.discord
        interaction = await ask(lives)
        await lives.stage.until(lambda: is_acknowledged(lives, interaction))
        lives.kill()
        no_threads = Overwrite(discord.bot_user.id, deny=Permission.CREATE_PUBLIC_THREADS, member=True)
        discord.set_overwrites(discord.general, no_threads)
        await lives.begin()
        await lives.until_quiet()
        (question,) = interaction.messages
        assert question.thread is None
        (answer,) = answers_in(lives, discord.general)
        assert answer.content == ANSWER
        assert answer.reply_to is question


async def test_a_question_that_was_never_shown_is_given_up(tmp_path: Path) -> None:
    async with on_lives(tmp_path, ANSWER) as lives:
        lives.discord.drop_next("POST", "/interactions/{}/{}/callback", Drop.BEFORE)
        interaction = await ask(lives)
        await lives.stage.until(lives.stage.answering.registry.running)
        assert interaction.responded_at is None
        await lives.restart(5)
        await lives.until_quiet()
        assert interaction.error is not None, "Discord has said that it failed"
        assert lives.stage.shown() == []
        assert await lives.service.store.answers.unfinished("discord") == []


async def test_a_question_that_was_deleted_meanwhile_is_given_up(tmp_path: Path) -> None:
    async with on_lives(tmp_path, ANSWER) as lives:
        interaction = await ask(lives)
        await lives.stage.until(lambda: is_acknowledged(lives, interaction))
        lives.kill()
        await lives.discord.delete(interaction.messages[0])
        await lives.begin()
        await lives.until_quiet()
        assert lives.stage.shown() == []
        assert await lives.service.store.answers.unfinished("discord") == []


async def test_an_old_question_says_in_its_thread_that_it_was_interrupted(tmp_path: Path) -> None:
    async with on_lives(tmp_path, ANSWER) as lives:
        interaction = await ask(lives)
        await lives.stage.until(lambda: is_acknowledged(lives, interaction))
        await lives.restart(3600)
        await lives.until_quiet()
        (answer,) = answers_in(lives, thread_of(interaction))
        assert answer.content == INTERRUPTED
        assert offers(answer) == ["again"]
        await lives.discord.press(answer, lives.discord.alice)
        await lives.until_quiet()
        assert [each.content for each in lives.stage.shown(thread_of(interaction))][-1] == ANSWER


@pytest.mark.parametrize("broken", [1, 2])
async def test_a_connection_that_breaks_starts_no_second_thread(broken: int, tmp_path: Path) -> None:
    async with on_lives(tmp_path, ANSWER) as lives:
        for _ in range(broken):
            lives.discord.drop_next("POST", "/channels/{}/messages/{}/threads")
        interaction = await ask(lives)
        await lives.until_quiet()
        assert [each.content for each in answers_in(lives, thread_of(interaction))] == [ANSWER]


@pytest.mark.parametrize("seed", range(12))
async def test_a_kill_at_any_moment_leaves_one_answer(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    text = "word " * 60
    async with on_lives(tmp_path, ScriptedModel([Script(pieces_of(text), pause=0.02)])) as lives:
        interaction = await ask(lives)
        for _ in range(chance.randint(1, 3)):
            await asyncio.sleep(chance.uniform(0.05, 1.2))
            await lives.restart(chance.choice([0.2, 5.0]))
        await lives.until_quiet()
        assert answers_in(lives, lives.discord.general) == []
        if interaction.responded_at is None:
            return
        (answer,) = answers_in(lives, thread_of(interaction))
        assert stop_buttons([answer]) == []
        assert answer.content == text.strip() or answer.content.endswith(INTERRUPTED)
