"""Names that people type or choose: found among known ones, and made harmless for a prompt. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches

LONGEST = 80
"""Characters of a name that is put into a prompt; Discord allows 32 for people and 100 for channels, Slack 80 for both."""

_ALIKE = 0.6
"""How alike two names must be for one to be offered in place of the other (0 to 1, difflib's ratio)."""

_JOINERS = "\u200c\u200d"
"""Invisible characters that names are written with: Persian words, and emoji of several parts."""


def match(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that is `name`, or the only one that is it but for upper and lower case; else None."""
    names, folded = list(known), name.casefold()
    if name in names:
        return name
    alike = [other for other in names if other.casefold() == folded]
    return alike[0] if len(alike) == 1 else None


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name most like `name` in whatever case, None if none is like it."""
    by_folded = {other.casefold(): other for other in known}
    found = get_close_matches(name.casefold(), list(by_folded), n=1, cutoff=_ALIKE)
    return by_folded[found[0]] if found else None


def one_line(name: str, longest: int = LONGEST) -> str:
    """Return a name as one line of at most `longest` characters, without what is invisible.

    Of format characters only joiners stay: others turn the direction of text, or spell out instructions that no
    person sees (tag characters).
    """
    kept = "".join(_visible(character) for character in name)
    line = " ".join(kept.split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def _visible(character: str) -> str:
    """Return the character, a space for one that separates, nothing for one that cannot be seen."""
    category = unicodedata.category(character)
    if category[0] == "Z" or category == "Cc":
        return " "
    return character if category[0] != "C" or character in _JOINERS else ""
