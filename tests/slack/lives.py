"""A bot that is killed and begun again: each life has a database file of its own, and a gate that a kill shuts for ever."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from tests.slack.stage import settings_for
from tests.support.services import Setup, service_of
from tickertape.durable.store import DatabaseSettings, Store
from tickertape.sandbox.slack import Message, SlackSandbox
from tickertape.sandbox.slack.world.models import StreamState
from tickertape.service import Service
from tickertape.slack import SlackBot
from tickertape.slack.settings import Mode, NativeStreams

T = TypeVar("T")


class Gate:
    """A way to a server on this machine, which can be cut: then nothing passes any more, in neither direction."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self._target = parts.hostname or "", parts.port or 0
        self._path = parts.path
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self._passing: set[asyncio.Task[None]] = set()
        self._cut = False
        self.address = ""

    async def start(self) -> None:
        """Listen."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        host, port = self._server.sockets[0].getsockname()[:2]
        self.address = f"http://{host}:{port}{self._path}"

    def cut(self) -> None:
        """Let nothing pass from now on."""
        self._cut = True
        for writer in self._open:
            writer.transport.abort()
        if self._server is not None:
            self._server.close()

    async def close(self) -> None:
        """Stop listening."""
        self.cut()
        if self._server is not None:
            await self._server.wait_closed()
        if self._passing:
            await asyncio.wait(self._passing)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        passing = asyncio.create_task(self._pass_on(reader, writer))
        self._passing.add(passing)
        passing.add_done_callback(self._passing.discard)

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._cut:
            writer.transport.abort()
            return
        onward_reader, onward_writer = await asyncio.open_connection(*self._target)
        self._open |= {writer, onward_writer}
        await asyncio.gather(self._copy(reader, onward_writer), self._copy(onward_reader, writer))
        self._open -= {writer, onward_writer}

    async def _copy(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(65536):
                writer.write(data)
        except ConnectionError:
            pass
        writer.close()


@dataclass
class Life:
    """One process: a bot, its service, its gate."""

    bot: SlackBot
    service: Service
    gate: Gate
    running: asyncio.Task[None]
    inward: Gate | None = None
    """The way that events take over HTTP."""

    async def end(self, drain: float = 10) -> None:
        """Shut down as a process does when it is asked to."""
        await self.service.answering.close(grace=0, drain=drain)
        await self.bot.close()
        await asyncio.wait({self.running})
        await self.gate.close()
        if self.inward is not None:
            await self.inward.close()


@dataclass
class Lives:
    """A workspace, and the processes of a bot in it, one after the other."""

    slack: SlackSandbox
    setup: Setup
    folder: Path
    stack: AsyncExitStack
    native: NativeStreams = NativeStreams.DIRECT
    mode: Mode = Mode.SOCKET
    life: Life | None = None
    numbers: int = 0
    dead: list[asyncio.Task[None]] = field(default_factory=list)

    @property
    def now(self) -> Life:
        """The process that runs."""
        assert self.life is not None
        return self.life

    @property
    def file(self) -> Path:
        """The database of the process that runs or comes next."""
        return self.folder / f"life-{self.numbers}.db"

    async def begin(self) -> None:
        """Start a process and wait until it is ready."""
        gate = Gate(self.slack.api_url)
        await gate.start()
        store = await self.stack.enter_async_context(
            await Store.open(DatabaseSettings(f"sqlite:///{self.file}", busy_timeout=0.05))
        )
        service = service_of(self.setup, store)
        settings = replace(
            settings_for(self.slack, self.mode, self.native),
            api_url=gate.address,
        )
        bot = SlackBot(settings, service)
        running = asyncio.create_task(bot.run())
        self.life = Life(bot, service, gate, running)
        await self.until(lambda: bot.ready.is_set() or running.done())
        assert bot.ready.is_set()
        if self.mode is Mode.HTTP:
            self.life.inward = Gate(bot.events_url)
            await self.life.inward.start()
            self.slack.events_url = self.life.inward.address

    @asynccontextmanager
    async def slow_database(self) -> AsyncIterator[None]:
        """Let the database of the process that runs take nothing for a while."""
        over = asyncio.Event()
        database = self.now.service.store._database
        holding = asyncio.create_task(database.write(lambda _: over.wait()))
        try:
            yield
        finally:
            over.set()
            await asyncio.wait({holding})

    def kill(self) -> None:
        """End the process as SIGKILL does: what is in its file and what it has sent is all that is left of it."""
        self.now.gate.cut()
        if self.now.inward is not None:
            self.now.inward.cut()
        self.slack.drop_sockets()
        before = self.file
        self.numbers += 1
        for suffix in ("", "-wal"):
            if (old := Path(f"{before}{suffix}")).exists():
                shutil.copy(old, f"{self.file}{suffix}")
        self.dead.append(asyncio.create_task(self.now.end(drain=0.1)))  # nobody hears of it any more
        self.life = None

    async def until(self, predicate: Callable[[], T | None], seconds: float = 60.0) -> T:
        """Return the first true value of `predicate`; looks every 10 ms of virtual time."""
        async with asyncio.timeout(seconds):
            while True:
                value = predicate()
                if value:
                    return value
                await asyncio.sleep(0.01)

    async def settle(self, seconds: float = 900) -> None:
        """Wait until no answer is running or left unfinished, and nothing is on its way."""
        async with asyncio.timeout(seconds):
            while True:
                await asyncio.sleep(1)
                if not await self._is_busy():
                    break
        await asyncio.sleep(2)

    async def _is_busy(self) -> bool:
        service = self.now.service
        store = service.store
        await store.answer_writes.flush()
        return bool(service.answering.registry.running() or await store.answers.unfinished("slack"))

    def shown(self) -> list[Message]:
        """Return the bot's messages that are on screen, oldest first."""
        return [message for message in self.slack.bot_messages if not message.deleted]

    async def close(self) -> None:
        """End all processes."""
        if self.life is not None:
            await self.life.end()
        await asyncio.gather(*self.dead)


@asynccontextmanager
async def lives_in(
    folder: Path,
    setup: Setup,
    native: NativeStreams = NativeStreams.DIRECT,
    mode: Mode = Mode.SOCKET,
) -> AsyncIterator[Lives]:
    """Yield a workspace in which a bot is ready, on a database in `folder`."""
    async with SlackSandbox(latency=0.1) as slack, AsyncExitStack() as stack:
        lives = Lives(slack, setup, folder, stack, native, mode)
        await lives.begin()
        try:
            yield lives
        finally:
            await lives.close()


def is_live(message: Message) -> bool:
    """Whether the message is a native stream that has not ended."""
    return message.stream is not None and message.stream.state is StreamState.LIVE
