"""What a delta costs: CPU time of this process, for the whole way and for each part of it. The servers are elsewhere."""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass

from tests.bench import readers
from tests.bench.calls import discord_edits, slack_edits
from tests.bench.readers import Opener, SilentSurface
from tests.bench.servers import EVENT, PACE, TOKEN, Servers, body
from tests.simulation.paces import tokens
from tests.support.pacing_only import streamer
from tests.support.prompts import prompt
from tickertape.answer.answer import Answer
from tickertape.discord.showing.dialect import DIALECT
from tickertape.model.chunks import read_chunk
from tickertape.model.reader import Reader as StreamReader
from tickertape.model.sse import Decoder
from tickertape.render import Renderer
from tickertape.screen.draft import Draft

WAYS: dict[str, Opener] = {
    "ours, bytes to draft": readers.ours,
    "openai's typed stream": readers.typed,
    "openai's typed stream on aiohttp": readers.typed_aiohttp,
    "aiohttp and msgspec, the floor": readers.raw,
}
OURS, TYPED = list(WAYS)[:2]

_STREAMS = 20
"""Streams that are read side by side while they are paced: 1,000 deltas a second."""


@dataclass(frozen=True, slots=True)
class Costs:
    """CPU microseconds per delta by way, in a burst and paced at 50 tokens/s, and those of the parts by name."""

    burst: dict[str, float]
    paced: dict[str, float]
    paced_uvloop: dict[str, float]
    """Empty where uvloop is not installed."""
    parts: dict[str, float]

    @property
    def ratio(self) -> float:
        """Ours over the typed stream, paced."""
        return self.paced[OURS] / self.paced[TYPED]


def measure(*, quick: bool) -> Costs:
    """Measure everything, in one run."""
    seconds = 1.0 if quick else 3.0
    factory = uvloop_factory()
    with Servers(limited=False) as servers:
        where = servers.where
        burst = {name: _burst(opener, where.stream("burst")) for name, opener in WAYS.items()}
        paced = _paced(where.stream("paced"), seconds, None)
        faster = {} if factory is None else _paced(where.stream("paced"), seconds, factory)
        edits = {
            "one edit through discord.py": asyncio.run(discord_edits(where)),
            "one edit through slack-sdk": asyncio.run(slack_edits(where)),
        }
    return Costs(burst, paced, faster, parts() | edits)


def uvloop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """Return what makes an uvloop, None where it is not installed."""
    try:
        import uvloop  # noqa: PLC0415 - it may not be there
    except ImportError:
        return None
    factory: Callable[[], asyncio.AbstractEventLoop] = uvloop.new_event_loop
    return factory


def _burst(opener: Opener, url: str) -> float:
    async def once() -> float:
        async with AsyncExitStack() as stack:
            reader = await opener(url, stack)
            start = time.process_time()
            reader.open()
            await reader.finish()
            used, taken = time.process_time() - start, reader.deltas
            await reader.stop()
        return used / taken * 1e6

    return min(asyncio.run(once()) for _ in range(3))


def _paced(
    url: str, seconds: float, factory: Callable[[], asyncio.AbstractEventLoop] | None
) -> dict[str, float]:
    """Read each way in turn, three times over, and keep the best: what else runs on the machine can only do harm."""
    rounds = [
        {name: _paced_once(opener, url, seconds, factory) for name, opener in WAYS.items()} for _ in range(3)
    ]
    return {name: min(each[name] for each in rounds) for name in WAYS}


def _paced_once(
    opener: Opener, url: str, seconds: float, factory: Callable[[], asyncio.AbstractEventLoop] | None
) -> float:
    async def once() -> float:
        async with AsyncExitStack() as stack:
            reader = await opener(url, stack)
            for _ in range(_STREAMS):
                reader.open()
            await _until(lambda: reader.deltas >= _STREAMS * PACE)
            gc.collect()
            start, before = time.process_time(), reader.deltas
            await asyncio.sleep(seconds)
            used, taken = time.process_time() - start, reader.deltas - before
            await reader.stop()
        return used / taken * 1e6

    with asyncio.Runner(loop_factory=factory) as runner:
        return runner.run(once())


async def _until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not holds():  # noqa: ASYNC110 - nothing tells when
            await asyncio.sleep(0.05)


def parts() -> dict[str, float]:
    """Return the CPU microseconds of each part, without input or output."""
    answer = body()
    pieces = [answer[start : start + len(EVENT)] for start in range(0, len(answer), len(EVENT))]
    deltas = len(pieces)
    return {
        "SSE, per delta": _time(lambda: _decode(pieces)) / deltas,
        "chunk, per delta": _time(lambda: [read_chunk(EVENT[6:-2]) for _ in range(deltas)]) / deltas,
        "SSE, chunk and checks, per delta": _time(lambda: _read(pieces)) / deltas,
        "draft, per delta": _time(lambda: _append(deltas)) / deltas,
        "draft, answer and streamer, per delta": asyncio.run(_touch(deltas)),
        "one render of a growing page of 2,000 characters": _time(_render) / _RENDERS,
    }


def _time(work: Callable[[], object]) -> float:
    """Return the CPU microseconds of the best of three runs."""
    used = []
    for _ in range(3):
        start = time.process_time()
        work()
        used.append(time.process_time() - start)
    return min(used) * 1e6


def _decode(pieces: list[bytes]) -> None:
    decoder = Decoder()
    for piece in pieces:
        decoder.feed(piece)


def _read(pieces: list[bytes]) -> None:
    reader = StreamReader()
    for piece in pieces:
        reader.feed(piece)


def _append(deltas: int) -> None:
    draft = Draft()
    for number in range(deltas):
        draft.append(TOKEN, float(number))


async def _touch(deltas: int) -> float:
    """Append to an answer whose message is being edited, and tell the streamer."""
    shell, surface = streamer(), SilentSurface()
    answer = Answer(prompt(), 0.0)
    shell.open(answer, surface, lambda each, ending: each.end(ending, 0.0))
    answer.ask()
    answer.append(TOKEN, 0.0)
    shell.touch(answer)
    await asyncio.sleep(0)

    def work() -> None:
        for number in range(deltas):
            answer.append(TOKEN, float(number))
            shell.touch(answer)

    used = _time(work) / deltas
    surface.end()
    await shell.close()
    return used


_RENDERS = 50


def _render() -> None:
    """Render as often as 10 tokens came, up to a full page."""
    words = tokens(10 * _RENDERS)
    for _ in range(1):
        renderer = Renderer(DIALECT)
        for number in range(_RENDERS):
            renderer.push("".join(words[number * 10 : number * 10 + 10]))
            renderer.pages(live=True)
