"""Files that come with a question in Slack."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tests.files.samples import png
from tests.slack.lives import lives_in
from tests.slack.stage import text_of
from tests.support.scripted_model import model_of
from tests.support.services import Setup
from tickertape.memory.models import ModelInfo
from tickertape.sandbox.slack.people import Upload

NOTES = Upload("notes.txt", b"The cellar has 24 bottles.")
ANSWER = "A disk is full."


async def test_a_file_reaches_the_model_and_the_token_only_slacks_file_host(tmp_path: Path) -> None:
    model = model_of(ANSWER)
    async with lives_in(tmp_path, Setup({"small": model})) as lives:
        slack = lives.slack
        slack.world.scopes |= {"files:read"}
        await slack.share_file(
            "general", "alice", "disk.log", b"error 42: no space", "What is wrong?", mention_bot=True
        )
        await lives.settle()
        (turn,) = model.asked[0]
        assert "error 42: no space" in turn.text
        assert turn.text.endswith("What is wrong?")
        assert [request.granted for request in slack.file_requests] == [True]


async def test_an_image_goes_to_a_model_that_can_see(tmp_path: Path) -> None:
    model = model_of(ANSWER)
    setup = Setup({"eyes": model}, infos=[ModelInfo("eyes", vision=True)])
    async with lives_in(tmp_path, setup) as lives:
        slack = lives.slack
        slack.world.scopes |= {"files:read"}
        dm = (await slack.open_dm("alice")).id
        await slack.share_file(dm, "alice", "screen.png", png(), "What is this?")
        await lives.settle()
        assert [image.media_type for image in model.asked[0][-1].images] == ["image/png"]


async def test_without_the_scope_the_answer_says_what_was_left_out(tmp_path: Path) -> None:
    model = model_of(ANSWER)
    async with lives_in(tmp_path, Setup({"small": model})) as lives:
        slack = lives.slack
        slack.world.scopes -= {"files:read"}
        await slack.share_file(
            "general", "alice", "disk.log", b"error 42", "What is wrong?", mention_bot=True
        )
        await lives.settle()
        assert "error 42" not in model.asked[0][-1].text
        (message,) = lives.shown()
        assert message.visible.startswith(ANSWER)
        assert "disk.log" in message.visible


async def test_a_file_that_lies_elsewhere_is_not_fetched(tmp_path: Path) -> None:
    model = model_of(ANSWER)
    async with lives_in(tmp_path, Setup({"small": model})) as lives:
        upload = replace(NOTES, url="http://127.0.0.1:9/notes.txt")
        await lives.slack.share("general", "alice", upload, text="How many?", mention_bot=True)
        await lives.settle()
        (message,) = lives.shown()
        assert "Left out: notes.txt" in text_of(message)
        assert lives.slack.file_requests == []


async def test_a_file_of_a_shared_channel_is_looked_up(tmp_path: Path) -> None:
    model = model_of(ANSWER)
    async with lives_in(tmp_path, Setup({"small": model})) as lives:
        channel = await lives.slack.add_channel("partners", "alice", shared=True)
        await lives.slack.share(channel, "alice", NOTES, text="How many?", mention_bot=True)
        await lives.settle()
        assert "24 bottles" in model.asked[0][-1].text


async def test_a_question_keeps_its_files_when_it_is_answered_after_a_restart(tmp_path: Path) -> None:
    model = model_of(ANSWER)
    async with lives_in(tmp_path, Setup({"small": model})) as lives:
        model.scripts[0].hold = True
        pieces, model.scripts[0].pieces = model.scripts[0].pieces, []
        await lives.slack.share("general", "alice", NOTES, text="How many?", mention_bot=True)
        await lives.until(lambda: model.asked)
        lives.kill()
        model.scripts[0].pieces, model.scripts[0].hold = pieces, False
        await lives.begin()
        await lives.settle()
        assert "24 bottles" in model.asked[-1][-1].text
        assert [text_of(message) for message in lives.shown()] == [ANSWER]
