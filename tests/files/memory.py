"""A `Download` that holds its files in memory, and can be made slow or faulty."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from tickertape.files.attachment import Attachment
from tickertape.files.problems import DownloadError


def attached(name: str, size: int | None = None, content_type: str | None = None) -> Attachment:
    """Return an attachment of that name."""
    return Attachment(name, content_type, size, f"memory:{name}")


@dataclass(slots=True)
class MemoryDownload:
    """Files by name: their bytes, or the error that fetching them ends with. `seconds` is what each takes."""

    files: dict[str, bytes | DownloadError]
    seconds: dict[str, float] = field(default_factory=dict)
    fetched: list[str] = field(default_factory=list)
    at_once: int = 0
    """The most downloads that were under way at the same time."""
    under_way: set[str] = field(default_factory=set)

    async def fetch(self, attachment: Attachment, most: int) -> bytes:  # noqa: ARG002 - a server that sends all it has
        """See `tickertape.files.Download.fetch`."""
        self.under_way.add(attachment.name)
        self.at_once = max(self.at_once, len(self.under_way))
        try:
            await asyncio.sleep(self.seconds.get(attachment.name, 0.0))
        finally:
            self.under_way.discard(attachment.name)
        self.fetched.append(attachment.name)
        found = self.files[attachment.name]
        if isinstance(found, DownloadError):
            raise found
        return found
