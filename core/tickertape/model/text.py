"""Make text harmless that no platform can be sent. Pure."""

from __future__ import annotations


def harmless(text: str) -> str:
    """Return `text` with surrogate pairs joined and lone surrogates replaced by U+FFFD: they cannot be encoded."""
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def without_half(text: str) -> tuple[str, str]:
    """Return `text` made harmless, and apart from it the first half of a surrogate pair if it ends with one."""
    half = text[-1:] if "\ud800" <= text[-1:] <= "\udbff" else ""
    return harmless(text[: len(text) - len(half)]), half
