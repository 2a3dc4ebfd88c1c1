"""Every sentence that only Slack's people read. What both platforms say is in `core.words`."""

from __future__ import annotations

CANNOT_POST = (
    "I am not allowed to write in this channel. Please ask its managers, or ask me in a direct message."
)
QUESTION_LOST = "Slack did not take your question. Please try again in a moment."
ANSWER_LOST = "I could not show you the answer to your question: {reason}."
EDITED = "You edited your question. Shall I answer it again?"
SOMEBODY = "somebody"

IS_THINKING = "is thinking…"
"""Slack puts the app's name before it."""


def cannot_answer(permission: str | None) -> str:
    """Return what the asker is told when Slack refuses the answer."""
    if permission is None:
        return ANSWER_LOST.format(reason="Slack did not take it")
    return ANSWER_LOST.format(reason=f"I lack {permission}")


def not_in_channel(bot: str) -> str:
    """Return what somebody is told who asks where the bot, of the handle `bot`, cannot write."""
    return (
        "I can't write in this channel, because I am not a member of it. "
        f"Invite me with `/invite @{bot}`, then ask again."
    )


def asked(name: str) -> str:
    """Return the line above a question that came by slash command; `name` is already escaped."""
    return f"**{name}** asked:"


def cannot_post(permission: str | None) -> str:
    """Return what somebody is told whose question Slack does not let the bot post."""
    return CANNOT_POST if permission is None else f"{CANNOT_POST} I lack {permission}."
