"""Files of messages and of the command's options, as the core takes them."""

from __future__ import annotations

from collections.abc import Iterable

import discord

from core.files import Attachment

PASTED = "message.txt"
"""What Discord's app makes of a text that is too long for a message."""

IN_FILE = f"My question is in the file {PASTED}."
"""The question of a message that has no text beside such a file."""


def attachments_from(files: Iterable[discord.Attachment]) -> tuple[Attachment, ...]:
    """Return files as Discord announced them."""
    return tuple(Attachment(each.filename, each.content_type, each.size, each.url) for each in files)


def holds_question(files: Iterable[discord.Attachment]) -> bool:
    """Whether one of the files is a text that was too long for a message."""
    return any(each.filename == PASTED for each in files)
