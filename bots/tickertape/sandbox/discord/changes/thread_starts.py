"""Starting a thread, by people or by the bot: what may bear one, and which messages Discord itself writes then."""

from __future__ import annotations

from tickertape.sandbox.discord.changes import messages, threads
from tickertape.sandbox.discord.changes.body import Body
from tickertape.sandbox.discord.errors import ApiError, Code
from tickertape.sandbox.discord.payloads import announce
from tickertape.sandbox.discord.world.entities import Channel, Message
from tickertape.sandbox.discord.world.kinds import ChannelType, MessageType
from tickertape.sandbox.discord.world.people import User
from tickertape.sandbox.discord.world.world import World


def check_place(parent: Channel) -> None:
    """Raise error 50024 for a channel that takes no threads: a private one, or a thread."""
    if parent.guild is None or parent.is_thread:
        raise ApiError(Code.WRONG_CHANNEL_TYPE)


def check_message(message: Message) -> None:
    """Raise error 50021 for a message of Discord's own, and 160004 for one that has a thread already."""
    if message.is_system:
        raise ApiError(Code.SYSTEM_MESSAGE)
    if message.thread is not None:
        raise ApiError(Code.THREAD_EXISTS)


def check_count(world: World, parent: Channel) -> None:
    """Raise error 160006 when a guild has too many open threads."""
    guild = parent.guild
    if guild is not None and len(threads.active_in(world, guild.id)) >= world.limits.active_threads:
        raise ApiError(Code.TOO_MANY_THREADS)


def start(
    world: World,
    parent: Channel,
    name: str,
    owner: User,
    *,
    message: Message | None = None,
    kind: ChannelType = ChannelType.PUBLIC_THREAD,
    auto_archive: int = 1440,
) -> Channel:
    """Create a thread as the apps show it, from a message or on its own.

    The message is updated, and the thread begins with a system message that refers to it. A notice in the parent
    tells of a public thread that starts on its own or from an older message.
    """
    thread = threads.begin(world, parent, name, owner, start=message, kind=kind, auto_archive=auto_archive)
    if message is not None:
        world.publish(announce.message(world, "MESSAGE_UPDATE", message))
        messages.write(world, thread, owner, Body(), kind=MessageType.THREAD_STARTER, reply_to=message)
    if kind is ChannelType.PUBLIC_THREAD and _is_out_of_sight(world, message):
        messages.write(
            world, parent, owner, Body({"content": name}), kind=MessageType.THREAD_CREATED, about=thread
        )
    return thread


def _is_out_of_sight(world: World, message: Message | None) -> bool:
    return message is None or world.clock.now() - message.created_at > world.limits.thread_notices
