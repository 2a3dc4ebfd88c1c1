"""What is left of somebody in the database who had everything forgotten."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.slack.lives import Lives, lives_in
from tests.store.facts import traces
from tests.support.scripted_model import Script, ScriptedModel, pieces_of
from tests.support.services import Setup
from tickertape.sandbox.slack import Message
from tickertape.slack.commands.names import FORGET_THIS

NAME, WORD, FILE, CONTENT, ANSWER = "Zzname", "Zzword", "Zzfile", "Zzcontent", "Zzanswer"


async def found(lives: Lives) -> list[str]:
    """Return what is known of Alice beyond her id."""
    store = lives.now.service.store
    await store.answer_writes.flush()
    left = await traces(store)
    markers = (NAME, WORD, FILE, CONTENT, ANSWER, lives.slack.files_url)
    return [marker for marker in markers if marker in left]


async def talk(lives: Lives, model: ScriptedModel) -> None:
    """Let Alice ask in every way, with a file, and stop an answer half-way."""
    slack = lives.slack
    slack.world.scopes |= {"files:read"}
    await slack.change_user("alice", display_name=NAME)
    await slack.share_file("general", "alice", f"{FILE}.txt", CONTENT.encode(), f"{WORD}?", mention_bot=True)
    await lives.settle()
    await slack.say(await slack.open_dm("alice"), "alice", f"{WORD}?")
    await slack.slash("general", "alice", "/ask", f"{WORD}?")
    await lives.until(lambda: len(model.asked) == 3)
    await lives.settle()
    assert await found(lives) == [NAME, WORD, FILE, CONTENT, ANSWER, slack.files_url]


async def shown(lives: Lives) -> Message:
    """Wait for the answer's message, until the bot knows of it, too."""
    message = (await lives.until(lives.shown))[0]
    await asyncio.sleep(1)
    return message


def talkative() -> ScriptedModel:
    return ScriptedModel([Script(pieces_of(f"{ANSWER}. " * 20), pause=0.02)])


async def test_no_word_name_or_file_is_left_of_a_person(tmp_path: Path) -> None:
    model = talkative()
    async with lives_in(tmp_path, Setup({"small": model})) as lives:
        await talk(lives, model)
        used = await lives.slack.slash("general", "alice", "/ask-forget", "everything")
        await lives.until(lambda: used.messages)
        assert await found(lives) == []
        usage = await lives.slack.slash("general", "alice", "/ask-usage")
        await lives.until(lambda: usage.messages)
        assert "3 answers" in usage.messages[0].visible, "figures are the owner's accounts"


async def test_no_word_name_or_file_is_left_of_a_conversation(tmp_path: Path) -> None:
    model = talkative()
    async with lives_in(tmp_path, Setup({"small": model})) as lives:
        slack = lives.slack
        slack.world.scopes |= {"files:read"}
        await slack.change_user("alice", display_name=NAME)
        direct = await slack.open_dm("alice")
        await slack.share_file(direct, "alice", f"{FILE}.txt", CONTENT.encode(), f"{WORD}?")
        await lives.settle()
        used = await slack.use_shortcut(lives.shown()[0], "alice", FORGET_THIS)
        await lives.until(lambda: used.messages)
        assert await found(lives) == []


@pytest.mark.parametrize("stopped_by", [None, "admin"])
async def test_an_answer_that_is_forgotten_while_it_grows_leaves_nothing_at_its_end(
    stopped_by: str | None, tmp_path: Path
) -> None:
    model = ScriptedModel([Script([f"{ANSWER} "] * 200, pause=0.05)])
    async with lives_in(tmp_path, Setup({"small": model})) as lives:
        slack = lives.slack
        await slack.change_user("admin", display_name=NAME)
        await slack.say("general", "alice", f"{WORD}?", mention_bot=True)
        message = await shown(lives)
        used = await slack.slash("general", "alice", "/ask-forget", "everything")
        await lives.until(lambda: used.messages)
        if stopped_by is not None:
            await slack.react(message, stopped_by, "x")
        await lives.settle()
        assert ANSWER in message.visible
        assert (NAME in message.visible) is (stopped_by is not None)
        assert await found(lives) == []


async def test_who_stopped_an_answer_is_not_kept_by_name(tmp_path: Path) -> None:
    model = ScriptedModel([Script(["An answer. "] * 200, pause=0.05)])
    async with lives_in(tmp_path, Setup({"small": model})) as lives:
        await lives.slack.change_user("admin", display_name=NAME)
        await lives.slack.say("general", "alice", "Why?", mention_bot=True)
        message = await shown(lives)
        await lives.slack.react(message, "admin", "x")
        await lives.settle()
        assert NAME in message.visible
        assert NAME not in await traces(lives.now.service.store)


async def test_an_answer_that_was_forgotten_and_cut_off_is_closed(tmp_path: Path) -> None:
    model = ScriptedModel([Script([f"{ANSWER} "] * 200, pause=0.05)])
    async with lives_in(tmp_path, Setup({"small": model})) as lives:
        await lives.slack.say("general", "alice", f"{WORD}?", mention_bot=True)
        message = await shown(lives)
        used = await lives.slack.slash("general", "alice", "/ask-forget", "everything")
        await lives.until(lambda: used.messages)
        lives.kill()
        await lives.begin()
        await lives.settle()
        assert "Interrupted" in message.visible
        assert len(model.asked) == 1
        assert await found(lives) == []
