"""File names as people and models can be shown them. Pure."""

from __future__ import annotations

_LONGEST = 80
_ENDING = 20
"""Characters of a long name's end that are kept: they hold its extension."""


def plain_name(name: str) -> str:
    """Return `name` as one line of at most 80 printable characters, without double quotes; `file` if none are left.

    Control characters, line breaks and marks that change the direction of text become spaces.
    """
    printable = "".join(character if character.isprintable() else " " for character in name)
    plain = " ".join(printable.replace('"', "'").split())
    if len(plain) > _LONGEST:
        plain = f"{plain[: _LONGEST - _ENDING - 1]}…{plain[-_ENDING:]}"
    return plain or "file"
