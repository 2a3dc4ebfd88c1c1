"""Where user-perceived characters begin (Unicode extended grapheme clusters, UAX #29), by the `regex` library."""

from __future__ import annotations

import regex  # type: ignore[import-untyped]  # the library ships no stubs; its one use is wrapped here

_CLUSTER = regex.compile(r"\X")


def starts(text: str, start: int, end: int) -> list[int]:
    """Return every position between `start` and `end` (both included) at which `text` may be cut.

    A cluster is known only with what follows it, so the character at `end` is looked at, too.
    """
    found = [match.start() for match in _CLUSTER.finditer(text, start, min(end + 2, len(text)))]
    if end == len(text):
        found.append(end)
    return [position for position in found if start <= position <= end]
