"""Every fault of a model's gateway, end to end: the real client of the model, the real discord.py, what people see."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.discord.stage import assert_answer, running, settings_for
from tests.model.test_faults import BROKEN_OFF, ENDINGS
from tests.support.english import english
from tests.support.services import Setup, service_in_memory
from tickertape.answer.answer import Answer
from tickertape.answer.answering import Answering
from tickertape.discord.bot import DiscordBot
from tickertape.languages import words
from tickertape.model.api import Clock, Finish, TimedOut
from tickertape.model.client import ChatModel
from tickertape.model.settings import ChatSettings
from tickertape.sandbox.discord import DiscordSandbox, Message
from tickertape.sandbox.gateway import Fault, GatewaySandbox, Script

TEXT = "Because the answer is long enough to be cut, and comes at a pace at which people can read it."


@asynccontextmanager
async def on_gateway(script: Script) -> AsyncIterator[tuple[DiscordSandbox, GatewaySandbox, Answering]]:
    """Run a bot in a world whose model answers everything by `script`."""
    async with DiscordSandbox(latency=0.1) as discord, GatewaySandbox(default=script) as gateway:
        settings = ChatSettings(gateway.model, gateway.api_key, gateway.base_url)
        model = ChatModel(settings)
        async with service_in_memory(Setup({gateway.model: model})) as service:
            answering = service.answering
            async with running(DiscordBot(settings_for(discord), service), answering):
                yield discord, gateway, answering
        await model.close()


async def answered(discord: DiscordSandbox, answering: Answering) -> Answer:
    """Ask, and return the answer when all of it is shown."""
    await discord.say(discord.general, discord.alice, "Why?", mention_bot=True)
    await discord.wait_for(lambda: bool(answering.registry.running()))
    (answer,) = answering.registry.running()
    await answer.done.wait()
    return answer


def sentence_for(fault: Fault, *, after_text: bool) -> str:
    """Return what is to be said of a fault."""
    expected = ENDINGS[fault]
    if isinstance(expected, Finish):
        return english(words.finished(expected))
    if expected is TimedOut:
        return english(words.failed(TimedOut("", Clock.STALL), after_text=after_text))
    return english(words.failed(expected(""), after_text=after_text))


def all_messages(discord: DiscordSandbox) -> list[Message]:
    """Return the bot's messages, wherever they are."""
    channels = discord.world.channels.values()
    messages = [each for channel in channels for each in channel.messages.values()]
    return [each for each in messages if each.author is discord.bot_user]


@pytest.mark.parametrize("fault", Fault, ids=lambda fault: fault.value)
async def test_a_fault_ends_in_one_sentence_and_keeps_all_text(fault: Fault) -> None:
    script = Script(text=TEXT, tokens_per_second=10.0, fault=fault, fault_after=12)
    async with on_gateway(script) as (discord, gateway, answering):
        await answered(discord, answering)
        sent = gateway.requests[-1].text
        messages = all_messages(discord)
        assert sent == TEXT[:48] or fault not in BROKEN_OFF
        assert_answer(messages, sent, sentence_for(fault, after_text=bool(sent)))
        seen = "".join(version.content for message in messages for version in message.versions)
        assert gateway.api_key not in seen
        assert "Traceback" not in seen
        assert discord.calls.count(status=429) == 0
