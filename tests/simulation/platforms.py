"""The platforms of the simulation: enforced limits and round trips in memory, with the bots' own budgets before them.

Discord's channels are `tests.support.fake_platform.FakeChannel`s. Here stands what they leave out: Discord's global
limit, a slash command, whose first text fills a deferred response and so is an edit, and a whole Slack workspace.
"""

from __future__ import annotations

import asyncio
import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from tests.simulation.measure import Frame
from tests.simulation.paces import Unevenness
from tests.support.fake_platform import Counter, FakeChannel, FakeMessage, FakeSurface, PlainDialect, Version
from tickertape.discord.http.budgets import DiscordBudgets
from tickertape.prompts.keys import MessageKey, PlaceKey
from tickertape.render.dialect import Dialect
from tickertape.screen.body import Body, Call, Room
from tickertape.screen.budget import Budget
from tickertape.screen.outcome import Outcome, RateLimited, Shown
from tickertape.screen.surface import Surface
from tickertape.slack.http.budgets import POSTS_PER_WORKSPACE, TIER_3, SlackLimits

ROUND_TRIP = 0.08
"""Seconds, about that of the real platforms from a data centre."""

DISCORD_PAGE = 2000
SLACK_PAGE = 12_000

OVERHEAD = (0.002, 0.006)
"""Seconds that HTTP, sockets and the event loops of both sides add to each way of a call on the real clock: measured with
the bench's stand-ins, where the newest token of an edit is on screen 43 to 48 ms after it left the model, deltas' way included."""


class Place(Surface, Protocol):
    """A surface that can tell what it showed."""

    @property
    def messages(self) -> Sequence[FakeMessage]:
        """The answer's messages, first page first."""
        ...


class Platform(Protocol):
    """Some places for answers, and what the server counted."""

    @property
    def places(self) -> Sequence[Place]:
        """One place for each answer."""
        ...

    def calls(self, call: Call) -> int:
        """Return how many calls of a kind were let through."""
        ...

    @property
    def rate_limited(self) -> int:
        """How many calls got a 429."""
        ...


def frames_of(place: Place) -> list[Frame]:
    """Return everything that the messages of an answer showed."""
    return [
        Frame(version.at, page, version.body.text)
        for page, message in enumerate(place.messages)
        for version in message.versions
    ]


@dataclass
class Guild:
    """What the channels of a bot share: Discord's global limit, and the bot's plan below it."""

    everything: Counter = field(default_factory=lambda: Counter(50, 1.0))
    budgets: DiscordBudgets = field(default_factory=DiscordBudgets)


@dataclass
class GuildChannel(FakeChannel):
    """A channel whose calls also count for the global limit."""

    guild: Guild = field(default_factory=Guild)

    def _arrive(self, call: Call, key: MessageKey | None, nonce: str, body: Body, now: float) -> Outcome:
        wait = self.guild.everything.arrive(now)
        if wait is not None:
            return RateLimited(self.guild.budgets.everything, wait)
        return super()._arrive(call, key, nonce, body, now)


class GuildSurface(FakeSurface):
    """One answer's place in a channel of a guild."""

    def __init__(self, channel: GuildChannel) -> None:
        super().__init__(channel, DISCORD_PAGE)
        self._everything = channel.guild.budgets.everything

    def costs(self, call: Call) -> tuple[Budget, ...]:
        """Return the channel's budget and the global one."""
        return (*super().costs(call), self._everything)


class SlashSurface(FakeSurface):
    """A deferred response: the token's edits carry its first text, follow-ups draw on the token's creates."""

    def costs(self, call: Call) -> tuple[Budget, ...]:
        """Return the budget of `call`."""
        return super().costs(Call.EDIT if call is Call.POST and not self.keys else call)

    async def post(self, body: Body, page: int) -> Outcome:
        """Fill the deferred response, or create a follow-up."""
        if page:
            return await super().post(body, page)
        outcome = await self.channel.call(Call.EDIT, None, f"{self.name}-{page}", body)
        if isinstance(outcome, Shown):
            self.keys.append(outcome.message)
        return outcome


@dataclass
class DiscordPlaces:
    """Answers in Discord: all in one channel, in a channel each, or as responses to slash commands."""

    places: Sequence[FakeSurface]
    channels: Sequence[FakeChannel]
    guild: Guild

    def calls(self, call: Call) -> int:
        return sum(len(channel.counter(call).calls) for channel in self.channels)

    @property
    def rate_limited(self) -> int:
        own = sum(len(each.posts.rejected) + len(each.edits.rejected) for each in self.channels)
        return own + len(self.guild.everything.rejected)


def one_channel(answers: int) -> DiscordPlaces:
    """Return places of answers that share a channel's 5 edits in 5 s."""
    guild = Guild()
    channel = GuildChannel(rtt=ROUND_TRIP, guild=guild)
    return DiscordPlaces([GuildSurface(channel) for _ in range(answers)], [channel], guild)


def channels(answers: int) -> DiscordPlaces:
    """Return places of answers in a channel each."""
    guild = Guild()
    own = [GuildChannel(rtt=ROUND_TRIP, guild=guild) for _ in range(answers)]
    return DiscordPlaces([GuildSurface(channel) for channel in own], own, guild)


def slash_commands(answers: int) -> DiscordPlaces:
    """Return places of responses to slash commands, with 5 edits in 2 s for each token; no global limit counts them."""
    tokens = [
        FakeChannel(rtt=ROUND_TRIP, posts=Counter(5, 2.0), edits=Counter(5, 2.0)) for _ in range(answers)
    ]
    return DiscordPlaces([SlashSurface(token, DISCORD_PAGE) for token in tokens], tokens, Guild())


@dataclass
class Workspace:
    """A Slack workspace with the limits that Slack publishes, and the bot's knowledge of them."""

    limits: SlackLimits = field(default_factory=lambda: SlackLimits("T1"))
    updates: Counter = field(default_factory=lambda: Counter(TIER_3, 60.0, sliding=True))
    posts: Counter = field(default_factory=lambda: Counter(POSTS_PER_WORKSPACE, 60.0, sliding=True))
    channels: dict[str, Counter] = field(default_factory=dict)
    messages: dict[MessageKey, FakeMessage] = field(default_factory=dict)
    overhead: Unevenness = field(default_factory=Unevenness)

    def __post_init__(self) -> None:
        self._keys = itertools.count(1)

    async def call(self, arrive: Callable[[float], Outcome]) -> Outcome:
        """Let a call travel to the server and back."""
        await asyncio.sleep(ROUND_TRIP / 2 + self.overhead.seconds())
        outcome = arrive(asyncio.get_running_loop().time())
        await asyncio.sleep(ROUND_TRIP / 2 + self.overhead.seconds())
        return outcome

    def channel(self, name: str) -> Counter:
        """Return a channel's own counter of posts: one a second, in bursts of five."""
        return self.channels.setdefault(name, Counter(5, 5.0, sliding=True))

    def create(self, channel: str, now: float) -> MessageKey | float:
        """Take in a chat.postMessage; return the message's key, or the whole seconds to wait."""
        waits = [counter.arrive(now) for counter in (self.posts, self.channel(channel))]
        if any(waits):
            return float(math.ceil(max(wait or 0.0 for wait in waits)))
        key = MessageKey(PlaceKey("slack", f"T1/{channel}"), str(next(self._keys)))
        self.messages[key] = FakeMessage(key, [])
        return key

    def update(self, now: float) -> float | None:
        """Take in a chat.update; return None, or the whole seconds to wait."""
        wait = self.updates.arrive(now)
        return None if wait is None else float(math.ceil(wait))


class WorkspaceSurface:
    """One answer's thread in a channel of a workspace."""

    def __init__(self, workspace: Workspace, channel: str) -> None:
        self._workspace = workspace
        self._channel = channel
        self._keys: list[MessageKey] = []
        self.dialect: Dialect = PlainDialect(SLACK_PAGE)
        self.room = Room()

    @property
    def messages(self) -> Sequence[FakeMessage]:
        """The answer's messages, first page first."""
        return [self._workspace.messages[key] for key in self._keys]

    def costs(self, call: Call) -> tuple[Budget, ...]:
        """Return the budgets of `call`, as Slack's adapter does."""
        limits = self._workspace.limits
        return (limits.updates,) if call is Call.EDIT else limits.posting(self._channel)

    async def post(self, body: Body, page: int) -> Outcome:
        """Create message number `page`."""

        def arrive(now: float) -> Outcome:
            created = self._workspace.create(self._channel, now)
            if isinstance(created, float):
                return RateLimited(self._workspace.limits.posts, created)
            self._keys[page:] = [created]
            return self._show(created, body, now)

        return await self._workspace.call(arrive)

    async def edit(self, message: MessageKey, body: Body) -> Outcome:
        """Replace what `message` shows."""

        def arrive(now: float) -> Outcome:
            wait = self._workspace.update(now)
            if wait is not None:
                return RateLimited(self._workspace.limits.updates, wait)
            return self._show(message, body, now)

        return await self._workspace.call(arrive)

    def _show(self, key: MessageKey, body: Body, now: float) -> Outcome:
        self._workspace.messages[key].versions.append(Version(now, body))
        return Shown(key, now)


@dataclass
class WorkspacePlaces:
    """Answers in Slack, each in a channel of its own; all share the workspace's chat.update."""

    places: Sequence[WorkspaceSurface]
    workspace: Workspace

    def calls(self, call: Call) -> int:
        counter = self.workspace.updates if call is Call.EDIT else self.workspace.posts
        return len(counter.calls)

    @property
    def rate_limited(self) -> int:
        counters = (self.workspace.updates, self.workspace.posts, *self.workspace.channels.values())
        return sum(len(counter.rejected) for counter in counters)


def workspace(answers: int, overhead: Unevenness | None = None) -> WorkspacePlaces:
    """Return places of answers in one Slack workspace."""
    shared = Workspace(overhead=overhead or Unevenness())
    return WorkspacePlaces([WorkspaceSurface(shared, f"C{n}") for n in range(answers)], shared)
