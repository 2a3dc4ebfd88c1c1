"""Slack's events: which subscription and scope each one needs, and how it is wrapped. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]

DEFAULT_SUBSCRIPTIONS = frozenset(
    {
        "app_home_opened",
        "app_mention",
        "message.im",
        "message.channels",
        "message.groups",
        "message.mpim",
        "reaction_added",
        "agent_session_stopped",
        "tokens_revoked",
        "app_uninstalled",
    }
)
"""What Tickertape's manifest subscribes to."""

DEFAULT_SCOPES = frozenset(
    {
        "app_mentions:read",
        "assistant:write",
        "channels:history",
        "channels:read",
        "chat:write",
        "commands",
        "files:read",
        "files:write",
        "groups:history",
        "groups:read",
        "im:history",
        "mpim:history",
        "reactions:read",
        "reactions:write",
        "users:read",
    }
)
"""What Tickertape's manifest asks for."""

SCOPES = {
    "app_mention": "app_mentions:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "message.mpim": "mpim:history",
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
    "member_joined_channel": "channels:read",
    "user_change": "users:read",
    # What the agent view sends needs the scope that declares an agent: assumed.
    "app_context_changed": "assistant:write",
}
"""The scope without which Slack does not send an event."""

MESSAGE_SUBSCRIPTIONS = {
    "channel": "message.channels",
    "group": "message.groups",
    "im": "message.im",
    "mpim": "message.mpim",
}
"""The subscription for messages, by `channel_type`."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened. `name` is the subscription's, e.g. `message.im`; `body` what the app gets."""

    name: str
    body: Json


def is_sent(event: Event, subscriptions: frozenset[str], scopes: frozenset[str]) -> bool:
    """Tell whether an app with these subscriptions and scopes gets `event`."""
    needed = SCOPES.get(event.name)
    return event.name in subscriptions and (needed is None or needed in scopes)
