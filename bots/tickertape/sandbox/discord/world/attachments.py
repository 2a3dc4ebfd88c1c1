"""Files of messages: what is sent, and the attachments that Discord makes of it. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tickertape.sandbox.discord.world.entities import Attachment

MAX_ATTACHMENTS = 10
"""Files of a message (error 30015)."""

MAX_FILE = 10 * 1024 * 1024
"""Bytes of one file (API documentation, reference: uploading files)."""

_LOST_IN_NAMES = re.compile(r"[^A-Za-z0-9._-]")


@dataclass(frozen=True, slots=True)
class File:
    """A file that somebody sends.

    `content_type` is what Discord makes of it, None if it does not recognise it. `width` and `height` are pixels, and
    set for images and videos that it can read. `size` announces more bytes than `data` has: the rest are zeros, so
    that a file of 100 MB takes no memory.
    """

    filename: str
    data: bytes = b""
    content_type: str | None = None
    width: int | None = None
    height: int | None = None
    description: str | None = None
    size: int | None = None

    @property
    def length(self) -> int:
        """The size in bytes."""
        return max(len(self.data), self.size or 0)


def text_file(text: str) -> File:
    """Return what the app makes of a text that is too long for a message."""
    return File("message.txt", text.encode(), "text/plain; charset=utf-8")


def attach(ident: int, file: File, description: str | None = None, *, ephemeral: bool = False) -> Attachment:
    """Return the attachment `ident` that a file becomes; `ephemeral` are those of slash commands."""
    name = safe_name(file.filename)
    return Attachment(
        ident,
        name,
        file.content_type,
        file.data,
        file.length,
        width=file.width,
        height=file.height,
        description=description or file.description,
        title=None if name == file.filename else file.filename.rpartition(".")[0] or file.filename,
        ephemeral=ephemeral,
    )


def safe_name(filename: str) -> str:
    """Return the name under which Discord keeps a file: no blanks, and plain ASCII.

    Discord publishes no rule; users see blanks become underscores and other characters vanish, while `title` keeps
    the name as it was.
    """
    return _LOST_IN_NAMES.sub("", filename.replace(" ", "_")) or "unknown"
