"""What a Web API method is: its token, its scope, its handler, and what a handler can use."""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass

from tickertape.sandbox.slack.web_api.arguments import Arguments
from tickertape.sandbox.slack.web_api.errors import ApiError, missing_scope
from tickertape.sandbox.slack.world.models import Channel, ChannelKind, Json, Message
from tickertape.sandbox.slack.world.world import World

FAMILIES = {
    ChannelKind.PUBLIC: "channels",
    ChannelKind.PRIVATE: "groups",
    ChannelKind.DIRECT: "im",
    ChannelKind.GROUP: "mpim",
}
"""The first half of the scopes for each kind of conversation."""


class TokenKind(enum.Enum):
    """Which tokens a method takes."""

    BOT = "bot"
    APP = "app"


@dataclass(frozen=True, slots=True)
class Context:
    """What a handler works with. `socket_url` makes a new address for Socket Mode."""

    world: World
    args: Arguments
    socket_url: Callable[[], str]

    def need(self, scope: str) -> None:
        """Raise `missing_scope` unless the app has `scope`."""
        if scope not in self.world.scopes:
            raise missing_scope(scope, self.world.scopes)

    def need_for(self, channel: Channel, access: str) -> None:
        """Raise `missing_scope` unless the app has e.g. `channels:history` for a public channel."""
        self.need(f"{FAMILIES[channel.kind]}:{access}")

    def channel(self, name: str = "channel") -> Channel:
        """Return the channel that an argument names, or raise `channel_not_found`: private ones are hidden."""
        world = self.world
        try:
            channel = world.channel(self.args.text(name))
        except LookupError:
            raise ApiError("channel_not_found") from None
        if channel.kind is not ChannelKind.PUBLIC and world.bot.id not in channel.members:
            raise ApiError("channel_not_found")
        return channel

    def joined_channel(self, name: str = "channel") -> Channel:
        """Return the channel, or raise `not_in_channel` if the bot is no member."""
        channel = self.channel(name)
        if self.world.bot.id not in channel.members:
            raise ApiError("not_in_channel")
        return channel

    def message(self, channel: Channel, name: str = "ts") -> Message:
        """Return the message that an argument names, or raise `message_not_found`."""
        sent = channel.messages.get(self.args.required(name))
        if sent is None or sent.deleted:
            raise ApiError("message_not_found")
        return sent

    def thread(self, channel: Channel, name: str = "thread_ts") -> str | None:
        """Return the root of the thread that an argument names, None without one, or raise `thread_not_found`."""
        ts = self.args.text(name)
        if not ts:
            return None
        sent = channel.messages.get(ts)
        if sent is None or not self.world.thread(channel, sent.root):
            raise ApiError("thread_not_found")
        return sent.root


Handler = Callable[[Context], Json]


@dataclass(frozen=True, slots=True)
class Method:
    """One method. `scope` is what its token needs whatever the arguments."""

    name: str
    handler: Handler
    scope: str | None
    token: TokenKind


METHODS: dict[str, Method] = {}


def method(
    name: str, scope: str | None = None, token: TokenKind = TokenKind.BOT
) -> Callable[[Handler], Handler]:
    """Register a function as the Web API method `name`."""

    def register(handler: Handler) -> Handler:
        METHODS[name] = Method(name, handler, scope, token)
        return handler

    return register
