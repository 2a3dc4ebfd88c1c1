"""What happens in the workspace around the messages: people, channels, membership, the app's installation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tickertape.sandbox.slack.payloads import payloads
from tickertape.sandbox.slack.people.base import Where, Who, Workplace
from tickertape.sandbox.slack.world import app_settings
from tickertape.sandbox.slack.world.events import Event
from tickertape.sandbox.slack.world.models import Channel, ChannelKind, User, UserGroup


class Administrators(Workplace):
    """People who arrange the workspace."""

    async def open_dm(self, user: Who) -> Channel:
        """Return the direct messages of a user and the app, opened if need be."""
        return self.world.open_direct(self.world.user(user))

    async def open_group(self, *users: Who, bot: bool = True) -> Channel:
        """Start a group direct message, with the app unless `bot` is False."""
        people = [self.world.user(user) for user in users] + ([self.world.bot] if bot else [])
        name = "mpdm-" + "--".join(person.name for person in people) + "-1"
        return self.world.add_channel(name, people, ChannelKind.GROUP)

    async def add_channel(
        self, name: str, *members: Who, private: bool = False, bot: bool = True, shared: bool = False
    ) -> Channel:
        """Make a channel with some members, and the app unless `bot` is False; `shared` makes it Slack Connect's."""
        people = [self.world.user(member) for member in members] + ([self.world.bot] if bot else [])
        kind = ChannelKind.PRIVATE if private else ChannelKind.PUBLIC
        channel = self.world.add_channel(name, people, kind)
        channel.is_shared = shared
        return channel

    async def change_user(self, user: Who, **changes: Any) -> User:  # noqa: ANN401 - the fields of User
        """Change somebody's names, roles, locale or the like, e.g. `is_admin=True`: `user_change`."""
        world = self.world
        person = replace(world.user(user), **changes)
        world.users[person.id] = person
        stamp = world.clock.ts()
        body = {"type": "user_change", "user": payloads.user(world, person, locale=True)}
        world.publish(Event("user_change", body | {"cache_ts": int(float(stamp)), "event_ts": stamp}))
        world.changed()
        return person

    async def add_user_group(self, handle: str, *members: Who, name: str = "") -> UserGroup:
        """Make a user group; its `users` can be changed at any time."""
        people = [self.world.user(member) for member in members]
        return self.world.add_user_group(handle, name or handle, people)

    async def invite_bot(self, channel: Where, user: Who = "admin") -> None:
        """Make the app a member of a channel."""
        world, place = self.world, self.world.channel(channel)
        place.members.add(world.bot.id)
        body = {
            "type": "member_joined_channel",
            "user": world.bot.id,
            "channel": place.id,
            "channel_type": "C",
            "team": world.team_id,
            "inviter": world.user(user).id,
            "event_ts": world.clock.ts(),
        }
        world.publish(Event("member_joined_channel", body))
        world.changed()

    async def remove_bot(self, channel: Where) -> None:
        """Throw the app out of a channel."""
        self.world.channel(channel).members.discard(self.world.bot.id)
        self.world.changed()

    def install(self, manifest: Mapping[str, Any]) -> None:
        """Give the app what a manifest (schema v2) asks for: scopes, events, commands, shortcuts, tabs.

        Raises ValueError where Slack would refuse the manifest.
        """
        read, world = app_settings.read(manifest), self.world
        world.settings, world.scopes, world.subscriptions = read.settings, read.scopes, read.events
        world.changed()

    async def uninstall(self) -> None:
        """Remove the app from the workspace: its tokens stop working, and it is told so."""
        world = self.world
        world.publish(Event("tokens_revoked", {"type": "tokens_revoked", "tokens": {"bot": [world.bot.id]}}))
        world.publish(Event("app_uninstalled", {"type": "app_uninstalled"}))
        world.installed = False
        world.changed()
