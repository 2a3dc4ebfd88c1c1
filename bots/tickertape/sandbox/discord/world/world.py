"""The state of the stand-in, who may do what in it, and word of every change."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from typing import TypeVar

from tickertape.sandbox.discord.commands.commands import Commands
from tickertape.sandbox.discord.gateway import announce
from tickertape.sandbox.discord.gateway.events import Event
from tickertape.sandbox.discord.rest.limits import Limits
from tickertape.sandbox.discord.rest.rate_limits import FixedWindows
from tickertape.sandbox.discord.world import threads
from tickertape.sandbox.discord.world.clock import Clock
from tickertape.sandbox.discord.world.entities import (
    Attachment,
    Channel,
    ChannelType,
    Guild,
    Member,
    Message,
    Role,
    Thread,
    User,
)
from tickertape.sandbox.discord.world.interaction_entities import Interaction
from tickertape.sandbox.discord.world.localizations import DEFAULT_LOCALE
from tickertape.sandbox.discord.world.mentions import Ping
from tickertape.sandbox.discord.world.permissions import ALL, DIRECT, Overwrite, Permission, resolve

T = TypeVar("T")


class World:
    """Everything that exists, found by id; changes are published to listeners and to those who wait."""

    def __init__(self, limits: Limits, privileged_intents: int) -> None:
        self.limits = limits
        self.privileged_intents = privileged_intents
        self.clock = Clock()
        self.windows = FixedWindows()
        self.users: dict[int, User] = {}
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.interactions: dict[int, Interaction] = {}
        self.tokens: dict[str, Interaction] = {}
        self.listeners: list[Callable[[Event], None]] = []
        self.pings: list[tuple[float, Message, Ping]] = []
        self.nonces: dict[tuple[int, str], tuple[float, Message]] = {}
        self.commands = Commands(self.clock, limits)
        self.command_files: list[Attachment] = []
        self.link_key = secrets.token_bytes(32)
        self.base_url = ""
        self.gateway_url = ""
        self.cdn_url = ""
        self.changes = 0
        self.stopped = False
        self._changed: asyncio.Future[None] | None = None
        self._timers: list[asyncio.TimerHandle] = []
        self.bot = self.add_user("tickertape", bot=True)
        self.application_id = self.bot.id

    # Making things

    def add_user(
        self,
        name: str,
        *,
        bot: bool = False,
        installed: bool = False,
        global_name: str | None = None,
        locale: str = DEFAULT_LOCALE,
    ) -> User:
        """Create a user; `installed` gives them the app as a user install.

        Apps show people by their `global_name`, which is the name with capitals if none is given.
        """
        shown = None if bot else global_name or name.title()
        user = User(
            self.clock.snowflake(), name, bot=bot, installed=installed, global_name=shown, locale=locale
        )
        self.users[user.id] = user
        return user

    def add_guild(self, name: str, owner: User, *, with_bot: bool = True) -> Guild:
        """Create a guild; without the bot it is a place that the bot knows from user installs only."""
        guild = Guild(self.clock.snowflake(), name, owner)
        self.guilds[guild.id] = guild
        self.add_member(guild, owner)
        if with_bot:
            self.add_member(guild, self.bot)
            self.publish(announce.guild(self, guild))
        return guild

    def add_role(self, guild: Guild, name: str, permissions: int = 0, *, mentionable: bool = False) -> Role:
        """Create a role."""
        role = Role(self.clock.snowflake(), name, permissions, mentionable)
        guild.roles[role.id] = role
        self.publish(announce.role(self, guild, role))
        return role

    def add_member(self, guild: Guild, user: User, *roles: Role) -> Member:
        """Let a user join a guild, or give them further roles."""
        joined = user.id not in guild.members
        member = guild.members.setdefault(user.id, Member(user))
        member.roles += [role.id for role in roles]
        self.publish(
            announce.member(self, "GUILD_MEMBER_ADD" if joined else "GUILD_MEMBER_UPDATE", guild, member)
        )
        return member

    def set_member(self, guild: Guild, user: User, *, nick: str | None, roles: list[Role]) -> Member:
        """Give a member another name in the guild (None: their global one) and other roles."""
        member = guild.members[user.id]
        member.nick, member.roles = nick, [role.id for role in roles]
        self.publish(announce.member(self, "GUILD_MEMBER_UPDATE", guild, member))
        return member

    def add_channel(self, guild: Guild, name: str, *overwrites: Overwrite) -> Channel:
        """Create a text channel."""
        channel = Channel(
            self.clock.snowflake(), ChannelType.TEXT, name, guild=guild, overwrites=list(overwrites)
        )
        return self._add(channel, "CHANNEL_CREATE")

    def add_thread(
        self,
        parent: Channel,
        name: str,
        owner: User,
        *,
        start: Message | None = None,
        kind: ChannelType = ChannelType.PUBLIC_THREAD,
    ) -> Channel:
        """Create a thread, without the messages that Discord writes when people or bots start one."""
        return threads.begin(self, parent, name, owner, start=start, kind=kind)

    def add_private_channel(self, *people: User, name: str = "") -> Channel:
        """Create a direct message between two, or a group of more; without the bot only user installs reach it."""
        kind = ChannelType.DM if len(people) == 2 else ChannelType.GROUP_DM
        channel = Channel(self.clock.snowflake(), kind, name, recipients=list(people))
        self.channels[channel.id] = channel
        self.notify()
        return channel

    def dm_with_bot(self, user: User) -> Channel:
        """Return the direct message of a user and the bot, a new one if there is none."""
        for channel in self.channels.values():
            if channel.type is ChannelType.DM and {user, self.bot} == set(channel.recipients):
                return channel
        return self.add_private_channel(user, self.bot)

    def set_overwrites(self, channel: Channel, *overwrites: Overwrite) -> None:
        """Replace a channel's overwrites."""
        channel.overwrites = list(overwrites)
        self.publish(announce.channel(self, "CHANNEL_UPDATE", channel))

    def delete_channel(self, channel: Channel) -> None:
        """Remove a channel with its messages and threads."""
        if channel.is_thread:
            self.publish(announce.thread_deleted(self, channel))
        else:
            self.publish(announce.channel(self, "CHANNEL_DELETE", channel))
        for each in [channel, *(other for other in self.channels.values() if other.parent is channel)]:
            del self.channels[each.id]
            for message in each.messages.values():
                message.deleted_at = message.deleted_at or self.clock.now()
        self.notify()

    def _add(self, channel: Channel, event: str) -> Channel:
        self.channels[channel.id] = channel
        self.publish(announce.channel(self, event, channel))
        return channel

    # Who may do what

    def permissions(self, user: User, channel: Channel) -> int:
        """Return a user's permission bits in a channel, 0 where they are not."""
        if channel.thread is not None:
            return self._in_thread(user, channel, channel.thread)
        if channel.guild is None:
            return int(DIRECT) if user in channel.recipients else 0
        return self._in_guild(user, channel.guild, channel.overwrites)

    def _in_thread(self, user: User, channel: Channel, thread: Thread) -> int:
        """Return the bits of the parent, where a thread is public, or the user in it or a moderator of threads."""
        bits = self.permissions(user, thread.parent)
        open_to_all = channel.type is not ChannelType.PRIVATE_THREAD or user.id in thread.joined
        return bits if open_to_all or bits & Permission.MANAGE_THREADS else 0

    def _in_guild(self, user: User, guild: Guild, overwrites: list[Overwrite]) -> int:
        member = guild.members.get(user.id)
        if member is None:
            return 0
        if guild.owner is user:
            return ALL
        roles = {role: guild.roles[role].permissions for role in member.roles}
        return resolve(
            everyone=guild.id, roles=roles, member=user.id, base=guild.everyone, overwrites=overwrites
        )

    def bot_may(self, channel: Channel, permission: Permission) -> bool:
        """Tell whether the bot has all bits of `permission` in a channel."""
        return self.permissions(self.bot, channel) & permission == permission

    # Word of changes

    def publish(self, event: Event | None) -> None:
        """Send an event to the gateway's sessions (None: the bot does not hear of it) and wake those who wait."""
        if event is not None:
            for listener in self.listeners:
                listener(event)
        self.notify()

    def notify(self) -> None:
        """Wake those who wait for a change."""
        self.changes += 1
        if self._changed is not None and not self._changed.done():
            self._changed.set_result(None)
        self._changed = None

    def later(self, seconds: float, action: Callable[[], None]) -> None:
        """Do something after `seconds`, unless the stand-in has stopped by then."""
        now = self.clock.now()
        self._timers = [timer for timer in self._timers if timer.when() > now]
        self._timers.append(asyncio.get_running_loop().call_later(seconds, action))

    def stop(self) -> None:
        """Cancel everything that was to happen later, and let those go who wait for ever."""
        self.stopped = True
        self.notify()
        for timer in self._timers:
            timer.cancel()
        self._timers.clear()

    async def next_change(self) -> None:
        """Wait until anything changes."""
        if self._changed is None:
            self._changed = asyncio.get_running_loop().create_future()
        await asyncio.shield(self._changed)

    async def wait_for(self, predicate: Callable[[], T], timeout: float = 60.0) -> T:  # noqa: ASYNC109 - it becomes the asyncio.timeout inside
        """Return the first true result of `predicate`, asked at every change; raise TimeoutError after `timeout` s."""
        async with asyncio.timeout(timeout):
            while not (result := predicate()):
                await self.next_change()
        return result
