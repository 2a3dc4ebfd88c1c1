"""What is said and done in the stand-in's world: channels, threads, messages with their files, interactions. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tickertape.sandbox.discord.world.components import SELECTS, ComponentType, usable
from tickertape.sandbox.discord.world.kinds import (
    NO_FLAGS,
    SYSTEM_MESSAGES,
    ChannelType,
    Context,
    InteractionKind,
    InteractionState,
    MessageFlag,
    MessageType,
)
from tickertape.sandbox.discord.world.mentions import Ping
from tickertape.sandbox.discord.world.people import Guild, User
from tickertape.sandbox.discord.world.permissions import Overwrite

Json = dict[str, Any]
"""A JSON object."""


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


@dataclass(slots=True, eq=False)
class Interaction:
    """A command, a used component or a sent modal, and what the bot made of it.

    Times are seconds of the loop's clock. `owners` are the `authorizing_integration_owners`. `source` is the message
    whose component was used, `target` the one that a message command was used on, `opener` the interaction whose
    response opened the modal. `error` is the sentence that the asker's app shows when the bot failed. `original` is
    the response's message (for a component whose response is an update, the message that holds it).
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
    target: Message | None = None
    opener: Interaction | None = None
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
