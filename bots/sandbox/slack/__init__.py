"""A local stand-in of Slack: Web API, Socket Mode, Events API, and the people who use it."""

from __future__ import annotations

from bots.sandbox.slack.calls import Call, Drop
from bots.sandbox.slack.delivery import Attempt, Delivery, Kind
from bots.sandbox.slack.models import (
    ButtonPress,
    Channel,
    ChannelKind,
    Message,
    SlashCommand,
    User,
    Version,
)
from bots.sandbox.slack.rate_limits import COMMERCIAL_LIMITS, DEFAULT_LIMITS, UNLIMITED, Limit, Limits
from bots.sandbox.slack.server import SlackSandbox

__all__ = [
    "COMMERCIAL_LIMITS",
    "DEFAULT_LIMITS",
    "UNLIMITED",
    "Attempt",
    "ButtonPress",
    "Call",
    "Channel",
    "ChannelKind",
    "Delivery",
    "Drop",
    "Kind",
    "Limit",
    "Limits",
    "Message",
    "SlackSandbox",
    "SlashCommand",
    "User",
    "Version",
]
