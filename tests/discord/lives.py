"""The whole bot on a real store in the stand-in's world: a process that can be killed, and begun again."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from tests.discord.stage import Stage, running, settings_for
from tests.support.scripted_model import ScriptedModel, model_of
from tests.support.services import Setup, service_of
from tickertape.discord.bot import DiscordBot
from tickertape.durable.store import DatabaseSettings, Store
from tickertape.sandbox.discord import DiscordSandbox, Intent
from tickertape.service import Service


@dataclass
class Lives:
    """Discord, which outlives processes, and the database file of each of them. `stage` shows the living one."""

    discord: DiscordSandbox
    folder: Path
    setup: Setup
    message_content: bool
    stack: AsyncExitStack
    count: int = 0
    _stage: Stage | None = None
    _service: Service | None = None
    _dying: list[asyncio.Task[None]] = field(default_factory=list)

    @property
    def stage(self) -> Stage:
        assert self._stage is not None
        return self._stage

    @property
    def service(self) -> Service:
        assert self._service is not None
        return self._service

    @property
    def file(self) -> Path:
        return self.folder / f"life-{self.count}.db"

    async def begin(self) -> None:
        """Start a process, which repairs what it finds."""
        store = await self.stack.enter_async_context(
            await Store.open(DatabaseSettings(f"sqlite:///{self.file}", busy_timeout=0.05))
        )
        self._service = service_of(self.setup, store)
        bot = DiscordBot(settings_for(self.discord, message_content=self.message_content), self._service)
        answering = self._service.answering
        await self.stack.enter_async_context(running(bot, answering))
        model = next(iter(self.setup.models.values()))
        assert isinstance(model, ScriptedModel)
        self._stage = Stage(self.discord, bot, answering, model)

    def kill(self) -> None:
        """End the process as SIGKILL does: what is in its file is all that is left of it.

        A call that is under way has left already. What remains of the process here reaches nobody, and is cleared away.
        """
        bot, answering, before = self.stage.bot, self.stage.answering, self.file
        connector = bot._client.http.connector
        connector.connect = _severed  # type: ignore[method-assign]  # the one way out of a process
        self.count += 1
        for suffix in ("", "-wal"):
            if (old := Path(f"{before}{suffix}")).exists():
                shutil.copy(old, f"{self.file}{suffix}")

        async def clear_away() -> None:
            await answering.close(grace=0, drain=0)
            await bot.close()

        self._dying.append(asyncio.create_task(clear_away()))

    async def restart(self, away: float = 0.0) -> None:
        """Kill the process, and begin another one after `away` seconds."""
        self.kill()
        await asyncio.sleep(away)
        await self.begin()

    async def until_quiet(self) -> None:
        """Wait until no answer is running, and everything is stored."""
        stage = self.stage
        await asyncio.sleep(1)
        await stage.until(lambda: not stage.answering.registry.running(), 600)
        await asyncio.sleep(1)
        await self.service.store.answer_writes.flush()

    async def clear_away(self) -> None:
        """Wait for what remains of killed processes."""
        await asyncio.gather(*self._dying)


async def _severed(*_: object, **__: object) -> aiohttp.connector.Connection:
    raise aiohttp.ClientConnectionError("the process is dead")


@asynccontextmanager
async def on_lives(
    folder: Path,
    model: ScriptedModel | str = "An answer.",
    setup: Setup | None = None,
    *,
    message_content: bool = False,
) -> AsyncIterator[Lives]:
    """Yield a world in which the first process is ready."""
    if setup is None:
        setup = Setup({"small": model_of(model) if isinstance(model, str) else model})
    async with AsyncExitStack() as stack:
        privileged = Intent.MESSAGE_CONTENT if message_content else 0
        discord = await stack.enter_async_context(DiscordSandbox(latency=0.1, privileged_intents=privileged))
        lives = Lives(discord, folder, setup, message_content, stack)
        stack.push_async_callback(lives.clear_away)
        await lives.begin()
        yield lives
