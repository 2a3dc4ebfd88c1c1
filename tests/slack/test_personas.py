"""Personas in Slack: what their placeholders stand for there, and what that costs."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.slack.lives import Lives, lives_in
from tests.support.scripted_model import ScriptedModel, model_of
from tests.support.services import Setup
from tickertape.memory.personas import Persona
from tickertape.sandbox.slack import ChannelKind

HERE = Persona("standard", "You are in <{channel}>.")


def told(model: ScriptedModel) -> list[str]:
    """Return the system prompts that the model was given."""
    return [conversation[0].text for conversation in model.asked]


async def ask(lives: Lives, where: str) -> None:
    slack = lives.slack
    channel = await slack.open_dm("alice") if where == "direct" else where
    await slack.say(channel, "alice", "Why?", mention_bot=where != "direct")
    await lives.settle()


@pytest.mark.parametrize(("where", "name"), [("general", "general"), ("secret", "secret"), ("direct", "")])
async def test_a_persona_is_told_the_channel(where: str, name: str, tmp_path: Path) -> None:
    model = model_of("An answer.")
    async with lives_in(tmp_path, Setup({"small": model}, personas=[HERE])) as lives:
        world = lives.slack.world
        world.add_channel("secret", [world.user("alice"), world.bot], ChannelKind.PRIVATE)
        for _ in range(2):
            await ask(lives, where)
        assert told(model) == [f"You are in <{name}>."] * 2
        assert len(lives.slack.calls_of("conversations.info")) == (1 if name else 0)


async def test_a_command_tells_the_channel_too(tmp_path: Path) -> None:
    model = model_of("An answer.")
    async with lives_in(tmp_path, Setup({"small": model}, personas=[HERE])) as lives:
        await lives.slack.slash("general", "alice", "/ask", "Why?")
        await lives.settle()
        assert told(model) == ["You are in <general>."]


async def test_a_channel_without_a_name_that_may_be_known_stays_empty_and_is_asked_for_once(
    tmp_path: Path,
) -> None:
    model = model_of("An answer.")
    async with lives_in(tmp_path, Setup({"small": model}, personas=[HERE])) as lives:
        lives.slack.scopes -= {"channels:read"}
        for _ in range(2):
            await ask(lives, "general")
        assert told(model) == ["You are in <>."] * 2
        assert len(lives.slack.calls_of("conversations.info")) == 1


async def test_a_slow_slack_holds_the_first_question_up_for_a_second_and_the_next_not_at_all(
    tmp_path: Path,
) -> None:
    model = model_of("An answer.")
    async with lives_in(tmp_path, Setup({"small": model}, personas=[HERE])) as lives:
        await ask(lives, "direct")  # alice is known now
        lives.slack.latency = 2.0
        asked = await lives.slack.say("general", "alice", "Why?", mention_bot=True)
        await lives.until(lambda: len(model.asked) == 2)
        assert lives.slack.world.clock.wall() - float(asked.ts) == pytest.approx(1.0, abs=0.1)
        await lives.settle()
        await ask(lives, "general")
        assert told(model)[1:] == ["You are in <>.", "You are in <general>."]


async def test_nobody_asks_for_a_name_that_no_persona_holds(tmp_path: Path) -> None:
    async with lives_in(tmp_path, Setup({"small": model_of("An answer.")})) as lives:
        await ask(lives, "general")
        assert lives.slack.calls_of("conversations.info") == []
