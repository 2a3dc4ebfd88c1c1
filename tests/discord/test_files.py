"""Files that come with a question: from messages, from the command's options; what is left out is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.discord.lives import Lives, on_lives
from tests.discord.stage import text_of
from tests.files.samples import png
from tests.support.scripted_model import model_of
from tests.support.services import Setup
from tickertape.discord.showing.dialect import DIALECT
from tickertape.files.limits import FileLimits
from tickertape.memory.models import ModelInfo
from tickertape.sandbox.discord import Delivery, File
from tickertape.service import Everyday

LOG = File("build.log", b"error: missing semicolon", "text/plain; charset=utf-8")


def sees() -> Setup:
    """Return a set-up whose model takes images."""
    return Setup({"small": model_of("Because.")}, infos=[ModelInfo("small", vision=True)])


def asked(lives: Lives) -> str:
    """Return what the model was asked last."""
    return lives.stage.model.asked[-1][-1].text


@pytest.mark.parametrize("slash", [False, True])
async def test_a_text_and_an_image_reach_the_model(slash: bool, tmp_path: Path) -> None:
    picture = File("shot.png", png(), "image/png")
    async with on_lives(tmp_path, setup=sees()) as lives:
        discord = lives.discord
        if slash:
            options = {"prompt": "Why?", "file": LOG, "second_file": picture}
            await discord.slash(discord.general, discord.alice, "ask", options)
        else:
            await discord.say(discord.general, discord.alice, "Why?", mention_bot=True, files=[LOG, picture])
        await lives.until_quiet()
        (turn,) = lives.stage.model.asked[0]
        assert "missing semicolon" in turn.text
        assert turn.text.endswith("Why?")
        assert [image.name for image in turn.images] == ["shot.png"]
        assert [each.content for each in lives.stage.shown()] == ["Because."]
        assert all("Authorization" not in each.headers for each in discord.cdn.downloads)


async def test_what_is_left_out_is_said_below_the_answer(tmp_path: Path) -> None:
    limits = FileLimits(file_bytes=1000)
    setup = Setup({"small": model_of("Because.")}, everyday=Everyday(files=limits))
    huge = File("huge.bin", b"\0", "application/octet-stream", size=100_000_000)
    corrupt = File("broken.pdf", b"%PDF-1.7 nothing", "application/pdf")
    async with on_lives(tmp_path, setup=setup) as lives:
        discord = lives.discord
        discord.alice.largest_file = 200_000_000
        await discord.say(
            discord.general, discord.alice, "Why?", mention_bot=True, files=[huge, corrupt, LOG]
        )
        await lives.until_quiet()
        (answer,) = lives.stage.shown()
        assert answer.content.startswith("Because.")
        assert "Left out: huge.bin" in answer.content
        assert "Left out: broken.pdf" in answer.content
        assert "missing semicolon" in asked(lives)
        assert len(discord.cdn.downloads) == 2


async def test_a_file_that_cannot_be_fetched_costs_no_answer(tmp_path: Path) -> None:
    async with on_lives(tmp_path) as lives:
        discord = lives.discord
        discord.cdn.deliver(Delivery(redirect="http://127.0.0.1:1/secret"), "build.log")
        await discord.say(discord.general, discord.alice, "Why?", mention_bot=True, files=[LOG])
        await lives.until_quiet()
        (answer,) = lives.stage.shown()
        assert answer.content.startswith(f"An answer.\n\n{DIALECT.marker('Left out: build.log')}")


async def test_a_question_that_is_too_long_for_a_message_comes_as_a_file(tmp_path: Path) -> None:
    async with on_lives(tmp_path) as lives:
        discord = lives.discord
        await discord.paste(discord.general, discord.alice, text_of(4_000), mention_bot=True)
        await lives.until_quiet()
        assert text_of(4_000) in asked(lives)


async def test_the_files_come_again_when_it_is_asked_again(tmp_path: Path) -> None:
    async with on_lives(tmp_path) as lives:
        discord = lives.discord
        question = await discord.say(discord.general, discord.alice, "Why?", mention_bot=True, files=[LOG])
        await lives.until_quiet()
        await lives.restart()
        await discord.react(question, discord.alice, "🔁")
        await lives.until_quiet()
        assert len(lives.stage.model.asked) == 2
        assert "missing semicolon" in asked(lives)
