"""The demo from curtain to curtain: two answers, a stopped one, a report; with `--serve` everything stays up."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Coroutine, Sequence
from io import StringIO
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.live import Live
from rich.text import Text

from tickertape.cli import logs
from tickertape.cli.exit_code import ExitCode
from tickertape.demo.scenes import Play, Scene
from tickertape.demo.screen import report, screen
from tickertape.demo.stage import LATENCY, Stage, host_of, open_stage

_FRAME = 0.1
"""Seconds between two pictures on the terminal."""

_HEIGHT = 34
"""Most lines of the picture."""

_LEAST_HEIGHT = 12

_PICTURE_LINES = 28

_LONGEST_ACT = 60.0
"""Seconds after which an act that does not end is given up."""

_STOP_WITHIN = 0.1
"""Seconds from the arrival of a stop until the model's stream is closed, at most."""

_PICTURE_AT = 480
"""Characters of each answer at which the picture for the README is taken."""


async def run_demo(
    *,
    serve: bool = False,
    seconds: float | None = None,
    picture: Path | None = None,
    console: Console | None = None,
) -> ExitCode:
    """Play the demo on the terminal and return how it went: `FAILED` if a promise was broken.

    With `serve` everything stays up afterwards until a signal comes or `seconds` have passed. `picture` is where to
    write an SVG picture of both answers growing.
    """
    out = console or Console(highlight=False)
    logs.configure(level="error", style="console", secrets=())
    async with open_stage(fixed_ports=serve) as stage:
        play = Play(stage)
        await _show(out, play, play.ask_in_both(), picture)
        await _show(out, play, play.ask_and_stop(after=3.0))
        rate_limited = stage.discord.calls.count(status=429) + len(stage.slack.rate_limited)
        out.print(report(play.scenes, rate_limited))
        code = _judge(out, play.scenes, rate_limited)
        if serve:
            _print_addresses(out, stage)
            await _wait_for_end(stage, seconds)
    return code


async def _show(
    out: Console, play: Play, act: Coroutine[Any, Any, object], picture: Path | None = None
) -> None:
    """Perform an act and show its scenes until their answers are complete."""
    first = len(play.scenes)
    performing = asyncio.create_task(act)
    ends_at = asyncio.get_running_loop().time() + _LONGEST_ACT
    height = min(_HEIGHT, max(_LEAST_HEIGHT, out.height - 2))
    with Live(console=out, auto_refresh=False) as live:
        while not (performing.done() and all(scene.over for scene in play.scenes[first:])):
            await asyncio.sleep(_FRAME)
            if (
                play.stage.bot.done()
                or asyncio.get_running_loop().time() > ends_at
                or _has_failed(performing)
            ):
                break
            scenes = play.scenes[first:]
            _draw(live, scenes, height)
            if picture and len(scenes) > 1 and all(_is_half_way(scene) for scene in scenes):
                _take_picture(scenes, picture)
                picture = None
        _draw(live, play.scenes[first:], height)
    for scene in play.scenes[first:]:
        scene.given_up = not scene.over
    out.print()
    if not performing.done():
        performing.cancel()
        raise RuntimeError("the demo came to no end; the log says why")
    await performing


def _has_failed(task: asyncio.Task[object]) -> bool:
    return task.done() and task.exception() is not None


def _is_half_way(scene: Scene) -> bool:
    return sum(map(len, scene.texts())) > _PICTURE_AT


def _draw(live: Live, scenes: Sequence[Scene], height: int) -> None:
    if scenes:
        live.update(screen(scenes, height), refresh=True)


def _take_picture(scenes: Sequence[Scene], path: Path) -> None:
    """Write the present picture as an SVG file."""
    recorder = Console(record=True, width=140, height=_PICTURE_LINES, file=StringIO())
    recorder.print(screen(scenes, _PICTURE_LINES))
    recorder.save_svg(str(path), title="tickertape demo")


def _judge(out: Console, scenes: Sequence[Scene], rate_limited: int) -> ExitCode:
    """Say what was promised and not kept, if anything was."""
    broken = [
        f"{scene.platform}: text is missing"
        for scene in scenes
        if not scene.stopped_by and not scene.complete
    ]
    broken += [f"{scene.platform}: an answer came to no end" for scene in scenes if scene.given_up]
    if rate_limited:
        broken.append("a rate limit was hit")
    for scene in scenes:
        closed = scene.seconds_to_close
        if scene.stopped_by and (closed is None or closed > _STOP_WITHIN + LATENCY / 2):
            broken.append("a stopped stream was not closed in time")
    for promise in broken:
        out.print(Text(f"Broken: {promise}.", style="bold red"))
    return ExitCode.FAILED if broken else ExitCode.OK


def _print_addresses(out: Console, stage: Stage) -> None:
    lines = (
        "",
        "Everything stays up until Ctrl-C. Open these pages to ask questions yourself:",
        f"  Discord  {stage.discord.url}/",
        f"  Slack    {stage.slack.page_url}",
        "A question may set the pace and the faults of the model: /tokens 5/s, /length 9000, /fault reset.",
        "",
        "To point a program of your own at these servers:",
        f"  DISCORD_API_URL={stage.discord.api_url}",
        f"  TICKERTAPE_DISCORD_FILE_HOSTS={host_of(stage.discord.cdn_url)}",
        f"  DISCORD_TOKEN={stage.discord.token}",
        f"  SLACK_API_URL={stage.slack.api_url}",
        f"  TICKERTAPE_SLACK_FILE_HOSTS={host_of(stage.slack.files_url)}",
        f"  SLACK_BOT_TOKEN={stage.slack.bot_token}",
        f"  SLACK_APP_TOKEN={stage.slack.app_token}",
        f"  SLACK_SIGNING_SECRET={stage.slack.signing_secret}",
        f"  OPENAI_BASE_URL={stage.gateway.base_url}",
        f"  OPENAI_API_KEY={stage.gateway.api_key}",
        f"  OPENAI_MODEL={stage.gateway.model}",
    )
    for line in lines:
        out.print(Text(line), soft_wrap=True)


async def _wait_for_end(stage: Stage, seconds: float | None) -> None:
    """Return at SIGINT or SIGTERM, after `seconds`, or when the bot ends by itself."""
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, ended.set)
    waits = {asyncio.create_task(ended.wait()), asyncio.create_task(_bot_end(stage))}
    _, pending = await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    for wait in pending:
        wait.cancel()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.remove_signal_handler(number)


async def _bot_end(stage: Stage) -> None:
    await asyncio.wait({stage.bot})
