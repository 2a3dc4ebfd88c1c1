"""A local stand-in of Slack: Web API, Socket Mode, Events API, and the people who use it."""

from __future__ import annotations

from tickertape.sandbox.slack.delivery.delivery import Attempt, Delivery, Kind
from tickertape.sandbox.slack.files.host import Behaviour, FileRequest, Login
from tickertape.sandbox.slack.people import Upload
from tickertape.sandbox.slack.server import SlackSandbox
from tickertape.sandbox.slack.web_api.calls import Call, Drop
from tickertape.sandbox.slack.web_api.rate_limits import (
    COMMERCIAL_LIMITS,
    DEFAULT_LIMITS,
    UNLIMITED,
    Limit,
    Limits,
)
from tickertape.sandbox.slack.world.app_settings import AppSettings, ShortcutType
from tickertape.sandbox.slack.world.invocations import (
    ButtonPress,
    GlobalShortcut,
    Invocation,
    MessageShortcut,
    SlashCommand,
    Suggestion,
    ViewPress,
    ViewSubmission,
)
from tickertape.sandbox.slack.world.models import (
    Channel,
    ChannelKind,
    File,
    Message,
    User,
    UserGroup,
    Version,
)

__all__ = [
    "COMMERCIAL_LIMITS",
    "DEFAULT_LIMITS",
    "UNLIMITED",
    "AppSettings",
    "Attempt",
    "Behaviour",
    "ButtonPress",
    "Call",
    "Channel",
    "ChannelKind",
    "Delivery",
    "Drop",
    "File",
    "FileRequest",
    "GlobalShortcut",
    "Invocation",
    "Kind",
    "Limit",
    "Limits",
    "Login",
    "Message",
    "MessageShortcut",
    "ShortcutType",
    "SlackSandbox",
    "SlashCommand",
    "Suggestion",
    "Upload",
    "User",
    "UserGroup",
    "Version",
    "ViewPress",
    "ViewSubmission",
]
