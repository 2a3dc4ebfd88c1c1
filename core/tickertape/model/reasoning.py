"""What people see of a model's reasoning, which comes before its answer. Pure.

    HIDDEN     nothing
    SUMMARY    "Thinking… 15 s" in the place of the answer, and in the end "Thought for 17 s." below it
    SHOWN      the reasoning as a quote above the answer

Reasoning is what the gateway sends apart from the text, or what `tickertape.model.think_tags` took out of it. It is over
with the first text that can be seen; what a model thinks after that is not shown.
"""

from __future__ import annotations

import enum
import math

from tickertape.model.api import Delta

_STEPS = ((60, 5), (300, 15))
_LAST_STEP = 60
"""Up to how many seconds of thinking the time is shown in steps of how many. Each step costs an edit, which other
answers of the channel could use."""


class ReasoningMode(enum.Enum):
    """How much of the reasoning is shown."""

    HIDDEN = "hidden"
    SUMMARY = "summary"
    SHOWN = "shown"


class Thinking:
    """The reasoning of one answer as it arrives."""

    __slots__ = ("_began", "_ended", "_held", "_mode", "_newlines", "answered", "quoted")

    def __init__(self, mode: ReasoningMode) -> None:
        self._mode = mode
        self._began: float | None = None
        self._ended: float | None = None
        self._held = ""
        self._newlines = 0
        self.answered = False
        """Whether text of the answer itself has come that can be seen."""
        self.quoted = 0
        """Characters of what `take` gave that are the quote and the blank line below it, not the model's answer."""

    def take(self, delta: Delta, now: float) -> str:
        """Return what the answer's draft grows by: the delta's text, and the reasoning if it is shown.

        Where reasoning is shown, white space before the text waits for it, so that quote and answer are each in one
        piece: the draft after its first `quoted` characters is the answer.
        """
        quote = self._think(delta.reasoning, now) if delta.reasoning and not self.answered else ""
        return quote + (self._say(delta.text, now) if delta.text else "")

    def thinking_for(self, now: float) -> int | None:
        """Return for how many seconds the model has been thinking, in steps; None when that is not to be shown."""
        if self._mode is not ReasoningMode.SUMMARY or self._began is None or self._ended is not None:
            return None
        return _in_steps(now - self._began) or None

    def thought_for(self, now: float) -> int | None:
        """Return for how many seconds the model thought, until `now` if it still does; None when that is not to be said.

        It is not for less than half a second, nor where the reasoning is hidden or stands there.
        """
        if self._mode is not ReasoningMode.SUMMARY or self._began is None:
            return None
        ended = now if self._ended is None else self._ended
        return round(ended - self._began) or None

    def _think(self, reasoning: str, now: float) -> str:
        is_first = self._began is None
        if is_first:
            reasoning = reasoning.lstrip()
            self._began = now if reasoning else None
        if not reasoning or self._mode is not ReasoningMode.SHOWN:
            return ""
        quote = "> " * is_first + self._quote(reasoning)
        self.quoted += len(quote)
        return quote

    def _quote(self, reasoning: str) -> str:
        """Return a piece of reasoning as it goes on in the quote; newlines wait until something follows them."""
        quoted = []
        for number, line in enumerate(reasoning.split("\n")):
            self._newlines += bool(number)
            if line := line.removesuffix("\r"):
                quoted.append("\n> " * self._newlines + line)
                self._newlines = 0
        return "".join(quoted)

    def _say(self, text: str, now: float) -> str:
        if self.answered or self._mode is not ReasoningMode.SHOWN:
            self._note_answer(text, now)
            return text
        self._held += text
        if self._held.isspace():
            return ""
        self._note_answer(text, now)
        text, self._held = self._held, ""
        if not self.quoted:
            return text
        self.quoted += 2
        return f"\n\n{text}"

    def _note_answer(self, text: str, now: float) -> None:
        """Take note of the first text that can be seen: the model has stopped thinking."""
        if not self.answered and not text.isspace():
            self.answered = True
            self._ended = now


def _in_steps(elapsed: float) -> int:
    """Return the seconds to show of so many."""
    seconds = math.floor(elapsed)
    step = next((step for until, step in _STEPS if seconds < until), _LAST_STEP)
    return seconds // step * step
