"""The life of threads: begun, joined, left, archived by hand or by the clock, and opened again by a message."""

from __future__ import annotations

from tickertape.sandbox.discord.payloads import announce
from tickertape.sandbox.discord.world.entities import Channel, Message, Thread
from tickertape.sandbox.discord.world.kinds import ChannelType, MessageFlag
from tickertape.sandbox.discord.world.mentions import PingKind
from tickertape.sandbox.discord.world.people import User
from tickertape.sandbox.discord.world.world import World

ARCHIVE_CHOICES = (60, 1440, 4320, 10080)
"""Minutes of inactivity that a thread can be archived after (API documentation, thread metadata)."""


def begin(
    world: World,
    parent: Channel,
    name: str,
    owner: User,
    *,
    start: Message | None = None,
    kind: ChannelType = ChannelType.PUBLIC_THREAD,
    auto_archive: int = 1440,
) -> Channel:
    """Create a thread with its owner in it; one that starts from a message bears that message's id."""
    wall, now = world.clock.wall(), world.clock.now()
    ident = start.id if start else world.clock.snowflake()
    about = Thread(parent, owner, wall, wall, now, auto_archive, {owner.id: wall})
    thread = Channel(ident, kind, name, guild=parent.guild, thread=about)
    world.channels[ident] = thread
    if start is not None:
        start.thread = thread
        start.flags |= MessageFlag.HAS_THREAD
    world.publish(announce.thread_created(world, thread, is_new=True))
    if owner is world.bot:
        world.publish(announce.thread_members(world, thread, joined=owner))
    _archive_later(world, thread, about)
    return thread


def join(world: World, channel: Channel, user: User) -> None:
    """Add somebody to a thread; a bot that is added to a private one learns of the thread itself."""
    about = channel.thread
    if about is None or user.id in about.joined:
        return
    about.joined[user.id] = world.clock.wall()
    if user is world.bot:
        world.publish(announce.thread_created(world, channel, is_new=False))
    world.publish(announce.thread_members(world, channel, joined=user))


def leave(world: World, channel: Channel, user: User) -> None:
    """Take somebody out of a thread."""
    about = channel.thread
    if about is None or user.id not in about.joined:
        return
    left = announce.thread_members(world, channel, left=user)
    del about.joined[user.id]
    world.publish(left)


def change(
    world: World, channel: Channel, *, archived: bool, locked: bool, name: str, auto_archive: int
) -> None:
    """Give a thread new properties."""
    about = channel.thread
    if about is None:
        return
    if archived != channel.archived or auto_archive != about.auto_archive:
        about.changed_wall = world.clock.wall()
        about.active_at = world.clock.now()
    opened = channel.archived and not archived
    channel.archived, channel.locked, channel.name = archived, locked, name
    about.auto_archive = auto_archive
    world.publish(announce.channel(world, "THREAD_UPDATE", channel))
    if opened:
        _archive_later(world, channel, about)


def set_archived(world: World, channel: Channel, *, archived: bool, locked: bool | None = None) -> None:
    """Archive a thread or open it again."""
    if channel.thread is not None:
        change(
            world,
            channel,
            archived=archived,
            locked=channel.locked if locked is None else locked,
            name=channel.name,
            auto_archive=channel.thread.auto_archive,
        )


def welcome(world: World, message: Message) -> None:
    """Let a new message open its thread and bring in its author and whom it mentions; before it is announced."""
    channel, about = message.channel, message.channel.thread
    if about is None or message.is_system:
        return
    about.sent += 1
    about.active_at = world.clock.now()
    if channel.archived:
        set_archived(world, channel, archived=False)
    if message.interaction is None:
        join(world, channel, message.author)
    for ping in message.mentions:
        user = world.users.get(ping.target or 0)
        if ping.kind is PingKind.USER and user is not None and world.permissions(user, about.parent):
            join(world, channel, user)


def active_in(world: World, guild: int) -> list[Channel]:
    """Return the threads of a guild that are not archived."""
    return [
        each
        for each in world.channels.values()
        if each.is_thread and not each.archived and each.guild is not None and each.guild.id == guild
    ]


def _archive_later(world: World, channel: Channel, about: Thread) -> None:
    """Archive a thread when nothing has happened in it for long enough."""
    due = about.active_at + about.auto_archive * 60

    def look() -> None:
        if channel.archived or channel.id not in world.channels:
            return
        if world.clock.now() >= about.active_at + about.auto_archive * 60:
            set_archived(world, channel, archived=True)
        else:
            _archive_later(world, channel, about)

    world.later(max(0.0, due - world.clock.now()), look)
