"""Keep keys out of everything that is said or logged. Pure."""

from __future__ import annotations

import re

_LOOKS_SECRET = re.compile(
    r"\b(?:sk|pk|rk|key|gsk|xai|or)-[\w*.-]{4,}"  # keys as vendors print them, masked ones as well
    r"|(?<=\bBearer )\S+"
    r"|(?<=://)[^/\s@]+(?=@)"  # user and password in an address
)
_SHORTEST = 4
"""Characters of a key below which it is no secret (`x`, `none`): local gateways take any."""


def redact(text: str, secret: str = "") -> str:
    """Return `text` without `secret` and without anything that looks like a key."""
    if len(secret) > _SHORTEST:
        text = text.replace(secret, "[key]")
    return _LOOKS_SECRET.sub("[key]", text)


def excerpt(text: str, length: int = 300) -> str:
    """Return the beginning of `text` as one line of at most `length` characters, for a log."""
    line = " ".join(text[: length * 4].split())
    return line if len(line) <= length else line[: length - 1] + "…"
