"""The stage of the end-to-end tests: the real bot (slack-bolt, slack-sdk) in the stand-in's workspace."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import TypeVar

from tests.render.joined import assert_shows
from tests.support.scripted_model import ScriptedModel, model_of
from tests.support.services import Setup, service_in_memory
from tickertape.answer.answer import Answer
from tickertape.answer.answering import Answering
from tickertape.sandbox.slack import DEFAULT_LIMITS, Limits, Message, SlackSandbox
from tickertape.service import Everyday
from tickertape.slack import SlackBot, SlackSettings
from tickertape.slack.settings import Mode, NativeStreams
from tickertape.slack.showing.dialect import DIALECT
from tickertape.slack.showing.surface import STOP_ACTION

T = TypeVar("T")

SENTENCE = "The quick brown fox jumps over the lazy dog. "


@dataclass
class Stage:
    """One workspace, one bot, one scripted model."""

    slack: SlackSandbox
    bot: SlackBot
    answering: Answering
    model: ScriptedModel

    def shown(self) -> list[Message]:
        """Return the bot's messages that are on screen, oldest first."""
        return [message for message in self.slack.bot_messages if not message.deleted]

    def thread(self, root: Message) -> list[Message]:
        """Return the bot's messages in the thread of `root`."""
        return [message for message in self.shown() if message.thread_ts == root.ts]

    async def until(self, predicate: Callable[[], T | None], seconds: float = 60.0) -> T:
        """Return the first true value of `predicate`; looks every 20 ms of virtual time."""
        async with asyncio.timeout(seconds):
            while True:
                value = predicate()
                if value:
                    return value
                await asyncio.sleep(0.02)

    async def until_running(self, characters: int = 1) -> Answer:
        """Wait for an answer of which `characters` are on screen."""
        running = self.answering.registry.running
        return await self.until(
            lambda: next((each for each in running() if each.draft.shown >= characters), None)
        )

    async def until_over(self, answers: int = 1) -> None:
        """Wait until the model was asked for as many answers, none is running, and nothing is on its way."""
        await self.until(
            lambda: len(self.model.asked) >= answers and not self.answering.registry.running(), 600
        )
        await asyncio.sleep(1)

    def assert_clean(self) -> None:
        """Fail if anything happened that must never happen in ordinary running."""
        assert self.slack.rate_limited == []
        assert [message.mentions for message in self.slack.bot_messages if message.mentions] == []
        assert [message.visible for message in self.slack.bot_messages if message.edited] == []
        assert self.slack.unacked == []


def text_of(message: Message) -> str:
    """Return the Markdown that a message of an answer shows."""
    return str(message.blocks[0]["text"]) if message.blocks else message.text


def files_of(slack: SlackSandbox, messages: list[Message]) -> list[str]:
    """Return what is in the files that the messages share."""
    ids = [file["id"] for message in messages for file in message.content.files]
    return [slack.world.files[each].content.decode() for each in ids]


def has_button(message: Message) -> bool:
    """Whether the message carries a Stop button."""
    return STOP_ACTION in actions_of(message)


def actions_of(message: Message) -> list[str]:
    """Return the action_ids of the message's buttons."""
    held = (block["elements"] for block in message.blocks if block["type"] == "actions")
    return [element["action_id"] for elements in held for element in elements]


def assert_answer(messages: list[Message], text: str, marker: str | None = "") -> None:
    """Fail unless `messages` show `text`, all of it, and no button is left."""
    assert messages, "nothing is on screen"
    assert_shows([text_of(message) for message in messages], text, DIALECT, marker=marker)
    assert not any(map(has_button, messages))


def settings_for(
    slack: SlackSandbox, mode: Mode = Mode.SOCKET, native: NativeStreams = NativeStreams.DIRECT
) -> SlackSettings:
    """Return the settings of a bot in this workspace."""
    hosts = (slack.files_url.removeprefix("http://").rstrip("/"),)
    settings = SlackSettings(
        slack.bot_token,
        api_url=slack.api_url,
        port=0,
        native_streams=native,
        file_hosts=hosts,
        explores=False,
    )
    if mode is Mode.SOCKET:
        return replace(settings, app_token=slack.app_token)
    return replace(settings, signing_secret=slack.signing_secret)


@asynccontextmanager
async def on_stage(
    model: ScriptedModel | str = "An answer.",
    mode: Mode = Mode.SOCKET,
    limits: Limits = DEFAULT_LIMITS,
    latency: float = 0.1,
    most_messages: int | None = None,
    without_scopes: frozenset[str] = frozenset(),
    native: NativeStreams = NativeStreams.DIRECT,
) -> AsyncIterator[Stage]:
    """Yield a stage on which the bot is ready; a string is a model that answers everything with it."""
    model = model_of(model) if isinstance(model, str) else model
    setup = Setup({"small": model}, everyday=Everyday(most_messages=most_messages))
    async with SlackSandbox(limits, latency) as slack, service_in_memory(setup) as service:
        slack.scopes -= without_scopes
        answering = service.answering
        bot = SlackBot(settings_for(slack, mode, native), service)
        running = asyncio.create_task(bot.run())
        ready = asyncio.create_task(bot.ready.wait())
        await asyncio.wait({running, ready}, return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            ready.cancel()
            await running
        slack.events_url = bot.events_url or None
        try:
            yield Stage(slack, bot, answering, model)
        finally:
            await answering.close(grace=0, drain=10)
            await bot.close()
            await running
