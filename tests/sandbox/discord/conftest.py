"""A running stand-in, a plain HTTP client of it, and discord.py connected to it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import discord
import pytest
import yarl

from tests.sandbox.discord.clients import Bot, GatewayClient, Rest
from tickertape.sandbox.discord import DiscordSandbox


@pytest.fixture
async def sandbox() -> AsyncIterator[DiscordSandbox]:
    async with DiscordSandbox() as running:
        yield running


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened


@pytest.fixture
def rest(sandbox: DiscordSandbox, session: aiohttp.ClientSession) -> Rest:
    return Rest(sandbox, session)


@pytest.fixture
async def gateway(sandbox: DiscordSandbox, session: aiohttp.ClientSession) -> AsyncIterator[GatewayClient]:
    client = GatewayClient(sandbox, session)
    await client.connect()
    yield client
    await client.close()


@pytest.fixture
def pointed_at_sandbox(sandbox: DiscordSandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """discord.py's addresses, turned to the stand-in."""
    monkeypatch.setattr(discord.http.Route, "BASE", sandbox.api_url)
    monkeypatch.setattr(discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(sandbox.gateway_url))


@pytest.fixture
async def bot(
    sandbox: DiscordSandbox,
    pointed_at_sandbox: None,  # noqa: ARG001 - used for its effect
) -> AsyncIterator[Bot]:
    """discord.py, logged in and ready."""
    client = Bot(sandbox.token)
    await client.begin()
    yield client
    await client.end()
