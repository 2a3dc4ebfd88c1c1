"""The scopes and events that the bot asks for, and why: the manifest, the start and the check read them here."""

from __future__ import annotations

REQUIRED = {
    "app_mentions:read": "be asked by mention",
    "channels:history": "see that an answer was deleted in a public channel, and look messages up after a broken call",
    "chat:write": "write answers",
    "commands": "offer the slash command",
    "groups:history": "do the same in private channels",
    "im:history": "be asked by direct message",
    "mpim:history": "be asked in group direct messages",
    "reactions:read": "be stopped by reaction",
    "users:read": "know names, and who may stop the answers of others",
}
"""Bot token scopes without which something that the bot promises does not work."""

CHANNEL_NAMES = {
    "channels:read": "tell a persona the name of a public channel",
    "groups:read": "tell a persona the name of a private channel",
}
"""Scopes that a persona with the placeholder `{channel}` needs."""

OPTIONAL = {
    "assistant:write": "appear as an agent, so that Slack's own stop reaches the bot",
    **CHANNEL_NAMES,
    "usergroups:read": "know usergroups, where a rule of the owner names one",
    "files:read": "read the files that come with a question",
    "files:write": "send the rest of a very long answer as a file",
}

EVENTS = (
    "agent_session_stopped",
    "app_home_opened",
    "app_mention",
    "app_uninstalled",
    "message.channels",
    "message.groups",
    "message.im",
    "message.mpim",
    "reaction_added",
    "tokens_revoked",
)
"""Bot events that the app subscribes to."""


def can_send_files(granted: frozenset[str] | None) -> bool:
    """Whether the bot may send files; a server that tells no scopes (None) is believed."""
    return granted is None or "files:write" in granted


def missing(granted: frozenset[str]) -> tuple[str, ...]:
    """Return the required scopes that are not among those granted."""
    return tuple(sorted(REQUIRED.keys() - granted))
