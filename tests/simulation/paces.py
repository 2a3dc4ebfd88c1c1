"""How models speak: every pace that the scenarios use, and a model that keeps to one on any loop's clock."""

from __future__ import annotations

import asyncio
import itertools
import random
import string
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass

from tickertape.demo.lag import Step
from tickertape.model.api import Delta, Finish
from tickertape.prompts.turns import Conversation

TOKENS_PER_SECOND = 50.0
TOKEN = 4
"""Characters of a token."""
FIRST = 0.5
"""Seconds from the request to the moment from which a model generates."""

UNDER_WAY = (0.0005, 0.004)
"""Seconds from the moment at which a piece leaves a model's server to that at which the bot has it, on the real clock."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """A piece of text, and the seconds from the request at which it leaves the model."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Pace:
    """One answer: its pieces in order, and how many seconds the model generates, which it begins `FIRST` after the
    request.
    """

    pieces: tuple[Spoken, ...]
    seconds: float

    @property
    def ends(self) -> float:
        """Seconds from the request to the end of the stream."""
        return FIRST + self.seconds

    @property
    def text(self) -> str:
        """The whole answer."""
        return "".join(piece.text for piece in self.pieces)

    def sent(self, start: float) -> list[Step]:
        """Return what had left the model at which time, if it was asked at `start`."""
        totals = itertools.accumulate(len(piece.text) for piece in self.pieces)
        return [Step(start + piece.at, total) for piece, total in zip(self.pieces, totals, strict=True)]


def tokens(count: int) -> list[str]:
    """Return `count` tokens: words of three letters and a space, each different from those around it."""
    words = ("".join(letters) for letters in itertools.product(string.ascii_lowercase, repeat=3))
    return [f"{word} " for word in itertools.islice(itertools.cycle(words), count)]


def steady(seconds: float, rate: float = TOKENS_PER_SECOND, size: int = 1) -> Pace:
    """Speak `rate` tokens a second for some seconds, `size` of them in one piece."""
    words = tokens(round(seconds * rate))
    pieces = ["".join(words[start : start + size]) for start in range(0, len(words), size)]
    return _paced(pieces, [size / rate * (number + 1) for number in range(len(pieces))])


def bursty(seconds: float, seed: int = 1) -> Pace:
    """Speak 50 tokens a second on average, in bursts of 10 to 60 tokens at once with silence between."""
    chance = random.Random(seed)
    words, pieces, at = tokens(round(seconds * TOKENS_PER_SECOND)), [], 0.0
    times = []
    while words:
        size = chance.randint(10, 60)
        pieces.append("".join(words[:size]))
        at += size / TOKENS_PER_SECOND * chance.uniform(0.5, 1.5)
        times.append(at)
        del words[:size]
    return _paced(pieces, times)


def slow(seconds: float) -> Pace:
    """Speak one token every 5 s."""
    return steady(seconds, rate=0.2)


def fast(seconds: float) -> Pace:
    """Speak 2,000 tokens a second."""
    return steady(seconds, rate=2000.0)


def fast_beginning(seconds: float) -> Pace:
    """Speak 1,000 tokens at 2,000 a second, and go on at 50."""
    words = tokens(1000 + round(seconds * TOKENS_PER_SECOND))
    times = [
        0.5 * min(1.0, (number + 1) / 1000) + max(0, number - 999) / TOKENS_PER_SECOND
        for number in range(len(words))
    ]
    return _paced(words, times)


def burst_at_end(seconds: float) -> Pace:
    """Speak 50 tokens a second, and 300 tokens at once at the very end."""
    words = tokens(round(seconds * TOKENS_PER_SECOND) + 300)
    pieces = [*words[:-300], "".join(words[-300:])]
    times = [(number + 1) / TOKENS_PER_SECOND for number in range(len(pieces))]
    return _paced(pieces, times)


def _paced(pieces: Sequence[str], times: Sequence[float]) -> Pace:
    spoken = tuple(Spoken(FIRST + at, text) for at, text in zip(times, pieces, strict=True))
    return Pace(spoken, times[-1])


class Unevenness:
    """Delays that are never the same twice, evenly spread between two numbers of seconds; none by default."""

    def __init__(self, least: float = 0.0, most: float = 0.0, seed: int = 0) -> None:
        self._least, self._most = least, most
        self._chance = random.Random(seed)

    def seconds(self) -> float:
        """Return the next delay."""
        return self._chance.uniform(self._least, self._most)


class PacedModel:
    """Answers prompt number i (the prompt's text) by pace i; `started` says when each was asked.

    It generates at its pace whether it is read or not, as a gateway does: a reader who was busy gets at once what
    was generated meanwhile. Every piece is `under_way` for some time.
    """

    def __init__(self, paces: Sequence[Pace], under_way: Unevenness | None = None) -> None:
        self._paces = paces
        self._under_way = under_way or Unevenness()
        self.started: dict[int, float] = {}

    async def stream(self, conversation: Conversation) -> AsyncGenerator[Delta, None]:
        """Yield the pieces of the pace, each when its time has come."""
        number = int(conversation[-1].text)
        pace, start = self._paces[number], asyncio.get_running_loop().time()
        self.started[number] = start
        for piece in pace.pieces:
            await _until(start + piece.at + self._under_way.seconds())
            yield Delta(text=piece.text)
        await _until(start + pace.ends + self._under_way.seconds())
        yield Delta(finish=Finish.COMPLETE)


async def _until(at: float) -> None:
    wait = at - asyncio.get_running_loop().time()
    if wait > 0:
        await asyncio.sleep(wait)
