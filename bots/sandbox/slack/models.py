"""What a Slack workspace is made of: users, channels, messages and what people invoked. Times are loop seconds."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class User:
    """Somebody in the workspace. `name` is the handle, e.g. `alice`."""

    id: str
    name: str
    real_name: str
    is_admin: bool = False
    is_bot: bool = False


class ChannelKind(enum.Enum):
    """The kinds of conversations, in the words of the events' `channel_type`."""

    PUBLIC = "channel"
    PRIVATE = "group"
    DIRECT = "im"
    GROUP = "mpim"


@dataclass(slots=True, eq=False)
class Channel:
    """A conversation. `members` are user ids; `messages` are in the order of their ts, deleted ones included.

    `admins_only` makes Slack answer `restricted_action` to everyone else.
    """

    id: str
    name: str
    kind: ChannelKind
    members: set[str]
    messages: dict[str, Message] = field(default_factory=dict)
    archived: bool = False
    admins_only: bool = False

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
    """A message that chat.startStream opened. Others than `recipient` see only `first` until it has ended [I]."""

    started_at: float
    recipient: str | None
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
    last edit that shows "(edited)": one with text only. `ephemeral_to` is the user who alone sees it.
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


@dataclass(slots=True, eq=False, kw_only=True)
class Invocation:
    """Something that a person invoked and the app must acknowledge within 3 s.

    `error` is what Slack showed to the person instead: `operation_timeout`, `dispatch_failed` or
    `http_service_error`. `messages` are those that came as immediate response or through `response_url`.
    """

    user: User
    channel: Channel
    trigger_id: str
    response_url: str
    sent_at: float
    acked_at: float | None = None
    error: str | None = None
    messages: list[Message] = field(default_factory=list)


@dataclass(slots=True, eq=False, kw_only=True)
class SlashCommand(Invocation):
    """A slash command: `command` with its slash, and the text behind it."""

    command: str
    text: str


@dataclass(slots=True, eq=False, kw_only=True)
class ButtonPress(Invocation):
    """A press of the button `action_id` of `message`."""

    message: Message
    action_id: str
    value: str


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


@dataclass(slots=True, eq=False, kw_only=True)
class File:
    """An uploaded file; `uploaded` once its bytes have arrived, `shared` once a message or nobody holds it."""

    id: str
    name: str
    length: int
    user: str
    title: str = ""
    content: bytes = b""
    uploaded: bool = False
    shared: bool = False
