"""Gateway events, pure: which intent carries them, and what they show of a message without MESSAGE_CONTENT."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from tickertape.sandbox.discord.world.entities import Json, Message
from tickertape.sandbox.discord.world.mentions import PingKind
from tickertape.sandbox.discord.world.people import User


class Intent(enum.IntFlag):
    """Gateway intents (API documentation, gateway)."""

    GUILDS = 1 << 0
    GUILD_MEMBERS = 1 << 1
    GUILD_PRESENCES = 1 << 8
    GUILD_MESSAGES = 1 << 9
    GUILD_MESSAGE_REACTIONS = 1 << 10
    GUILD_MESSAGE_TYPING = 1 << 11
    DIRECT_MESSAGES = 1 << 12
    DIRECT_MESSAGE_REACTIONS = 1 << 13
    DIRECT_MESSAGE_TYPING = 1 << 14
    MESSAGE_CONTENT = 1 << 15


PRIVILEGED = Intent.GUILD_MEMBERS | Intent.GUILD_PRESENCES | Intent.MESSAGE_CONTENT
"""Intents that an application must enable before it may ask for them (close code 4014)."""

KNOWN_BITS = (1 << 26) - 1
"""Bits that are intents at all; others close the connection with 4013."""


@dataclass(frozen=True, slots=True)
class Event:
    """One dispatch to the bot.

    `intent` is what a session must have asked for (0: sent always), `guild` decides the shard (None: shard 0).
    `message` is set where `data` holds that message's content.
    """

    name: str
    data: Json
    intent: int = 0
    guild: int | None = None
    message: Message | None = None


def visible_data(event: Event, intents: int, bot: User) -> Json:
    """Return the event's data as a session with `intents` sees it."""
    if event.message is None or intents & Intent.MESSAGE_CONTENT:
        return event.data
    return redacted(event.data, event.message, bot)


def redacted(data: Json, message: Message, bot: User) -> Json:
    """Return a message's JSON without what the bot may not see: its content, and that of the message it refers to.

    Discord does not say how the rule applies to a message referred to; here it is held to it by itself.
    """
    shown = data if content_is_open(message, bot) else without_content(data)
    target, nested = message.reply_to, data.get("referenced_message")
    if target is None or not nested or content_is_open(target, bot):
        return shown
    return shown | {"referenced_message": without_content(nested)}


def content_is_open(message: Message, bot: User) -> bool:
    """Tell whether the bot sees a message's content without the intent: its own, in a DM with it, or mentioning it.

    What counts is the present text: an edit that takes the mention away hides it.
    """
    if message.author is bot or bot in message.channel.recipients:
        return True
    kinds = {PingKind.USER, PingKind.REPLY}
    return any(ping.kind in kinds and ping.target == bot.id for ping in message.mentions)


def without_content(data: Json) -> Json:
    """Return a message's JSON as it is without MESSAGE_CONTENT."""
    return data | {"content": "", "embeds": [], "attachments": [], "components": []}
