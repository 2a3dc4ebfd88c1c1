"""The demo's stage: the three stand-ins on loopback, and the real bot connected to them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

from pydantic import SecretStr

from tickertape.cli.app import App
from tickertape.cli.composition import compose
from tickertape.cli.exit_code import ExitCode
from tickertape.sandbox.discord import DiscordSandbox
from tickertape.sandbox.gateway import GatewaySandbox
from tickertape.sandbox.slack import SlackSandbox
from tickertape.settings import (
    AnswerSection,
    DiscordSection,
    LogSection,
    ModelSection,
    Settings,
    ShutdownSection,
    SlackSection,
    StoreSection,
)

DISCORD_PORT = 9000
SLACK_PORT = 9001
GATEWAY_PORT = 9002
"""The ports of `--serve`, while they are free; else the system picks others."""

LATENCY = 0.08
"""Round trip of the stand-ins in seconds: about that of the real platforms from a data centre."""


@dataclass(frozen=True, slots=True)
class Stage:
    """Everything that runs. `bot` ends when the bot does, which it should not do before the demo."""

    discord: DiscordSandbox
    slack: SlackSandbox
    gateway: GatewaySandbox
    app: App
    bot: asyncio.Task[ExitCode]


@asynccontextmanager
async def open_stage(*, fixed_ports: bool) -> AsyncIterator[Stage]:
    """Start the stand-ins and the bot, wait until the bot hears both platforms, and end all in good order."""
    async with AsyncExitStack() as stack:
        gateway = GatewaySandbox(port=GATEWAY_PORT if fixed_ports and await _is_free(GATEWAY_PORT) else 0)
        await stack.enter_async_context(gateway)
        discord, slack = DiscordSandbox(latency=LATENCY), SlackSandbox(latency=LATENCY)
        await discord.start(port=DISCORD_PORT if fixed_ports and await _is_free(DISCORD_PORT) else 0)
        stack.push_async_callback(discord.stop)
        await slack.start(port=SLACK_PORT if fixed_ports and await _is_free(SLACK_PORT) else 0)
        stack.push_async_callback(slack.stop)
        folder = stack.enter_context(TemporaryDirectory(prefix="tickertape-demo-"))
        app = await compose(_settings(discord, slack, gateway, Path(folder)))
        bot = asyncio.create_task(app.run(), name="bot")
        stack.push_async_callback(_end, app, bot)
        await _wait_until_connected(discord, slack, bot)
        yield Stage(discord, slack, gateway, app, bot)


async def _end(app: App, bot: asyncio.Task[ExitCode]) -> None:
    app.stop()
    await bot


async def _wait_until_connected(
    discord: DiscordSandbox, slack: SlackSandbox, bot: asyncio.Task[ExitCode]
) -> None:
    """Return when both platforms have the bot; raise RuntimeError if it ends before."""
    connected = asyncio.gather(
        discord.wait_for(lambda: discord.gateway.ready and bool(discord.world.commands)),
        slack.world.wait_for(lambda: bool(slack.sockets)),
    )
    waits: set[asyncio.Future[Any]] = {connected, bot}
    await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    if not connected.done():
        connected.cancel()
        raise RuntimeError("the bot ended before it was connected")
    await connected


async def _is_free(port: int) -> bool:
    """Whether nothing listens on this port of 127.0.0.1."""
    try:
        server = await asyncio.start_server(lambda *_: None, "127.0.0.1", port)
    except OSError:
        return False
    server.close()
    await server.wait_closed()
    return True


def _settings(
    discord: DiscordSandbox, slack: SlackSandbox, gateway: GatewaySandbox, folder: Path
) -> Settings:
    """Return the bot's settings: the stand-ins' addresses, a database in `folder`, and nothing of the environment."""
    return Settings(
        ModelSection.model_construct(
            api_key=SecretStr(gateway.api_key), base_url=gateway.base_url, name=gateway.model
        ),
        AnswerSection.model_construct(),
        DiscordSection.model_construct(
            token=SecretStr(discord.token), api_url=discord.api_url, file_hosts=(host_of(discord.cdn_url),)
        ),
        SlackSection.model_construct(
            bot_token=SecretStr(slack.bot_token),
            app_token=SecretStr(slack.app_token),
            api_url=slack.api_url.rstrip("/"),
            file_hosts=(host_of(slack.files_url),),
        ),
        ShutdownSection.model_construct(grace=2.0),
        LogSection.model_construct(),
        store=StoreSection.model_construct(url=SecretStr(f"sqlite:///{folder / 'tickertape.db'}")),
    )


def host_of(address: str) -> str:
    """Return the host of an address, with its port."""
    return urlsplit(address).netloc
