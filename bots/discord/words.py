"""Every sentence of the Discord adapter for the people in a channel."""

from __future__ import annotations

ASK_DESCRIPTION = "Ask the model; the answer appears here as it is written."
PROMPT_DESCRIPTION = "Your question"
STOP_DESCRIPTION = "Stop your running answers in this channel."

ROLE_MENTIONED = "Discord does not show me messages that mention only my role. Mention me by my name, or use the /ask command."
TIME_LIMIT = "Discord's limit of 15 minutes"
"""Who stopped an answer that has no way on once its interaction has expired."""

VIEW = "View Channel"
SEND = "Send Messages"
SEND_IN_THREAD = "Send Messages in Threads"
HISTORY = "Read Message History"
MANAGE_THREADS = "Manage Threads"
ATTACH = "Attach Files"
"""Permissions by the names that Discord's settings show."""


def cannot_write(channel: str, permission: str) -> str:
    """Return what an asker is told in private where the bot may not answer."""
    return (
        f"I cannot answer in {channel}: I lack the permission “{permission}” there. Please tell a moderator."
    )


def stopped(count: int) -> str:
    """Return the reply to a /stop that stopped `count` answers, one or more."""
    return "Stopped." if count == 1 else f"Stopped {count} answers."
