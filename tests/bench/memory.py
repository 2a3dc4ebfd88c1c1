"""Memory of open answers, each measured in a fresh process: those of a scripted model, and bare HTTP streams.

An answer is measured with 2,000 characters of text on screen, on the adapter's own surface, with a model in the same
process: what is counted is the task that reads, the draft, the rendered pages, the schedule's lane and the registry. A
connection is an open stream of the model's client with the same text read and thrown away.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import multiprocessing
import resource
import tracemalloc
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack, aclosing
from dataclasses import dataclass
from multiprocessing.connection import Connection as Pipe
from pathlib import Path

import structlog

from tests.bench.readers import our_model
from tests.bench.servers import TOKEN, Servers
from tests.simulation.paces import tokens
from tests.support import keys
from tests.support.pacing_only import answering_on
from tests.support.prompts import prompt
from tickertape.answer.opening import Opening
from tickertape.discord.http.response import Response
from tickertape.discord.showing.buttons import AnswerButtons
from tickertape.discord.showing.channel_surface import ChannelSurface
from tickertape.model.api import Delta
from tickertape.prompts.turns import Conversation, Role, Turn
from tickertape.screen.budget import Budget, WindowBudget

_TOKENS = 500
"""Tokens of an answer, four characters each."""


_ROUND_TRIP = 0.5


@dataclass(frozen=True, slots=True)
class Memory:
    """KiB for each of `answers` open answers and each of as many HTTP streams, by resident set and by allocations."""

    answers: int
    answer_resident: float
    answer_allocated: float
    connection_resident: float


def measure(*, quick: bool) -> list[Memory]:
    """Measure at growing counts."""
    return [_at(count) for count in ((100,) if quick else (100, 1000, 2000))]


def _at(count: int) -> Memory:
    with Servers() as servers:
        url = servers.where.stream("once")
        connection = _in_a_process(_connections, count, url)
    return Memory(
        answers=count,
        answer_resident=_in_a_process(_answers, count, ""),
        answer_allocated=_in_a_process(_answers_allocated, count, ""),
        connection_resident=connection,
    )


Work = Callable[[int, str], float]


def _in_a_process(work: Work, count: int, url: str) -> float:
    pipe, theirs = multiprocessing.Pipe()
    context = multiprocessing.get_context("spawn")
    process = context.Process(target=_child, args=(theirs, work, count, url), daemon=True)
    process.start()
    theirs.close()
    found: float = pipe.recv()
    process.join()
    return found


def _child(pipe: Pipe, work: Work, count: int, url: str) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 8192)), hard))
    pipe.send(work(count, url))


def _answers(count: int, _: str) -> float:
    return asyncio.run(_grown(count, _resident, _open_answers))


def _answers_allocated(count: int, _: str) -> float:
    tracemalloc.start()
    return asyncio.run(_grown(count, lambda: tracemalloc.get_traced_memory()[0], _open_answers))


def _connections(count: int, url: str) -> float:
    async def open_streams(number: int, stack: AsyncExitStack) -> None:
        await _open_streams(number, stack, url)

    return asyncio.run(_grown(count, _resident, open_streams))


def _resident() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize()


async def _grown(
    count: int, used: Callable[[], int], open_some: Callable[[int, AsyncExitStack], Awaitable[None]]
) -> float:
    """Return the KiB that each of `count` more things takes, once a few have been opened."""
    async with AsyncExitStack() as stack:
        await open_some(20, stack)
        gc.collect()
        before = used()
        await open_some(count, stack)
        gc.collect()
        return (used() - before) / count / 1024


class _OpenModel:
    """Says its tokens at once and then holds the stream open."""

    async def stream(self, conversation: Conversation) -> AsyncGenerator[Delta, None]:  # noqa: ARG002 - a model's signature
        for token in tokens(_TOKENS):
            yield Delta(text=token)
        await asyncio.Event().wait()


class _NoRest:
    """Answers every call as Discord would, without a connection."""

    def __init__(self) -> None:
        self._budget = WindowBudget(keys.budget("bench"), 1_000_000, 1.0)

    def costs(self, _: object) -> tuple[Budget, ...]:
        """Return a budget that holds nothing up."""
        return (self._budget,)

    def budget(self, _: object) -> Budget:
        """Return the same."""
        return self._budget

    async def call(self, *_: object, **__: object) -> Response:
        """Return a message, after the time that a call takes."""
        await asyncio.sleep(_ROUND_TRIP)
        return Response(200, {}, b'{"id": "1", "channel_id": "1"}', asyncio.get_running_loop().time())


async def _open_answers(count: int, stack: AsyncExitStack) -> None:
    answering = answering_on(_OpenModel())
    stack.push_async_callback(answering.close, 0.0, 5.0)
    rest = _NoRest()
    for number in range(count):
        surface = ChannelSurface(rest, number, AnswerButtons())  # type: ignore[arg-type]  # stands in for the HTTP client
        answer = answering.ask(prompt("go", key=f"fake:{number}", place=f"fake:{number}"), Opening(surface))
        if answer is not None:
            surface.bind(answer.id)
    while any(  # noqa: ASYNC110 - nothing tells
        answer.draft.waiting or not answer.draft.length for answer in answering.registry.running()
    ):
        await asyncio.sleep(0.05)


async def _open_streams(count: int, stack: AsyncExitStack, url: str) -> None:
    model = await our_model(url, stack)
    arrived = 0
    everything = asyncio.Event()

    async def read() -> None:
        nonlocal arrived
        taken = 0
        async with aclosing(model.stream((Turn(Role.USER, "go"),))) as deltas:
            async for delta in deltas:
                taken += len(delta.text)
                if taken == _TOKENS * len(TOKEN):
                    arrived += 1
                if arrived == count:
                    everything.set()

    readers = [asyncio.create_task(read()) for _ in range(count)]
    stack.push_async_callback(_cancel, readers)
    await everything.wait()


async def _cancel(readers: list[asyncio.Task[None]]) -> None:
    for reader in readers:
        reader.cancel()
    await asyncio.gather(*readers, return_exceptions=True)
