"""A file that came with a message, as its platform announced it, and the seam through which its bytes are fetched."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from tickertape.files.names import plain_name


@dataclass(frozen=True, slots=True)
class Attachment:
    """What a platform says about a file. Nothing of it is trusted: neither the type nor the size.

    `content_type` is a media type and `size` a number of bytes, None where the platform does not say. `url` is where
    its `Download` finds the bytes; it may be signed, so it is kept out of the log.
    """

    name: str
    content_type: str | None
    size: int | None
    url: str = field(repr=False)

    @property
    def label(self) -> str:
        """The name as it can be shown: one short line without control characters."""
        return plain_name(self.name)


class Download(Protocol):
    """How the files of one platform are fetched: from which hosts, and with which token."""

    async def fetch(self, attachment: Attachment, most: int) -> bytes:
        """Return the file's bytes, of which there may be `most`.

        Raises a `tickertape.files.problems.DownloadError`, and nothing else. Cancelling closes the connection.
        """
        ...
