"""The JSON views of people, places and the application, as the API and the gateway give them."""

from __future__ import annotations

from tickertape.sandbox.discord.world.clock import DISCORD_EPOCH_MS, timestamp
from tickertape.sandbox.discord.world.entities import Channel, Json, Thread
from tickertape.sandbox.discord.world.events import Intent
from tickertape.sandbox.discord.world.kinds import ChannelType
from tickertape.sandbox.discord.world.people import Guild, Member, Role, User
from tickertape.sandbox.discord.world.world import World


def created(ident: int) -> str:
    """Return the time that a snowflake holds."""
    return timestamp(((ident >> 22) + DISCORD_EPOCH_MS) / 1000)


def user(person: User) -> Json:
    """Return a user object."""
    return {
        "id": str(person.id),
        "username": person.name,
        "discriminator": "0",
        "global_name": person.global_name,
        "avatar": None,
        "bot": person.bot,
        "public_flags": 0,
    }


def role(item: Role, position: int) -> Json:
    """Return a role object."""
    tags: Json = {"tags": {"bot_id": str(item.bot.id)}} if item.bot else {}
    return tags | {
        "id": str(item.id),
        "name": item.name,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "position": position,
        "permissions": str(int(item.permissions)),
        "managed": item.bot is not None,
        "mentionable": item.mentionable,
        "flags": 0,
    }


def partial_member(item: Member) -> Json:
    """Return a member object without its user, as message events carry it."""
    return {
        "roles": [str(ident) for ident in item.roles],
        "joined_at": created(item.user.id),
        "nick": item.nick,
        "avatar": None,
        "deaf": False,
        "mute": False,
        "flags": 0,
        "premium_since": None,
        "pending": False,
        "communication_disabled_until": None,
    }


def member(item: Member) -> Json:
    """Return a member object."""
    return partial_member(item) | {"user": user(item.user)}


def roles(item: Guild) -> list[Json]:
    """Return a guild's roles, @everyone first."""
    everyone = Role(item.id, "@everyone", item.everyone)
    return [role(each, place) for place, each in enumerate([everyone, *item.roles.values()])]


def channel(item: Channel) -> Json:
    """Return a channel object."""
    data: Json = {
        "id": str(item.id),
        "type": int(item.type),
        "flags": 0,
        "last_message_id": _last_message(item),
    }
    if item.is_private:
        return data | _private_part(item)
    return data | (_text_part(item) if item.thread is None else _thread_part(item, item.thread))


def channel_for(item: Channel, person: User) -> Json:
    """Return a channel object with the person's own membership, if it is a thread that they have joined."""
    mine = thread_member(item, person)
    return channel(item) | ({"member": mine} if mine else {})


def thread_member(item: Channel, person: User) -> Json | None:
    """Return a thread member object; None for somebody who has not joined."""
    if item.thread is None or person.id not in item.thread.joined:
        return None
    joined = timestamp(item.thread.joined[person.id])
    return {"id": str(item.id), "user_id": str(person.id), "join_timestamp": joined, "flags": 0}


def _last_message(item: Channel) -> str | None:
    shown = [
        message.id for message in item.messages.values() if not message.ephemeral and not message.deleted
    ]
    return str(shown[-1]) if shown else None


def _private_part(item: Channel) -> Json:
    people = [user(person) for person in item.recipients if not person.bot]
    if item.type is ChannelType.DM:
        return {"recipients": people}
    return {
        "recipients": people,
        "name": item.name or None,
        "icon": None,
        "owner_id": str(item.recipients[0].id),
    }


def _text_part(item: Channel) -> Json:
    return {
        "guild_id": _guild_id(item),
        "name": item.name,
        "position": 0,
        "topic": None,
        "nsfw": item.nsfw,
        "rate_limit_per_user": 0,
        "parent_id": None,
        "permission_overwrites": [
            {
                "id": str(change.target),
                "type": int(change.member),
                "allow": str(int(change.allow)),
                "deny": str(int(change.deny)),
            }
            for change in item.overwrites
        ],
    }


def _thread_part(item: Channel, about: Thread) -> Json:
    private = item.type is ChannelType.PRIVATE_THREAD
    return {
        "guild_id": _guild_id(item),
        "name": item.name,
        "parent_id": str(about.parent.id),
        "owner_id": str(about.owner.id),
        "message_count": sum(not message.is_system for message in item.messages.values()),
        "total_message_sent": about.sent,
        "member_count": min(50, len(about.joined)),
        "rate_limit_per_user": 0,
        "thread_metadata": {
            "archived": item.archived,
            "locked": item.locked,
            "auto_archive_duration": about.auto_archive,
            "archive_timestamp": timestamp(about.changed_wall),
            "create_timestamp": timestamp(about.created_wall),
        }
        | ({"invitable": True} if private else {}),
    }


def _guild_id(item: Channel) -> str | None:
    return str(item.guild.id) if item.guild else None


def guild(item: Guild) -> Json:
    """Return a guild object as GET /guilds/{id} gives it."""
    return _PLAIN_GUILD | {
        "id": str(item.id),
        "name": item.name,
        "owner_id": str(item.owner.id),
        "roles": roles(item),
        "preferred_locale": item.locale,
        "features": list(item.features),
    }


_PLAIN_GUILD: Json = {
    **dict.fromkeys(("icon", "splash", "discovery_splash", "description", "banner", "vanity_url_code")),
    **dict.fromkeys(("afk_channel_id", "system_channel_id", "rules_channel_id")),
    **dict.fromkeys(("public_updates_channel_id", "safety_alerts_channel_id")),
    "afk_timeout": 300,
    "verification_level": 0,
    "default_message_notifications": 0,
    "explicit_content_filter": 0,
    "emojis": [],
    "stickers": [],
    "mfa_level": 0,
    "system_channel_flags": 0,
    "premium_tier": 0,
    "premium_subscription_count": 0,
    "nsfw_level": 0,
    "premium_progress_bar_enabled": False,
}
"""What all guilds of the stand-in have in common."""


def guild_with_channels(world: World, item: Guild, *, all_members: bool) -> Json:
    """Return what GUILD_CREATE carries; other members than the bot need the GUILD_MEMBERS intent."""
    seen = [place for place in world.channels.values() if place.guild is item and bot_sees(world, place)]
    people = item.members.values() if all_members else [item.members[world.bot.id]]
    return guild(item) | {
        "joined_at": created(item.id),
        "large": False,
        "unavailable": False,
        "member_count": len(item.members),
        "voice_states": [],
        "members": [member(person) for person in people],
        "channels": [channel(place) for place in seen if not place.is_thread],
        "threads": [
            _thread_at_start(world, place) for place in seen if place.is_thread and not place.archived
        ],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
    }


def _thread_at_start(world: World, place: Channel) -> Json:
    """Return a thread as GUILD_CREATE shows it: with the bot's membership, whose ids are left out there."""
    mine = thread_member(place, world.bot) or {}
    kept = {key: mine[key] for key in ("join_timestamp", "flags") if key in mine}
    return channel(place) | ({"member": kept} if kept else {})


def bot_sees(world: World, place: Channel) -> bool:
    """Tell whether the bot can view a channel at all."""
    return world.permissions(world.bot, place) != 0


_LIMITED_FLAGS = {
    Intent.GUILD_PRESENCES: 1 << 13,
    Intent.GUILD_MEMBERS: 1 << 15,
    Intent.MESSAGE_CONTENT: 1 << 19,
}
"""Application flags of privileged intents that an app in fewer than 100 guilds has enabled (API documentation)."""


def application_flags(world: World) -> int:
    """Return the application's flags, which tell the privileged intents that it has enabled."""
    return sum(flag for intent, flag in _LIMITED_FLAGS.items() if world.privileged_intents & intent)
