"""Files of messages and of the command's options, as the core takes them."""

from __future__ import annotations

from collections.abc import Iterable

import discord

from tickertape.files.attachment import Attachment


def attachments_from(files: Iterable[discord.Attachment]) -> tuple[Attachment, ...]:
    """Return files as Discord announced them, by names that have an ending (a file's title has none)."""
    return tuple(Attachment(each.filename, each.content_type, each.size, each.url) for each in files)
