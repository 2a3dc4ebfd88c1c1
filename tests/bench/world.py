"""The stand-ins on one real clock, with a channel for every answer of some scenarios, and what their messages showed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass

from aiohttp import web

from tests.simulation.measure import Frame
from tests.simulation.platforms import ROUND_TRIP
from tests.simulation.world import Scenario, Setting
from tickertape.sandbox.discord import Channel, DiscordSandbox, Interaction
from tickertape.sandbox.discord import Message as DiscordMessage
from tickertape.sandbox.gateway import GatewayRequest, GatewaySandbox
from tickertape.sandbox.gateway.connection import Connection
from tickertape.sandbox.gateway.faults import end
from tickertape.sandbox.gateway.requests import prompt_of
from tickertape.sandbox.gateway.steps import Send
from tickertape.sandbox.slack import Message as SlackMessage
from tickertape.sandbox.slack import SlackSandbox


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the stand-ins listen, their credentials, and the channel of every answer of every scenario."""

    discord_url: str
    discord_token: str
    slack_url: str
    slack_bot_token: str
    slack_app_token: str
    gateway_url: str
    gateway_key: str
    model: str
    channels: Sequence[Sequence[str]]


def question(scenario: int, answer: int) -> str:
    """Return the prompt of an answer, by which the gateway and the stand-ins know it."""
    return f"question {scenario} {answer}"


class PacedGateway(GatewaySandbox):
    """The stand-in of the gateway, speaking at the paces of the simulation."""

    def __init__(self, scenarios: Sequence[Scenario]) -> None:
        super().__init__()
        self._scenarios = scenarios
        self.by_answer: dict[tuple[int, int], GatewayRequest] = {}

    async def _stream(self, request: web.Request, record: GatewayRequest) -> web.StreamResponse:
        scenario, answer = map(int, prompt_of(record.body).split()[-2:])
        self.by_answer[scenario, answer] = record
        connection = Connection(request, {"X-Request-Id": record.request_id})
        await connection.open()
        material, start = self._material(record), asyncio.get_running_loop().time()
        for piece in self._scenarios[scenario].pace.pieces:
            await asyncio.sleep(start + piece.at - asyncio.get_running_loop().time())
            step = Send(material.chunks.text(piece.text), piece.text)
            await self._perform(step, request, record, connection)
        for last in end(material):
            if isinstance(last, Send):
                await self._perform(last, request, record, connection)
        await connection.end()
        record.finished = asyncio.get_running_loop().time()
        return connection.response


Frames = Callable[[], list[Frame]]
"""Gives all that the messages of one answer showed so far."""


class World:
    """The stand-ins with the channels of a round's scenarios."""

    def __init__(self, scenarios: Sequence[Scenario]) -> None:
        self.scenarios = scenarios
        self.discord = DiscordSandbox(latency=ROUND_TRIP)
        self.slack = SlackSandbox(latency=ROUND_TRIP)
        self.gateway = PacedGateway(scenarios)
        self._discord: dict[int, list[Channel]] = {}
        self._slack: dict[int, list[str]] = {}

    async def open(self, stack: AsyncExitStack) -> Addresses:
        """Start everything, and make the channels before a bot connects."""
        for number, scenario in enumerate(self.scenarios):
            if scenario.setting is Setting.WORKSPACE:
                names = [f"bench-{number}-{answer}" for answer in range(scenario.answers)]
                self._slack[number] = [(await self.slack.add_channel(name, "alice")).id for name in names]
            else:
                count = scenario.answers if scenario.setting is Setting.CHANNELS else 1
                discord, guild = self.discord, self.discord.guild
                own = [discord.add_channel(guild, f"bench-{number}-{n}") for n in range(count)]
                self._discord[number] = own * (scenario.answers // count)
        await stack.enter_async_context(self.gateway)
        await stack.enter_async_context(self.discord)
        await stack.enter_async_context(self.slack)
        channels = [
            self._slack.get(number) or [str(channel.id) for channel in self._discord[number]]
            for number in range(len(self.scenarios))
        ]
        return Addresses(
            self.discord.api_url, self.discord.token, self.slack.api_url, self.slack.bot_token, self.slack.app_token,
            self.gateway.base_url, self.gateway.api_key, self.gateway.model, channels,
        )  # fmt: skip

    async def until_connected(self) -> None:
        """Wait until the bot hears both platforms."""
        discord, slack = self.discord, self.slack
        await discord.wait_for(lambda: discord.gateway.ready and bool(discord.world.commands))
        await slack.world.wait_for(lambda: bool(slack.sockets))

    async def ask(self, number: int, answer: int) -> Frames:
        """Have a person ask for an answer; return what gives its frames."""
        setting, text = self.scenarios[number].setting, question(number, answer)
        if setting is Setting.WORKSPACE:
            asked = await self.slack.say(self._slack[number][answer], "alice", text, mention_bot=True)
            return lambda: self._thread(number, answer, asked.ts)
        channel, alice = self._discord[number][answer], self.discord.alice
        if setting is Setting.SLASH:
            interaction = await self.discord.slash(channel, alice, "ask", {"prompt": text})
            return lambda: _response(interaction)
        prompt = await self.discord.say(channel, alice, text, mention_bot=True)
        return lambda: _replies(channel, lambda message: message.reply_to is prompt)

    def own(self, number: int, answer: int) -> Frames:
        """Return what gives the frames of a baseline's answer, which names itself in its nonces."""
        if self.scenarios[number].setting is Setting.WORKSPACE:
            return lambda: self._thread(number, answer, None)
        channel, nonce = self._discord[number][answer], f"{number}.{answer}"
        return lambda: _replies(channel, lambda message: str(message.nonce).split("-")[0] == nonce)

    def calls(self, number: int) -> tuple[int, int, int]:
        """Return how many posts and edits of a scenario were let through, and how many calls got a 429."""
        if number in self._slack:
            mine = [call for call in self.slack.calls if call.arguments.get("channel") in self._slack[number]]
            kinds = [call.method for call in mine if call.ok]
            posts, edits = kinds.count("chat.postMessage"), kinds.count("chat.update")
            return posts, edits, sum(call.rate_limited for call in mine)
        top_level = {str(channel.id) for channel in self._discord[number]}
        if self.scenarios[number].setting is Setting.SLASH:
            calls = [call for call in self.discord.calls if call.route.startswith("/webhooks/")]
        else:
            calls = [
                call
                for call in self.discord.calls
                if call.resource in top_level and "/messages" in call.route
            ]
        done = [call.method for call in calls if call.status == 200]
        return done.count("POST"), done.count("PATCH"), sum(call.status == 429 for call in calls)

    def _thread(self, number: int, answer: int, root: str | None) -> list[Frame]:
        channel = self._slack[number][answer]
        mine = [message for message in self.slack.bot_messages
                if message.channel == channel and root in (None, message.root)]  # fmt: skip
        return [
            Frame(version.at, page, _markdown(message, number))
            for page, message in enumerate(mine)
            for number, version in enumerate(message.versions)
        ]


def _markdown(message: SlackMessage, version: int) -> str:
    shown = message.versions[version]
    return next((block["text"] for block in shown.blocks if block["type"] == "markdown"), shown.text)


def _frames(messages: Sequence[DiscordMessage]) -> list[Frame]:
    return [
        Frame(version.at, page, version.content)
        for page, message in enumerate(messages)
        for version in message.versions
        if version.content
    ]


def _response(interaction: Interaction) -> list[Frame]:
    return _frames([message for message in interaction.messages if not message.loading])


def _replies(channel: Channel, begins: Callable[[DiscordMessage], bool]) -> list[Frame]:
    """Return the frames of the answer whose first message `begins` it; the others share its nonce up to the dash."""
    messages = [message for message in channel.messages.values() if message.nonce is not None]
    first = next((message for message in messages if begins(message)), None)
    if first is None:
        return []
    answer = str(first.nonce).rpartition("-")[0]
    return _frames([message for message in messages if str(message.nonce).rpartition("-")[0] == answer])
