"""Nothing that was acknowledged is lost: Slack hears of it when it is written down, and asks again when it is not."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.slack.lives import Lives, lives_in
from tests.slack.stage import assert_answer, text_of
from tests.support.english import english
from tests.support.scripted_model import model_of
from tests.support.services import Setup
from tickertape.durable.store.errors import DatabaseUnreachable
from tickertape.languages import words
from tickertape.sandbox.slack import Message
from tickertape.slack.acknowledging import ACKNOWLEDGED_AFTER
from tickertape.slack.settings import Mode

both_modes = pytest.mark.parametrize("mode", list(Mode), ids=lambda mode: mode.name)
ways = pytest.mark.parametrize("way", ["mention", "direct", "follow-up"])

TEXT = "It is so because it is so."


async def prepare(lives: Lives, way: str) -> tuple[Message | None, int]:
    """Let the bot take part in a thread, if there has to be one; return its root, and how many messages it wrote."""
    if way != "follow-up":
        return None, 0
    root = await lives.slack.say("general", "alice", "Earlier?", mention_bot=True)
    await lives.settle()
    return root, len(lives.shown())


async def ask(lives: Lives, way: str, root: Message | None = None) -> Message:
    """Ask in one of the ways that Slack tells again."""
    slack = lives.slack
    if way == "direct":
        return await slack.say(await slack.open_dm("alice"), "alice", "Why?")
    return await slack.say(
        "general",
        "alice",
        "Why?",
        mention_bot=way == "mention",
        thread_ts=None if root is None else root.ts,
    )


def answers(lives: Lives, before: int) -> list[Message]:
    """Return what the bot wrote since."""
    return lives.shown()[before:]


@both_modes
@ways
async def test_a_question_that_was_not_written_down_is_answered_when_it_comes_again(
    way: str, mode: Mode, tmp_path: Path
) -> None:
    model = model_of(TEXT)
    async with lives_in(tmp_path, Setup({"small": model}), mode=mode) as lives:
        root, before = await prepare(lives, way)
        async with lives.slow_database():
            await ask(lives, way, root)
            await asyncio.sleep(ACKNOWLEDGED_AFTER - 0.5)
            assert lives.slack.unacked
            lives.kill()
        await lives.begin()
        await lives.until(lambda: answers(lives, before), 120)
        await asyncio.sleep(400)  # until Slack's last retry
        await lives.settle()
        assert_answer(answers(lives, before), TEXT)
        assert lives.slack.unacked == []


@both_modes
@ways
async def test_a_question_that_was_written_down_but_not_acknowledged_is_answered_once(
    way: str, mode: Mode, tmp_path: Path
) -> None:
    model = model_of(TEXT, pause=1.0)
    async with lives_in(tmp_path, Setup({"small": model}), mode=mode) as lives:
        root, before = await prepare(lives, way)
        registry = lives.now.service.answering.registry
        async with lives.slow_database():
            await ask(lives, way, root)
            (answer,) = await lives.until(registry.running)
        await answer.recorded.wait()
        assert lives.slack.unacked
        lives.kill()
        await lives.begin()
        await asyncio.sleep(400)
        await lives.settle()
        assert_answer(answers(lives, before), TEXT)
        assert lives.slack.unacked == []


@both_modes
async def test_a_database_that_is_too_slow_costs_memory_and_no_answer(mode: Mode, tmp_path: Path) -> None:
    model = model_of(TEXT)
    async with lives_in(tmp_path, Setup({"small": model}), mode=mode) as lives:
        async with lives.slow_database():
            asked = await ask(lives, "mention")
            await lives.until(lambda: lives.shown() and text_of(lives.shown()[-1]).startswith(TEXT))
        await lives.settle()
        forgets = english(words.not_remembered(DatabaseUnreachable.sentence))
        assert_answer([one for one in lives.shown() if one.thread_ts == asked.ts], TEXT, forgets)
        assert len(model.asked) == 1
        assert lives.slack.unacked == []
        took = [one.attempts[0].acked_at - one.attempts[0].sent_at for one in lives.slack.deliveries]  # type: ignore[operator]  # acknowledged, all of them
        assert max(took) == pytest.approx(ACKNOWLEDGED_AFTER, abs=0.1)


@both_modes
async def test_a_command_that_was_not_written_down_is_no_success_to_its_user(
    mode: Mode, tmp_path: Path
) -> None:
    async with lives_in(tmp_path, Setup({"small": model_of(TEXT)}), mode=mode) as lives:
        async with lives.slow_database():
            using = asyncio.create_task(lives.slack.slash("general", "alice", "/ask", "Why?"))
            await asyncio.sleep(ACKNOWLEDGED_AFTER - 0.5)
            lives.kill()
            assert (await using).error is not None
        await lives.begin()
        used = await lives.slack.slash("general", "alice", "/ask", "Why?")
        assert used.error is None
        await lives.settle()
        assert_answer(lives.shown()[-1:], TEXT)
