"""What people arrange around the messages: guilds with their members and roles, channels and what they permit."""

from __future__ import annotations

from tickertape.sandbox.discord.changes import threads
from tickertape.sandbox.discord.payloads import announce
from tickertape.sandbox.discord.world.entities import Channel, Message
from tickertape.sandbox.discord.world.kinds import ChannelType
from tickertape.sandbox.discord.world.people import Guild, Member, Role, User
from tickertape.sandbox.discord.world.permissions import Overwrite
from tickertape.sandbox.discord.world.world import World


class Administrators:
    """People who arrange guilds. Every method takes effect at once; the bot hears of it by the gateway."""

    world: World

    def add_guild(self, name: str, owner: User, *, with_bot: bool = True) -> Guild:
        """Create a guild; without the bot it is a place that the bot knows from user installs only."""
        guild = Guild(self.world.clock.snowflake(), name, owner)
        self.world.guilds[guild.id] = guild
        self.add_member(guild, owner)
        if with_bot:
            self.add_member(guild, self.world.bot)
            self.world.publish(announce.guild(self.world, guild))
        return guild

    def add_role(self, guild: Guild, name: str, permissions: int = 0, *, mentionable: bool = False) -> Role:
        """Create a role."""
        role = Role(self.world.clock.snowflake(), name, permissions, mentionable)
        guild.roles[role.id] = role
        self.world.publish(announce.role(self.world, guild, role))
        return role

    def add_member(self, guild: Guild, user: User, *roles: Role) -> Member:
        """Let a user join a guild, or give them further roles."""
        joined = user.id not in guild.members
        member = guild.members.setdefault(user.id, Member(user))
        member.roles += [role.id for role in roles]
        self.world.publish(
            announce.member(
                self.world, "GUILD_MEMBER_ADD" if joined else "GUILD_MEMBER_UPDATE", guild, member
            )
        )
        return member

    def set_member(self, guild: Guild, user: User, *, nick: str | None, roles: list[Role]) -> Member:
        """Give a member another name in the guild (None: their global one) and other roles."""
        member = guild.members[user.id]
        member.nick, member.roles = nick, [role.id for role in roles]
        self.world.publish(announce.member(self.world, "GUILD_MEMBER_UPDATE", guild, member))
        return member

    def add_channel(self, guild: Guild, name: str, *overwrites: Overwrite) -> Channel:
        """Create a text channel."""
        channel = Channel(
            self.world.clock.snowflake(), ChannelType.TEXT, name, guild=guild, overwrites=list(overwrites)
        )
        self.world.channels[channel.id] = channel
        self.world.publish(announce.channel(self.world, "CHANNEL_CREATE", channel))
        return channel

    def set_overwrites(self, channel: Channel, *overwrites: Overwrite) -> None:
        """Replace a channel's overwrites."""
        channel.overwrites = list(overwrites)
        self.world.publish(announce.channel(self.world, "CHANNEL_UPDATE", channel))

    def delete_channel(self, channel: Channel) -> None:
        """Remove a channel with its messages and threads."""
        if channel.is_thread:
            self.world.publish(announce.thread_deleted(self.world, channel))
        else:
            self.world.publish(announce.channel(self.world, "CHANNEL_DELETE", channel))
        for each in [channel, *(other for other in self.world.channels.values() if other.parent is channel)]:
            del self.world.channels[each.id]
            for message in each.messages.values():
                message.deleted_at = message.deleted_at or self.world.clock.now()
        self.world.notify()

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
        return threads.begin(self.world, parent, name, owner, start=start, kind=kind)
