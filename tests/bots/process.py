"""`tickertape run` as a real process, whose log a test reads line by line."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tickertape.sandbox.discord import DiscordSandbox
from tickertape.sandbox.gateway import GatewaySandbox
from tickertape.sandbox.slack import SlackSandbox

ROOT = Path(__file__).parents[2]
PATIENCE = 30.0
"""Seconds after which something that should have happened is taken not to."""

Event = dict[str, Any]


@dataclass
class BotProcess:
    """A running `tickertape run`."""

    process: asyncio.subprocess.Process
    events: list[Event] = field(default_factory=list)
    """What it has logged so far, as far as it was read."""

    async def logged(self, wanted: Callable[[Event], bool]) -> Event:
        """Read the log up to the first event that is wanted."""
        async with asyncio.timeout(PATIENCE):
            while line := await self._stderr.readline():
                event = self._take(line)
                if event is not None and wanted(event):
                    return event
        raise AssertionError(f"the process ended without it: {self.events}")

    async def ready(self, *names: str) -> None:
        """Wait until each of these events was logged."""
        missing = set(names)
        while missing:
            event = await self.logged(lambda event: event["event"] in missing)
            missing.discard(event["event"])

    async def ended(self) -> int:
        """Wait for its end, read the rest of the log, and return its status."""
        async with asyncio.timeout(PATIENCE):
            while line := await self._stderr.readline():
                self._take(line)
            return await self.process.wait()

    def names(self) -> list[str]:
        """Return the names of everything that was logged."""
        return [event["event"] for event in self.events]

    @property
    def _stderr(self) -> asyncio.StreamReader:
        assert self.process.stderr is not None
        return self.process.stderr

    def _take(self, line: bytes) -> Event | None:
        try:
            event: Event = json.loads(line)
        except json.JSONDecodeError:
            event = {"event": "", "text": line.decode()}
        self.events.append(event)
        return event


def variables_for(discord: DiscordSandbox, slack: SlackSandbox, gateway: GatewaySandbox) -> dict[str, str]:
    """Return what points a bot at the stand-ins."""
    return {
        "OPENAI_API_KEY": gateway.api_key,
        "OPENAI_BASE_URL": gateway.base_url,
        "OPENAI_MODEL": gateway.model,
        "DISCORD_TOKEN": discord.token,
        "DISCORD_API_URL": discord.api_url,
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": slack.app_token,
        "SLACK_API_URL": slack.api_url,
    }


@asynccontextmanager
async def run_bot(cwd: Path, **variables: str) -> AsyncIterator[BotProcess]:
    """Start `tickertape run` in `cwd` with nothing set but `variables`; it is killed if the test leaves it running."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tickertape", "run",
        cwd=cwd,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "TICKERTAPE_LOG_FORMAT": "json", **variables},
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        limit=2**20,
    )  # fmt: skip
    bot = BotProcess(process)
    try:
        yield bot
    finally:
        if process.returncode is None:
            process.kill()
        await bot.ended()
