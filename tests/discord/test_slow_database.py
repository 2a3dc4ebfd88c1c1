"""A database that is slow or takes nothing: commands and buttons are acknowledged in time, and say what came of it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tests.discord.lives import Lives, on_lives
from tests.support.english import english
from tests.support.keys import person
from tests.support.scripted_model import model_of
from tests.support.services import Setup
from tests.support.slow_database import slow_reads, slow_writes
from tickertape.discord import words
from tickertape.durable.store.errors import DatabaseReadOnly
from tickertape.durable.store.records import Choice
from tickertape.languages import words as core_words
from tickertape.rules.access import Access, Lists
from tickertape.rules.quota import Limits, Scope
from tickertape.rules.rulebook import Rules
from tickertape.sandbox.discord import Interaction
from tickertape.service import Everyday

LIMIT = 3.0
"""Seconds for the first response to an interaction (API documentation, interactions)."""

OUTAGE = 20.0


async def press(lives: Lives, offer: str) -> Interaction:
    """Ask, and let alice press a button of the answer."""
    await lives.stage.ask("Why?")
    await lives.until_quiet()
    message = lives.stage.shown()[-1]
    (custom_id,) = [each["custom_id"] for each in message.buttons if f":{offer}:" in each["custom_id"]]
    return await lives.discord.press(message, lives.discord.alice, custom_id)


async def command(lives: Lives, name: str, options: dict[str, Any]) -> Interaction:
    dm = await lives.discord.open_dm(lives.discord.alice)
    return await lives.discord.slash(dm, lives.discord.alice, name, options)


def said(interaction: Interaction) -> str:
    """Return the one private sentence that came of an interaction, which was acknowledged in time."""
    assert interaction.error is None
    assert interaction.responded_at is not None
    assert interaction.responded_at - interaction.at < LIMIT
    (message,) = interaction.messages
    assert message.ephemeral
    assert not message.loading
    return message.content


async def test_an_opinion_is_acknowledged_in_time_and_kept_when_the_database_is_back(tmp_path: Path) -> None:
    async with on_lives(tmp_path, "Because.") as lives:
        store = lives.service.store
        await lives.stage.ask("Why?")
        await lives.until_quiet()
        (message,) = lives.stage.shown()
        (good,) = (each["custom_id"] for each in message.buttons if ":good:" in each["custom_id"])
        async with slow_writes(store):
            pressed = await lives.discord.press(message, lives.discord.alice, good)
            await asyncio.sleep(OUTAGE)
            assert pressed.deferred
        await lives.until_quiet()
        assert said(pressed) == "Thank you, noted."
        ratings = await store.answers.ratings(good.rpartition(":")[2])
        assert [each.value for each in ratings.values()] == ["good"]


@pytest.mark.parametrize(
    ("name", "options", "sentence"),
    [
        ("model", {"name": "large"}, "From now on, large answers in this conversation."),
        ("forget", {}, "Forgotten: 2 messages."),
        ("forget", {"everything": True}, "Forgotten: 2 messages."),
    ],
)
async def test_a_command_says_what_came_of_it_when_that_is_known(
    name: str, options: dict[str, Any], sentence: str, tmp_path: Path
) -> None:
    setup = Setup({"small": model_of("Small."), "large": model_of("Large.")})
    async with on_lives(tmp_path, setup=setup) as lives:
        dm = await lives.discord.open_dm(lives.discord.alice)
        await lives.discord.say(dm, lives.discord.alice, "Why?")
        await lives.until_quiet()
        async with slow_writes(lives.service.store):
            used = await command(lives, name, options)
            await asyncio.sleep(OUTAGE)
            assert used.deferred
            assert [each.content for each in used.messages] == [""]
        await lives.until_quiet()
        assert said(used) == sentence


async def test_a_database_that_takes_nothing_is_said_and_nothing_is_done_later(tmp_path: Path) -> None:
    setup = Setup({"small": model_of("Small."), "large": model_of("Large.")})
    async with on_lives(tmp_path, setup=setup) as lives:
        store = lives.service.store
        pressed_before = await press(lives, "good")
        await lives.until_quiet()
        assert said(pressed_before) == "Thank you, noted."
        answer = lives.stage.shown()[0].buttons[0]["custom_id"].rpartition(":")[2]
        await store._database.write(lambda connection: connection.exec_driver_sql("PRAGMA query_only=ON"))
        bad = await lives.discord.press(
            lives.stage.shown()[0], lives.discord.alice, f"tickertape:bad:{answer}"
        )
        chosen = await command(lives, "model", {"name": "large"})
        await asyncio.sleep(OUTAGE)
        assert said(bad) == said(chosen) == english(DatabaseReadOnly.sentence)
        await store._database.writer._engine.dispose()  # the setting goes with the connection
        await lives.until_quiet()
        assert [each.value for each in (await store.answers.ratings(answer)).values()] == ["good"]
        assert await store.preferences.get(Choice.MODEL, f"discord:{chosen.channel.id}") is None


@pytest.mark.parametrize("offer", ["again", "ask"])
async def test_what_may_not_be_known_in_time_is_not_done(offer: str, tmp_path: Path) -> None:
    model = model_of("Because.")
    limits = (Limits(Scope.USER, at_once=1, per_hour=100),)
    async with on_lives(
        tmp_path, setup=Setup({"small": model}, everyday=Everyday(Rules(Access(), limits)))
    ) as lives:
        await lives.stage.ask("Why?")
        await lives.until_quiet()
        (message,) = lives.stage.shown()

        async def used() -> Interaction:
            if offer == "ask":
                return await lives.stage.slash("How?")
            (again,) = [each["custom_id"] for each in message.buttons if "again" in each["custom_id"]]
            return await lives.discord.press(message, lives.discord.alice, again)

        async with slow_reads(lives.service.store):
            slow = await used()
            await asyncio.sleep(OUTAGE / 4)
            assert said(slow) == english(core_words.TOO_SLOW)
        await lives.until_quiet()
        assert len(model.asked) == 1
        quick = await used()
        await lives.until_quiet()
        assert [each.content for each in quick.messages] == ["Because."], (
            "what was refused counts for no limit"
        )
        assert len(model.asked) == 2


async def test_figures_and_their_export_come_when_the_database_tells_them(tmp_path: Path) -> None:
    async with on_lives(tmp_path, "Because.") as lives:
        admins = Lists(users=frozenset({person(f"discord:{lives.discord.alice.id}")}))
        lives.setup = Setup({"small": model_of("Because.")}, everyday=Everyday(Rules(Access(admins=admins))))
        await lives.restart()
        async with slow_reads(lives.service.store):
            figures = await command(lives, "usage", {})
            export = await command(lives, "usage", {"export": True})
            await asyncio.sleep(OUTAGE)
            assert figures.deferred
            assert export.deferred
        await lives.until_quiet()
        assert said(figures).startswith("**Your answers**")
        assert said(export) == english(words.EXPORTED)
        assert [each.filename for each in export.messages[0].attachments] == ["usage.csv"]
