"""A bot that is killed at any moment, and the next one that ends what it left: messages and native streams."""

from __future__ import annotations

import asyncio
import json
import random
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.slack.lives import Lives, is_live, lives_in
from tests.slack.stage import has_button, text_of
from tests.support.english import english
from tests.support.scripted_model import Script, ScriptedModel, pieces_of
from tests.support.services import Setup
from tickertape.durable.repair import RepairSettings
from tickertape.languages import words
from tickertape.sandbox.slack import Message
from tickertape.service import Everyday

TEXT = "".join(f"Sentence number {n} of the answer. " for n in range(60)).strip()
LONG = "".join(f"Sentence number {n} of the answer. " for n in range(900)).strip()
INTERRUPTED = f"_{english(words.INTERRUPTED)}_"


def setup_of(model: ScriptedModel, repair: RepairSettings | None = None) -> Setup:
    return Setup({"small": model}, everyday=Everyday(repair=repair or RepairSettings()))


async def ask(lives: Lives, *, direct: bool) -> Message:
    if direct:
        return await lives.slack.say(await lives.slack.open_dm("alice"), "alice", "Why?")
    return await lives.slack.say("general", "alice", "Why?", mention_bot=True)


def text_shown(messages: list[Message]) -> str:
    """Return what people see of the model's text, in one line."""
    shown = " ".join(text_of(message) for message in messages).replace(english(words.THINKING), "")
    return " ".join(shown.replace(INTERRUPTED, "").split())


def assert_ended_well(lives: Lives, text: str, seen: str) -> None:
    """Fail if anything that people had seen is gone, doubled or left as it was in mid-stream."""
    messages = lives.shown()
    assert messages, "the question was acknowledged, or came again"
    shown = text_shown(messages)
    assert not any(has_button(message) or is_live(message) for message in messages)
    assert text.startswith(shown)
    assert shown == text or text_of(messages[-1]).endswith(INTERRUPTED)
    assert len(shown) >= len(seen), "what people had seen stays"
    assert all(session.status == "active" for session in lives.slack.world.sessions.values())
    assert not any(lives.slack.world.status(*thread) for thread in lives.slack.world.statuses), (
        "nothing seems to be thought"
    )


@pytest.mark.parametrize("direct", [False, True], ids=["mention", "direct"])
@pytest.mark.parametrize("seed", range(8))
async def test_a_kill_at_any_moment_leaves_nothing_half_written_and_nothing_doubled(
    seed: int, direct: bool, tmp_path: Path
) -> None:
    chance = random.Random(seed)
    text = chance.choice([TEXT, TEXT, LONG])
    size = 12 if text is TEXT else 400
    model = ScriptedModel([Script(pieces_of(text, size), pause=chance.choice([0.01, 0.1, 1.5]))])
    async with lives_in(tmp_path, setup_of(model)) as lives:
        await ask(lives, direct=direct)
        seen = ""
        for _ in range(chance.randint(1, 2)):
            await asyncio.sleep(chance.choice([chance.uniform(0, 0.6), chance.uniform(0, 20)]))
            lives.kill()
            await asyncio.sleep(chance.choice([0.5, 5.0]))
            seen = text_shown(lives.shown())
            await lives.begin()
            for kind in ("app_mention", "message"):
                for delivery in lives.slack.events(kind)[:1]:
                    lives.slack.redeliver(delivery)
        await lives.settle()
        assert_ended_well(lives, text, seen)


@pytest.mark.parametrize("direct", [False, True], ids=["mention", "direct"])
async def test_a_recent_prompt_is_answered_in_the_message_that_held_its_place(
    direct: bool, tmp_path: Path
) -> None:
    model = ScriptedModel([Script([], hold=True), Script([TEXT])])
    async with lives_in(tmp_path, setup_of(model)) as lives:
        asked = await ask(lives, direct=direct)
        await asyncio.sleep(3)
        assert [text_of(message) for message in lives.shown()] == (
            [] if direct else [english(words.THINKING)]
        )
        lives.kill()
        await asyncio.sleep(30)
        await lives.begin()
        await lives.settle()
        (message,) = lives.shown()
        assert (text_of(message), message.thread_ts) == (TEXT, asked.ts)
        assert_ended_well(lives, TEXT, TEXT)


async def test_a_place_as_it_was_written_once_is_understood(tmp_path: Path) -> None:
    model = ScriptedModel([Script([], hold=True), Script([TEXT])])
    async with lives_in(tmp_path, setup_of(model)) as lives:
        asked = await ask(lives, direct=False)
        await lives.until(lives.shown)
        await asyncio.sleep(3)
        lives.kill()
        with closing(sqlite3.connect(lives.file)) as database, database:
            ((surface,),) = database.execute("SELECT surface FROM answers").fetchall()
            stored = json.loads(surface)
            beside = json.dumps({**stored.pop("prompt"), **stored})
            database.execute("UPDATE answers SET surface = ?", (beside,))
        await lives.begin()
        await lives.settle()
        (message,) = lives.shown()
        assert (text_of(message), message.thread_ts) == (TEXT, asked.ts)


async def test_an_old_prompt_is_told_that_it_was_interrupted_even_if_nobody_noted_its_message(
    tmp_path: Path,
) -> None:
    model = ScriptedModel([Script([], hold=True)])
    async with lives_in(tmp_path, setup_of(model, RepairSettings(answer_again=False))) as lives:
        await ask(lives, direct=False)
        await lives.until(lives.shown)
        lives.kill()  # Slack's answer to the first message is still under way
        await asyncio.sleep(5)
        await lives.begin()
        await lives.settle()
        (message,) = lives.shown()
        assert text_of(message) == INTERRUPTED
        assert not has_button(message)


async def test_thinking_is_taken_back_when_an_old_prompt_is_given_up(tmp_path: Path) -> None:
    model = ScriptedModel([Script([], hold=True)])
    async with lives_in(tmp_path, setup_of(model, RepairSettings(answer_again=False))) as lives:
        asked = await ask(lives, direct=True)
        await asyncio.sleep(1)
        world = lives.slack.world
        assert world.status(asked.channel, asked.ts)
        lives.kill()
        await lives.begin()
        await lives.settle()
        assert [text_of(message) for message in lives.shown()] == [INTERRUPTED]
        assert world.status(asked.channel, asked.ts) == ""
        assert world.sessions[asked.channel, asked.ts].status == "active"


async def test_a_stream_whose_start_nobody_noted_is_found(tmp_path: Path) -> None:
    model = ScriptedModel([Script(pieces_of(TEXT, 40), pause=0.5)])
    async with lives_in(tmp_path, setup_of(model)) as lives:
        await ask(lives, direct=True)
        await lives.until(lives.shown)
        lives.kill()
        await asyncio.sleep(2)
        await lives.begin()
        await lives.settle()
        (message,) = lives.shown()
        assert text_of(message).endswith(INTERRUPTED)
        assert not is_live(message)


async def test_a_stream_that_slack_does_not_let_go_at_once_is_waited_for(tmp_path: Path) -> None:
    model = ScriptedModel([Script(pieces_of(TEXT, 40), pause=0.5)])
    async with lives_in(tmp_path, setup_of(model)) as lives:
        await ask(lives, direct=True)
        await asyncio.sleep(6)
        lives.kill()
        lives.slack.fail_next("chat.update", error="streaming_state_conflict", times=3)
        seen = text_shown(lives.shown())
        await lives.begin()
        await lives.settle()
        assert_ended_well(lives, TEXT, seen)
