"""The benchmark's verdicts and tables, from a few made-up results."""

from __future__ import annotations

from typing import Any

import pytest

from tests.bench.cpu import OURS, TYPED
from tests.bench.tables import tables
from tests.bench.verdicts import carried, verdicts

Json = dict[str, Any]


def figures(mean: float, **changes: float) -> Json:
    return {"mean": mean, "p95": 2.0, "p99": 3.0, "first": 0.04, "end": 0.05, "fairness": 1.1, "complete": True,
            "posts": 1, "edits": 9, "rate_limited": 0} | changes  # fmt: skip


def row(setting: str, answers: int, seconds: float, mean: float, optimum: float | None) -> Json:
    return {
        "scenario": f"{answers} x {seconds:g} s steady, {setting}", "setting": setting, "answers": answers,
        "seconds": seconds, "model": "steady", "bound": 4.0, "optimum": optimum, "optimum_held": None,
        "virtual": figures(mean), "real": None, "real_baselines": {},
        "baselines": {"inline": figures(8.0), "own task": figures(5.0)},
    }  # fmt: skip


RESULTS: Json = {
    "lag": [
        row("one channel", 8, 60.0, 4.2, None),
        *(row("one channel", 8, seconds, 3.0, 2.5) for seconds in (10.0, 15.0, 20.0)),
        row("Slack workspace", 10, 10.0, 4.0, 2.0),
    ],
    "cost": {
        "burst": {OURS: 4.0, TYPED: 60.0},
        "paced": {OURS: 60.0, TYPED: 240.0},
        "paced_uvloop": {},
        "parts": {"draft": 0.1},
        "memory": [
            {"answers": 100, "answer_resident": 40.0, "answer_allocated": 15.0, "connection_resident": 50.0}
        ],
        "capacity": {
            "ours": [{"streams": 400, "lag": 0.05, "arrived": 1.0, "busy": 0.9}],
            "typed": [{"streams": 100, "lag": 0.05, "arrived": 1.0, "busy": 0.9}],
            "ours_uvloop": [],
        },
    },
}


def test_every_target_is_judged_by_what_was_measured() -> None:
    found = {each.figure: each for each in verdicts(RESULTS)}
    to_bound = found["lag ÷ bound, 8 x 60 s steady, one channel (virtual)"]
    assert to_bound.measured == pytest.approx(1.05)
    assert to_bound.holds
    assert found["lag ÷ optimum, 8 x 10 s steady, one channel (virtual)"].holds
    assert not found["lag ÷ optimum, 10 x 10 s steady, Slack workspace (virtual)"].holds
    to_baseline = found["lag ÷ better baseline, 8 x 10, 15, 20 s, one channel (virtual)"]
    assert to_baseline.measured == pytest.approx(0.6)
    assert to_baseline.holds
    assert found["lag ÷ better baseline, 8 x 15 s steady, one channel (virtual)"].must == 0.7
    assert found["CPU per delta, paced, ÷ typed stream"].measured == 0.25
    assert not found["answers carried by one core ÷ typed client (400 ÷ 100)"].holds


@pytest.mark.parametrize(("mean", "holds"), [(7.4, True), (7.6, False)])
def test_where_the_optimum_cannot_leave_a_baseline_behind_the_limit_is_made_of_the_optimum(
    mean: float, holds: bool
) -> None:
    found = {each.figure: each for each in verdicts({"lag": [row("Slack workspace", 10, 10.0, mean, 5.0)]})}
    to_baseline = found["lag ÷ better baseline, 10 x 10 s steady, Slack workspace (virtual)"]
    assert to_baseline.must == pytest.approx(5.0 / 5.0 * 1.5)
    assert to_baseline.holds is holds


def test_what_was_not_run_has_no_verdict() -> None:
    assert verdicts({}) == []
    assert not any("better baseline, 10 x 10, 15" in each.figure for each in verdicts(RESULTS))
    assert not any("(real)" in each.figure for each in verdicts(RESULTS))


def test_a_level_that_fell_behind_is_not_carried() -> None:
    levels = [
        {"streams": 10, "lag": 0.01, "arrived": 1.0},
        {"streams": 20, "lag": 0.2, "arrived": 1.0},
        {"streams": 30, "lag": 0.01, "arrived": 0.5},
    ]
    assert carried(levels) == 10
    assert carried([]) == 0


def test_tables_are_markdown_with_a_cell_for_every_column() -> None:
    for table in tables(RESULTS):
        lines = [line for line in table.markdown().splitlines() if line.startswith("|")]
        assert len({line.count("|") for line in lines}) == 1
        assert len(lines) == len(table.rows) + 2
