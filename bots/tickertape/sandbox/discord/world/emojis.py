"""Emoji, pure: which texts can be one, and how the API writes them."""

from __future__ import annotations

import unicodedata
from typing import Any

_LETTER_LIKE = "ℹ"
"""The one emoji that Unicode counts as a letter."""


def is_unicode_emoji(text: str) -> bool:
    """Tell whether a text can be a Unicode emoji: not plain ASCII, and without letters.

    Discord keeps a list. This rule of thumb lets some symbols through that are not on it.
    """
    if not text or text.isascii():
        return False
    return all(unicodedata.category(each)[0] != "L" or each == _LETTER_LIKE for each in text)


def is_emoji(text: str) -> bool:
    """Tell whether a text is an emoji as the paths of reactions name it: Unicode, or custom as `name:id`."""
    name, _, number = text.partition(":")
    return bool(name and number.isdecimal()) or is_unicode_emoji(text)


def emoji_object(name: str) -> dict[str, Any]:
    """Return an emoji object of a Unicode emoji, or of a custom one written `name:id`."""
    text, _, ident = name.partition(":")
    return {"id": ident or None, "name": text, "animated": False} if ident else {"id": None, "name": name}


def is_emoji_object(raw: object) -> bool:
    """Tell whether a component may show a partial emoji: a custom one by its id, or a Unicode one by its name."""
    if not isinstance(raw, dict):
        return False
    return str(raw.get("id") or "").isdecimal() or is_unicode_emoji(str(raw.get("name") or ""))
