"""People on Discord are spoken to in their own language, side by side, and after a restart too."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.discord.lives import Lives, on_lives
from tests.support.scripted_model import Script, ScriptedModel, model_of, pieces_of
from tests.support.services import Setup
from tickertape.languages import Language, Languages
from tickertape.rules.quota import Limits, Scope
from tickertape.rules.rulebook import Rules
from tickertape.sandbox.discord import Interaction, Message, Overwrite, Permission
from tickertape.service import Everyday

LONG = ScriptedModel([Script(pieces_of("word " * 100), pause=0.1)])
GERMAN = Languages(Language("de"))


@asynccontextmanager
async def with_a_german(
    folder: Path, model: ScriptedModel, everyday: Everyday | None = None
) -> AsyncIterator[Lives]:
    """Yield a world in which Alice's app is German and Bob's is not."""
    async with on_lives(folder, setup=Setup({"small": model}, everyday=everyday or Everyday())) as lives:
        lives.discord.alice.locale = "de"
        yield lives


async def ask(lives: Lives, *, german: bool, **options: Any) -> Interaction:  # noqa: ANN401 - a command's options
    user = lives.discord.alice if german else lives.discord.bob
    return await lives.discord.slash(lives.discord.general, user, "ask", {"prompt": "Why?", **options})


def labels(message: Message) -> list[str | None]:
    return [button.get("label") for button in message.buttons]


def said(interaction: Interaction) -> str:
    return "\n".join(message.content for message in interaction.messages)


async def test_an_answers_buttons_placeholder_and_end_are_in_its_askers_language(tmp_path: Path) -> None:
    model = ScriptedModel([Script([], hold=True)] * 2)
    async with with_a_german(tmp_path, model) as lives:
        german, english = await ask(lives, german=True), await ask(lives, german=False)
        await asyncio.sleep(5)
        assert (said(german), labels(german.messages[0])) == ("Ich denke nach …", ["Stopp"])
        assert (said(english), labels(english.messages[0])) == ("Thinking…", ["Stop"])
        for interaction in (german, english):
            await lives.discord.press(interaction.messages[0], interaction.user)
        await lives.until_quiet()
        assert (said(german), labels(german.messages[0])) == ("-# Gestoppt.", ["Noch einmal"])
        assert (said(english), labels(english.messages[0])) == ("-# Stopped.", ["Again"])


async def test_after_a_restart_each_is_told_in_their_language(tmp_path: Path) -> None:
    async with with_a_german(tmp_path, LONG) as lives:
        german, english = await ask(lives, german=True), await ask(lives, german=False)
        await lives.stage.until_running(50)
        await lives.restart()
        await lives.until_quiet()
        assert said(german).endswith("\n\n-# Unterbrochen: Ich musste neu starten.")
        assert said(english).endswith("\n\n-# Interrupted: I had to restart.")
        assert labels(german.messages[-1]) == ["Noch einmal"]
        assert labels(english.messages[-1]) == ["Again"]


async def test_an_end_that_the_process_did_not_live_to_show_is_told_in_the_askers_language(
    tmp_path: Path,
) -> None:
    model = ScriptedModel([Script(["Because"], hold=True)])
    async with with_a_german(tmp_path, model) as lives:
        german = await ask(lives, german=True)
        await lives.stage.until(lambda: "Because" in said(german))
        lives.discord.delay_next("PATCH", "/webhooks/{}/{}/messages/{}", 30)
        (answer,) = lives.stage.answering.registry.running()
        lives.stage.answering.stop(answer, "Ada")
        await asyncio.sleep(1)
        await lives.restart(60)
        await lives.until_quiet()
        assert said(german) == "Because\n\n-# Gestoppt von Ada."


async def test_refusals_and_replies_are_in_the_language_of_whoever_used_the_command(tmp_path: Path) -> None:
    rules = Rules(limits=(Limits(Scope.USER, per_hour=1),))
    async with with_a_german(tmp_path, model_of("Because."), Everyday(rules)) as lives:
        discord = lives.discord
        for german in (True, False):
            await ask(lives, german=german)
            await lives.until_quiet()
        again = [await ask(lives, german=german) for german in (True, False)]
        await lives.until_quiet()
        refused = list(map(said, again))
        assert refused[0].startswith(
            "Ich schreibe höchstens eine Antwort pro Stunde für dich. Bitte frag in "
        )
        assert refused[1].startswith("I write at most 1 answer for you in an hour. Please ask again in ")
        expected: dict[str, tuple[str, str]] = {
            "help": ("**Fragen**: mit `/ask`", "**Ask** with `/ask`"),
            "usage": (
                "**Deine Antworten**\n- Letzte 24 Stunden, small: 1 Antwort, ",
                "**Your answers**\n- Last",
            ),
            "stop": ("Hier schreibe ich gerade keine", "No answer of yours"),
            "model": (
                "Diese Modelle kannst du hier wählen:\n- **small** ✓",
                "Models that you can choose here:",
            ),
        }
        for name, beginnings in expected.items():
            for user, beginning in zip((discord.alice, discord.bob), beginnings, strict=True):
                used = await discord.slash(discord.general, user, name)
                await lives.stage.until(partial(said, used))
                assert said(used).startswith(beginning)


async def test_the_form_about_a_message_is_in_the_language_of_whoever_opens_it(tmp_path: Path) -> None:
    async with with_a_german(tmp_path, model_of("Because.")) as lives:
        discord = lives.discord
        message = await discord.say(discord.general, discord.bob, "The build is red.")
        for user, title in ((discord.alice, "Dazu etwas fragen"), (discord.bob, "Ask about this")):
            chosen = await discord.message_command(message, user, "Ask about this")
            modal = await lives.stage.until(partial(getattr, chosen, "modal"))
            assert modal["title"] == title


async def test_messages_are_answered_in_a_communitys_language_else_in_the_owners(tmp_path: Path) -> None:
    """Discord does not tell the language of a message's author; that of other servers is no choice of theirs."""
    async with on_lives(tmp_path, model_of("Because.")) as lives:
        discord = lives.discord
        for community, owners, label in (
            (True, Languages(), "Noch einmal"),
            (False, Languages(), "Again"),
            (False, GERMAN, "Noch einmal"),
        ):
            discord.guild.locale = "de" if community else "en-US"
            discord.guild.features = ("COMMUNITY",) if community else ()
            lives.setup = Setup({"small": model_of("Because.")}, everyday=Everyday(languages=owners))
            await lives.restart()
            await lives.stage.ask()
            await lives.until_quiet()
            assert labels(lives.stage.shown()[-1])[0] == label


async def test_a_missing_permission_is_told_by_its_name_in_the_readers_discord(tmp_path: Path) -> None:
    async with on_lives(tmp_path, model_of("Because.")) as lives:
        discord = lives.discord
        discord.guild.locale, discord.guild.features = "de", ("COMMUNITY",)
        await lives.restart()
        nobody = Overwrite(discord.bot_user.id, deny=Permission.SEND_MESSAGES, member=True)
        discord.set_overwrites(discord.general, nobody)
        await lives.stage.ask()
        dm = await discord.open_dm(discord.alice)
        (told,) = await lives.stage.until(lambda: lives.stage.shown(dm))
        assert told.content == (
            f"In <#{discord.general.id}> kann ich nicht antworten: Mir fehlt dort das Recht „Nachrichten senden“. "
            "Sag bitte der Moderation Bescheid."
        )


@pytest.mark.parametrize("owners", [Languages(), GERMAN])
async def test_commands_are_registered_once_with_their_translations(
    owners: Languages, tmp_path: Path
) -> None:
    setup = Setup({"small": model_of("Because.")}, everyday=Everyday(languages=owners))
    async with on_lives(tmp_path, setup=setup) as lives:
        commands = {each["name"]: each for each in lives.discord.world.commands.all(None)}
        in_german = owners == GERMAN
        english, german = (
            "Stop your running answers in this channel.",
            "Stoppe deine laufenden Antworten in diesem Kanal.",
        )
        stop = commands["stop"]
        assert stop["description"] == (german if in_german else english)
        assert stop["description_localizations"] == (
            {"en-US": english, "en-GB": english} if in_german else {"de": german}
        )
        about = commands["Ask about this"]
        assert about["name_localizations"] == {"de": "Dazu etwas fragen"}
        (file,) = [option for option in commands["ask"]["options"] if option["name"] == "file"]
        assert len(file["description_localizations"]) == (2 if in_german else 1)
        calls = len(lives.discord.calls.select("PUT"))
        await lives.restart()
        assert len(lives.discord.calls.select("PUT")) == calls, "nothing has changed"
