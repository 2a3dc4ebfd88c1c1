"""The command line: `python -m tests.bench [lag|cost|curve|store|tune|readme|all] [--quick] [--only TEXT] [--out FOLDER]`."""

from __future__ import annotations

import argparse
import dataclasses
import functools
import logging
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import structlog
from rich.console import Console

from tests.bench import capacity, cpu, curve, lag, memory, plots, results, store, tables
from tests.bench.verdicts import verdicts
from tests.simulation import baselines
from tests.simulation.world import Setting, on_virtual_time

Json = dict[str, Any]

_EPILOG = """\
lag      how long characters wait to be on screen: the real bot against local stand-ins, and on virtual time
cost     CPU per delta, memory per answer, and how many answers one core carries; run it on an idle machine
curve    how both grow from 1 answer to 1,000, on virtual time
store    what a prompt takes in conversations of 20, 500 and 5,000 turns, and the texts of 100 answers at once
tune     the intervals of the baselines, found anew (nothing is written)
readme   prints the tables of the last run as Markdown
all      lag, cost, curve and store (the default)

A whole run takes about ten minutes, --quick two. Results: tables, results.json (its schema is the documentation of
tests/bench/results.py), table.md, and SVG plots if matplotlib is installed.
"""


def main() -> None:
    """Run what is asked for."""
    arguments = _arguments()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    logging.disable(logging.CRITICAL)
    console = Console(width=None if sys.stdout.isatty() else 170)
    found = results.load(arguments.out)
    match arguments.part:
        case "tune":
            _tune(console)
            return
        case "readme":
            console.print(_markdown(found), markup=False, highlight=False, soft_wrap=True)
            return
    parts = _PARTS if arguments.part == "all" else {arguments.part: _PARTS[arguments.part]}
    earlier = found.get("lag", [])
    for name, run in parts.items():
        started = time.monotonic()
        found[name] = run(arguments)
        console.print(f"{name}: {time.monotonic() - started:.0f} s")
    if arguments.only and "lag" in parts:
        found["lag"] = results.replaced(earlier, found["lag"])
    found["verdicts"] = [dataclasses.asdict(each) for each in verdicts(found)]
    _write(found, arguments, console)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        "python -m tests.bench",
        description="Measure how close to the limits answers are shown, and what that costs.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("part", nargs="?", default="all", choices=(*_PARTS, "tune", "readme", "all"))
    parser.add_argument("--quick", action="store_true", help="fewer and shorter scenarios: about two minutes")
    parser.add_argument("--only", default="", metavar="TEXT", help="of lag only the scenarios whose name has this text, e.g. "
                        "'Slack' or '1 x 15'; the rows of an earlier run that are not run again stay")  # fmt: skip
    parser.add_argument("--out", type=Path, default=Path("bench-results"), help="the folder for the results")
    return parser.parse_args()


def _run_lag(arguments: argparse.Namespace) -> list[Json]:
    return results.lag_results(lag.measure(quick=arguments.quick, only=arguments.only))


def _run_cost(arguments: argparse.Namespace) -> Json:
    quick = arguments.quick
    return results.cost_results(
        cpu.measure(quick=quick), memory.measure(quick=quick), capacity.measure(quick=quick)
    )


def _run_curve(arguments: argparse.Namespace) -> list[Json]:
    return results.curve_results(curve.measure(quick=arguments.quick))


def _run_store(arguments: argparse.Namespace) -> Json:
    return results.store_results(store.measure(quick=arguments.quick))


_PARTS: dict[str, Callable[[argparse.Namespace], Any]] = {
    "lag": _run_lag,
    "cost": _run_cost,
    "curve": _run_curve,
    "store": _run_store,
}


def _write(found: Json, arguments: argparse.Namespace, console: Console) -> None:
    folder: Path = arguments.out
    results.save(folder, found, quick=arguments.quick)
    for table in tables.tables(found):
        table.show(console)
    (folder / "table.md").write_text(_markdown(found), encoding="utf-8")
    try:
        drawn = plots.draw(found, folder)
    except plots.NoPlots:
        console.print("No plots: matplotlib is not installed (deploy/bench.txt has it).")
    else:
        console.print("Plots:", *(str(file) for file in drawn))
    console.print(f"Results: {folder / results.FILE}, {folder / 'table.md'}")


def _markdown(found: Json) -> str:
    return "\n".join(table.markdown() for table in tables.tables(found))


def _tune(console: Console) -> None:
    """Print the lag of every interval of the baselines, in each setting."""
    for setting in Setting:
        for kind in baselines.Kind:
            run = functools.partial(
                baselines.tune, setting, kind, _TUNED_FOR.get(setting, (1,)), (10.0, 20.0, 60.0)
            )
            tuning = on_virtual_time(run)
            lags = ", ".join(f"{interval:g} s: {mean:.2f}" for interval, mean in tuning.lags.items())
            console.print(f"{setting.value}, {kind.value}: best {tuning.best:g} s of {lags}")


_TUNED_FOR = {Setting.CHANNEL: (1, 4, 8), Setting.WORKSPACE: (1, 4, 10)}
"""How many answers at once the intervals are tuned for, where not 1."""


if __name__ == "__main__":
    main()
