"""The results of a run as plain data: `results.json`.

    {
      "taken": "2026-11-21T04:30:00+00:00", "python": "3.11.7", "cores": 2, "quick": false,
      "lag":    [{"scenario", "setting", "answers", "seconds", "model",
                  "bound", "optimum", "optimum_held",           mean lags in seconds, null where not computed
                  "virtual": FIGURES, "real": FIGURES or null,
                  "baselines": {"inline": FIGURES, "own task": FIGURES},   on virtual time
                  "real_baselines": {…}}],
      "cost":   {"burst": {way: µs of CPU per delta}, "paced": {…}, "paced_uvloop": {…}, "parts": {part: µs of CPU},
                 "memory": [{"answers", "answer_resident", "answer_allocated", "connection_resident"}],    KiB each
                 "capacity": {"ours": [LEVEL], "typed": [LEVEL], "ours_uvloop": [LEVEL], "edits_per_second"}},
      "curve":  [{"setting", "answers", "mean", "p99", "end", "calls", "rate_limited", "bound", "cpu_per_call",
                  "cpu_per_delta"}],
      "store":  {"prompts": [{"turns", "prompt", "reading"}],         ms of a prompt, and of reading its turns
                 "answers", "pieces_per_second", "cpu_per_piece"},    texts of so many answers at once, µs
      "verdicts": [{"figure", "measured", "must", "holds"}]
    }

FIGURES are `{"mean", "p95", "p99", "first", "end"}` in seconds, `"fairness"` as a ratio, `"complete"`, and the counts
`"posts"`, `"edits"` and `"rate_limited"`. A LEVEL is `{"streams", "lag", "arrived", "busy"}`: the loop's lag at p99 in
seconds, the share of the deltas that arrived, and the share of a core that was used. Parts that were not run are
missing; running one part keeps what is there of the others.
"""

from __future__ import annotations

import dataclasses
import json
import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.bench.capacity import Capacity
from tests.bench.cpu import Costs
from tests.bench.curve import Point
from tests.bench.lag import Row
from tests.bench.memory import Memory
from tests.bench.store import StoreCosts
from tests.simulation.world import Figures

Json = dict[str, Any]

FILE = "results.json"


def lag_results(rows: Sequence[Row]) -> list[Json]:
    """Return the rows of the lag table as data."""
    return [_row(row) for row in rows]


def replaced(earlier: Sequence[Json], newer: Sequence[Json]) -> list[Json]:
    """Return the rows of the lag table with those that were measured anew in the place of the older ones."""
    return list({row["scenario"]: row for row in (*earlier, *newer)}.values())


def _row(row: Row) -> Json:
    scenario = row.scenario
    return {
        "scenario": scenario.name,
        "setting": scenario.setting.value,
        "answers": scenario.answers,
        "seconds": scenario.seconds,
        "model": scenario.label,
        "bound": row.bound,
        "optimum": row.optimum,
        "optimum_held": row.optimum_held,
        "virtual": _figures(row.virtual),
        "real": None if row.real is None else _figures(row.real),
        "baselines": {kind.value: _figures(figures) for kind, figures in row.baselines.items()},
        "real_baselines": {kind.value: _figures(figures) for kind, figures in row.real_baselines.items()},
    }


def _figures(figures: Figures) -> Json:
    counts = {"posts": figures.posts, "edits": figures.edits, "rate_limited": figures.rate_limited}
    return dataclasses.asdict(figures.summary) | counts


def cost_results(costs: Costs, memory: Sequence[Memory], capacity: Capacity) -> Json:
    """Return the cost figures as data."""
    return dataclasses.asdict(costs) | {
        "memory": [dataclasses.asdict(each) for each in memory],
        "capacity": dataclasses.asdict(capacity),
    }


def curve_results(points: Sequence[Point]) -> list[Json]:
    """Return the points of the curve as data."""
    return [dataclasses.asdict(point) for point in points]


def store_results(costs: StoreCosts) -> Json:
    """Return the store's figures as data."""
    return dataclasses.asdict(costs)


def load(folder: Path) -> Json:
    """Return what earlier runs left in `folder`, empty if nothing."""
    file = folder / FILE
    if not file.exists():
        return {}
    found: Json = json.loads(file.read_text(encoding="utf-8"))
    return found


def save(folder: Path, results: Json, *, quick: bool) -> None:
    """Write the results, with when and where they were taken."""
    about = {
        "taken": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "quick": quick,
    }
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(about | results, indent=1, default=str)
    (folder / FILE).write_text(text + "\n", encoding="utf-8")
