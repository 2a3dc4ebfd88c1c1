"""What the stand-in's world is made of: users, guilds, channels, messages, interactions."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import Any

from bots.sandbox.discord.mentions import Ping
from bots.sandbox.discord.permissions import EVERYONE, Overwrite

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
    REPLY = 19
    COMMAND_RESPONSE = 20


class Context(enum.IntEnum):
    """Where an interaction happens (`contexts` of a command)."""

    GUILD = 0
    BOT_DM = 1
    PRIVATE_CHANNEL = 2


class InteractionKind(enum.IntEnum):
    """Types of interaction."""

    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4


class InteractionState(enum.Enum):
    """How far the bot came with an interaction."""

    WAITING = "waiting"
    DEFERRED = "deferred"
    ANSWERED = "answered"
    FAILED = "failed"


@dataclass(slots=True, eq=False)
class User:
    """A person or the bot. `installed`: has the app installed for themselves (user install)."""

    id: int
    name: str
    bot: bool = False
    installed: bool = False
    dms_open: bool = True


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


@dataclass(slots=True, eq=False)
class Guild:
    """A guild. The bot is in it if it is among `members`; its own id is the id of its @everyone role."""

    id: int
    name: str
    owner: User
    everyone: int = EVERYONE
    roles: dict[int, Role] = field(default_factory=dict)
    members: dict[int, Member] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class Channel:
    """A text channel, a thread, or a private channel with its `recipients`.

    `typings` are the typing notices received: (loop time in seconds, user).
    """

    id: int
    type: ChannelType
    name: str = ""
    guild: Guild | None = None
    parent: Channel | None = None
    owner: User | None = None
    recipients: list[User] = field(default_factory=list)
    overwrites: list[Overwrite] = field(default_factory=list)
    messages: dict[int, Message] = field(default_factory=dict)
    typings: list[tuple[float, User]] = field(default_factory=list)
    archived: bool = False
    locked: bool = False

    @property
    def is_thread(self) -> bool:
        """Whether this is a thread."""
        return self.type in {ChannelType.PUBLIC_THREAD, ChannelType.PRIVATE_THREAD}

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
    """A file of a message."""

    id: int
    filename: str
    content_type: str
    data: bytes
    description: str | None = None


@dataclass(slots=True, eq=False)
class Message:
    """A message with everything that it ever showed: `versions`, oldest first, and all `pings` that it caused."""

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
    reactions: dict[str, list[User]] = field(default_factory=dict)
    reply_to: Message | None = None
    nonce: str | int | None = None
    edited_wall: float | None = None
    deleted_at: float | None = None
    interaction: Interaction | None = None
    thread: Channel | None = None

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
    def buttons(self) -> list[Json]:
        """All buttons that can be pressed: enabled and without a link."""
        return [part for part in flatten(self.components) if part.get("type") == 2 and _pressable(part)]


@dataclass(slots=True, eq=False)
class Interaction:
    """A slash command or a pressed button, and what the bot made of it.

    Times are seconds of the loop's clock. `owners` are the `authorizing_integration_owners`. `error` is the sentence
    that the asker's app shows when the bot failed. `original` is the response's message (for a button whose response
    is an update, the message that holds the button).
    """

    id: int
    token: str
    kind: InteractionKind
    user: User
    channel: Channel
    data: Json
    at: float
    context: Context
    owners: dict[str, str]
    source: Message | None = None
    state: InteractionState = InteractionState.WAITING
    callback: int | None = None
    responded_at: float | None = None
    ephemeral: bool = False
    error: str | None = None
    original: Message | None = None
    follow_ups: list[Message] = field(default_factory=list)
    choices: list[Json] = field(default_factory=list)
    modal: Json | None = None

    @property
    def deferred(self) -> bool:
        """Whether the first response was a deferral."""
        return self.callback in {5, 6}

    @property
    def messages(self) -> list[Message]:
        """The response's messages, oldest first."""
        first = [] if self.original is None or self.original is self.source else [self.original]
        return first + self.follow_ups

    @property
    def user_only(self) -> bool:
        """Whether the app is here by its installation for the user alone."""
        return set(self.owners) == {"1"}


def flatten(components: list[Json]) -> list[Json]:
    """Return components with everything nested in them, parents first."""
    found = []
    for component in components:
        found.append(component)
        found.extend(flatten(component.get("components") or []))
        if accessory := component.get("accessory"):
            found.extend(flatten([accessory]))
    return found


def _pressable(button: Json) -> bool:
    return not button.get("disabled") and "custom_id" in button
