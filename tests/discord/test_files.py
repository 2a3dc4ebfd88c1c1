"""Files that come with a question in Discord."""

from __future__ import annotations

from pathlib import Path

from bots.sandbox.discord import File
from core.models import ModelInfo
from tests.discord.lives import on_lives
from tests.files.samples import png
from tests.support.assistants import Setup
from tests.support.scripted_model import model_of

ANSWER = "A disk is full."


async def test_a_text_and_an_image_reach_the_model_and_no_token_leaves(tmp_path: Path) -> None:
    model = model_of(ANSWER)
    setup = Setup({"eyes": model}, infos=[ModelInfo("eyes", vision=True)])
    async with on_lives(tmp_path, setup=setup) as lives:
        discord = lives.discord
        files = (
            File("disk.log", b"error 42: no space", "text/plain"),
            File("screen.png", png(), "image/png"),
        )
        await discord.say(discord.general, discord.alice, "What is wrong?", mention_bot=True, files=files)
        await lives.until_quiet()
        (turn,) = model.asked[0]
        assert "error 42: no space" in turn.text
        assert turn.text.endswith("What is wrong?")
        assert [image.media_type for image in turn.images] == ["image/png"]
        assert [message.content for message in lives.stage.shown()] == [ANSWER]
        assert all("Authorization" not in each.headers for each in discord.cdn.downloads)


async def test_what_is_left_out_is_said_below_the_answer(tmp_path: Path) -> None:
    model = model_of(ANSWER)
    async with on_lives(tmp_path, model) as lives:
        discord = lives.discord
        discord.alice.largest_file = 200 * 1024 * 1024
        files = (File("dump.bin", size=100 * 1024 * 1024), File("screen.png", png(), "image/png"))
        await discord.say(discord.general, discord.alice, "And now?", mention_bot=True, files=files)
        await lives.until_quiet()
        (message,) = lives.stage.shown()
        assert message.content.startswith(ANSWER)
        assert "dump.bin" in message.content
        assert "screen.png" in message.content
        assert [each.path.rpartition("/")[2].partition("?")[0] for each in discord.cdn.downloads] == [
            "screen.png"
        ]


async def test_a_long_paste_is_the_question(tmp_path: Path) -> None:
    model = model_of(ANSWER)
    async with on_lives(tmp_path, model) as lives:
        discord = lives.discord
        dm = await discord.open_dm(discord.alice)
        await discord.paste(dm, discord.alice, "word " * 1000 + "Why?")
        await lives.until_quiet()
        assert "Why?" in model.asked[0][-1].text


async def test_a_command_takes_a_file(tmp_path: Path) -> None:
    model = model_of(ANSWER)
    async with on_lives(tmp_path, model) as lives:
        discord = lives.discord
        options = {"prompt": "What is wrong?", "file": File("disk.log", b"error 42", "text/plain")}
        await discord.slash(discord.general, discord.alice, "ask", options)
        await lives.until_quiet()
        assert "error 42" in model.asked[0][-1].text
