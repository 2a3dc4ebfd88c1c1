"""How many answers of 50 tokens/s one core carries: streams are added until the loop's lag at p99 passes 100 ms.

Ours are whole answers: read, kept, rendered and edited by discord.py into a channel each, within Discord's limits. The
typed client only reads. The servers run in another process, on another core.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

from tests.bench.calls import channel_surface, rest_at
from tests.bench.cpu import uvloop_factory
from tests.bench.readers import OurReader, Reader, our_model, typed
from tests.bench.servers import PACE, Servers, Where

MOST_LAG = 0.1
"""Seconds of the loop's lag at p99 that are still taken for keeping up."""

ENOUGH = 0.95
"""Share of the deltas that must arrive."""

_PROBE = 0.01
_MOST = 1000


@dataclass(frozen=True, slots=True)
class Level:
    """What was measured with so many streams open: the loop's lag in seconds, the share of deltas, the CPU's use."""

    streams: int
    lag: float
    arrived: float
    busy: float

    @property
    def kept_up(self) -> bool:
        """Whether that many are carried."""
        return self.lag <= MOST_LAG and self.arrived >= ENOUGH


@dataclass(frozen=True, slots=True)
class Capacity:
    """The levels that were tried, in order, for ours and for the typed client, with uvloop where it is installed."""

    ours: list[Level]
    typed: list[Level]
    ours_uvloop: list[Level] = field(default_factory=list)
    edits_per_second: float = 0.0

    @property
    def ratio(self) -> float:
        """Answers that we carry over streams that the typed client carries."""
        return carried(self.ours) / max(1, carried(self.typed))


def carried(levels: list[Level]) -> int:
    """Return the most streams with which it kept up."""
    return max((level.streams for level in levels if level.kept_up), default=0)


@dataclass(frozen=True, slots=True)
class Climb:
    """By what factor streams grow from one level to the next, and how many seconds each is watched."""

    factor: float
    seconds: float


Opener = Callable[[AsyncExitStack], Awaitable[Reader]]


def measure(*, quick: bool) -> Capacity:
    """Measure both ways, one after the other."""
    climb = Climb(1.5, 1.5) if quick else Climb(1.2, 2.5)
    theirs = _climb_typed(climb)
    ours, edits = _climb_ours(climb, None)
    factory = None if quick else uvloop_factory()
    faster = [] if factory is None else _climb_ours(Climb(1.5, 2.5), factory)[0]
    return Capacity(ours, theirs, faster, edits)


def _climb_typed(climb: Climb) -> list[Level]:
    with Servers() as servers:
        url = servers.where.stream("paced")
        return asyncio.run(_climb(lambda stack: typed(url, stack), 40, climb))


def _climb_ours(
    climb: Climb, factory: Callable[[], asyncio.AbstractEventLoop] | None
) -> tuple[list[Level], float]:
    """Climb with whole answers; return the levels, and the calls a second that went out meanwhile."""
    with Servers(channels=_MOST) as servers, asyncio.Runner(loop_factory=factory) as runner:
        return runner.run(_ours(servers.where, climb))


async def _ours(where: Where, climb: Climb) -> tuple[list[Level], float]:
    begun = time.monotonic()
    async with rest_at(where) as rest:

        async def opener(stack: AsyncExitStack) -> Reader:
            model = await our_model(where.stream("paced"), stack)
            return OurReader(model, lambda n: channel_surface(rest, where.channels[n], f"bench{n}"))

        levels = await _climb(opener, 120, climb)
        return levels, rest.calls / (time.monotonic() - begun)


async def _climb(opener: Opener, first: int, climb: Climb) -> list[Level]:
    """Open `first` streams, then ever more, until it does not keep up.

    A level that falls behind is watched once more: what else runs on the machine can only do harm.
    """
    levels: list[Level] = []
    async with AsyncExitStack() as stack:
        reader = await opener(stack)
        stack.push_async_callback(reader.stop)
        streams = 0
        while streams < _MOST and all(level.kept_up for level in levels):
            more = min(_MOST - streams, round(streams * (climb.factor - 1)) if levels else first)
            for _ in range(more):
                reader.open()
            streams += more
            await asyncio.sleep(1.0 + more / 50)
            level = await _level(reader, streams, climb.seconds)
            levels.append(level if level.kept_up else await _level(reader, streams, climb.seconds))
    return levels


async def _level(reader: Reader, streams: int, seconds: float) -> Level:
    loop = asyncio.get_running_loop()
    lags = []
    before, start, used = reader.deltas, loop.time(), time.process_time()
    while (now := loop.time()) < start + seconds:
        await asyncio.sleep(_PROBE)
        lags.append(loop.time() - now - _PROBE)
    took = loop.time() - start
    lags.sort()
    arrived = (reader.deltas - before) / (streams * PACE * took)
    return Level(streams, lags[int(len(lags) * 0.99)], arrived, (time.process_time() - used) / took)
