"""Starting, stopping and starting again."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest
import yarl

from tests.sandbox.discord.clients import GatewayClient, Rest
from tickertape.sandbox.discord import DiscordSandbox


async def test_world_outlives_a_restart(rest: Rest, gateway: GatewayClient) -> None:
    sandbox = rest.sandbox
    message = await rest.posted(sandbox.general)
    await gateway.identify(0)
    port = yarl.URL(sandbox.url).port
    assert port is not None
    closed = asyncio.create_task(gateway.close_code())
    await asyncio.sleep(0)
    await sandbox.stop()
    assert await closed == 1001
    with pytest.raises(aiohttp.ClientConnectionError):
        await rest.post(sandbox.general)
    await sandbox.start(port=port)
    assert (await rest.edit(message, "still here")).status == 200


async def test_taken_address(sandbox: DiscordSandbox) -> None:
    port = yarl.URL(sandbox.url).port
    assert port is not None
    other = DiscordSandbox()
    with pytest.raises(OSError, match="address already in use"):
        await other.start(port=port)
    await other.stop()
