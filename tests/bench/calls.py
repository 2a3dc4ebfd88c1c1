"""What one call to a platform costs: the adapters' own surfaces on the real client libraries."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import discord
from discord.http import Route

from tests.bench.servers import Where
from tickertape.discord.http.budgets import DiscordBudgets
from tickertape.discord.http.response import Json, Response
from tickertape.discord.http.rest import Request, Rest
from tickertape.discord.http.trace import HttpTrace
from tickertape.discord.showing.buttons import AnswerButtons
from tickertape.discord.showing.channel_surface import ChannelSurface
from tickertape.screen.body import Body, File
from tickertape.screen.outcome import RateLimited, Shown, Unconfirmed
from tickertape.screen.surface import Surface
from tickertape.slack.http.budgets import SlackLimits
from tickertape.slack.http.web import make_client, make_session
from tickertape.slack.restart.places import SlackPlace
from tickertape.slack.showing.surface import SlackSurface
from tickertape.tasks import Tasks

_EDITS = 200
_TEXT = "word " * 300


class CountedRest(Rest):
    """Discord's calls, counted."""

    calls = 0

    async def call(
        self, request: Request, payload: Json | None = None, file: File | None = None, **query: str
    ) -> Response | RateLimited | Unconfirmed:
        """Make a call."""
        self.calls += 1
        return await super().call(request, payload, file, **query)


@asynccontextmanager
async def rest_at(where: Where) -> AsyncIterator[CountedRest]:
    """Log in to the stand-in of Discord, without its gateway."""
    budgets, tasks = DiscordBudgets(), Tasks()
    Route.BASE = where.discord
    trace = HttpTrace(where.discord, budgets)
    async with discord.Client(intents=discord.Intents.none(), http_trace=trace.config()) as client:
        await client.login(where.discord_token)
        yield CountedRest(client.http, budgets, tasks, trace.limit)
        await tasks.close()


def channel_surface(rest: Rest, channel: int, answer: str) -> ChannelSurface:
    """Return the place of an answer in a channel."""
    surface = ChannelSurface(rest, channel, AnswerButtons())
    surface.bind(answer)
    return surface


async def discord_edits(where: Where) -> float:
    """Return the CPU microseconds of an edit through discord.py."""
    async with rest_at(where) as rest:
        return await _edits(channel_surface(rest, where.channels[0], "bench"))


async def slack_edits(where: Where) -> float:
    """Return the CPU microseconds of an edit through slack-sdk."""
    async with make_session() as session:
        client = make_client(where.slack_token, where.slack, session)
        surface = SlackSurface(client, SlackLimits("T1"), SlackPlace("T1", where.slack_channel, None, "1.0"))
        surface.bind("bench")
        return await _edits(surface)


async def _edits(surface: Surface) -> float:
    """Post a message and edit it, one call after the other."""
    posted = await surface.post(Body(_TEXT, stoppable=True), 0)
    if not isinstance(posted, Shown):
        raise RuntimeError(f"the stand-in did not take the message: {posted}")  # noqa: TRY004 - an outcome, no argument
    await asyncio.sleep(0.1)
    start = time.process_time()
    for number in range(_EDITS):
        await surface.edit(posted.message, Body(f"{_TEXT}{number}", stoppable=True))
    return (time.process_time() - start) / _EDITS * 1e6
