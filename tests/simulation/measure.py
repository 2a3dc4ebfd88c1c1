"""Display lag and what belongs to it, measured at the server for every character. Pure.

A character's lag is the time from its leaving the model to the moment at which the server takes in the call that
shows it. What a model sent and what messages showed are both steps in time: at this second, so many characters.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from tickertape.demo.lag import Step, covered

__all__ = ["Frame", "Record", "Summary", "Text", "Wait", "percentile", "shown_steps", "summarize", "waits"]


@dataclass(frozen=True, slots=True)
class Wait:
    """So many characters waited for so many seconds."""

    seconds: float
    characters: int


@dataclass(frozen=True, slots=True)
class Frame:
    """What message number `page` of an answer showed from `at` (seconds) on."""

    at: float
    page: int
    text: str


class Text:
    """An answer's text, made ready to be found again on screen."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._solid = [position for position, character in enumerate(text) if not character.isspace()]
        self._joined = "".join(text.split())

    def covered(self, shown: Sequence[str]) -> int:
        """Return how many characters are on screen when the messages show `shown`.

        White space is not seen: it counts with the word before it.
        """
        seen = "".join("".join(shown).split())
        if not seen:
            return 0
        if not self._joined.startswith(seen):
            return covered(self.text, shown)
        return self._solid[len(seen)] if len(seen) < len(self._solid) else len(self.text)


@dataclass(frozen=True, slots=True)
class Record:
    """Everything measured of one answer.

    `sent` counts the characters that had left the model, `shown` those on screen at the server; `ended` is when the
    model's stream ended. All times are seconds of one clock.
    """

    sent: Sequence[Step]
    shown: Sequence[Step]
    ended: float

    @property
    def complete(self) -> bool:
        """Whether all of the text came on screen."""
        return bool(self.sent and self.shown) and self.shown[-1].characters >= self.sent[-1].characters

    @property
    def first(self) -> float:
        """Seconds from the first delta to the first text on screen; infinity if none came."""
        shown = next((step.at for step in self.shown if step.characters), math.inf)
        return shown - self.sent[0].at

    @property
    def end(self) -> float:
        """Seconds from the end of the stream to the full text on screen; infinity if it never was."""
        total = self.sent[-1].characters
        shown = next((step.at for step in self.shown if step.characters >= total), math.inf)
        return max(0.0, shown - self.ended)

    @property
    def gaps(self) -> list[float]:
        """Seconds between any two steps of the text on screen that follow one another."""
        grew = [
            after.at
            for before, after in itertools.pairwise([Step(0, 0), *self.shown])
            if after.characters > before.characters
        ]
        return [after - before for before, after in itertools.pairwise(grew)]


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures of a scenario; times in seconds, over all characters or answers of it."""

    mean: float
    p95: float
    p99: float
    first: float
    """The longest wait from a first delta to a first text."""
    end: float
    """The longest wait from the end of a stream to its full text."""
    gap: float
    """The longest time for which an answer's text stood still on screen before it was whole."""
    fairness: float
    """Mean lag of the worst-served answer over that of the best-served."""
    complete: bool
    """Whether every answer came on screen whole."""


def shown_steps(text: Text, frames: Iterable[Frame]) -> list[Step]:
    """Return how much of `text` was on screen after each frame of any of its messages, in order of time."""
    screen: dict[int, str] = {}
    steps = []
    for frame in sorted(frames, key=lambda frame: (frame.at, frame.page)):
        screen[frame.page] = frame.text
        steps.append(Step(frame.at, text.covered([screen[page] for page in sorted(screen)])))
    return steps


def waits(sent: Sequence[Step], shown: Sequence[Step]) -> Iterator[Wait]:
    """Yield how long the characters waited, those alike together; characters never shown are left out."""
    position = index = 0
    for step in shown:
        while position < step.characters and index < len(sent) and sent[index].at <= step.at:
            end = min(sent[index].characters, step.characters)
            if end > position:
                yield Wait(step.at - sent[index].at, end - position)
                position = end
            if end == sent[index].characters:
                index += 1


def mean(all_waits: Sequence[Wait]) -> float:
    """Return the mean wait of a character in seconds, 0 for none."""
    count = sum(wait.characters for wait in all_waits)
    return sum(wait.seconds * wait.characters for wait in all_waits) / count if count else 0.0


def percentile(all_waits: Sequence[Wait], share: float) -> float:
    """Return the wait that a share (0 to 1) of the characters does not exceed, 0 for none."""
    rest = share * sum(wait.characters for wait in all_waits)
    for wait in sorted(all_waits, key=lambda wait: wait.seconds):
        rest -= wait.characters
        if rest <= 0:
            return wait.seconds
    return 0.0


def summarize(records: Sequence[Record]) -> Summary:
    """Return the figures of these answers together."""
    single = [list(waits(record.sent, record.shown)) for record in records]
    means = [mean(each) for each in single]
    together = [wait for each in single for wait in each]
    return Summary(
        mean=mean(together),
        p95=percentile(together, 0.95),
        p99=percentile(together, 0.99),
        first=max(record.first for record in records),
        end=max(record.end for record in records),
        gap=max((gap for record in records for gap in record.gaps), default=0.0),
        fairness=max(means) / min(means) if min(means) > 0 else math.inf,
        complete=all(record.complete for record in records),
    )
