"""A local stand-in of Slack: Web API, Socket Mode, Events API, and the people who use it."""

from __future__ import annotations

from bots.sandbox.slack.app_settings import AppSettings, ShortcutType
from bots.sandbox.slack.calls import Call, Drop
from bots.sandbox.slack.delivery import Attempt, Delivery, Kind
from bots.sandbox.slack.file_host import Behaviour, FileRequest, Login
from bots.sandbox.slack.invocations import (
    ButtonPress,
    GlobalShortcut,
    Invocation,
    MessageShortcut,
    SlashCommand,
    Suggestion,
    ViewPress,
    ViewSubmission,
)
from bots.sandbox.slack.models import Channel, ChannelKind, File, Message, User, UserGroup, Version
from bots.sandbox.slack.people import Upload
from bots.sandbox.slack.rate_limits import COMMERCIAL_LIMITS, DEFAULT_LIMITS, UNLIMITED, Limit, Limits
from bots.sandbox.slack.server import SlackSandbox

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
