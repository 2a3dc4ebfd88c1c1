"""How lag and cost grow from 1 answer to 1,000: the core on virtual time, with the CPU time that each call took."""

from __future__ import annotations

import time
from dataclasses import dataclass

from tests.simulation import paces
from tests.simulation.world import Scenario, Setting, bound, on_virtual_time, play

_SECONDS = 10.0
_TOKENS_PER_SECOND = 10.0


@dataclass(frozen=True, slots=True)
class Point:
    """One count of answers in one setting. Lags in seconds; `cpu_per_call` in microseconds of CPU for each post and
    edit, everything of the simulation included; `cpu_per_delta` the same over all deltas.
    """

    setting: str
    answers: int
    mean: float
    p99: float
    end: float
    calls: int
    rate_limited: int
    bound: float
    cpu_per_call: float
    cpu_per_delta: float


def measure(*, quick: bool) -> list[Point]:
    """Play every count in every setting."""
    counts = (1, 10, 100) if quick else (1, 3, 10, 30, 100, 300, 1000)
    shared = tuple(count for count in counts if count <= 100)
    return [
        *(_point(Setting.CHANNELS, count) for count in counts),
        *(_point(Setting.SLASH, count) for count in counts),
        *(_point(Setting.CHANNEL, count) for count in shared),
        *(_point(Setting.WORKSPACE, count) for count in shared),
    ]


def _point(setting: Setting, answers: int) -> Point:
    pace = paces.steady(_SECONDS, _TOKENS_PER_SECOND)
    scenario = Scenario(setting, answers, pace, "10 tokens/s")
    start = time.process_time()
    figures = on_virtual_time(lambda: play(scenario))
    used = (time.process_time() - start) * 1e6
    summary, calls = figures.summary, figures.posts + figures.edits
    return Point(
        setting.value, answers, summary.mean, summary.p99, summary.end, calls, figures.rate_limited,
        bound(scenario), used / calls, used / (answers * len(pace.pieces)),
    )  # fmt: skip
