"""What a message is to show: the fields of a request, and the files that come with it. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field

from tickertape.sandbox.discord.world.attachments import File
from tickertape.sandbox.discord.world.entities import Json


@dataclass(frozen=True, slots=True)
class Upload:
    """A file of a multipart body; `number` is the n of its field `files[n]`."""

    number: int
    file: File


@dataclass(frozen=True, slots=True)
class Body:
    """The JSON object of a request and the files that came with it."""

    fields: Json = field(default_factory=dict)
    files: tuple[Upload, ...] = ()
