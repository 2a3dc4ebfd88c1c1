"""Display lag, measured at the servers: how long each character of an answer waited to be on screen. Pure.

What a model sent, and what messages showed, are both given as steps in time: at this second, so many characters.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """From `at` (seconds) on, the first `characters` of the answer are there."""

    at: float
    characters: int


def covered(answer: str, shown: Iterable[str]) -> int:
    """Return how many characters of `answer` are on screen when its messages show the texts `shown`.

    White space may be left out on screen, and characters may be added (closed fences, markers): both are passed over.
    """
    position = 0
    for character in "".join(shown):
        if character.isspace():
            continue
        after = position
        while after < len(answer) and answer[after].isspace():
            after += 1
        if after < len(answer) and answer[after] == character:
            position = after + 1
    return position if answer[position:].strip() else len(answer)


def mean_lag(sent: Sequence[Step], shown: Sequence[Step]) -> float:
    """Return the mean of all characters' waits, in seconds; characters never shown are left out.

    Both sequences are in order of time. An answer of which nothing was shown has a lag of 0.
    """
    total = 0.0
    count = 0
    high = 0
    for step in shown:
        new = step.characters - high
        if new > 0:
            total += sum(step.at - at for at in _arrivals(sent, high, step.characters))
            count += new
            high = step.characters
    return total / count if count else 0.0


def _arrivals(sent: Sequence[Step], start: int, end: int) -> Iterable[float]:
    """Yield when each of the characters from `start` to `end` was sent."""
    before = 0
    for step in sent:
        for _ in range(max(before, start), min(step.characters, end)):
            yield step.at
        before = step.characters
