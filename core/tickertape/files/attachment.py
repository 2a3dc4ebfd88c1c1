"""A file that came with a message, as its platform announced it. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field

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
