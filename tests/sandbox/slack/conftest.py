"""A running stand-in, and the real Slack libraries connected to it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager

import aiohttp
import pytest
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tickertape.sandbox.slack import SlackSandbox


@pytest.fixture
async def slack() -> AsyncIterator[SlackSandbox]:
    async with SlackSandbox() as sandbox:
        yield sandbox


@pytest.fixture
def client(slack: SlackSandbox) -> AsyncWebClient:
    return AsyncWebClient(slack.bot_token, base_url=slack.api_url)


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def general(slack: SlackSandbox) -> str:
    return slack.world.channel("general").id


@pytest.fixture
def app(client: AsyncWebClient) -> AsyncApp:
    return AsyncApp(client=client, signing_secret="sandbox-signing-secret")


@asynccontextmanager
async def connected(app: AsyncApp, slack: SlackSandbox) -> AsyncIterator[AsyncSocketModeHandler]:
    """Connect a Bolt app to the stand-in by Socket Mode."""
    handler = AsyncSocketModeHandler(app, slack.app_token)
    await handler.connect_async()  # type: ignore[no-untyped-call]  # Bolt leaves it untyped
    await slack.wait_for(lambda: slack.sockets)
    try:
        yield handler
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call]  # Bolt leaves it untyped


async def error_of(call: Awaitable[object]) -> str:
    """Return the error code that an API call raises."""
    with pytest.raises(SlackApiError) as raised:
        await call
    return str(raised.value.response["error"])
