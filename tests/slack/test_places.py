"""The commands beside asking, shortcuts, the app's home, and what a conversation begins with."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.slack.lives import Lives, lives_in
from tests.slack.stage import text_of
from tests.support.english import english
from tests.support.keys import person
from tests.support.scripted_model import ScriptedModel, model_of
from tests.support.services import Setup
from tickertape.languages import words as core_words
from tickertape.rules.access import Access, Lists
from tickertape.rules.rulebook import Rules
from tickertape.sandbox.slack.people import Where
from tickertape.service import Everyday
from tickertape.slack import words
from tickertape.slack.commands.further import CHOOSE_ACTION
from tickertape.slack.commands.names import ASK_ABOUT, FORGET_THIS
from tickertape.slack.manifest import manifest
from tickertape.slack.settings import Mode


@asynccontextmanager
async def installed(folder: Path, *, alice_is_admin: bool = False) -> AsyncIterator[tuple[Lives, Setup]]:
    """Yield a workspace in which the app is installed by its manifest, with two models."""
    models = {"small": model_of("Small."), "large": model_of("Large.")}
    setup = Setup(models)
    async with lives_in(folder, setup) as lives:
        if alice_is_admin:
            alice = f"slack:{lives.slack.world.user('alice').id}"
            rules = Rules(Access(admins=Lists(users=frozenset({person(alice)}))))
            lives.setup = Setup(models, everyday=Everyday(rules))
            await lives.now.end()
            lives.numbers += 1
            await lives.begin()
        lives.slack.install(manifest())
        yield lives, setup


async def told(lives: Lives, channel: Where, user: str, command: str, text: str = "") -> str:
    """Use a command and return what its user is told."""
    used = await lives.slack.slash(channel, user, command, text)
    await lives.until(lambda: used.messages)
    return "\n".join(message.visible for message in used.messages)


async def test_a_model_is_chosen_by_name_or_from_a_menu(tmp_path: Path) -> None:
    async with installed(tmp_path) as (lives, setup):
        direct = await lives.slack.open_dm("alice")
        listed = await lives.slack.slash(direct, "alice", "/ask-model")
        await lives.until(lambda: listed.messages)
        assert "small" in listed.messages[0].visible
        await lives.slack.choose(listed.messages[0], "alice", f"{CHOOSE_ACTION}model", "large")
        await lives.settle()
        await lives.slack.say(direct, "alice", "Why?")
        await lives.settle()
        assert text_of(lives.shown()[-1]) == "Large."
        assert "small" in await told(lives, direct, "alice", "/ask-model", "small")
        assert await told(lives, direct, "alice", "/ask-model", "smal") == english(
            core_words.no_such_model("small")
        )
        assert "standard" in await told(lives, direct, "alice", "/ask-persona")
        assert setup.models


async def test_only_moderators_choose_for_a_channel(tmp_path: Path) -> None:
    async with installed(tmp_path) as (lives, _):
        refused = await told(lives, "general", "alice", "/ask-model", "large")
        assert refused == english(core_words.ONLY_MODERATORS_CHOOSE)
        await told(lives, "general", "admin", "/ask-model", "large")
        await lives.slack.say("general", "alice", "Why?", mention_bot=True)
        await lives.settle()
        assert text_of(lives.shown()[-1]) == "Large."


async def test_figures_are_for_oneself_and_all_of_them_for_admins(tmp_path: Path) -> None:
    async with installed(tmp_path, alice_is_admin=True) as (lives, _):
        await lives.slack.say("general", "bob", "Why?", mention_bot=True)
        await lives.settle()
        assert "1 answer" in await told(lives, "general", "bob", "/ask-usage")
        assert await told(lives, "general", "bob", "/ask-usage", "all") == english(core_words.ONLY_ADMINS)
        assert "1 answer" in await told(lives, "general", "alice", "/ask-usage", "all")
        assert await told(lives, "general", "alice", "/ask-usage", "csv") == english(words.EXPORTED)
        files = [file for file in lives.slack.world.files.values() if file.name == "usage.csv"]
        assert [file.content.count(b"small") for file in files] == [1]
        lives.slack.fail_next("files.getUploadURLExternal", error="missing_scope")
        assert await told(lives, "general", "alice", "/ask-usage", "csv") == english(words.NOT_EXPORTED)
        for fault in ({"error": "file_uploads_disabled"}, {"status": 503}, {"drop": "before"}):
            lives.slack.fail_next("files.getUploadURLExternal", **fault)
            assert await told(lives, "general", "alice", "/ask-usage", "csv") == english(words.EXPORT_LOST)


async def test_what_was_said_is_forgotten(tmp_path: Path) -> None:
    async with installed(tmp_path) as (lives, setup):
        model = setup.models["small"]
        assert isinstance(model, ScriptedModel)
        direct = await lives.slack.open_dm("alice")
        for text in ("One?", "Two?"):
            await lives.slack.say(direct, "alice", text)
            await lives.settle()
        assert [len(each) for each in model.asked] == [1, 3]
        await told(lives, direct, "alice", "/ask-forget")
        await lives.slack.say(direct, "alice", "Three?")
        await lives.settle()
        assert [len(each) for each in model.asked] == [1, 3, 1]
        await told(lives, "general", "alice", "/ask-forget", "everything")
        assert await told(lives, "general", "alice", "/ask-forget") == english(core_words.NOTHING_TO_FORGET)


@pytest.mark.parametrize(("user", "forgets"), [("alice", False), ("admin", True)])
async def test_a_thread_is_forgotten_from_a_messages_menu(user: str, forgets: bool, tmp_path: Path) -> None:
    async with installed(tmp_path) as (lives, setup):
        model = setup.models["small"]
        assert isinstance(model, ScriptedModel)
        root = await lives.slack.say("general", "alice", "One?", mention_bot=True)
        await lives.settle()
        used = await lives.slack.use_shortcut(lives.shown()[0], user, FORGET_THIS)
        await lives.until(lambda: used.messages)
        assert (used.messages[0].visible != english(core_words.ONLY_MODERATORS_FORGET)) is forgets
        await lives.slack.say("general", "alice", "Two?", thread_ts=root.ts)
        await lives.settle()
        assert len(model.asked[-1]) == (1 if forgets else 3)


async def test_a_question_about_a_message_is_asked_below_it(tmp_path: Path) -> None:
    async with installed(tmp_path) as (lives, setup):
        model = setup.models["small"]
        assert isinstance(model, ScriptedModel)
        about = await lives.slack.say("general", "bob", "The server is down.")
        await lives.slack.use_shortcut(about, "alice", ASK_ABOUT)
        await lives.until(lambda: lives.slack.world.modal_of("alice"))
        await lives.slack.submit("alice", {"question": "What does that mean?"})
        await lives.until(lambda: model.asked)
        await lives.settle()
        question, answer = lives.shown()
        assert [question.thread_ts, answer.thread_ts] == [about.ts, about.ts]
        assert "What does that mean?" in question.visible
        assert text_of(answer) == "Small."
        assert model.asked[0][-1].text == "What does that mean?\n\n> The server is down."


@pytest.mark.parametrize("mode", list(Mode), ids=lambda mode: mode.name)
async def test_a_question_about_a_message_survives_a_restart_while_it_is_typed(
    mode: Mode, tmp_path: Path
) -> None:
    model = model_of("Small.")
    async with lives_in(tmp_path, Setup({"small": model}), mode=mode) as lives:
        slack = lives.slack
        slack.install(manifest(request_url="https://example.com/slack" if mode is Mode.HTTP else None))
        root = await slack.say("general", "alice", "What is up?")
        about = await slack.say("general", "bob", "The server is down. " * 400, thread_ts=root.ts)
        await slack.use_shortcut(about, "alice", ASK_ABOUT)
        await lives.until(lambda: slack.world.modal_of("alice"))
        lives.kill()
        while_it_was_away = await slack.submit("alice", {"question": "Why?"})
        assert while_it_was_away.error is not None
        assert slack.world.modal_of("alice"), "what was typed is still there"
        await lives.begin()
        submitted = await slack.submit("alice", {"question": "Why?"})
        assert submitted.error is None
        assert slack.world.modal_of("alice") is None
        await lives.settle()
        question, answer = lives.shown()
        assert [question.thread_ts, answer.thread_ts] == [root.ts, root.ts]
        assert text_of(answer) == "Small."
        asked = model.asked[0][-1].text
        assert asked.startswith("Why?\n\n> The server is down. The server")
        assert len(asked) > 1000


async def test_a_form_that_is_submitted_where_the_question_gets_lost_stays_open(tmp_path: Path) -> None:
    async with installed(tmp_path) as (lives, _):
        about = await lives.slack.say("general", "bob", "The server is down.")
        await lives.slack.use_shortcut(about, "alice", ASK_ABOUT)
        await lives.until(lambda: lives.slack.world.modal_of("alice"))
        async with lives.slow_database():
            submitting = asyncio.create_task(lives.slack.submit("alice", {"question": "Why?"}))
            await asyncio.sleep(1)
            lives.kill()
            assert (await submitting).error is not None
        assert lives.slack.world.modal_of("alice")
        await lives.begin()
        assert (await lives.slack.submit("alice", {"question": "Why?"})).error is None
        await lives.settle()
        assert [text_of(message) for message in lives.shown()][-1] == "Small."


async def test_where_the_bot_is_not_the_asker_is_told_how_to_invite_it(tmp_path: Path) -> None:
    async with installed(tmp_path) as (lives, _):
        about = await lives.slack.say("random", "bob", "The server is down. " * 400)
        used = await lives.slack.use_shortcut(about, "alice", ASK_ABOUT)
        await lives.until(lambda: lives.slack.world.modal_of("alice"))
        await lives.slack.submit("alice", {"question": "What?"})
        await lives.until(lambda: used.messages)
        assert used.messages[0].visible == english(words.not_in_channel("tickertape"))


async def test_the_home_shows_help_figures_and_models(tmp_path: Path) -> None:
    async with installed(tmp_path) as (lives, _):
        await lives.slack.open_home("alice")
        home = await lives.until(lambda: lives.slack.world.home_of("alice"))
        shown = "\n".join(block["text"]["text"] for block in home["blocks"])
        for part in ("*Ask* by mentioning me", "`/ask-model`", "*Your answers*", "• *small* ✓", "*large*"):
            assert part in shown
        assert await told(lives, "general", "alice", "/ask-help")


async def test_a_new_conversation_suggests_prompts(tmp_path: Path) -> None:
    async with installed(tmp_path) as (lives, setup):
        await lives.slack.open_messages("alice")
        direct = await lives.slack.open_dm("alice")
        await lives.until(lambda: lives.slack.world.suggested_prompts.get((direct.id, "")))
        await lives.slack.use_prompt("alice", 0)
        await lives.settle()
        model = setup.models["small"]
        assert isinstance(model, ScriptedModel)
        assert model.asked[0][-1].text == english(words.SUGGESTED[0][1])


async def test_somebody_slack_does_not_show_is_asked_for_once(tmp_path: Path) -> None:
    async with installed(tmp_path) as (lives, _):
        lives.slack.fail_next("users.info", error="user_not_visible", times=5)
        before = len(lives.slack.calls_of("users.info"))
        await lives.slack.slash("general", "alice", "/ask", "Why?")
        await lives.settle()
        question, answer = lives.shown()
        assert "alice" in question.visible
        assert text_of(answer) == "Small."
        assert len(lives.slack.calls_of("users.info")) == before + 1
