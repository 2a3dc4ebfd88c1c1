"""What the stand-in's world is made of: users, guilds, channels, messages."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tickertape.sandbox.discord.commands.components import SELECTS, ComponentType, usable
from tickertape.sandbox.discord.world.localizations import DEFAULT_LOCALE
from tickertape.sandbox.discord.world.mentions import Ping
from tickertape.sandbox.discord.world.permissions import EVERYONE, Overwrite

if TYPE_CHECKING:
    from tickertape.sandbox.discord.world.interaction_entities import Interaction

Json = dict[str, Any]
"""A JSON object."""


class ChannelType(enum.IntEnum):
    """The types of channel that the stand-in has."""

    TEXT = 0
    DM = 1
    GROUP_DM = 3
    PUBLIC_THREAD = 11
    PRIVATE_THREAD = 12


class MessageFlag(enum.IntFlag):
    """Message flags that matter here."""

    SUPPRESS_EMBEDS = 1 << 2
    HAS_THREAD = 1 << 5
    EPHEMERAL = 1 << 6
    LOADING = 1 << 7
    SUPPRESS_NOTIFICATIONS = 1 << 12
    COMPONENTS_V2 = 1 << 15


NO_FLAGS = MessageFlag(0)


class MessageType(enum.IntEnum):
    """Message types that matter here."""

    DEFAULT = 0
    THREAD_CREATED = 18
    REPLY = 19
    COMMAND_RESPONSE = 20
    THREAD_STARTER = 21
    CONTEXT_MENU_RESPONSE = 23


SYSTEM_MESSAGES = {MessageType.THREAD_CREATED, MessageType.THREAD_STARTER}
"""Types of message that Discord itself writes."""


@dataclass(slots=True, eq=False)
class User:
    """A person or a bot.

    `global_name` is what apps show, `locale` the language of their app. `installed`: has the app installed for
    themselves (user install). `longest_message` (characters) and `largest_file` (bytes) are what their app lets them
    send: Nitro makes that 4000 and 500 MiB.
    """

    id: int
    name: str
    bot: bool = False
    installed: bool = False
    dms_open: bool = True
    global_name: str | None = None
    locale: str = DEFAULT_LOCALE
    longest_message: int = 2000
    largest_file: int = 10 * 1024 * 1024


@dataclass(slots=True, eq=False)
class Role:
    """A guild's role. `bot` is the bot that it belongs to, if it came with one."""

    id: int
    name: str
    permissions: int
    mentionable: bool = False
    bot: User | None = None


@dataclass(slots=True, eq=False)
class Member:
    """A user in a guild, with the ids of their roles (@everyone left out)."""

    user: User
    roles: list[int] = field(default_factory=list)
    nick: str | None = None


@dataclass(slots=True, eq=False)
class Guild:
    """A guild. The bot is in it if it is among `members`; its own id is the id of its @everyone role.

    `locale` is its preferred language, which only a guild with the feature `COMMUNITY` can choose.
    """

    id: int
    name: str
    owner: User
    everyone: int = EVERYONE
    locale: str = DEFAULT_LOCALE
    features: tuple[str, ...] = ()
    roles: dict[int, Role] = field(default_factory=dict)
    members: dict[int, Member] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class Thread:
    """What a thread has beyond a channel.

    `joined` tells when its members joined, and `created_wall` and `changed_wall` when it began and when it was last
    archived or opened again (Unix seconds). It is archived after `auto_archive` minutes without activity, counted
    from `active_at` (seconds of the loop's clock). `sent` counts its messages, deleted ones too.
    """

    parent: Channel
    owner: User
    created_wall: float
    changed_wall: float
    active_at: float
    auto_archive: int = 1440
    joined: dict[int, float] = field(default_factory=dict)
    sent: int = 0


@dataclass(slots=True, eq=False)
class Channel:
    """A text channel, a thread, or a private channel with its `recipients`.

    `typings` are the typing notices received: (loop time in seconds, user). `nsfw`: for adults.
    """

    id: int
    type: ChannelType
    name: str = ""
    guild: Guild | None = None
    recipients: list[User] = field(default_factory=list)
    overwrites: list[Overwrite] = field(default_factory=list)
    messages: dict[int, Message] = field(default_factory=dict)
    typings: list[tuple[float, User]] = field(default_factory=list)
    nsfw: bool = False
    archived: bool = False
    locked: bool = False
    thread: Thread | None = None

    @property
    def parent(self) -> Channel | None:
        """The channel that a thread is in."""
        return self.thread.parent if self.thread else None

    @property
    def owner(self) -> User | None:
        """Who started a thread."""
        return self.thread.owner if self.thread else None

    @property
    def is_thread(self) -> bool:
        """Whether this is a thread."""
        return self.thread is not None

    @property
    def is_private(self) -> bool:
        """Whether this is a direct message or a group of people."""
        return self.guild is None


@dataclass(frozen=True, slots=True)
class Version:
    """What a message showed from `at` on (seconds of the loop's clock)."""

    at: float
    content: str
    components: list[Json]
    embeds: list[Json]


@dataclass(frozen=True, slots=True, eq=False)
class Attachment:
    """A file of a message, or of a slash command (`ephemeral`).

    `size` is what Discord announces (bytes). `title` is the name that the file had, where Discord changed it.
    """

    id: int
    filename: str
    content_type: str | None
    data: bytes
    size: int
    width: int | None = None
    height: int | None = None
    description: str | None = None
    title: str | None = None
    ephemeral: bool = False


@dataclass(slots=True, eq=False)
class Message:
    """A message with everything that it ever showed: `versions`, oldest first, and all `pings` that it caused.

    `mentions` are those of the present version. `reply_to` is the message that it refers to, `thread` the one that
    was started from it, and `about` the thread that a notice of Discord's tells of.
    """

    id: int
    channel: Channel
    author: User
    created_at: float
    created_wall: float
    type: MessageType = MessageType.DEFAULT
    flags: MessageFlag = NO_FLAGS
    versions: list[Version] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    pings: list[Ping] = field(default_factory=list)
    mentions: list[Ping] = field(default_factory=list)
    reactions: dict[str, list[User]] = field(default_factory=dict)
    reply_to: Message | None = None
    nonce: str | int | None = None
    edited_wall: float | None = None
    deleted_at: float | None = None
    interaction: Interaction | None = None
    thread: Channel | None = None
    about: Channel | None = None

    @property
    def content(self) -> str:
        """The text shown now."""
        return self.versions[-1].content

    @property
    def components(self) -> list[Json]:
        """The components shown now."""
        return self.versions[-1].components

    @property
    def embeds(self) -> list[Json]:
        """The embeds shown now."""
        return self.versions[-1].embeds

    @property
    def deleted(self) -> bool:
        """Whether the message is gone."""
        return self.deleted_at is not None

    @property
    def ephemeral(self) -> bool:
        """Whether only the asker of its interaction sees the message."""
        return MessageFlag.EPHEMERAL in self.flags

    @property
    def loading(self) -> bool:
        """Whether the app shows "thinking…" in place of the message."""
        return MessageFlag.LOADING in self.flags

    @property
    def is_system(self) -> bool:
        """Whether Discord itself wrote the message."""
        return self.type in SYSTEM_MESSAGES

    @property
    def buttons(self) -> list[Json]:
        """All buttons that can be pressed: enabled and without a link."""
        return usable(self.components, {ComponentType.BUTTON})

    @property
    def menus(self) -> list[Json]:
        """All select menus that are enabled."""
        return usable(self.components, SELECTS)
