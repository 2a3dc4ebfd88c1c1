"""The contract's rigs of Discord: both surfaces on discord.py's HTTP client against the stand-in."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import aiohttp
import discord
from discord.http import HTTPClient, Route

from tests.discord.stage import stop_buttons
from tickertape.discord.http.budgets import DiscordBudgets
from tickertape.discord.http.response import Json
from tickertape.discord.http.rest import Rest
from tickertape.discord.http.trace import HttpTrace
from tickertape.discord.showing.buttons import AnswerButtons
from tickertape.discord.showing.channel_surface import ChannelSurface
from tickertape.discord.showing.interaction_surface import TOKEN_LIFE, InteractionSurface, InteractionToken
from tickertape.sandbox.discord import DiscordSandbox, Drop, Interaction, Message, Overwrite, Permission
from tickertape.tasks import Tasks

ANSWER_ID = "c0ffee"

CREATE = ("POST", "/channels/{}/messages")
EDIT = ("PATCH", "/channels/{}/messages/{}")
FOLLOW_UP = ("POST", "/webhooks/{}/{}")
EDIT_RESPONSE = ("PATCH", "/webhooks/{}/{}/messages/{}")


class ChannelRig:
    """A surface that replies to a question in #general."""

    def __init__(self, sandbox: DiscordSandbox, surface: ChannelSurface | InteractionSurface) -> None:
        self.sandbox = sandbox
        self.surface = surface

    def _messages(self) -> list[Message]:
        messages = self.sandbox.general.messages.values()
        return [each for each in messages if each.author is self.sandbox.bot_user and not _hidden(each)]

    def _next_call(self) -> tuple[str, str]:
        return EDIT if self._messages() else CREATE

    def texts(self) -> list[str]:
        return [each.content for each in self._messages()]

    def files(self) -> list[str]:
        return [item.data.decode() for each in self._messages() for item in each.attachments]

    def stoppable(self) -> list[bool]:
        return [bool(stop_buttons([each])) for each in self._messages()]

    def pings(self) -> int:
        return len(self.sandbox.bot_pings)

    def rate_limited_calls(self) -> int:
        return self.sandbox.calls.count(status=429)

    async def delete(self, page: int) -> None:
        await self.sandbox.delete(self._messages()[page])

    def limit_next(self, seconds: float) -> None:
        self.sandbox.fail_next(*self._next_call(), 429, retry_after=seconds)

    def forbid(self) -> None:
        sandbox = self.sandbox
        denied = Overwrite(sandbox.guild.id, deny=Permission.SEND_MESSAGES)
        sandbox.set_overwrites(sandbox.general, denied)

    def drop_next(self, *, after_effect: bool) -> None:
        self.sandbox.drop_next(*self._next_call(), _drop(after_effect=after_effect))

    def drop_next_file(self, *, after_effect: bool) -> None:
        self.sandbox.drop_next(*CREATE, _drop(after_effect=after_effect))

    def forbid_files(self) -> None:
        sandbox = self.sandbox
        denied = Overwrite(sandbox.guild.id, deny=Permission.ATTACH_FILES)
        sandbox.set_overwrites(sandbox.general, denied)


class InteractionRig(ChannelRig):
    """A surface that fills the deferred response to a slash command in #general."""

    def _next_call(self) -> tuple[str, str]:
        return EDIT_RESPONSE

    def forbid(self) -> None:
        for route in (FOLLOW_UP, EDIT_RESPONSE):
            self.sandbox.fail_next(*route, 403, code=50013, message="Missing Permissions", times=100)

    def drop_next_file(self, *, after_effect: bool) -> None:
        self.sandbox.drop_next(*FOLLOW_UP, _drop(after_effect=after_effect))

    def forbid_files(self) -> None:
        """Refuse the next follow-up, which is the file's."""
        self.sandbox.fail_next(*FOLLOW_UP, 403, code=50013, message="Missing Permissions")


def _drop(*, after_effect: bool) -> Drop:
    return Drop.AFTER if after_effect else Drop.BEFORE


def _hidden(message: Message) -> bool:
    return message.deleted or message.loading


@asynccontextmanager
async def rest_on_stand_in(
    sent: list[Json] | None = None,
) -> AsyncIterator[tuple[DiscordSandbox, HTTPClient, Rest]]:
    """Yield a stand-in, discord.py's client of it, and ours; the JSON that is sent is added to `sent`."""
    budgets, tasks = DiscordBudgets(), Tasks()
    async with DiscordSandbox(latency=0.1) as sandbox:
        trace = HttpTrace(sandbox.api_url, budgets)
        Route.BASE = sandbox.api_url
        config = trace.config()
        if sent is not None:
            config.on_request_chunk_sent.append(_noting(sent))
        async with discord.Client(intents=discord.Intents(guilds=True), http_trace=config) as client:
            await client.login(sandbox.token)
            yield sandbox, client.http, Rest(client.http, budgets, tasks, trace.limit)
            await tasks.close()


def _noting(sent: list[Json]) -> Callable[..., Awaitable[None]]:
    """Return a hook that notes what leaves in a request's body."""

    async def note(_session: object, _context: object, params: aiohttp.TraceRequestChunkSentParams) -> None:
        sent.append(json.loads(params.chunk))

    return note


def buttons() -> AnswerButtons:
    made = AnswerButtons()
    made.answer_id = ANSWER_ID
    return made


@asynccontextmanager
async def channel_rig() -> AsyncIterator[ChannelRig]:
    """Yield a fresh rig of a channel."""
    async with rest_on_stand_in() as (sandbox, _, rest):
        asked = await sandbox.say(sandbox.general, sandbox.alice, "Why?", mention_bot=True)
        surface = ChannelSurface(rest, sandbox.general.id, buttons(), reply_to=asked.id)
        yield ChannelRig(sandbox, surface)


@asynccontextmanager
async def interaction_rig() -> AsyncIterator[InteractionRig]:
    """Yield a fresh rig of an interaction whose response is deferred."""
    async with rest_on_stand_in() as (sandbox, http, rest):
        interaction = await deferred(sandbox, http)
        expires = asyncio.get_running_loop().time() + TOKEN_LIFE
        token = InteractionToken(
            interaction.id, sandbox.application_id, sandbox.general.id, expires, interaction.token
        )
        shared = buttons()
        channel = ChannelSurface(rest, sandbox.general.id, shared)
        yield InteractionRig(sandbox, InteractionSurface(rest, token, shared, channel))


async def deferred(sandbox: DiscordSandbox, http: HTTPClient) -> Interaction:
    """Register /ask, have alice use it, and defer the response."""
    option = {"type": 3, "name": "prompt", "description": "Your question", "required": True}
    command = {"name": "ask", "type": 1, "description": "Ask", "options": [option]}
    await http.bulk_upsert_global_commands(sandbox.application_id, [command])
    interaction = await sandbox.slash(sandbox.general, sandbox.alice, "ask", {"prompt": "Why?"})
    path = f"/interactions/{interaction.id}/{interaction.token}/callback"
    await http.request(Route("POST", path), json={"type": 5})
    return interaction
