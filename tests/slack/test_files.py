"""Files that come with questions: read from Slack's file host with the token, or left out with one clear line."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bots.sandbox.slack.people import Upload
from bots.slack import words
from core.models import ModelInfo
from tests.slack.lives import lives_in
from tests.slack.stage import text_of
from tests.support.assistants import Setup
from tests.support.scripted_model import ScriptedModel, model_of

NOTES = Upload("notes.txt", b"The cellar has 24 bottles.")


def setup_of(model: ScriptedModel) -> Setup:
    return Setup({"small": model}, infos=[ModelInfo("small", vision=True)])


@pytest.mark.parametrize("where", ["direct", "mention", "forwarded"])
async def test_a_text_file_is_given_to_the_model(where: str, tmp_path: Path) -> None:
    model = model_of("An answer.")
    async with lives_in(tmp_path, setup_of(model)) as lives:
        channel = await lives.slack.open_dm("alice") if where == "direct" else "general"
        await lives.slack.share(
            channel, "alice", NOTES, text="How many?", mention_bot=where != "direct",
            forwarded=where == "forwarded",
        )  # fmt: skip
        await lives.settle()
        (conversation,) = model.asked
        assert "24 bottles" in conversation[-1].text
        assert "How many?" in conversation[-1].text
        assert len(lives.shown()) == 1


async def test_files_need_no_words(tmp_path: Path) -> None:
    model = model_of("An answer.")
    async with lives_in(tmp_path, setup_of(model)) as lives:
        await lives.slack.share(await lives.slack.open_dm("alice"), "alice", NOTES)
        await lives.settle()
        assert words.ABOUT_FILES in model.asked[0][-1].text


async def test_a_file_of_a_shared_channel_is_looked_up(tmp_path: Path) -> None:
    model = model_of("An answer.")
    async with lives_in(tmp_path, setup_of(model)) as lives:
        channel = await lives.slack.add_channel("partners", "alice", shared=True)
        await lives.slack.share(channel, "alice", NOTES, text="How many?", mention_bot=True)
        await lives.settle()
        assert "24 bottles" in model.asked[0][-1].text


@pytest.mark.parametrize("what", ["scope", "elsewhere"])
async def test_what_cannot_be_read_is_left_out_with_one_line(what: str, tmp_path: Path) -> None:
    model = model_of("An answer.")
    async with lives_in(tmp_path, setup_of(model)) as lives:
        if what == "scope":
            lives.slack.scopes -= {"files:read"}
        upload = NOTES if what == "scope" else replace(NOTES, url="http://127.0.0.1:9/notes.txt")
        await lives.slack.share("general", "alice", upload, text="How many?", mention_bot=True)
        await lives.settle()
        (message,) = lives.shown()
        assert "Left out: notes.txt" in text_of(message)
        assert model.asked[0][-1].text == "How many?" or "notes.txt" in model.asked[0][-1].text
        assert what == "scope" or lives.slack.file_requests == []


async def test_a_question_keeps_its_files_when_it_is_answered_after_a_restart(tmp_path: Path) -> None:
    model = model_of("An answer.")
    async with lives_in(tmp_path, setup_of(model)) as lives:
        model.scripts[0].hold = True
        pieces, model.scripts[0].pieces = model.scripts[0].pieces, []
        await lives.slack.share("general", "alice", NOTES, text="How many?", mention_bot=True)
        await lives.until(lambda: model.asked)
        lives.kill()
        model.scripts[0].pieces, model.scripts[0].hold = pieces, False
        await lives.begin()
        await lives.settle()
        assert "24 bottles" in model.asked[-1][-1].text
        assert [text_of(message) for message in lives.shown()] == ["An answer."]
