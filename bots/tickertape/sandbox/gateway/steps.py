"""The steps of one streamed response, and what they are made from. Plain data."""

from __future__ import annotations

from dataclasses import dataclass

from tickertape.sandbox.gateway.chunks import Chunks, Json
from tickertape.sandbox.gateway.script import Script


@dataclass(frozen=True, slots=True)
class Send:
    """Write `data`; a client that reads it rightly shows `text` then."""

    data: bytes
    text: str = ""


@dataclass(frozen=True, slots=True)
class Wait:
    """Let `seconds` pass."""

    seconds: float


class Hang:
    """Send nothing more and keep the connection, until the client leaves."""


class Reset:
    """Reset the connection (TCP RST)."""


class Cut:
    """Close the connection without ending the body."""


Step = Send | Wait | Hang | Reset | Cut
"""One thing to do; after the last step the body is ended properly."""


@dataclass(frozen=True, slots=True)
class Stream:
    """Everything that the steps of one response are made from."""

    script: Script
    text: str
    finish: str | None
    """The finish_reason."""
    chunks: Chunks
    usage: Json | None
    """What the usage chunk says; None when none is sent."""
    number: int
    """Of the request: it seeds the jitter."""


def pieces(text: str, size: int) -> list[str]:
    """Return `text` in pieces of `size` characters."""
    return [text[start : start + size] for start in range(0, len(text), size)]
