"""`tickertape run` as a real process with the real client libraries, against the stand-ins in this process."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.bots.process import PATIENCE, BotProcess, Event, run_bot, variables_for
from tests.support.english import english
from tickertape.languages import words
from tickertape.sandbox.discord import DiscordSandbox
from tickertape.sandbox.discord.world.entities import Message as DiscordMessage
from tickertape.sandbox.gateway import Fault, GatewaySandbox, Script
from tickertape.sandbox.slack import Message as SlackMessage
from tickertape.sandbox.slack import SlackSandbox

pytestmark = pytest.mark.real_time

TEXT = "The tape runs on, one word after the other, until somebody stops it. "
PIECES = 15
"""Pieces of four characters, after which the model falls silent."""

STALLS = Script(text=TEXT * 3, tokens_per_second=40.0, first_token=0.0, fault=Fault.STALL, fault_after=PIECES)


@dataclass
class World:
    """The three stand-ins, and what points the bot at them."""

    discord: DiscordSandbox
    slack: SlackSandbox
    gateway: GatewaySandbox

    def variables(self) -> dict[str, str]:
        return variables_for(self.discord, self.slack, self.gateway)

    async def ask_both(self) -> None:
        """Mention the bot in both places, and wait until both models have sent all they will."""
        await self.discord.say(self.discord.general, self.discord.alice, "Why?", mention_bot=True)
        await self.slack.say("general", "alice", "Why?", mention_bot=True)
        await self.all_sent(2)

    async def all_sent(self, answers: int) -> None:
        """Wait until that many answers have been sent as far as their script goes."""
        async with asyncio.timeout(PATIENCE):
            await self.gateway.wait_for(
                lambda: [len(request.sent) >= PIECES for request in self.gateway.requests] == [True] * answers
            )

    def in_discord(self) -> DiscordMessage:
        """Return the only message of the bot."""
        sent = self.discord.general.messages.values()
        (message,) = [message for message in sent if message.author is self.discord.bot_user]
        return message

    def in_slack(self) -> SlackMessage:
        """Return the only message of the bot."""
        (message,) = [
            message for message in self.slack.world.messages() if message.user == self.slack.bot_user_id
        ]
        return message


def is_trouble(event: Event) -> bool:
    """Whether the log tells of something that should not happen."""
    return event.get("level") not in {"debug", "info"}


@asynccontextmanager
async def world() -> AsyncIterator[World]:
    async with (
        DiscordSandbox() as discord,
        SlackSandbox() as slack,
        GatewaySandbox(default=STALLS) as gateway,
    ):
        yield World(discord, slack, gateway)


@asynccontextmanager
async def running(there: World, cwd: Path, **variables: str) -> AsyncIterator[BotProcess]:
    async with run_bot(cwd, **there.variables(), **variables) as bot:
        await bot.ready("discord_ready", "slack_ready")
        yield bot


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_in_mid_stream_keeps_all_text_says_so_and_ends_with_0(
    number: signal.Signals, bare: Path
) -> None:
    async with world() as there:
        async with running(there, bare, TICKERTAPE_SHUTDOWN_GRACE="0.5") as bot:
            await there.ask_both()
            bot.process.send_signal(number)
            assert await bot.ended() == 0, bot.events
        received = (TEXT * 3)[: 4 * PIECES].strip()
        for text in (there.in_discord().content, there.in_slack().visible):
            assert text.startswith(received)
            assert english(words.INTERRUPTED) in text
            assert text.count(received[:20]) == 1
        assert [button["label"] for button in there.in_discord().buttons] == ["Again"]
        assert [block["type"] for block in there.in_slack().blocks] == ["markdown", "actions"]
        assert all(request.disconnected is not None for request in there.gateway.requests)
        assert bot.names().count("answer_ended") == 2
        assert [event for event in bot.events if is_trouble(event)] == []


async def test_an_answer_that_ends_in_the_grace_time_is_whole_and_new_prompts_get_none(bare: Path) -> None:
    async with world() as there:
        there.gateway.default = Script(text=TEXT, tokens_per_second=20.0, first_token=0.0)
        async with running(there, bare) as bot:
            await there.ask_both()
            bot.process.send_signal(signal.SIGTERM)
            await bot.ready("shutting_down")
            await there.discord.say(there.discord.general, there.discord.bob, "And me?", mention_bot=True)
            assert await bot.ended() == 0, bot.events
        assert there.in_discord().content == TEXT.strip()
        assert there.in_slack().visible == TEXT.strip()
        assert len(there.gateway.requests) == 2


async def test_a_signal_while_the_libraries_are_imported_ends_with_0(bare: Path) -> None:
    async with world() as there, run_bot(bare, **there.variables()) as bot:
        await bot.ready("starting")
        bot.process.send_signal(signal.SIGTERM)
        assert await bot.ended() == 0, bot.events


async def test_an_outage_at_the_start_is_a_failure_that_may_pass(bare: Path) -> None:
    async with world() as there:
        await there.slack.stop()
        async with run_bot(bare, **there.variables()) as bot:
            assert await bot.ended() == 1, bot.events


async def test_a_second_signal_ends_the_process_at_once(bare: Path) -> None:
    async with world() as there, running(there, bare) as bot:
        await there.ask_both()
        bot.process.send_signal(signal.SIGTERM)
        await bot.ready("shutting_down")
        bot.process.send_signal(signal.SIGTERM)
        assert await bot.ended() == 128 + signal.SIGTERM
        assert bot.names()[-1] == "ended_at_once"


async def test_a_wrong_token_is_named_and_the_process_ends_with_2(bare: Path) -> None:
    async with (
        world() as there,
        run_bot(bare, **there.variables() | {"DISCORD_TOKEN": "a.wrong.token"}) as bot,
    ):
        assert await bot.ended() == 2
        said = "".join(event.get("text", "") for event in bot.events)
        assert "Discord:" in said
        assert "What to do:" in said
        assert "Traceback" not in said
        assert "a.wrong.token" not in str(bot.events)


async def test_a_missing_scope_is_named_and_the_process_ends_with_2(bare: Path) -> None:
    async with world() as there:
        there.slack.scopes = there.slack.scopes - {"chat:write"}
        async with run_bot(bare, **there.variables()) as bot:
            assert await bot.ended() == 2
            assert "chat:write" in "".join(event.get("text", "") for event in bot.events)


async def test_a_missing_intent_is_named_and_the_process_ends_with_2(bare: Path) -> None:
    async with world() as there:
        variables = there.variables() | {"TICKERTAPE_DISCORD_MESSAGE_CONTENT": "true"}
        async with run_bot(bare, **variables) as bot:
            assert await bot.ended() == 2
            assert "Message Content Intent" in "".join(event.get("text", "") for event in bot.events)


async def test_one_platform_alone_runs(bare: Path) -> None:
    async with world() as there:
        variables = {
            name: value for name, value in there.variables().items() if not name.startswith("SLACK_")
        }
        async with run_bot(bare, **variables, TICKERTAPE_SHUTDOWN_GRACE="0") as bot:
            await bot.ready("discord_ready")
            bot.process.send_signal(signal.SIGTERM)
            assert await bot.ended() == 0
