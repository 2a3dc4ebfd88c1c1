"""Makes the gateway's events out of the world's things; None where the bot does not hear of it."""

from __future__ import annotations

from tickertape.sandbox.discord.payloads import interaction_payloads, message_payloads, payloads
from tickertape.sandbox.discord.world.emojis import emoji_object
from tickertape.sandbox.discord.world.entities import Channel, Interaction, Json, Message
from tickertape.sandbox.discord.world.events import Event, Intent
from tickertape.sandbox.discord.world.people import Guild, Member, Role, User
from tickertape.sandbox.discord.world.world import World


def guild(world: World, place: Guild) -> Event | None:
    """Tell the bot of a guild that it has joined."""
    if world.bot.id not in place.members:
        return None
    data = payloads.guild_with_channels(world, place, all_members=False)
    return Event("GUILD_CREATE", data, Intent.GUILDS, place.id)


def role(world: World, place: Guild, item: Role) -> Event | None:
    """Tell of a new role."""
    if world.bot.id not in place.members:
        return None
    data = {"guild_id": str(place.id), "role": payloads.role(item, len(place.roles))}
    return Event("GUILD_ROLE_CREATE", data, Intent.GUILDS, place.id)


def member(world: World, name: str, place: Guild, item: Member) -> Event | None:
    """Tell of someone who joined or whose roles or name changed."""
    if world.bot.id not in place.members:
        return None
    data = payloads.member(item) | {"guild_id": str(place.id)}
    return Event(name, data, Intent.GUILD_MEMBERS, place.id)


def channel(world: World, name: str, item: Channel) -> Event | None:
    """Tell of a guild's channel or thread; since API version 8 bots are not told of new private ones."""
    if item.guild is None or not payloads.bot_sees(world, item):
        return None
    return Event(name, payloads.channel(item), Intent.GUILDS, item.guild.id)


def thread_created(world: World, item: Channel, *, is_new: bool) -> Event | None:
    """Tell of a new thread, or of one that the bot was added to."""
    event = channel(world, "THREAD_CREATE", item)
    if event is None:
        return None
    mine = payloads.thread_member(item, world.bot)
    extra = ({"newly_created": True} if is_new else {}) | ({"member": mine} if mine else {})
    return Event(event.name, event.data | extra, event.intent, event.guild)


def thread_deleted(world: World, item: Channel) -> Event | None:
    """Tell that a thread is gone."""
    event = channel(world, "THREAD_DELETE", item)
    if event is None:
        return None
    kept = {key: event.data[key] for key in ("id", "guild_id", "parent_id", "type")}
    return Event(event.name, kept, event.intent, event.guild)


def thread_members(
    world: World, item: Channel, *, joined: User | None = None, left: User | None = None
) -> Event | None:
    """Tell who joined or left a thread; of others than the bot only with the intent for members."""
    if item.guild is None or item.thread is None or not payloads.bot_sees(world, item):
        return None
    data: Json = {
        "id": str(item.id),
        "guild_id": str(item.guild.id),
        "member_count": min(50, len(item.thread.joined)),
    }
    if joined is not None:
        data["added_members"] = [_joined(item, item.guild, joined)]
    if left is not None:
        data["removed_member_ids"] = [str(left.id)]
    ours = world.bot in (joined, left)
    return Event(
        "THREAD_MEMBERS_UPDATE", data, Intent.GUILDS if ours else Intent.GUILD_MEMBERS, item.guild.id
    )


def _joined(item: Channel, place: Guild, user: User) -> Json:
    found = place.members.get(user.id)
    who = {"member": payloads.member(found), "presence": None} if found else {}
    return (payloads.thread_member(item, user) or {}) | who


def message(world: World, name: str, item: Message) -> Event | None:
    """Tell of a new or changed message.

    An ephemeral one goes to its asker and to the app alone, past the guild: under the intent for direct messages, and
    without a `guild_id` (API documentation, gateway events: messages).
    """
    data = message_payloads.message(world, item)
    place = item.channel.guild
    if item.ephemeral:
        return _to_the_app(world, name, data, item)
    data["channel_type"] = int(item.channel.type)
    if place is not None:
        data["mentions"] = [_with_member(place, person) for person in data["mentions"]]
        author = place.members.get(item.author.id)
        if item.interaction is None and author is not None:
            data["member"] = payloads.partial_member(author)
    return _in_channel(world, name, data, item.channel, _MESSAGES, item)


def _with_member(place: Guild, person: Json) -> Json:
    found = place.members.get(int(person["id"]))
    return person | ({"member": payloads.partial_member(found)} if found else {})


def deleted(world: World, item: Message) -> Event | None:
    """Tell of a message that is gone."""
    data = {"id": str(item.id), "channel_id": str(item.channel.id)}
    if item.ephemeral:
        return _to_the_app(world, "MESSAGE_DELETE", data, item)
    return _in_channel(world, "MESSAGE_DELETE", data, item.channel, _MESSAGES)


def deleted_together(world: World, place: Channel, items: list[Message]) -> Event | None:
    """Tell of messages of one channel that a moderator removed at once."""
    data = {"ids": [str(item.id) for item in items], "channel_id": str(place.id)}
    return _in_channel(world, "MESSAGE_DELETE_BULK", data, place, _MESSAGES)


def reaction(world: World, name: str, item: Message, person: User, emoji: str) -> Event | None:
    """Tell of a reaction that was added or removed."""
    data: Json = {
        "user_id": str(person.id),
        "channel_id": str(item.channel.id),
        "message_id": str(item.id),
        "emoji": emoji_object(emoji),
        "burst": False,
        "type": 0,
    }
    if name == "MESSAGE_REACTION_ADD":
        data |= {"message_author_id": str(item.author.id), "burst_colors": []} | _member(item.channel, person)
    return _in_channel(world, name, data, item.channel, _REACTIONS)


def reactions_cleared(world: World, item: Message, emoji: str | None) -> Event | None:
    """Tell that all reactions were removed, or with `emoji` all of one kind."""
    data: Json = {"channel_id": str(item.channel.id), "message_id": str(item.id)}
    if emoji is None:
        return _in_channel(world, "MESSAGE_REACTION_REMOVE_ALL", data, item.channel, _REACTIONS)
    data["emoji"] = emoji_object(emoji)
    return _in_channel(world, "MESSAGE_REACTION_REMOVE_EMOJI", data, item.channel, _REACTIONS)


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
    data = interaction_payloads.interaction(world, item)
    return Event("INTERACTION_CREATE", data, 0, place.id if place else None)


_MESSAGES = (Intent.GUILD_MESSAGES, Intent.DIRECT_MESSAGES)
_REACTIONS = (Intent.GUILD_MESSAGE_REACTIONS, Intent.DIRECT_MESSAGE_REACTIONS)
_TYPING = (Intent.GUILD_MESSAGE_TYPING, Intent.DIRECT_MESSAGE_TYPING)


def _member(place: Channel, person: User) -> Json:
    found = place.guild.members.get(person.id) if place.guild else None
    return {"member": payloads.member(found)} if found else {}


def _to_the_app(world: World, name: str, data: Json, item: Message) -> Event | None:
    """Return the event of an ephemeral message; the stand-in assumes that its bot must be there to hear of it."""
    if not payloads.bot_sees(world, item.channel):
        return None
    return Event(name, data, Intent.DIRECT_MESSAGES, None, item)


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
