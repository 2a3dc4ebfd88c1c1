"""The demo itself, on virtual time: the real clients, the stand-ins, and what is printed."""

from __future__ import annotations

import asyncio
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from tickertape.cli.exit_code import ExitCode
from tickertape.demo import run_demo, show
from tickertape.demo.scenes import Play
from tickertape.demo.stage import open_stage
from tickertape.sandbox.discord import File


async def test_the_demo_shows_two_answers_stops_a_third_and_reports(tmp_path: Path) -> None:
    out = Console(file=StringIO(), width=120, height=60, highlight=False)
    picture = tmp_path / "demo.svg"
    begins = asyncio.get_running_loop().time()
    code = await run_demo(console=out, picture=picture)
    printed = out.file.getvalue()  # type: ignore[attr-defined]  # the StringIO above
    assert code is ExitCode.OK
    assert asyncio.get_running_loop().time() - begins < 30, "no act waits until it is given up"
    assert "a 429, and then nobody sees" in printed
    assert "Nobody starves." in printed
    assert "Stopped." in printed
    assert "alice reacted with 🛑" in printed
    assert "Rate limits: no 429." in printed
    assert "Broken" not in printed
    assert "Stop ]" not in printed, "these answers are over"
    assert printed.count("[ 🔁 Again ]") == 3
    assert printed.count("[ 👍 ]  [ 👎 ]") == 2, "opinions are asked of whole answers"
    assert picture.read_text(encoding="utf-8").count("Stop") == 2


async def test_serve_prints_the_addresses_and_ends_after_the_given_time() -> None:
    out = Console(file=StringIO(), width=200, height=60, highlight=False)
    code = await run_demo(serve=True, seconds=60, console=out)
    printed = out.file.getvalue()  # type: ignore[attr-defined]  # the StringIO above
    assert code is ExitCode.OK
    assert "DISCORD_API_URL=http://127.0.0.1:" in printed
    assert "SLACK_API_URL=http://127.0.0.1:" in printed
    assert "OPENAI_BASE_URL=http://127.0.0.1:" in printed
    assert "TICKERTAPE_DISCORD_FILE_HOSTS=127.0.0.1:" in printed
    assert "TICKERTAPE_SLACK_FILE_HOSTS=127.0.0.1:" in printed


async def test_files_can_be_sent_in_the_demo() -> None:
    async with open_stage(fixed_ports=False) as stage:
        discord, slack, gateway = stage.discord, stage.slack, stage.gateway
        direct = await discord.open_dm(discord.alice)
        await discord.say(direct, discord.alice, "And this?", files=[File("a.txt", b"One is blue.")])
        await slack.share_file(await slack.open_dm("bob"), "bob", "b.txt", b"Two is red.", "What is this?")
        await gateway.wait_for(lambda: len(gateway.requests) == 2)
        asked = sorted(str(request.body["messages"][-1]["content"]) for request in gateway.requests)
    assert "One is blue." in asked[0]
    assert "Two is red." in asked[1]


async def test_an_answer_that_does_not_end_in_time_is_a_broken_promise(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(show, "_LONGEST_ACT", 3.0)
    out = Console(file=StringIO(), width=120, height=60, highlight=False)
    async with open_stage(fixed_ports=False) as stage:
        play = Play(stage)
        await show._show(out, play, play.ask_in_both())
        code = show._judge(out, play.scenes, rate_limited=0)
    printed = out.file.getvalue()  # type: ignore[attr-defined]  # the StringIO above
    assert code is ExitCode.FAILED
    assert "Broken: Discord: an answer came to no end." in printed
    assert "Broken: Slack: an answer came to no end." in printed


async def test_an_act_that_fails_ends_the_demo_instead_of_holding_it() -> None:
    async def act() -> None:
        raise LookupError("no such question")

    out = Console(file=StringIO(), width=120, height=60, highlight=False)
    async with open_stage(fixed_ports=False) as stage:
        with pytest.raises(LookupError):
            await show._show(out, Play(stage), act())


async def test_a_bot_that_ends_ends_the_demo() -> None:
    out = Console(file=StringIO(), width=120, height=60, highlight=False)
    async with open_stage(fixed_ports=False) as stage:
        play = Play(stage)
        stage.app.stop()
        with pytest.raises(RuntimeError, match="no end"):
            await show._show(out, play, asyncio.Event().wait())
