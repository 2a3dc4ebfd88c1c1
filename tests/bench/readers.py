"""Three ways to read the same bytes, each counting the deltas it took: ours, the typed client, and the floor."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack

import aiohttp
import httpx2
import msgspec
import openai

from tests.bench.servers import TOKEN
from tests.simulation.platforms import DISCORD_PAGE
from tests.support.fake_platform import FakeChannel, FakeSurface
from tests.support.pacing_only import answering_on
from tests.support.prompts import prompt
from tickertape.answer.opening import Opening
from tickertape.model.client import ChatModel
from tickertape.model.settings import Admission, ChatSettings
from tickertape.screen.body import Body
from tickertape.screen.outcome import Gone, Outcome
from tickertape.screen.surface import Surface

KEY = "sk-bench"
_GENEROUS = Admission(streams=4000, opening=50, per_second=200.0, wait=120.0)


Opener = Callable[[str, AsyncExitStack], Awaitable["Reader"]]
"""Makes a reader for a base URL; what it needs is closed by the stack."""


class Reader(ABC):
    """Opens streams and counts what comes."""

    @abstractmethod
    def open(self) -> None:
        """Open one more stream."""

    @property
    @abstractmethod
    def deltas(self) -> int:
        """Deltas taken by all streams together."""

    @abstractmethod
    async def finish(self) -> None:
        """Wait for the ends of all streams."""

    @abstractmethod
    async def stop(self) -> None:
        """Leave all streams."""


class _TaskReader(Reader):
    """A reader with a task for each stream."""

    def __init__(self) -> None:
        self._taken = 0
        self._tasks: set[asyncio.Task[None]] = set()

    def open(self) -> None:
        """Open one more stream."""
        self._tasks.add(asyncio.create_task(self._read()))

    @property
    def deltas(self) -> int:
        """Deltas taken by all streams together."""
        return self._taken

    async def finish(self) -> None:
        """Wait for the ends of all streams."""
        await asyncio.gather(*self._tasks)

    async def stop(self) -> None:
        """Leave all streams."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @abstractmethod
    async def _read(self) -> None:
        """Read a stream to its end, keeping its text."""


class TypedReader(_TaskReader):
    """The openai client's typed stream, as applications use it."""

    def __init__(self, client: openai.AsyncOpenAI) -> None:
        super().__init__()
        self._client = client

    async def _read(self) -> None:
        stream = await self._client.chat.completions.create(
            model="bench", messages=[{"role": "user", "content": "go"}], stream=True
        )
        text: list[str] = []
        async with stream:
            async for chunk in stream:
                if chunk.choices and (content := chunk.choices[0].delta.content):
                    text.append(content)
                    self._taken += 1


async def typed(url: str, stack: AsyncExitStack) -> Reader:
    """Return a reader by the openai client on its default transport."""
    limits = openai.DefaultAsyncHttpxClient(limits=_limits())
    client = openai.AsyncOpenAI(api_key=KEY, base_url=url, http_client=limits)
    await stack.enter_async_context(client)
    return TypedReader(client)


async def typed_aiohttp(url: str, stack: AsyncExitStack) -> Reader:
    """Return a reader by the openai client on its aiohttp transport."""
    transport = openai.DefaultAioHttpClient(limits=_limits())
    client = openai.AsyncOpenAI(api_key=KEY, base_url=url, http_client=transport)
    await stack.enter_async_context(client)
    return TypedReader(client)


def _limits() -> httpx2.Limits:
    return httpx2.Limits(max_connections=4000, max_keepalive_connections=4000)


class _Delta(msgspec.Struct):
    content: str | None = None


class _Choice(msgspec.Struct):
    delta: _Delta


class _Chunk(msgspec.Struct):
    choices: list[_Choice]


class RawReader(_TaskReader):
    """aiohttp and msgspec with nothing around them: it knows no errors, no events over several lines, no timeouts."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        super().__init__()
        self._session = session
        self._url = f"{url}/chat/completions"
        self._decode = msgspec.json.Decoder(_Chunk).decode

    async def _read(self) -> None:
        text: list[str] = []
        rest = b""
        async with self._session.post(self._url, json={"model": "bench", "messages": []}) as response:
            async for data in response.content.iter_any():
                *events, rest = (rest + data).split(b"\n\n")
                for event in events:
                    if event != b"data: [DONE]" and (
                        content := self._decode(event[6:]).choices[0].delta.content
                    ):
                        text.append(content)
                        self._taken += 1


async def raw(url: str, stack: AsyncExitStack) -> Reader:
    """Return a reader by aiohttp and msgspec."""
    session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
    await stack.enter_async_context(session)
    return RawReader(session, url)


class SilentSurface(FakeSurface):
    """A surface whose first call is under way for ever: what is left is the way from the bytes to the draft."""

    def __init__(self) -> None:
        super().__init__(FakeChannel(), DISCORD_PAGE)
        self._over = asyncio.Event()

    async def post(self, body: Body, page: int) -> Outcome:  # noqa: ARG002 - a surface's signature
        """Wait until the answer is to be over."""
        await self._over.wait()
        return Gone()

    def end(self) -> None:
        """Let the call come back: the message is gone."""
        self._over.set()


class OurReader(Reader):
    """The bot's own way: the model's client, the answer's draft, the streamer."""

    def __init__(self, model: ChatModel, surface: Callable[[int], Surface] | None = None) -> None:
        self._answering = answering_on(model)
        self._surface = surface
        self._silent: list[SilentSurface] = []
        self._answers = 0

    def open(self) -> None:
        """Ask one more prompt."""
        self._answers += 1
        self._answering.ask(prompt("go", key=f"fake:{self._answers}"), Opening(self._next_surface()))

    def _next_surface(self) -> Surface:
        if self._surface is not None:
            return self._surface(self._answers - 1)
        self._silent.append(SilentSurface())
        return self._silent[-1]

    @property
    def deltas(self) -> int:
        """Deltas that are in the drafts."""
        lengths = [answer.draft.length for answer in self._answering.registry.running()]
        return sum(lengths) // len(TOKEN)

    async def finish(self) -> None:
        """Wait for the ends of all streams."""
        while not all(answer.over for answer in self._answering.registry.running()):  # noqa: ASYNC110 - nothing tells
            await asyncio.sleep(0.001)

    async def stop(self) -> None:
        """Stop all answers."""
        for surface in self._silent:
            surface.end()
        await self._answering.close(grace=0, drain=5)


async def ours(url: str, stack: AsyncExitStack) -> Reader:
    """Return a reader that goes our way, up to the draft."""
    return OurReader(await our_model(url, stack))


async def our_model(url: str, stack: AsyncExitStack) -> ChatModel:
    """Return the model's client, with limits that hold nothing up."""
    model = ChatModel(ChatSettings("bench", KEY, url, admission=_GENEROUS))
    stack.push_async_callback(model.close)
    return model
