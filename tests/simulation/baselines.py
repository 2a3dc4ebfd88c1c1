"""Two honest baselines, written for measuring alone: fixed intervals, as most bots stream.

*Inline* edits within the loop that reads the model's tokens, and waits there for every call. *Task* gives each answer a
task of its own that edits while the tokens come. Both post the first text at once, edit no sooner than an interval
after the edit before, show the end at once, send nothing unchanged, and obey 429s: whoever shares the budget stops for
`Retry-After`, and the newest text goes out after it. They are tuned: for each setting, the interval counts that is best
over few and many answers, short and long ones (`tune`).
"""

from __future__ import annotations

import asyncio
import enum
import math
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass

from tests.simulation.paces import PacedModel
from tests.simulation.platforms import Place
from tests.simulation.world import Figures, Scenario, Setting, figures, new_platform, steady_in
from tickertape.model.api import Model
from tickertape.prompts.keys import MessageKey
from tickertape.prompts.turns import Role, Turn
from tickertape.screen.surface import Body, Call, Outcome, RateLimited, Shown


class Kind(enum.Enum):
    """The two baselines."""

    INLINE = "inline"
    TASK = "own task"


INTERVALS = (0.4, 0.5, 0.8, 1.0, 1.2, 1.5, 2.0)
"""Seconds between two edits of an answer, of which the best is taken for each setting and baseline: those that bots are
shipped with (0.4 to 1.2) and some longer ones."""

TUNED: dict[tuple[Setting, Kind], float] = {
    (Setting.CHANNEL, Kind.INLINE): 1.0,
    (Setting.CHANNEL, Kind.TASK): 1.0,
    (Setting.CHANNELS, Kind.INLINE): 1.0,
    (Setting.CHANNELS, Kind.TASK): 1.0,
    (Setting.SLASH, Kind.INLINE): 0.4,
    (Setting.SLASH, Kind.TASK): 0.4,
    (Setting.WORKSPACE, Kind.INLINE): 2.0,
    (Setting.WORKSPACE, Kind.TASK): 2.0,
}
"""The best of them: what `tune` finds for 1, 4 and 8 answers in a channel, 1, 4 and 10 in a workspace, and 1 elsewhere,
of 10, 20 and 60 s (`python -m tests.bench tune`)."""


@dataclass(frozen=True, slots=True)
class Tuning:
    """The intervals that were tried, and for each the geometric mean of the mean lags over all scenarios (seconds)."""

    lags: Mapping[float, float]

    @property
    def best(self) -> float:
        """The interval with the least lag."""
        return min(self.lags, key=lambda interval: self.lags[interval])


class Closed:
    """When a 429 lets the next call of each kind leave; shared by all answers that share the budget."""

    def __init__(self) -> None:
        self._until: dict[Call, float] = {}

    async def wait(self, call: Call) -> bool:
        """Wait until no 429 stands against such a call; return whether one did."""
        waited = False
        while (pause := self._until.get(call, 0.0) - _now()) > 0:
            waited = True
            await asyncio.sleep(pause)
        return waited

    def close(self, call: Call, seconds: float) -> None:
        """Let nothing out for some seconds."""
        self._until[call] = max(self._until.get(call, 0.0), _now() + seconds)


class Screen:
    """The messages of one answer, cut at the limit of characters."""

    def __init__(self, place: Place, closed: Closed) -> None:
        self._place = place
        self._closed = closed
        self._keys: list[MessageKey] = []
        self._shown: list[str] = []

    async def show(self, text: Callable[[], str]) -> None:
        """Make calls until the messages show what `text` gives now, or after the last wait for a 429."""
        wanted = text()
        while (page := self._next(wanted)) is not None:
            call = Call.EDIT if page < len(self._keys) else Call.POST
            if await self._closed.wait(call):
                wanted = text()
                continue
            part = self._part(wanted, page)
            outcome = await self._perform(page, Body(part))
            if isinstance(outcome, RateLimited):
                self._closed.close(call, outcome.retry_after)
            elif isinstance(outcome, Shown):
                self._keys[page:] = [outcome.message, *self._keys[page + 1 :]]
                self._shown[page:] = [part, *self._shown[page + 1 :]]

    def _perform(self, page: int, body: Body) -> Awaitable[Outcome]:
        if page < len(self._keys):
            return self._place.edit(self._keys[page], body)
        return self._place.post(body, page)

    def _part(self, text: str, page: int) -> str:
        size = self._place.dialect.page
        return text[page * size : (page + 1) * size].rstrip()

    def _next(self, text: str) -> int | None:
        """Return the first page that does not show its part of `text`."""
        for page in range(-(-len(text) // self._place.dialect.page)):
            part = self._part(text, page)
            if part and (page >= len(self._shown) or self._shown[page] != part):
                return page
        return None


async def inline(screen: Screen, model: Model, prompt: str, interval: float) -> None:
    """Read and show one answer in one loop."""
    text, due = "", 0.0
    async with aclosing(model.stream((Turn(Role.USER, prompt),))) as deltas:
        async for delta in deltas:
            text += delta.text
            if delta.text and _now() >= due:
                await screen.show(lambda shown=text: shown)  # type: ignore[misc]  # mypy infers no type for the default
                due = _now() + interval
    await screen.show(lambda: text)


async def own_task(screen: Screen, model: Model, prompt: str, interval: float) -> None:
    """Read one answer in this task and show it in another."""
    text, came, ended = "", asyncio.Event(), asyncio.Event()

    async def write() -> None:
        await came.wait()
        while not ended.is_set():
            await screen.show(lambda: text)
            await _wait(ended, interval)
        await screen.show(lambda: text)

    writer = asyncio.create_task(write())
    async with aclosing(model.stream((Turn(Role.USER, prompt),))) as deltas:
        async for delta in deltas:
            text += delta.text
            came.set()
    ended.set()
    await writer


RUN = {Kind.INLINE: inline, Kind.TASK: own_task}


async def play(scenario: Scenario, kind: Kind, interval: float) -> Figures:
    """Have a baseline answer, and measure it."""
    platform = new_platform(scenario)
    model = PacedModel([scenario.pace] * scenario.answers)
    closed = closed_for(scenario)
    async with asyncio.TaskGroup() as group:
        for number, place in enumerate(platform.places):
            group.create_task(RUN[kind](Screen(place, closed[number]), model, str(number), interval))
    return figures(scenario, platform, model)


async def tune(setting: Setting, kind: Kind, counts: Sequence[int], seconds: Sequence[float]) -> Tuning:
    """Find the interval that a bot had best be shipped with, given how many answers of what length it may have to show.

    A fixed interval can't know how many others share its budget: that is the point of the comparison.
    """
    scenarios = [steady_in(setting, count, length) for count in counts for length in seconds]
    lags = {}
    for interval in INTERVALS:
        means = [(await play(scenario, kind, interval)).summary.mean for scenario in scenarios]
        lags[interval] = math.exp(sum(map(math.log, means)) / len(means))
    return Tuning(lags)


def closed_for(scenario: Scenario) -> Sequence[Closed]:
    """Return what holds the calls of each answer back after a 429."""
    if scenario.setting.shared:
        return [Closed()] * scenario.answers
    return [Closed() for _ in range(scenario.answers)]


async def _wait(event: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return


def _now() -> float:
    return asyncio.get_running_loop().time()
