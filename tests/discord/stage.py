"""The stage of the end-to-end tests: the real bot on the real discord.py in the stand-in's world."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import TypeVar

from tests.render.joined import assert_shows
from tests.support.scripted_model import ScriptedModel, model_of
from tests.support.services import Setup, service_in_memory
from tickertape.answer.answer import Answer
from tickertape.answer.answering import Answering
from tickertape.discord.bot import DiscordBot
from tickertape.discord.settings import STOP_EMOJIS, DiscordSettings
from tickertape.discord.showing.dialect import DIALECT
from tickertape.sandbox.discord import Channel, DiscordSandbox, Interaction, Limits, Message, User
from tickertape.service import Everyday

T = TypeVar("T")

SENTENCE = "The quick brown fox jumps over the lazy dog.\n\n"


def text_of(length: int) -> str:
    """Return text of exactly `length` characters that does not end with white space."""
    return (SENTENCE * (length // len(SENTENCE) + 1))[: length - 1] + "."


@dataclass
class Stage:
    """One world, one bot, one scripted model."""

    discord: DiscordSandbox
    bot: DiscordBot
    answering: Answering
    model: ScriptedModel

    async def ask(
        self, text: str = "Why?", user: User | None = None, channel: Channel | None = None
    ) -> Message:
        """Mention the bot."""
        discord = self.discord
        return await discord.say(channel or discord.general, user or discord.alice, text, mention_bot=True)

    async def slash(
        self, text: str = "Why?", user: User | None = None, channel: Channel | None = None
    ) -> Interaction:
        """Use /ask."""
        discord = self.discord
        return await discord.slash(channel or discord.general, user or discord.alice, "ask", {"prompt": text})

    def shown(self, channel: Channel | None = None) -> list[Message]:
        """Return the bot's messages in a channel that are on screen, oldest first."""
        messages = (channel or self.discord.general).messages.values()
        return [each for each in messages if each.author is self.discord.bot_user and not each.deleted]

    async def until(self, predicate: Callable[[], T | None], seconds: float = 60.0) -> T:
        """Return the first true value of `predicate`; looks every 20 ms of virtual time."""
        async with asyncio.timeout(seconds):
            while True:
                if value := predicate():
                    return value
                await asyncio.sleep(0.02)

    async def until_running(self, characters: int = 1) -> Answer:
        """Wait for an answer of which `characters` are on screen."""
        running = self.answering.registry.running
        return await self.until(
            lambda: next((each for each in running() if each.draft.shown >= characters), None)
        )

    async def until_over(self, answers: int = 1, seconds: float = 600.0) -> None:
        """Wait until the model was asked for as many answers, none is running, and nothing is on its way."""
        registry = self.answering.registry
        await self.until(lambda: len(self.model.asked) >= answers and not registry.running(), seconds)
        await asyncio.sleep(1)

    def assert_clean(self) -> None:
        """Fail if anything happened that must never happen in ordinary running."""
        assert self.discord.calls.select(status=429) == []
        assert self.discord.bot_pings == []

    async def settle(self) -> None:
        """Let everything happen that is on its way."""
        await asyncio.sleep(2)


def assert_answer(messages: list[Message], text: str, marker: str | None = "") -> None:
    """Fail unless `messages` show `text`, all of it, no Stop button is left, and the last one alone offers anything."""
    assert_shows([each.content for each in messages], text, DIALECT, marker=marker)
    assert stop_buttons(messages) == []
    assert not any(each.buttons for each in messages[:-1])


def stop_buttons(messages: list[Message]) -> list[str]:
    """Return the Stop buttons that can be pressed."""
    ids = [button["custom_id"] for each in messages for button in each.buttons]
    return [each for each in ids if each.startswith("tickertape:stop:")]


def offers(message: Message) -> list[str]:
    """Return what the buttons of a message offer."""
    return [button["custom_id"].split(":")[1] for button in message.buttons]


def settings_for(
    discord: DiscordSandbox,
    *,
    token: str | None = None,
    stop_emojis: tuple[str, ...] = STOP_EMOJIS,
    message_content: bool = False,
) -> DiscordSettings:
    """Return the settings of a bot in this world."""
    hosts = (discord.cdn_url.removeprefix("http://"),)
    return DiscordSettings(token or discord.token, discord.api_url, stop_emojis, message_content, hosts)


@asynccontextmanager
async def on_stage(
    model: ScriptedModel | str = "An answer.",
    *,
    limits: Limits | None = None,
    latency: float = 0.1,
    discord: DiscordSandbox | None = None,
    stop_emojis: tuple[str, ...] = STOP_EMOJIS,
    message_content: bool = False,
    most_messages: int | None = None,
) -> AsyncIterator[Stage]:
    """Yield a stage on which the bot is ready; a string is a model that answers everything with it.

    A stand-in that is given is running already, and goes on running.
    """
    model = model_of(model) if isinstance(model, str) else model
    async with AsyncExitStack() as stack:
        if discord is None:
            discord = await stack.enter_async_context(DiscordSandbox(limits=limits, latency=latency))
        setup = Setup({"small": model}, everyday=Everyday(most_messages=most_messages))
        service = await stack.enter_async_context(service_in_memory(setup))
        settings = settings_for(discord, stop_emojis=stop_emojis, message_content=message_content)
        bot = DiscordBot(settings, service)
        await stack.enter_async_context(running(bot, service.answering))
        yield Stage(discord, bot, service.answering, model)


@asynccontextmanager
async def running(bot: DiscordBot, answering: Answering) -> AsyncIterator[None]:
    """Run `bot` until the end of the block; what keeps it from getting ready is raised."""
    run = asyncio.create_task(bot.run())
    ready = asyncio.create_task(bot.ready.wait())
    await asyncio.wait({run, ready}, return_when=asyncio.FIRST_COMPLETED)
    if run.done():
        ready.cancel()
        await run
    try:
        yield
    finally:
        await answering.close(grace=0, drain=10)
        await bot.close()
        await run
