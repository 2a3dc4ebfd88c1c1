"""The Discord bot: connects, serves, and says what is wrong when Discord does not accept it."""

from __future__ import annotations

import asyncio

from discord.http import Route

from tickertape.discord.client import TickertapeClient
from tickertape.discord.settings import DiscordSettings
from tickertape.discord.setup_problems import SETUP_ERRORS, setup_error
from tickertape.service import Service


class DiscordBot:
    """Answers prompts in Discord. discord.py knows one API address at a time, so a process has one such bot.

    `ready` is set when Discord has sent everything that the bot needs to know.
    """

    def __init__(self, settings: DiscordSettings, service: Service) -> None:
        self._settings = settings
        self._client = TickertapeClient(settings, service)
        self._serving: asyncio.Task[None] | None = None
        self._closing = asyncio.Event()
        self.ready = self._client.all_known

    async def run(self) -> None:
        """Log in, connect, and serve until `close`; raises `DiscordSetupError` if Discord does not accept the set-up."""
        if self._closing.is_set():
            return
        Route.BASE = self._settings.api_url
        self._serving = asyncio.create_task(self._serve(), name="discord")
        try:
            await self._serving
        except SETUP_ERRORS as error:
            if self._closing.is_set():
                return
            if (problem := setup_error(error, self._settings.api_url)) is None:
                raise
            raise problem from error
        except asyncio.CancelledError:
            if not self._closing.is_set():
                raise

    async def close(self) -> None:
        """End `run`, after the calls that are under way."""
        self._closing.set()
        if self._serving is None:
            return
        await self._client.tasks.close()
        await self._client.close()
        self._serving.cancel()  # discord.py goes on trying for ever if it was about to connect

    async def _serve(self) -> None:
        async with self._client:
            await self._client.start(self._settings.token)
