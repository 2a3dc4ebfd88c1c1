"""A process that is killed at any moment, and the next one that ends what it left."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path

import pytest

from tests.discord.lives import Lives, on_lives
from tests.discord.stage import offers, stop_buttons, text_of
from tests.support.english import english
from tests.support.scripted_model import Script, ScriptedModel, pieces_of
from tests.support.services import Setup
from tickertape.discord.showing.dialect import DIALECT
from tickertape.durable.repair import RepairSettings
from tickertape.durable.store.records import AnswerRecord
from tickertape.languages import words
from tickertape.sandbox.discord import Message
from tickertape.service import Everyday

TEXT = text_of(4_300)
INTERRUPTED = DIALECT.marker(english(words.INTERRUPTED))


def joined(messages: list[Message]) -> str:
    """Return what people see of the model's text."""
    text = "\n\n".join(each.content for each in messages if each.content != english(words.THINKING))
    return " ".join(text.removesuffix(INTERRUPTED).split())


def assert_ended_well(messages: list[Message], seen: str, text: str) -> None:
    """Fail if anything that people had seen is gone, doubled, or left as it was in mid-stream."""
    assert messages, "there is an answer"
    assert stop_buttons(messages) == []
    assert not any(each.loading for each in messages)
    shown, whole = joined(messages), " ".join(text.split())
    assert shown == whole or messages[-1].content.endswith(INTERRUPTED)
    assert whole.startswith(shown)
    assert len(shown) >= len(seen), "what people had seen stays"


@pytest.mark.parametrize("seed", range(12))
async def test_a_kill_at_any_moment_leaves_nothing_half_written_and_nothing_doubled(
    seed: int, tmp_path: Path
) -> None:
    chance = random.Random(seed)
    pause = chance.choice([0.02, 0.1, 4.0])
    async with on_lives(tmp_path, ScriptedModel([Script(pieces_of(TEXT, 40), pause=pause)])) as lives:
        dm = await lives.discord.open_dm(lives.discord.alice)
        mentioned = await lives.stage.ask("Why?")
        await lives.discord.say(dm, lives.discord.alice, "Why?")
        interaction = await lives.stage.slash("Why?", lives.discord.bob)
        for _ in range(chance.randint(1, 2)):
            await asyncio.sleep(chance.choice([chance.uniform(0.1, 0.6), chance.uniform(0.1, 14)]))
            seen = joined(replies(lives, mentioned)), joined(interaction.messages)
            await lives.restart(chance.choice([0.5, 5.0]))
        await lives.until_quiet()
        if replies(lives, mentioned):
            assert_ended_well(replies(lives, mentioned), seen[0], TEXT)
        assert_ended_well(lives.stage.shown(dm), "", TEXT)
        if interaction.deferred:
            assert_ended_well(interaction.messages, seen[1], TEXT)
        assert lives.discord.bot_pings == []


def replies(lives: Lives, mentioned: Message) -> list[Message]:
    """Return the messages of the answer to a mention: those of the bot that no command led to."""
    shown = [each for each in lives.stage.shown() if each.interaction is None]
    assert all(each.reply_to in {None, mentioned} for each in shown)
    return shown


async def test_an_interrupted_answer_offers_to_be_asked_again(tmp_path: Path) -> None:
    async with on_lives(tmp_path, ScriptedModel([Script(pieces_of(TEXT, 40), pause=0.2)])) as lives:
        await lives.stage.ask()
        await lives.stage.until_running(500)
        await lives.restart()
        await lives.until_quiet()
        (message,) = lives.stage.shown()
        assert message.content.endswith(INTERRUPTED)
        assert offers(message) == ["again"]


@pytest.mark.parametrize("slash", [False, True])
async def test_a_recent_prompt_is_answered_in_the_message_that_held_its_place(
    slash: bool, tmp_path: Path
) -> None:
    model = ScriptedModel([Script([], hold=True), Script(["Because."])])
    async with on_lives(tmp_path, model) as lives:
        await (lives.stage.slash() if slash else lives.stage.ask())
        (held,) = await lives.stage.until(
            lambda: [each for each in lives.stage.shown() if each.content == english(words.THINKING)]
        )
        await lives.restart(60)
        await lives.until_quiet()
        assert lives.stage.shown() == [held]
        assert held.content == "Because."
        assert len(model.asked) == 2


async def test_a_deferred_response_is_filled_by_the_next_process(tmp_path: Path) -> None:
    async with on_lives(tmp_path, "Because.") as lives:
        interaction = await lives.stage.slash()
        await lives.stage.until(lambda: interaction.deferred)  # the reply to that is still on its way
        await lives.restart(10)
        await lives.until_quiet()
        (message,) = interaction.messages
        assert message.content == "Because."


@pytest.mark.parametrize(("takes", "deferred"), [(0.4, False), (10.0, True)])
async def test_a_response_is_deferred_when_the_next_process_would_know_of_it_or_when_discord_waits_no_longer(
    takes: float, deferred: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with on_lives(tmp_path, "Because.") as lives:
        answers = lives.service.store.answers
        begin = answers.begin

        async def slow(record: AnswerRecord) -> bool:
            await asyncio.sleep(takes)
            return await begin(record)

        monkeypatch.setattr(answers, "begin", slow)
        interaction = await lives.stage.slash()
        await asyncio.sleep(takes - 0.1 if not deferred else 2.0)
        assert interaction.deferred is deferred
        lives.kill()
        await lives.begin()
        await lives.until_quiet()
        assert [each.loading for each in interaction.messages] == [True] * deferred


async def test_a_deferred_response_that_is_too_old_says_that_it_was_interrupted(tmp_path: Path) -> None:
    setup = Setup(
        {"small": ScriptedModel([Script([], hold=True)])},
        everyday=Everyday(repair=RepairSettings(answer_again=False)),
    )
    async with on_lives(tmp_path, setup=setup) as lives:
        interaction = await lives.stage.slash()
        await lives.stage.until(lambda: interaction.deferred)
        await lives.restart(10)
        await lives.until_quiet()
        (message,) = interaction.messages
        assert message.content == INTERRUPTED
        assert not message.loading


@pytest.mark.parametrize("slash", [False, True])
@pytest.mark.parametrize("away", [1.0, 3600.0])
async def test_a_message_that_was_being_created_is_found_and_ended(
    slash: bool, away: float, tmp_path: Path
) -> None:
    model = ScriptedModel([Script(pieces_of(text_of(300), 100), pause=0.1, finish=None, hold=True)])
    async with on_lives(tmp_path, model) as lives:
        await (lives.stage.slash() if slash else lives.stage.ask())
        await lives.stage.until(lambda: [each for each in lives.stage.shown() if each.content])
        lives.kill()  # the reply to the create is still on its way
        await asyncio.sleep(away)
        await lives.begin()
        await lives.until_quiet()
        (message,) = lives.stage.shown()
        assert message.content.endswith(INTERRUPTED)
        assert stop_buttons([message]) == []


async def test_a_commands_answer_goes_on_through_the_channel_once_its_token_has_expired(
    tmp_path: Path,
) -> None:
    async with on_lives(tmp_path, ScriptedModel([Script(pieces_of(TEXT, 40), pause=0.2)])) as lives:
        interaction = await lives.stage.slash()
        await lives.stage.until_running(2_500)
        await lives.restart(1000)
        await lives.until_quiet()
        assert_ended_well(interaction.messages, "", TEXT)


async def test_a_place_that_is_gone_holds_nothing_up(tmp_path: Path) -> None:
    async with on_lives(tmp_path, ScriptedModel([Script(pieces_of(TEXT, 40), pause=0.2)])) as lives:
        thread = lives.discord.add_thread(lives.discord.general, "side", lives.discord.alice)
        await lives.stage.ask(channel=thread)
        await lives.stage.ask()
        await lives.stage.until_running(500)
        lives.kill()
        lives.discord.delete_channel(thread)
        await lives.begin()
        await lives.until_quiet()
        assert await lives.service.store.answers.unfinished("discord") == []
