"""Every sentence that only Discord's people read. What both platforms say is in `tickertape.languages.words`."""

from __future__ import annotations

from tickertape.languages import Lines, Sentence

ASK_DESCRIPTION = Sentence("discord-ask")
STOP_DESCRIPTION = Sentence("discord-stop")

FILE_DESCRIPTION = Sentence("discord-ask-file")
SECOND_FILE_DESCRIPTION = Sentence("discord-ask-second-file")
ASK_MODEL_DESCRIPTION = Sentence("discord-ask-model")
THREAD_DESCRIPTION = Sentence("discord-ask-thread")
PRIVATE_DESCRIPTION = Sentence("discord-ask-private")
ABOUT = Sentence("discord-about")
ABOUT_QUESTION = Sentence("discord-about-question")

MODEL_DESCRIPTION = Sentence("discord-model")
MODEL_NAME_DESCRIPTION = Sentence("discord-model-name")
PERSONA_DESCRIPTION = Sentence("discord-persona")
PERSONA_NAME_DESCRIPTION = Sentence("discord-persona-name")
CHANNEL_DESCRIPTION = Sentence("discord-choose-channel")
USAGE_DESCRIPTION = Sentence("discord-usage")
EVERYONE_DESCRIPTION = Sentence("discord-usage-everyone")
EXPORT_DESCRIPTION = Sentence("discord-usage-export")
FORGET_DESCRIPTION = Sentence("discord-forget")
EVERYTHING_DESCRIPTION = Sentence("discord-forget-everything")
HELP_DESCRIPTION = Sentence("discord-help")

EXPORTED = Sentence("discord-exported")
HELP = Lines(
    (Sentence("help-ask-discord"), Sentence("help-stop-discord"), Sentence("help-choose-discord")),
)

NO_THREAD = Sentence("discord-no-thread")
THREAD_OR_PRIVATE = Sentence("discord-thread-or-private")
ROLE_MENTIONED = Sentence("discord-role-mentioned")
TIME_LIMIT = Sentence("discord-time-limit")
"""The end of an answer that has no way on once its interaction has expired."""

VIEW = Sentence("discord-permission-view")
SEND = Sentence("discord-permission-send")
SEND_IN_THREAD = Sentence("discord-permission-send-in-thread")
HISTORY = Sentence("discord-permission-history")
MANAGE_THREADS = Sentence("discord-permission-manage-threads")
ATTACH = Sentence("discord-permission-attach")
"""Permissions by the names that Discord's settings show."""


def cannot_write(channel: str | None, permission: Sentence) -> Sentence:
    """Return what an asker is told in private where the bot may not answer; None is a channel without a mention."""
    if channel is None:
        return Sentence("discord-cannot-write-there", {"permission": permission})
    return Sentence("discord-cannot-write", {"channel": channel, "permission": permission})


def quoted(question: str) -> str:
    """Return a question as a quote, as far as one message takes it."""
    most = 1900
    short = question if len(question) <= most else question[: most - 1] + "…"
    text = "\n".join(f"> {line}" for line in short.strip().splitlines())
    return text if len(text) <= 2000 else text[:1999] + "…"
