"""People on Slack are spoken to in their own language, side by side, and after a restart too."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import pytest

from tests.slack.lives import Lives, lives_in
from tests.slack.stage import text_of
from tests.support.scripted_model import Script, ScriptedModel, model_of, pieces_of
from tests.support.services import Setup
from tickertape.rules.quota import Limits, Scope
from tickertape.rules.rulebook import Rules
from tickertape.sandbox.slack import Message
from tickertape.service import Everyday
from tickertape.slack.commands.names import ASK_ABOUT
from tickertape.slack.manifest import manifest
from tickertape.slack.settings import NativeStreams


@asynccontextmanager
async def with_a_german(
    folder: Path,
    model: ScriptedModel,
    everyday: Everyday | None = None,
    native: NativeStreams = NativeStreams.DIRECT,
) -> AsyncIterator[Lives]:
    """Yield a workspace in which Alice's Slack is German and Bob's is not."""
    setup = Setup({"small": model}, everyday=everyday or Everyday())
    async with lives_in(folder, setup, native) as lives:
        lives.slack.install(manifest())
        await lives.slack.change_user("alice", locale="de-DE")
        yield lives


async def ask_both(lives: Lives) -> list[Message]:
    return [await lives.slack.say("general", user, "Why?", mention_bot=True) for user in ("alice", "bob")]


def answers(lives: Lives, asked: list[Message]) -> list[Message]:
    """Return the last message of each answer."""
    return [[each for each in lives.shown() if each.thread_ts == question.ts][-1] for question in asked]


def labels(message: Message) -> list[str]:
    return [
        element["text"]["text"]
        for block in message.blocks
        if block["type"] == "actions"
        for element in block["elements"]
    ]


async def told(lives: Lives, user: str, command: str, text: str = "") -> str:
    used = await lives.slack.slash("general", user, command, text)
    await lives.until(lambda: used.messages)
    return "\n".join(message.visible for message in used.messages)


async def test_an_answers_buttons_placeholder_and_end_are_in_its_askers_language(tmp_path: Path) -> None:
    async with with_a_german(tmp_path, ScriptedModel([Script([], hold=True)] * 2)) as lives:
        asked = await ask_both(lives)
        await asyncio.sleep(5)
        german, english = answers(lives, asked)
        assert (text_of(german), labels(german)) == ("Ich denke nach …", ["Stopp"])
        assert (text_of(english), labels(english)) == ("Thinking…", ["Stop"])
        for question, user in zip(asked, ("alice", "bob"), strict=True):
            await lives.slack.react(question, user, "x")
        await lives.settle()
        german, english = answers(lives, asked)
        assert (text_of(german), labels(german)) == ("_Gestoppt._", ["🔁 Noch einmal"])
        assert (text_of(english), labels(english)) == ("_Stopped._", ["🔁 Again"])


@pytest.mark.parametrize("native", [NativeStreams.NEVER, NativeStreams.ALWAYS])
async def test_after_a_restart_each_is_told_in_their_language(native: NativeStreams, tmp_path: Path) -> None:
    model = ScriptedModel([Script(pieces_of("word " * 100), pause=0.1)])
    async with with_a_german(tmp_path, model, native=native) as lives:
        asked = await ask_both(lives)
        await asyncio.sleep(5)
        lives.kill()
        await lives.begin()
        await lives.settle()
        german, english = answers(lives, asked)
        assert text_of(german).endswith("\n\n_Unterbrochen: Ich musste neu starten._")
        assert text_of(english).endswith("\n\n_Interrupted: I had to restart._")
        assert (labels(german), labels(english)) == (["🔁 Noch einmal"], ["🔁 Again"])


async def test_a_native_stream_says_that_it_thinks_or_waits_in_the_askers_language(tmp_path: Path) -> None:
    async with with_a_german(tmp_path, ScriptedModel([Script([], hold=True)] * 2)) as lives:
        direct = await lives.slack.open_dm("alice")
        asked = await lives.slack.say(direct, "alice", "Why?")
        await lives.until(lambda: lives.slack.world.status(direct.id, asked.ts))
        assert lives.slack.world.status(direct.id, asked.ts) == "denkt nach …"
        second = await lives.slack.say(direct, "alice", "And then?")
        await lives.until(lambda: lives.slack.world.status(direct.id, second.ts))
        assert lives.slack.world.status(direct.id, second.ts) == "wartet noch auf die Antwort davor …"


async def test_refusals_and_replies_are_in_the_readers_language(tmp_path: Path) -> None:
    everyday = Everyday(Rules(limits=(Limits(Scope.USER, per_hour=1),)))
    async with with_a_german(tmp_path, model_of("Because."), everyday) as lives:
        await ask_both(lives)
        await lives.settle()
        await ask_both(lives)
        await lives.settle()
        whispers = [lives.slack.world.ephemerals_of(user)[-1].visible for user in ("alice", "bob")]
        assert whispers[0].startswith(
            "Ich schreibe höchstens eine Antwort pro Stunde für dich. Bitte frag in "
        )
        assert whispers[1].startswith("I write at most 1 answer for you in an hour. Please ask again in ")
        expected = {
            "/ask": ("In deiner Nachricht steht keine Frage.", "There is no question in your message."),
            "/ask-help": ("Fragen", "Ask"),
            "/ask-usage": ("Deine Antworten", "Your answers"),
            "/ask-model": ("Diese Modelle kannst du hier wählen:", "Models that you can choose here:"),
            "/ask-forget": ("Hier gibt es kein Gespräch", "There is no conversation here"),
        }
        for command, beginnings in expected.items():
            for user, beginning in zip(("alice", "bob"), beginnings, strict=True):
                assert (await told(lives, user, command)).lstrip("*").startswith(beginning), command


async def test_a_question_by_command_is_shown_in_its_askers_language(tmp_path: Path) -> None:
    async with with_a_german(tmp_path, model_of("Because.")) as lives:
        for user, line in (("alice", "alice fragt:"), ("bob", "bob asked:")):
            await lives.slack.slash("general", user, "/ask", "Why?")
            await lives.settle()
            assert line in lives.shown()[-2].visible.replace("*", "")


async def test_home_form_and_suggestions_are_in_the_readers_language(tmp_path: Path) -> None:
    async with with_a_german(tmp_path, model_of("Because.")) as lives:
        about = await lives.slack.say("general", "bob", "The server is down.")
        expected = {
            "alice": ("*Deine Antworten*", "Frage zur Nachricht", "Fragen", "Was kannst du?"),
            "bob": ("*Your answers*", "Ask about a message", "Ask", "What can you do?"),
        }
        for user, (figures, title, submit, suggestion) in expected.items():
            await lives.slack.open_home(user)
            home = await lives.until(partial(lives.slack.world.home_of, user))
            assert any(figures in block["text"]["text"] for block in home["blocks"])
            await lives.slack.use_shortcut(about, user, ASK_ABOUT)
            modal = await lives.until(partial(lives.slack.world.modal_of, user))
            assert (modal["title"]["text"], modal["submit"]["text"]) == (title, submit)
            await lives.slack.open_messages(user)
            direct = await lives.slack.open_dm(user)
            prompts = await lives.until(partial(lives.slack.world.suggested_prompts.get, (direct.id, "")))
            assert str(suggestion) in str(prompts)


async def test_whoever_edits_a_question_is_asked_in_their_language(tmp_path: Path) -> None:
    async with with_a_german(tmp_path, model_of("Because.")) as lives:
        (asked, _) = await ask_both(lives)
        await lives.settle()
        await lives.slack.edit(asked, "How?", mention_bot=True)
        await lives.settle()
        (hint,) = lives.slack.world.ephemerals
        assert "Du hast deine Frage geändert." in hint.visible
        assert labels(hint) == ["🔁 Noch einmal"]


async def test_where_slack_does_not_tell_the_language_in_time_the_owners_is_spoken(tmp_path: Path) -> None:
    async with with_a_german(tmp_path, model_of("Because.")) as lives:
        lives.slack.fail_next("users.info", delay=60)
        assert (await told(lives, "alice", "/ask")).startswith("There is no question in your message.")
