"""Files that come with a question in Slack."""

from __future__ import annotations

from pathlib import Path

from core.models import ModelInfo
from tests.files.samples import png
from tests.slack.lives import lives_in
from tests.support.assistants import Setup
from tests.support.scripted_model import model_of

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
