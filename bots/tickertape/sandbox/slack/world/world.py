"""The workspace: its people, channels and everything that is looked up by id, and who waits for it to change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from tickertape.sandbox.slack.world.app_settings import AppSettings
from tickertape.sandbox.slack.world.clock import Clock
from tickertape.sandbox.slack.world.events import DEFAULT_SCOPES, DEFAULT_SUBSCRIPTIONS, Event
from tickertape.sandbox.slack.world.models import (
    AgentSession,
    Channel,
    ChannelKind,
    File,
    Json,
    Message,
    ThreadStatus,
    Trigger,
    User,
    UserGroup,
)
from tickertape.sandbox.waiting import Waiters

T = TypeVar("T")

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class World:
    """The state of one workspace and of the one app that is installed in it.

    `publish` is called with every event, before subscriptions are looked at. `base_url` is the server's address without
    a slash at its end, `files_url` the file host's with one. `version` grows with every change, `closed` is set when the
    server stops. `page_cap` is the most items of a page, 15 for new commercial apps outside the Marketplace.
    `stop_ends_session` lets chat.stopStream make the thread's session `active` where the call does not say otherwise, as
    Slack's reference has it; whether Slack really does is not confirmed.

    `views` has every view by id; `homes` the id of the published one and `modals` the open ones, the topmost last, by
    the id of the user who sees them. `looking_at` is the channel that a user has on screen.
    """

    team_name = "Sandbox"
    team_domain = "sandbox"

    def __init__(self) -> None:
        self._ids = 0
        self._waiters = Waiters()
        self.clock = Clock()
        self.base_url = ""
        self.files_url = ""
        self.version = 0
        self.closed = False
        self.page_cap = 999
        self.stop_ends_session = True
        self.publish: Callable[[Event], None] = lambda _: None
        self.subscriptions: frozenset[str] = DEFAULT_SUBSCRIPTIONS
        self.scopes: frozenset[str] = DEFAULT_SCOPES
        self.settings = AppSettings()
        self.installed = True
        self.team_id = self.new_id("T")
        self.app_id = self.new_id("A")
        self.bot_id = self.new_id("B")
        self.users: dict[str, User] = {}
        self.user_groups: dict[str, UserGroup] = {}
        self.channels: dict[str, Channel] = {}
        self.ephemerals: list[Message] = []
        self.statuses: dict[tuple[str, str], ThreadStatus] = {}
        self.sessions: dict[tuple[str, str], AgentSession] = {}
        self.titles: dict[tuple[str, str], str] = {}
        self.suggested_prompts: dict[tuple[str, str], list[Json]] = {}
        self.files: dict[str, File] = {}
        self.views: dict[str, Json] = {}
        self.homes: dict[str, str] = {}
        self.modals: dict[str, list[str]] = {}
        self.looking_at: dict[str, str] = {}
        self.triggers: dict[str, Trigger] = {}
        self.bot = self.add_user("tickertape", "Tickertape", is_bot=True)
        self._populate()

    def _populate(self) -> None:
        people = [self.add_user("alice", "Alice"), self.add_user("bob", "Bob")]
        people.append(self.add_user("admin", "Admin", is_admin=True))
        self.add_channel("general", members=[*people, self.bot])
        self.add_channel("random", members=people)

    def new_id(self, prefix: str) -> str:
        """Return a new id in Slack's shape, e.g. `U00000000A`."""
        self._ids += 1
        number, digits = self._ids, ""
        while number:
            number, digit = divmod(number, 36)
            digits = _DIGITS[digit] + digits
        return prefix + digits.rjust(10, "0")

    def add_user(
        self,
        name: str,
        real_name: str,
        *,
        display_name: str | None = None,
        locale: str = "en-US",
        tz: str = "Etc/UTC",
        tz_offset: int = 0,
        is_admin: bool = False,
        is_owner: bool = False,
        is_restricted: bool = False,
        is_ultra_restricted: bool = False,
        is_bot: bool = False,
        team_id: str = "",
    ) -> User:
        """Add somebody to the workspace; without a `display_name` it is the handle. See `User` for the rest."""
        user = User(
            id=self.new_id("U"),
            name=name,
            real_name=real_name,
            display_name=name if display_name is None else display_name,
            locale=locale,
            tz=tz,
            tz_offset=tz_offset,
            is_admin=is_admin,
            is_owner=is_owner,
            is_restricted=is_restricted,
            is_ultra_restricted=is_ultra_restricted,
            is_bot=is_bot,
            team_id=team_id,
        )
        self.users[user.id] = user
        return user

    def add_user_group(self, handle: str, name: str, members: Iterable[User]) -> UserGroup:
        """Add a user group, e.g. `engineers`."""
        group = UserGroup(self.new_id("S"), handle, name, {user.id for user in members})
        self.user_groups[group.id] = group
        return group

    def add_channel(
        self, name: str, members: Iterable[User], kind: ChannelKind = ChannelKind.PUBLIC
    ) -> Channel:
        """Add a conversation with `members`."""
        prefix = "D" if kind is ChannelKind.DIRECT else "C"
        channel = Channel(self.new_id(prefix), name, kind, {user.id for user in members})
        self.channels[channel.id] = channel
        self.changed()
        return channel

    def open_direct(self, user: User) -> Channel:
        """Return the direct messages of `user` and the bot, opened if they were not."""
        pair = {user.id, self.bot.id}
        found = (
            channel for channel in self.channels.values() if channel.is_direct and channel.members == pair
        )
        return next(found, None) or self.add_channel("", [user, self.bot], ChannelKind.DIRECT)

    def user(self, who: User | str) -> User:
        """Return a user by id, handle or itself. Raises LookupError."""
        if isinstance(who, User):
            return who
        if who in self.users:
            return self.users[who]
        name = who.removeprefix("@")
        for user in self.users.values():
            if user.name == name:
                return user
        raise LookupError(f"no user {who!r}")

    def channel(self, which: Channel | str) -> Channel:
        """Return a channel by id, name (with or without #) or itself. Raises LookupError."""
        if isinstance(which, Channel):
            return which
        if which in self.channels:
            return self.channels[which]
        name = which.removeprefix("#")
        for channel in self.channels.values():
            if name and channel.name == name:
                return channel
        raise LookupError(f"no channel {which!r}")

    def message(self, channel: str, ts: str) -> Message | None:
        """Return the message at `ts` of a channel's id, deleted or not."""
        place = self.channels.get(channel)
        return place.messages.get(ts) if place else None

    def thread(self, channel: Channel, root: str) -> list[Message]:
        """Return the messages of a thread that still exist, the root first."""
        return [
            message for message in channel.messages.values() if message.root == root and not message.deleted
        ]

    def bot_sees(self, held: File) -> bool:
        """Tell whether the bot may see a file: it uploaded it, or it is where it was shared."""
        return held.user == self.bot.id or any(
            self.bot.id in self.channels[channel].members for channel in held.channels
        )

    def messages(self) -> Iterator[Message]:
        """Return every message of every channel, deleted ones too, ephemeral ones not."""
        return (message for channel in self.channels.values() for message in channel.messages.values())

    def home_of(self, user: User | str) -> Json | None:
        """Return the home that the app has published for a user."""
        return self.views.get(self.homes.get(self.user(user).id, ""))

    def modal_of(self, user: User | str) -> Json | None:
        """Return the topmost modal that a user has open."""
        opened = self.modals.get(self.user(user).id)
        return self.views[opened[-1]] if opened else None

    def ephemerals_of(self, user: User | str) -> list[Message]:
        """Return the messages that only `user` was shown."""
        person = self.user(user)
        return [message for message in self.ephemerals if message.ephemeral_to == person.id]

    def status(self, channel: str, thread_ts: str) -> str:
        """Return what assistant.threads.setStatus shows below a thread now; empty if nothing."""
        status = self.statuses.get((channel, thread_ts))
        return status.text if status and status.until > self.clock.now() else ""

    def changed(self) -> None:
        """Wake everyone who waits for the world to change."""
        self.version += 1
        self._waiters.wake()

    async def next_version(self, seen: int) -> None:
        """Wait, for ever if need be, until `version` is no longer `seen`."""
        await self._waiters.wait_for(lambda: self.version != seen)

    async def wait_for(self, predicate: Callable[[], T | None], timeout: float | None = 30.0) -> T:  # noqa: ASYNC109 - as in Waiters
        """Return the first true value of `predicate`, asked whenever something changes.

        Raises TimeoutError after `timeout` seconds; None waits for ever.
        """
        return await self._waiters.wait_for(predicate, timeout)
