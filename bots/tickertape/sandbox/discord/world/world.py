"""The state of the stand-in: what exists, who may do what, and word of every change."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from typing import TypeVar

from tickertape.sandbox.discord.commands.commands import Commands
from tickertape.sandbox.discord.limits import Limits
from tickertape.sandbox.discord.rate_limits import FixedWindows
from tickertape.sandbox.discord.world.clock import Clock
from tickertape.sandbox.discord.world.entities import Attachment, Channel, Interaction, Message, Thread
from tickertape.sandbox.discord.world.events import Event
from tickertape.sandbox.discord.world.kinds import ChannelType
from tickertape.sandbox.discord.world.mentions import Ping
from tickertape.sandbox.discord.world.people import DEFAULT_LOCALE, Guild, User
from tickertape.sandbox.discord.world.permissions import ALL, DIRECT, Overwrite, Permission, resolve
from tickertape.sandbox.waiting import Waiters

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
        self._waiters = Waiters()
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
        self._waiters.wake()

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
        seen = self.changes
        await self._waiters.wait_for(lambda: self.changes != seen)

    async def wait_for(self, predicate: Callable[[], T | None], timeout: float = 60.0) -> T:  # noqa: ASYNC109 - as in Waiters
        """Return the first true result of `predicate`, asked at every change; raise TimeoutError after `timeout` s."""
        return await self._waiters.wait_for(predicate, timeout)
