"""The options of /ask, and a message's menu."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.discord.lives import Lives, on_lives
from tests.discord.stage import offers
from tests.support.english import english
from tests.support.keys import person
from tests.support.scripted_model import Script, ScriptedModel, model_of, pieces_of
from tests.support.services import Setup
from tickertape.discord import words
from tickertape.rules.access import Access, Lists
from tickertape.rules.rulebook import Rules
from tickertape.sandbox.discord import File, Interaction, Overwrite, Permission
from tickertape.service import Everyday


async def ask(lives: Lives, **options: object) -> Interaction:
    """Use /ask in #general, and wait until everything has happened."""
    discord = lives.discord
    interaction = await discord.slash(discord.general, discord.alice, "ask", {"prompt": "Why?", **options})
    await lives.until_quiet()
    return interaction


def told(interaction: Interaction) -> str:
    """Return what the person is told in private."""
    (message,) = interaction.messages
    assert message.ephemeral
    return message.content


async def test_a_question_can_name_its_model(tmp_path: Path) -> None:
    large = model_of("Large.")
    setup = Setup({"small": model_of("Small."), "large": large})
    async with on_lives(tmp_path, setup=setup) as lives:
        discord = lives.discord
        typed = await discord.suggest(discord.general, discord.alice, "ask", "model", "l", {"prompt": "Why?"})
        interaction = await ask(lives, model="LARGE")
        unknown = await ask(lives, model="larg")
        assert [each["value"] for each in typed.choices] == ["large", "small"]
        assert [each.content for each in interaction.messages] == ["Large."]
        assert told(unknown) == "There is no such model. Did you mean large?"


async def test_a_model_that_is_not_for_everybody_is_refused(tmp_path: Path) -> None:
    rules = Rules(Access(models={"large": Lists(users=frozenset({person("discord:1")}))}))
    setup = Setup({"small": model_of("Small."), "large": model_of("Large.")}, everyday=Everyday(rules))
    async with on_lives(tmp_path, setup=setup) as lives:
        assert told(await ask(lives, model="large")).startswith("You may not use the model large")


async def test_an_answer_in_a_thread_of_its_own_goes_on_there(tmp_path: Path) -> None:
    async with on_lives(tmp_path, "Because.", message_content=True) as lives:
        discord = lives.discord
        interaction = await ask(lives, thread=True)
        (question,) = interaction.messages
        assert question.content == "> Why?"
        assert question.thread is not None
        assert question.thread.name == "Why?"
        (answer,) = [each for each in lives.stage.shown(question.thread) if not each.is_system]
        assert answer.content == "Because."
        await discord.say(question.thread, discord.bob, "And then?")
        await lives.until_quiet()
        assert [turn.text for turn in lives.stage.model.asked[1]] == ["Alice: Why?", "Because.", "And then?"]
        assert discord.bot_pings == []


async def test_an_answer_in_a_thread_is_repaired_there(tmp_path: Path) -> None:
    model = ScriptedModel([Script(pieces_of("word " * 100), pause=0.1)])
    async with on_lives(tmp_path, model) as lives:
        discord = lives.discord
        interaction = await discord.slash(
            discord.general, discord.alice, "ask", {"prompt": "Why?", "thread": True}
        )
        await lives.stage.until_running(50)
        await lives.restart()
        await lives.until_quiet()
        thread = interaction.messages[0].thread
        (answer,) = [each for each in lives.stage.shown(thread) if not each.is_system]
        assert answer.content.endswith("-# Interrupted: I had to restart.")
        assert offers(answer) == ["again"]


async def test_where_no_thread_can_be_started_that_is_said(tmp_path: Path) -> None:
    async with on_lives(tmp_path) as lives:
        discord = lives.discord
        dm = await discord.open_dm(discord.alice)
        in_dm = await discord.slash(dm, discord.alice, "ask", {"prompt": "Why?", "thread": True})
        no_threads = Overwrite(discord.bot_user.id, deny=Permission.CREATE_PUBLIC_THREADS, member=True)
        discord.set_overwrites(discord.general, no_threads)
        forbidden = await ask(lives, thread=True)
        assert told(in_dm) == told(forbidden) == english(words.NO_THREAD)
        discord.set_overwrites(discord.general)
        discord.fail_next("POST", "/channels/{}/messages/{}/threads", 403, code=50013)
        failed = await ask(lives, thread=True)
        assert [each.content for each in failed.messages] == [english(words.NO_THREAD)]
        assert told(await ask(lives, thread=True, private=True)) == english(words.THREAD_OR_PRIVATE)
        assert lives.stage.model.asked == []


async def test_a_private_answer_is_seen_by_its_asker_alone(tmp_path: Path) -> None:
    async with on_lives(tmp_path, "Because.") as lives:
        discord = lives.discord
        dm = await discord.open_dm(discord.alice)
        private = await discord.slash(dm, discord.alice, "ask", {"prompt": "A secret?", "private": True})
        await lives.until_quiet()
        assert told(private) == "Because."
        again = await discord.press(private.messages[0], discord.alice)
        await lives.until_quiet()
        assert told(again) == "Because."
        await discord.say(dm, discord.alice, "Why?")
        await lives.until_quiet()
        assert [turn.text for turn in lives.stage.model.asked[-1]] == ["Why?"]


@pytest.mark.parametrize("away", [1.0, 3600.0])
async def test_a_private_answer_is_ended_while_its_token_lives(away: float, tmp_path: Path) -> None:
    model = ScriptedModel([Script(pieces_of("word " * 100), pause=0.1)])
    async with on_lives(tmp_path, model) as lives:
        discord = lives.discord
        interaction = await discord.slash(
            discord.general, discord.alice, "ask", {"prompt": "Why?", "private": True}
        )
        await lives.stage.until_running(50)
        await lives.restart(away)
        await lives.until_quiet()
        assert told(interaction).endswith("Interrupted: I had to restart.") is (away < 900)
        assert await lives.service.store.answers.unfinished("discord") == []


async def test_a_question_about_a_message_brings_its_text_and_its_files(tmp_path: Path) -> None:
    log = File("build.log", b"missing semicolon", "text/plain; charset=utf-8")
    async with on_lives(tmp_path, "Because.") as lives:
        discord = lives.discord
        message = await discord.say(discord.general, discord.bob, "The build\nis red.", files=[log])
        chosen = await discord.message_command(message, discord.alice, english(words.ABOUT))
        await lives.stage.until(lambda: chosen.modal)
        submitted = await discord.submit(chosen, {})
        await lives.until_quiet()
        assert [each.content for each in submitted.messages] == ["Because."]
        (turn,) = lives.stage.model.asked[0]
        assert turn.text.endswith("Bob wrote:\n> The build\n> is red.\n\nExplain this")
        assert "missing semicolon" in turn.text


async def test_the_commands_are_registered_once(tmp_path: Path) -> None:
    async with on_lives(tmp_path) as lives:
        await lives.restart()
        assert lives.discord.calls.count("PUT", "/applications/{}/commands") == 1
