"""All text of an answer so far, and how long its unshown part has been waiting."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mark:
    """An end of a draft's text at some moment: how many characters, and the sum of their arrival times."""

    length: int
    arrivals: float


class Draft:
    """Text that grows by deltas; appending is O(1) and keeps the sums from which display lag is computed."""

    __slots__ = ("_arrivals", "_fresh", "_lag_base", "_taken", "grew_at", "length", "shown", "visible")

    def __init__(self) -> None:
        self._fresh: list[str] = []
        self._taken: list[str] = []
        self._arrivals = 0.0
        self._lag_base = 0.0
        self.grew_at = float("-inf")
        """When the newest delta arrived, in seconds."""
        self.length = 0
        """Characters received."""
        self.visible = False
        """Whether there is anything but white space: a platform shows nothing of an answer that has only that."""
        self.shown = 0
        """Characters that the last confirmed call covered."""

    def append(self, text: str, now: float) -> None:
        """Add a delta's text that arrived at `now` (seconds)."""
        self._fresh.append(text)
        self.grew_at = now
        self.length += len(text)
        self.visible = self.visible or not text.isspace()
        self._arrivals += len(text) * now

    def fresh(self) -> str:
        """Return the text that arrived since the last call of this method, for a renderer."""
        text = "".join(self._fresh)
        if text:
            self._taken.append(
                text
            )  # one string for many deltas: a long answer keeps hundreds, not thousands
            self._fresh.clear()
        return text

    @property
    def text(self) -> str:
        """All text so far."""
        return "".join(self._taken) + "".join(self._fresh)

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

    def cover(self, mark: Mark) -> None:
        """Take everything up to `mark` for shown."""
        self.shown = mark.length
        self._lag_base = mark.arrivals
