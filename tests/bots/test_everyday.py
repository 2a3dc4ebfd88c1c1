"""Everyday use of the real process, set up by a TOML file: two gateways, a persona, prices, limits, an export, a restart."""

from __future__ import annotations

import asyncio
import csv
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import pytest

from tests.bots.process import PATIENCE, BotProcess, run_bot, variables_for
from tickertape.sandbox.discord import DiscordSandbox, Interaction
from tickertape.sandbox.gateway import GatewaySandbox, Script
from tickertape.sandbox.slack import SlackSandbox
from tickertape.sandbox.slack.world.invocations import SlashCommand

pytestmark = pytest.mark.real_time

T = TypeVar("T")

SETTINGS = """
[store]
url = "{store}"

[model]
price_prompt = 1

[models.large]
name = "{model}"
base_url = "{second}"
api_key_variable = "SECOND_KEY"
price_prompt = 1000
price_completion = 2000

[personas.pirate]
prompt = "You speak with {{user}} on {{platform}} like a pirate. Today is {{date}}."

[prices]
currency = "EUR"

[access]
admins = ["discord:{admin}", "slack:{slack_admin}"]

[limits]
user_per_hour = 2
"""


@dataclass
class World:
    """The stand-ins; `second` is another gateway, which takes another key."""

    discord: DiscordSandbox
    slack: SlackSandbox
    first: GatewaySandbox
    second: GatewaySandbox

    @asynccontextmanager
    async def bot(self, folder: Path) -> AsyncIterator[BotProcess]:
        """Run the process until the block ends, then ask it to end."""
        variables = variables_for(self.discord, self.slack, self.first) | {"SECOND_KEY": self.second.api_key}
        async with run_bot(folder, **variables) as bot:
            await bot.ready("discord_ready", "slack_ready")
            yield bot
            bot.process.send_signal(signal.SIGTERM)
            assert await bot.ended() == 0, bot.events
        assert [event for event in bot.events if event.get("level") not in {"debug", "info"}] == []


async def until(predicate: Callable[[], T]) -> T:
    """Return the first true value of `predicate`."""
    async with asyncio.timeout(PATIENCE):
        while True:
            if value := predicate():
                return value
            await asyncio.sleep(0.05)


async def said_to(used: Interaction | SlashCommand) -> list[Any]:
    """Return the messages that a command was answered."""
    return await until(lambda: used.messages)


@asynccontextmanager
async def world(folder: Path, store_url: str) -> AsyncIterator[World]:
    quick = Script(text="Because.", tokens_per_second=1000.0, first_token=0.0)
    async with (
        DiscordSandbox() as discord,
        SlackSandbox() as slack,
        GatewaySandbox(default=quick) as first,
        GatewaySandbox(api_key="sk-second", default=quick) as second,
    ):
        settings = SETTINGS.format(
            store=store_url,
            second=second.base_url,
            model=second.model,
            admin=discord.owner.id,
            slack_admin=slack.world.user("admin").id,
        )
        (folder / "tickertape.toml").write_text(settings)
        yield World(discord, slack, first, second)


async def in_discord(there: World, text: str) -> str:
    """Ask in alice's direct message, and return the answer."""
    discord = there.discord
    place = await discord.open_dm(discord.alice)
    before = [each for each in place.messages.values() if each.author is discord.bot_user]
    await discord.say(place, discord.alice, text)
    answer = await until(lambda: [
        each.content for each in place.messages.values()
        if each.author is discord.bot_user and each not in before and (len(each.buttons) > 1 or "at most" in each.content)
    ])  # fmt: skip
    return answer[0]


async def in_slack(there: World, text: str) -> str:
    slack = there.slack
    place = await slack.open_dm("alice")
    before = slack.bot_messages
    await slack.say(place, "alice", text)
    answer = await until(lambda: [
        each.visible for each in slack.bot_messages
        if each not in before and (each.blocks or "at most" in each.visible) and each.visible
        and (each.stream is None or each.stream.state.value == "ended")
    ])  # fmt: skip
    return answer[0]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def store_url(request: pytest.FixtureRequest, bare: Path) -> str:
    """The URL of a new database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{bare / 'store.db'}"
    url: str = request.getfixturevalue("new_postgres_url")
    return url


async def test_everyday_use_of_the_real_process(bare: Path, store_url: str) -> None:
    async with world(bare, store_url) as there:
        discord, slack = there.discord, there.slack
        dm, slack_dm = await discord.open_dm(discord.alice), await slack.open_dm("alice")
        async with there.bot(bare):
            for name, choice in (("model", "large"), ("persona", "pirate")):
                chosen = await discord.slash(dm, discord.alice, name, {"name": choice})
                assert choice in (await said_to(chosen))[0].content
                used = await slack.slash(slack_dm, "alice", f"/ask-{name}", choice)
                assert choice in (await said_to(used))[0].visible
            assert await in_discord(there, "One?") == "Because."
            assert (await in_slack(there, "One?")).startswith("Because.")
            assert there.first.requests == []
            for request, platform in zip(there.second.requests, ("Discord", "Slack"), strict=True):
                system = request.body["messages"][0]
                today = datetime.now(UTC).strftime("%A, %Y-%m-%d")
                assert system["content"].casefold() == (
                    f"you speak with alice on {platform} like a pirate. today is {today}.".casefold()
                )
        async with there.bot(bare):
            await in_discord(there, "Two?")
            await in_slack(there, "Two?")
            for request in there.second.requests[2:]:
                roles = [message["role"] for message in request.body["messages"]]
                assert roles == ["system", "user", "assistant", "user"]
            limit = "I write at most 2 answers for you in an hour. Please ask again in "
            assert (await in_discord(there, "Three?")).startswith(limit)
            assert (await in_slack(there, "Three?")).startswith(limit)
            mine = await discord.slash(dm, discord.alice, "usage", {})
            figures = (await said_to(mine))[0].content
            assert "large: 2 answers" in figures
            assert "EUR" in figures
            export = await discord.slash(discord.general, discord.owner, "usage", {"export": True})
            (table,) = (await said_to(export))[0].attachments
            rows = list(csv.DictReader(table.data.decode().splitlines()))
            assert [row["platform"] for row in rows] == ["discord", "slack", "discord", "slack"]
            assert all(float(row["cost"]) > 0 and row["state"] == "complete" for row in rows)
