"""Every sentence that only Slack's people read. What both platforms say is in `core.words`."""

from __future__ import annotations

CANNOT_POST = (
    "I am not allowed to write in this channel. Please ask its managers, or ask me in a direct message."
)
QUESTION_LOST = "Slack did not take your question. Please try again in a moment."
ANSWER_LOST = "I could not show you the answer to your question: {reason}."
EDITED = "You edited your question. Shall I answer it again?"
SOMEBODY = "somebody"

MODEL_DESCRIPTION = "See which models there are, or choose the one that answers here."
PERSONA_DESCRIPTION = "See which personas there are, or choose the one that answers here."
NAME_HINT = "[name]"
USAGE_DESCRIPTION = "See what your answers took."
USAGE_HINT = "[all | csv] for admins of the bot"
FORGET_DESCRIPTION = "Make the bot forget this direct message, or everything that you ever said to it."
FORGET_HINT = "[everything]"
HELP_DESCRIPTION = "How to use the bot."

ASK_ABOUT_NAME = "Ask about this message"
ASK_ABOUT_DESCRIPTION = "Ask the model about a message; the answer comes into its thread"
FORGET_THIS_NAME = "Forget this conversation"
FORGET_THIS_DESCRIPTION = "Make the bot forget what was said in this thread"
ASK_ABOUT_TITLE = "Ask about a message"
QUESTION_LABEL = "Your question"
ASK_LABEL = "Ask"
CHOOSE = "Choose…"

SUGGESTED = (
    ("What can you do?", "What can you help me with?"),
    ("Write a text", "Help me to write a text. Ask me first what it is about and who reads it."),
    ("Explain something", "Explain something to me step by step. Ask me first what it is."),
)
"""Prompts to begin with, as title and message."""

HELP = """\
**Ask** by mentioning me, in a direct message, or with `{command}`. I remember threads and direct messages; in a thread where I \
take part, nobody needs to mention me.
**Stop** an answer with its button or a reaction. **Again**: the button below an answer, or 🔁 on it or on your question.
**About a message**: choose “Ask about this message” in its menu.
**Choose** with `{command}-model` and `{command}-persona`. **Figures**: `{command}-usage`. **Forget**: `{command}-forget`, or the menu of a message."""
FIGURES = "The figures that you asked for:"
EXPORTED = "I sent you every answer's figures in a direct message."
NOT_EXPORTED = "I could not send you the figures as a file. I need the scope files:write for that."

IS_THINKING = "is thinking…"
IS_WAITING = "is waiting for the answer before this one…"
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


def help_text(command: str) -> str:
    """Return how to use the bot; `command` is the name of the slash command that asks."""
    return HELP.format(command=command)
