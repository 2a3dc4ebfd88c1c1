"""All text of an answer so far, and how long its unshown part has been waiting."""

from __future__ import annotations


class Draft:
    """Text that grows by deltas; appending is O(1) and keeps the sums from which display lag is computed."""

    __slots__ = ("_arrivals", "_fresh", "_lag_base", "_parts", "length", "oldest", "shown")

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._fresh = 0
        self._arrivals = 0.0
        self._lag_base = 0.0
        self.length = 0
        """Characters received."""
        self.shown = 0
        """Characters that the last confirmed call covered."""
        self.oldest: float | None = None
        """When the first character arrived that no call has covered yet, in seconds."""

    def append(self, text: str, now: float) -> None:
        """Add a delta's text that arrived at `now` (seconds)."""
        self._parts.append(text)
        self.length += len(text)
        self._arrivals += len(text) * now
        if self.oldest is None:
            self.oldest = now

    def fresh(self) -> str:
        """Return the text that arrived since the last call of this method, for a renderer."""
        text = "".join(self._parts[self._fresh :])
        self._fresh = len(self._parts)
        return text

    @property
    def text(self) -> str:
        """All text so far."""
        return "".join(self._parts)

    @property
    def waiting(self) -> int:
        """Characters that have arrived and are not shown."""
        return self.length - self.shown

    def lag(self, now: float) -> float:
        """Return the display lag that a call now would end: the sum of the waiting characters' ages (char·s)."""
        return self.waiting * now - (self._arrivals - self._lag_base)

    def mark(self) -> Mark:
        """Return the present end of the text; give it to `cover` once a call made now is confirmed."""
        return Mark(self.length, self._arrivals)

    def cover(self, mark: Mark, now: float) -> None:
        """Take everything up to `mark` for shown; what came later has been waiting since `now` at the earliest."""
        self.shown = mark.length
        self._lag_base = mark.arrivals
        self.oldest = now if self.waiting else None


class Mark:
    """An end of a draft's text at some moment: how many characters, and the sum of their arrival times."""

    __slots__ = ("arrivals", "length")

    def __init__(self, length: int, arrivals: float) -> None:
        self.length = length
        self.arrivals = arrivals
