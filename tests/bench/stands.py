"""The stand-ins' process: Discord, Slack and a model gateway on one real clock, and what they saw of a round.

Everything is measured here, at the servers: when each piece of text left the gateway, and when each message showed it.
The bot runs in the parent process and hears of prompts as of any others; a baseline of the parent finds its channels
in `Addresses`.
"""

from __future__ import annotations

import asyncio
import itertools
import multiprocessing
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from multiprocessing.connection import Connection as Pipe
from typing import Any

from tests.bench.world import Addresses, Frames, World
from tests.simulation.measure import Frame, Record, Text, shown_steps
from tests.simulation.paces import TOKEN
from tests.simulation.world import Scenario
from tickertape.demo.lag import Step
from tickertape.sandbox.gateway import GatewayRequest

PATIENCE = 150.0
"""Seconds after the end of all streams in which every answer must be on screen."""

_LOOK = 0.1


@dataclass(frozen=True, slots=True)
class Round:
    """Scenarios that run side by side, because they share no budget. `asks` is False where no person asks anything:
    a baseline in the parent process begins by itself.
    """

    scenarios: Sequence[Scenario]
    asks: bool = True


@dataclass(frozen=True, slots=True)
class Seen:
    """What the servers saw of one scenario."""

    records: Sequence[Record]
    posts: int
    edits: int
    rate_limited: int


async def _watch(world: World, number: int, answer: int, frames: Frames) -> Record:
    """Wait until all of an answer is on screen, and return what was seen of it."""
    pace = world.scenarios[number].pace
    text, loop = Text(pace.text), asyncio.get_running_loop()
    give_up = loop.time() + pace.ends + PATIENCE
    while loop.time() < give_up:
        await asyncio.sleep(_LOOK)
        request = world.gateway.by_answer.get((number, answer))
        if request is not None and request.finished is not None and _complete(text, frames()):
            break
    return _record(text, world.gateway.by_answer.get((number, answer)), frames())


def _complete(text: Text, frames: Sequence[Frame]) -> bool:
    newest = {frame.page: frame.text for frame in sorted(frames, key=lambda frame: frame.at)}
    return text.covered([newest[page] for page in sorted(newest)]) == len(text.text)


def _record(text: Text, request: GatewayRequest | None, frames: list[Frame]) -> Record:
    if request is None:
        raise RuntimeError("an answer never reached the model")
    totals = itertools.accumulate(map(len, request.sent))
    sent = [Step(at, total) for at, total in zip(request.tokens, totals, strict=True)]
    spoken = [frame for frame in frames if frame.page or text.text.startswith(frame.text[: TOKEN - 1])]
    return Record(sent, shown_steps(text, spoken), request.tokens[-1])


async def _play(world: World, *, asks: bool) -> list[Seen]:
    watches: list[list[asyncio.Task[Record]]] = []
    for number, scenario in enumerate(world.scenarios):
        frames = [
            await world.ask(number, answer) if asks else world.own(number, answer)
            for answer in range(scenario.answers)
        ]
        watches.append(
            [asyncio.create_task(_watch(world, number, answer, each)) for answer, each in enumerate(frames)]
        )
    records = [list(await asyncio.gather(*each)) for each in watches]
    return [Seen(each, *world.calls(number)) for number, each in enumerate(records)]


async def _serve(pipe: Pipe, round_: Round) -> None:
    loop = asyncio.get_running_loop()
    async with AsyncExitStack() as stack:
        world = World(round_.scenarios)
        pipe.send(await world.open(stack))
        if round_.asks:
            await world.until_connected()
        pipe.send(await _play(world, asks=round_.asks))
        await loop.run_in_executor(None, pipe.recv)  # until the bot has left


def _main(pipe: Pipe, round_: Round) -> None:
    asyncio.run(_serve(pipe, round_))


class Stands:
    """The process, seen from the parent."""

    def __init__(self, round_: Round) -> None:
        self._pipe, theirs = multiprocessing.Pipe()
        context = multiprocessing.get_context("spawn")
        self._process = context.Process(target=_main, args=(theirs, round_), daemon=True)
        self._process.start()
        theirs.close()

    async def addresses(self) -> Addresses:
        """Return where the stand-ins listen, once they do."""
        found: Addresses = await self._receive()
        return found

    async def seen(self) -> list[Seen]:
        """Return what was seen of each scenario, once all answers are on screen."""
        found: list[Seen] = await self._receive()
        return found

    async def close(self) -> None:
        """End the process."""
        self._pipe.send(None)
        await asyncio.get_running_loop().run_in_executor(None, self._process.join, 10)
        self._process.kill()
        self._pipe.close()

    async def _receive(self) -> Any:  # noqa: ANN401 - whatever the other side sends
        return await asyncio.get_running_loop().run_in_executor(None, self._pipe.recv)
