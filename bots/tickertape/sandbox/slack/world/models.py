"""What a Slack workspace is made of: users, channels, messages and what people invoked. Times are loop seconds."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class User:
    """Somebody in the workspace. `name` is the handle, e.g. `alice`.

    `display_name` may be empty, which Slack fills with the real name on screen. `is_restricted` is a guest,
    `is_ultra_restricted` one of a single channel; a guest is both in that case. `tz_offset` is in seconds.
    `team_id` is that of another workspace for people who came by Slack Connect, else empty.
    """

    id: str
    name: str
    real_name: str
    is_admin: bool = False
    is_bot: bool = False
    display_name: str = ""
    locale: str = "en-US"
    tz: str = "Etc/UTC"
    tz_offset: int = 0
    is_owner: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    deleted: bool = False
    team_id: str = ""


@dataclass(slots=True, eq=False)
class UserGroup:
    """A user group: `handle` is what people write behind the @, `users` are the members' ids."""

    id: str
    handle: str
    name: str
    users: set[str] = field(default_factory=set)
    disabled: bool = False


class ChannelKind(enum.Enum):
    """The kinds of conversations, in the words of the events' `channel_type`."""

    PUBLIC = "channel"
    PRIVATE = "group"
    DIRECT = "im"
    GROUP = "mpim"


@dataclass(slots=True, eq=False)
class Channel:
    """A conversation. `members` are user ids; `messages` are in the order of their ts, deleted ones included.

    `admins_only` makes Slack answer `restricted_action` to everyone else. `is_shared` marks a channel of Slack
    Connect, which has members from other workspaces.
    """

    id: str
    name: str
    kind: ChannelKind
    members: set[str]
    messages: dict[str, Message] = field(default_factory=dict)
    archived: bool = False
    admins_only: bool = False
    is_shared: bool = False

    @property
    def is_direct(self) -> bool:
        """Whether this is a direct message of two."""
        return self.kind is ChannelKind.DIRECT


@dataclass(frozen=True, slots=True)
class Version:
    """What a message showed from `at` on (loop seconds); `visible` is its plain text."""

    at: float
    text: str
    blocks: list[Json]
    visible: str


class StreamState(enum.Enum):
    """The life of a native stream."""

    LIVE = "live"
    ENDED = "ended"
    STOPPED_BY_USER = "stopped by user"


@dataclass(slots=True, eq=False)
class NativeStream:
    """A message that chat.startStream opened. Others than `recipient` see only `first` until it has ended [I].

    `mode` is the argument that its text came in so far, `markdown_text` or `chunks`: it must stay the same.
    """

    started_at: float
    recipient: str | None
    mode: str = ""
    state: StreamState = StreamState.LIVE
    first: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """What a message is to hold, already validated. `unfurl_*` are None where the caller did not say."""

    text: str = ""
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    files: list[Json] = field(default_factory=list)
    metadata: Json | None = None
    link_names: bool = False
    unfurl_links: bool | None = None
    unfurl_media: bool | None = None


@dataclass(slots=True, eq=False, kw_only=True)
class Message:
    """One message with all its versions.

    `pings` are the mentions that notified somebody when it was posted; `mentions` are all that were ever in it, edits
    included, which notify nobody in Slack but are slips where the text came from a model. `edited` is the ts of the
    last edit that shows "(edited)": one with text only. `ephemeral_to` is the user who alone sees it. A deleted message
    is a `tombstone` if it was the root of a thread that goes on.
    """

    channel: str
    ts: str
    user: str
    content: Content
    thread_ts: str | None = None
    bot_id: str | None = None
    subtype: str | None = None
    ephemeral_to: str | None = None
    edited: str | None = None
    deleted: bool = False
    deleted_at: float | None = None
    tombstone: bool = False
    pings: list[str] = field(default_factory=list)
    mentions: list[str] = field(default_factory=list)
    versions: list[Version] = field(default_factory=list)
    reactions: dict[str, list[str]] = field(default_factory=dict)
    stream: NativeStream | None = None

    @property
    def text(self) -> str:
        """The `text` argument as it is now."""
        return self.content.text

    @property
    def blocks(self) -> list[Json]:
        """The blocks as they are now."""
        return self.content.blocks

    @property
    def visible(self) -> str:
        """What is on screen, as plain text."""
        return self.versions[-1].visible

    @property
    def posted_at(self) -> float:
        """The loop time of its first version."""
        return self.versions[0].at

    @property
    def root(self) -> str:
        """The ts of its thread, which is its own outside threads."""
        return self.thread_ts or self.ts

    def seen_by(self, user: str) -> str:
        """Return the plain text that `user` (an id) sees: a live native stream shows in full to its recipient only."""
        live = self.stream is not None and self.stream.state is StreamState.LIVE
        if self.stream and live and self.stream.recipient not in {None, user}:
            return self.stream.first
        return self.visible


@dataclass(slots=True, eq=False)
class Trigger:
    """What lets an app open a modal for `user`: once, soon after `issued_at` (loop seconds)."""

    user: str
    issued_at: float
    exchanged: bool = False


@dataclass(slots=True, eq=False)
class ThreadStatus:
    """What assistant.threads.setStatus shows below a thread, until `until` (loop seconds) [I] or a message."""

    text: str
    until: float


@dataclass(slots=True, eq=False)
class AgentSession:
    """A session of agents.sessions.setStatus: active, processing, suspended or closed."""

    status: str
    title: str = ""


class FileState(enum.Enum):
    """What has become of a file, in the words of the file object's `mode` where it has one."""

    SHOWN = "hosted"
    DELETED = "tombstone"
    HIDDEN_BY_LIMIT = "hidden_by_limit"


@dataclass(slots=True, eq=False, kw_only=True)
class File:
    """An uploaded file; `uploaded` once its bytes have arrived, `shared` once a message or nobody holds it.

    `channels` are the ids of those where it was shared. `mimetype` and `size` are what Slack says of it, which need not
    be true; empty and None mean what the name and the content say. `external_url` is set for a file that lies elsewhere.
    `created` is in seconds since 1970.
    """

    id: str
    name: str
    length: int
    user: str
    title: str = ""
    content: bytes = b""
    uploaded: bool = False
    shared: bool = False
    created: int = 0
    channels: set[str] = field(default_factory=set)
    mimetype: str = ""
    size: int | None = None
    external_url: str = ""
    state: FileState = FileState.SHOWN
