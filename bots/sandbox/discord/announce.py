"""Makes the gateway's events out of the world's things; None where the bot does not hear of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bots.sandbox.discord import message_payloads, payloads
from bots.sandbox.discord.entities import Channel, Guild, Interaction, Json, Member, Message, User
from bots.sandbox.discord.events import Event, Intent

if TYPE_CHECKING:
    from bots.sandbox.discord.world import World


def guild(world: World, place: Guild) -> Event | None:
    """Tell the bot of a guild that it has joined."""
    if world.bot.id not in place.members:
        return None
    data = payloads.guild_with_channels(world, place, all_members=False)
    return Event("GUILD_CREATE", data, Intent.GUILDS, place.id)


def member(world: World, name: str, place: Guild, item: Member) -> Event | None:
    """Tell of someone who joined or whose roles changed."""
    if world.bot.id not in place.members:
        return None
    data = payloads.member(item) | {"guild_id": str(place.id)}
    return Event(name, data, Intent.GUILD_MEMBERS, place.id)


def channel(world: World, name: str, item: Channel) -> Event | None:
    """Tell of a guild's channel or thread; since API version 8 bots are not told of new private ones."""
    if item.guild is None or not payloads.bot_sees(world, item):
        return None
    return Event(name, payloads.channel(item), Intent.GUILDS, item.guild.id)


def message(world: World, name: str, item: Message) -> Event | None:
    """Tell of a new or edited message."""
    if item.ephemeral:
        return None
    data = message_payloads.message(world, item)
    if item.interaction is None and item.channel.guild is not None:
        author = item.channel.guild.members.get(item.author.id)
        data |= {"member": payloads.partial_member(author)} if author else {}
    return _in_channel(world, name, data, item.channel, _MESSAGES, item)


def deleted(world: World, item: Message) -> Event | None:
    """Tell of a message that is gone."""
    if item.ephemeral:
        return None
    data = {"id": str(item.id), "channel_id": str(item.channel.id)}
    return _in_channel(world, "MESSAGE_DELETE", data, item.channel, _MESSAGES)


def reaction(world: World, name: str, item: Message, person: User, emoji: str) -> Event | None:
    """Tell of a reaction that was added or removed."""
    data: Json = {
        "user_id": str(person.id),
        "channel_id": str(item.channel.id),
        "message_id": str(item.id),
        "emoji": message_payloads.emoji(emoji),
        "burst": False,
        "type": 0,
    }
    if name == "MESSAGE_REACTION_ADD":
        data |= {"message_author_id": str(item.author.id), "burst_colors": []} | _member(item.channel, person)
    return _in_channel(world, name, data, item.channel, _REACTIONS)


def typing(world: World, place: Channel, person: User) -> Event | None:
    """Tell that someone is typing."""
    data: Json = {
        "channel_id": str(place.id),
        "user_id": str(person.id),
        "timestamp": int(world.clock.wall()),
    }
    return _in_channel(world, "TYPING_START", data | _member(place, person), place, _TYPING)


def interaction(world: World, item: Interaction) -> Event:
    """Hand an interaction to the bot: no intent is needed for it."""
    place = item.channel.guild
    return Event(
        "INTERACTION_CREATE", message_payloads.interaction(world, item), 0, place.id if place else None
    )


_MESSAGES = (Intent.GUILD_MESSAGES, Intent.DIRECT_MESSAGES)
_REACTIONS = (Intent.GUILD_MESSAGE_REACTIONS, Intent.DIRECT_MESSAGE_REACTIONS)
_TYPING = (Intent.GUILD_MESSAGE_TYPING, Intent.DIRECT_MESSAGE_TYPING)


def _member(place: Channel, person: User) -> Json:
    found = place.guild.members.get(person.id) if place.guild else None
    return {"member": payloads.member(found)} if found else {}


def _in_channel(
    world: World,
    name: str,
    data: Json,
    place: Channel,
    intents: tuple[Intent, Intent],
    item: Message | None = None,
) -> Event | None:
    """Return the event if the bot sees the channel; `intents` are that of guilds and that of direct messages."""
    if not payloads.bot_sees(world, place):
        return None
    if place.guild is None:
        return Event(name, data, intents[1], None, item)
    return Event(name, data | {"guild_id": str(place.guild.id)}, intents[0], place.guild.id, item)
