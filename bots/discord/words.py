"""Every sentence of the Discord adapter for the people in a channel."""

from __future__ import annotations

ASK_DESCRIPTION = "Ask the model; the answer appears here as it is written."
PROMPT_DESCRIPTION = "Your question"
STOP_DESCRIPTION = "Stop your running answers in this channel."

FILE_DESCRIPTION = "An image, a text, source code or a PDF that the question is about"
SECOND_FILE_DESCRIPTION = "Another file"
ASK_MODEL_DESCRIPTION = "The model that is to answer this question"
THREAD_DESCRIPTION = "Answer in a new thread"
PRIVATE_DESCRIPTION = "Only you see the answer"
ABOUT = "Ask about this"
ABOUT_QUESTION = "Explain this"

MODEL_DESCRIPTION = "See which models there are, or choose the one that answers here."
MODEL_NAME_DESCRIPTION = "The model that is to answer from now on"
PERSONA_DESCRIPTION = "See which personas there are, or choose the one that answers here."
PERSONA_NAME_DESCRIPTION = "The persona that is to answer from now on"
CHANNEL_DESCRIPTION = "For the whole channel, not only this conversation (moderators)"
USAGE_DESCRIPTION = "See what your answers took."
EVERYONE_DESCRIPTION = "What all answers took (admins of the bot)"
EXPORT_DESCRIPTION = "Every answer's figures as a table (admins of the bot)"
FORGET_DESCRIPTION = "Make the bot forget this conversation."
EVERYTHING_DESCRIPTION = "Everything that you ever said to the bot, everywhere, and its answers"
HELP_DESCRIPTION = "How to use the bot."

EXPORTED = "Every answer's figures, without any text."
HELP = """\
**Ask** with `/ask`, by mentioning me, or in a direct message. I remember threads, direct messages and replies to my answers.
**Stop** an answer with 🛑, its button, or `/stop`. **Again**: the button below an answer, or 🔁 on it or on your question.
**Choose** with `/model` and `/persona`. **Figures**: `/usage`. **Forget** this conversation, or all of yours: `/forget`."""

TOO_SLOW = "My database is too slow right now. Please try again in a moment."
NO_THREAD = "I cannot start a thread here. Please ask without one."
THREAD_OR_PRIVATE = "An answer is either in a thread or only for you. Please choose one."
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


def quoted(question: str) -> str:
    """Return a question as a quote, as far as one message takes it."""
    most = 1900
    short = question if len(question) <= most else question[: most - 1] + "…"
    text = "\n".join(f"> {line}" for line in short.strip().splitlines())
    return text if len(text) <= 2000 else text[:1999] + "…"


def stopped(count: int) -> str:
    """Return the reply to a /stop that stopped `count` answers, one or more."""
    return "Stopped." if count == 1 else f"Stopped {count} answers."
