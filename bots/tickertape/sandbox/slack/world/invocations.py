"""What people invoke and an app must acknowledge: commands, shortcuts, buttons, modals. Times are loop seconds."""

from __future__ import annotations

from dataclasses import dataclass, field

from tickertape.sandbox.slack.world.models import Channel, Json, Message, User


@dataclass(slots=True, eq=False, kw_only=True)
class Invocation:
    """Something that a person invoked and the app must acknowledge within 3 s.

    `error` is what Slack showed to the person instead: `operation_timeout`, `dispatch_failed` or
    `http_service_error`.
    """

    user: User
    trigger_id: str
    sent_at: float
    acked_at: float | None = None
    error: str | None = None


@dataclass(slots=True, eq=False, kw_only=True)
class ChannelInvocation(Invocation):
    """One that was invoked in a conversation and can be answered at `response_url`.

    `messages` are those that came as immediate response or through `response_url`.
    """

    channel: Channel
    response_url: str
    messages: list[Message] = field(default_factory=list)


@dataclass(slots=True, eq=False, kw_only=True)
class SlashCommand(ChannelInvocation):
    """A slash command: `command` with its slash, and the text behind it."""

    command: str
    text: str


@dataclass(slots=True, eq=False, kw_only=True)
class ButtonPress(ChannelInvocation):
    """A press of the element `action_id` of `message`; `value` is the button's or that of the chosen option."""

    message: Message
    action_id: str
    value: str


@dataclass(slots=True, eq=False, kw_only=True)
class ViewPress(Invocation):
    """The same in a view: a modal or the app's home."""

    view: Json
    action_id: str
    value: str


@dataclass(slots=True, eq=False, kw_only=True)
class MessageShortcut(ChannelInvocation):
    """A shortcut out of the menu of `message`."""

    message: Message
    callback_id: str


@dataclass(slots=True, eq=False, kw_only=True)
class GlobalShortcut(Invocation):
    """A shortcut out of the search bar or the composer's menu; it has no channel."""

    callback_id: str


@dataclass(slots=True, eq=False, kw_only=True)
class ViewSubmission(Invocation):
    """A submitted modal. `errors` are those that the app answered, by `block_id`; the modal is then still open."""

    view: Json
    errors: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True, eq=False, kw_only=True)
class Suggestion(Invocation):
    """What a person typed into a menu whose options the app provides, and the `options` that it answered."""

    action_id: str
    typed: str
    options: list[Json] = field(default_factory=list)
