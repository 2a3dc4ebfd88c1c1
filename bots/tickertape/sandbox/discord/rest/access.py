"""Finds what a request is about, and refuses what the bot may not see or do there."""

from __future__ import annotations

from aiohttp import web

from tickertape.sandbox.discord.errors import ApiError, Code
from tickertape.sandbox.discord.payloads.payloads import bot_sees
from tickertape.sandbox.discord.rest.bodies import ident
from tickertape.sandbox.discord.world.entities import Channel, Message
from tickertape.sandbox.discord.world.people import Guild, User
from tickertape.sandbox.discord.world.permissions import Permission
from tickertape.sandbox.discord.world.world import World


def channel_of(world: World, request: web.Request, *needed: Permission) -> Channel:
    """Return the request's channel; raise 10003, 50001 or, for a missing permission, 50013."""
    channel = world.channels.get(ident(request, "channel_id"))
    if channel is None:
        raise ApiError(Code.UNKNOWN_CHANNEL)
    if not bot_sees(world, channel):
        raise ApiError(Code.MISSING_ACCESS)
    need(world, channel, *needed)
    return channel


def need(world: World, channel: Channel, *needed: Permission) -> None:
    """Raise error 50013 if the bot lacks any of the permissions."""
    for permission in needed:
        if not world.bot_may(channel, permission):
            raise ApiError(Code.MISSING_PERMISSIONS)


def writable_channel(world: World, request: web.Request) -> Channel:
    """Return a channel in which the bot may send: a thread has its own permission; 50007 where a DM is closed.

    A locked thread is for moderators: 50083 if it is archived, 160005 if not.
    """
    channel = channel_of(world, request)
    need(
        world, channel, Permission.SEND_MESSAGES_IN_THREADS if channel.is_thread else Permission.SEND_MESSAGES
    )
    refuse_locked(world, channel)
    others = [user for user in channel.recipients if user is not world.bot]
    if others and not all(user.dms_open for user in others):
        raise ApiError(Code.CANNOT_MESSAGE_USER)
    return channel


def message_of(request: web.Request, channel: Channel) -> Message:
    """Return the request's message; raise 10008, also for ephemeral ones, which channels do not show."""
    message = channel.messages.get(ident(request, "message_id"))
    if message is None or message.ephemeral:
        raise ApiError(Code.UNKNOWN_MESSAGE)
    return message


def refuse_archived(channel: Channel) -> None:
    """Raise error 50083 for a change in an archived thread."""
    if channel.archived:
        raise ApiError(Code.ARCHIVED_THREAD)


def refuse_locked(world: World, channel: Channel) -> None:
    """Raise error 50083 or 160005 for a write in a locked thread by somebody who does not moderate it."""
    if channel.locked and not world.bot_may(channel, Permission.MANAGE_THREADS):
        raise ApiError(Code.ARCHIVED_THREAD if channel.archived else Code.THREAD_LOCKED)


def refuse_frozen(world: World, channel: Channel) -> None:
    """Raise error 50083 for a change that an archived thread still takes, such as a deletion, if it is locked too."""
    if channel.archived:
        refuse_locked(world, channel)


def guild_of(world: World, request: web.Request) -> Guild:
    """Return the request's guild; raise 10004, or 50001 where the bot is no member."""
    guild = world.guilds.get(ident(request, "guild_id"))
    if guild is None:
        raise ApiError(Code.UNKNOWN_GUILD)
    if world.bot.id not in guild.members:
        raise ApiError(Code.MISSING_ACCESS)
    return guild


def member_of(request: web.Request, channel: Channel) -> User:
    """Return the user of a path who is a member of the channel's guild; raise 10007 for others."""
    found = channel.guild.members.get(ident(request, "user_id")) if channel.guild else None
    if found is None:
        raise ApiError(Code.UNKNOWN_MEMBER)
    return found.user
