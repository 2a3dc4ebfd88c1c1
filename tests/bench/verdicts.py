"""Every figure that has a target, as measured, beside the target. Pure: it reads the results' data."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from tests.bench.cpu import OURS, TYPED
from tests.simulation import targets
from tests.simulation.platforms import ROUND_TRIP
from tests.simulation.world import Setting

Json = dict[str, Any]

_SHORT = (10.0, 15.0, 20.0)
_CHANNEL, _WORKSPACE = Setting.CHANNEL.value, Setting.WORKSPACE.value


@dataclass(frozen=True, slots=True)
class Verdict:
    """One figure: `measured` and `must` in its own unit, which `figure` says."""

    figure: str
    measured: float
    must: float
    holds: bool


def verdicts(results: Json) -> list[Verdict]:
    """Return all figures that the results hold. Lag is taken from the real clock where that was run."""
    found = [*_lag(results.get("lag", [])), *_cost(results.get("cost")), *_store(results.get("store"))]
    return [found_one for found_one in found if found_one is not None]


def _at_most(figure: str, measured: float, must: float) -> Verdict:
    return Verdict(figure, measured, must, measured <= must)


def _lag(rows: list[Json]) -> Iterator[Verdict | None]:
    for clock in ("real", "virtual"):
        played = [row | {"played": row[clock]} for row in rows if row[clock] is not None]
        yield from _ratios(played, clock)
        yield from _delays(played, clock)
        yield from _baselines(played, clock)


def _ratios(rows: list[Json], clock: str) -> Iterator[Verdict | None]:
    for answers in (1, 4, 8):
        for row in _those(rows, _CHANNEL, answers, (60.0,)):
            figure = f"lag ÷ bound, {row['scenario']} ({clock})"
            yield _at_most(figure, row["played"]["mean"] / row["bound"], targets.LONG_ANSWERS)
    for setting, answers in [(_CHANNEL, n) for n in (1, 4, 8)] + [(_WORKSPACE, n) for n in (1, 4, 10)]:
        for row in _those(rows, setting, answers, _SHORT):
            figure = f"lag ÷ optimum, {row['scenario']} ({clock})"
            yield _at_most(figure, row["played"]["mean"] / row["optimum"], _most(setting, answers))


def _most(setting: str, answers: int) -> float:
    if setting == _WORKSPACE:
        return targets.WORKSPACE
    return targets.ONE_ANSWER if answers == 1 else targets.SHARED_CHANNEL


def _delays(rows: list[Json], clock: str) -> Iterator[Verdict | None]:
    most = ROUND_TRIP + targets.DELAY
    yield _worst(
        f"first delta to first text, s, where no limit holds posts back ({clock})", rows, _first, most
    )
    alone = [
        row
        for row in rows
        if row["answers"] == 1 and (row["setting"] == _WORKSPACE or row["model"] == "slow")
    ]
    alone = [row for row in alone if row["model"] in {"steady", "slow"}]
    yield _worst(f"end of stream to full text, s, one answer, budget left ({clock})", alone, _end, most)
    yield _worst(
        f"429s, all scenarios ({clock})",
        rows,
        lambda row: row["played"]["rate_limited"],
        targets.RATE_LIMITED,
    )
    for row in rows:
        if row["answers"] == 8 and row["model"] == "steady":
            figure = f"worst ÷ best served, {row['scenario']} ({clock})"
            yield _at_most(figure, row["played"]["fairness"], targets.FAIRNESS)


_AT_ONCE = 40
"""Calls that show answers which the bot makes at once, of the 50 a second that Discord allows (`tickertape.discord.http.budgets`)."""


def _first(row: Json) -> float:
    """Return the wait for the first text where a channel, and all of Discord, have posts for every answer at once."""
    most = 5 if row["setting"] == _CHANNEL else _AT_ONCE if row["setting"] != _WORKSPACE else row["answers"]
    return row["played"]["first"] if row["answers"] <= most else 0.0


def _end(row: Json) -> float:
    end: float = row["played"]["end"]
    return end


def _worst(figure: str, rows: list[Json], value: Callable[[Json], float], most: float) -> Verdict | None:
    return _at_most(figure, max(map(value, rows)), most) if rows else None


def _baselines(rows: list[Json], clock: str) -> Iterator[Verdict | None]:
    """Judge each length on its own, and all together where all were played.

    The baselines' intervals are tuned over lengths: for one length alone they may be right by chance
    (`targets.over_baseline`).
    """
    key = "baselines" if clock == "virtual" else "real_baselines"
    for setting, answers in ((_CHANNEL, 8), (_WORKSPACE, 10)):
        those = [row for row in _those(rows, setting, answers, _SHORT) if row[key]]
        for row in those:
            better = min(each["mean"] for each in row[key].values())
            must = targets.over_baseline(row["optimum"], better, _most(setting, answers))
            figure = f"lag ÷ better baseline, {row['scenario']} ({clock})"
            yield _at_most(figure, row["played"]["mean"] / better, must)
        if {row["seconds"] for row in those} == set(_SHORT):
            better = min(sum(row[key][kind]["mean"] for row in those) for kind in those[0][key])
            lengths = ", ".join(f"{row['seconds']:g}" for row in those)
            figure = f"lag ÷ better baseline, {answers} x {lengths} s, {setting} ({clock})"
            yield _at_most(figure, sum(row["played"]["mean"] for row in those) / better, targets.BASELINES)


def _those(rows: list[Json], setting: str, answers: int, seconds: tuple[float, ...]) -> Iterator[Json]:
    for row in rows:
        same = row["setting"] == setting and row["answers"] == answers and row["model"] == "steady"
        if same and row["seconds"] in seconds:
            yield row


def _cost(cost: Json | None) -> Iterator[Verdict | None]:
    if cost is None:
        return
    yield _at_most(
        "CPU per delta, paced, ÷ typed stream",
        cost["paced"][OURS] / cost["paced"][TYPED],
        targets.CPU_PER_DELTA,
    )
    ours, typed = carried(cost["capacity"]["ours"]), carried(cost["capacity"]["typed"])
    ratio = ours / max(1, typed)
    yield Verdict(f"answers carried by one core ÷ typed client ({ours} ÷ {typed})", ratio, targets.ANSWERS_PER_CORE,
                  ratio >= targets.ANSWERS_PER_CORE)  # fmt: skip
    for memory in cost["memory"]:
        figure = f"KiB per open answer beyond its connection, {memory['answers']} open"
        yield _at_most(figure, memory["answer_resident"], targets.KIB_PER_ANSWER)


def _store(store: Json | None) -> Iterator[Verdict | None]:
    if store is None:
        return
    shortest, *longer = store["prompts"]
    for each in longer:
        figure = f"time of a prompt, {each['turns']:,} turns ÷ {shortest['turns']}"
        yield _at_most(figure, each["prompt"] / shortest["prompt"], targets.LONG_CONVERSATION)


def carried(levels: list[Json]) -> int:
    """Return the most streams with which the loop kept up."""
    return max(
        (level["streams"] for level in levels if level["lag"] <= 0.1 and level["arrived"] >= 0.95), default=0
    )
