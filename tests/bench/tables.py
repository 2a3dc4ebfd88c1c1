"""The results as tables: in the terminal, and as Markdown for tests/README.md. Pure: it reads the results' data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.table import Table as RichTable

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Table:
    """A title, the columns' names, and rows of cells; all but the first column hold numbers."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]

    def markdown(self) -> str:
        """Return the table as Markdown."""
        lines = [
            f"**{self.title}**",
            "",
            _line(self.columns),
            _line(["---", *["---:"] * (len(self.columns) - 1)]),
        ]
        return "\n".join([*lines, *map(_line, self.rows)]) + "\n"

    def show(self, console: Console) -> None:
        """Print the table."""
        table = RichTable(title=self.title, title_justify="left")
        for number, column in enumerate(self.columns):
            table.add_column(column, justify="right" if number else "left")
        for row in self.rows:
            table.add_row(*row)
        console.print(table)


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def tables(results: Json) -> list[Table]:
    """Return a table for each part that was run, and one of all targets."""
    return [*_lag(results), *_cost(results), *_curve(results), *_store(results), *_verdicts(results)]


def _lag(results: Json) -> Iterator[Table]:
    rows = results.get("lag")
    if not rows:
        return
    columns = ("answers", "mean s", "p95", "p99", "first text", "end", "edits", "429", "mean, virtual", "bound",
               "optimum", "inline", "own task")  # fmt: skip
    yield Table("Display lag, measured at the server", columns, [_lag_row(row) for row in rows])


def _lag_row(row: Json) -> list[str]:
    played = row["real"] or row["virtual"]
    others = [row["baselines"][kind]["mean"] for kind in ("inline", "own task")]
    return [
        row["scenario"] + ("" if row["real"] else " (virtual time)"),
        *(f"{played[key]:.2f}" for key in ("mean", "p95", "p99", "first", "end")),
        str(played["edits"]),
        str(played["rate_limited"]),
        f"{row['virtual']['mean']:.2f}",
        f"{row['bound']:.2f}" if row["model"] == "steady" else "",
        "" if row["optimum"] is None else f"{row['optimum']:.2f}",
        *(f"{mean:.2f}" for mean in others),
    ]


def _cost(results: Json) -> Iterator[Table]:
    cost = results.get("cost")
    if not cost:
        return
    ways = [
        [way, f"{cost['burst'][way]:.1f}", f"{cost['paced'][way]:.1f}",
         f"{cost['paced_uvloop'][way]:.1f}" if cost["paced_uvloop"] else "not installed"]
        for way in cost["burst"]
    ]  # fmt: skip
    yield Table("CPU per delta, µs", ("way", "in a burst", "paced, 50/s", "paced, uvloop"), ways)
    yield Table(
        "CPU of the parts, µs",
        ("part", "µs"),
        [[name, f"{used:.2f}"] for name, used in cost["parts"].items()],
    )
    memory = [
        [str(each["answers"]), f"{each['answer_resident']:.1f}", f"{each['answer_allocated']:.1f}",
         f"{each['connection_resident']:.1f}"] for each in cost["memory"]
    ]  # fmt: skip
    yield Table("Memory, KiB each", ("open", "answer, resident", "answer, allocated", "connection"), memory)
    yield Table(
        "Streams of 50 tokens/s on one core",
        ("way, streams", "loop lag p99 ms", "arrived", "core used"),
        list(_levels(cost)),
    )


def _levels(cost: Json) -> Iterator[list[str]]:
    for way in ("typed", "ours", "ours_uvloop"):
        for level in cost["capacity"][way]:
            yield [
                f"{way.replace('_', ', ')}, {level['streams']}", f"{level['lag'] * 1000:.0f}", f"{level['arrived']:.0%}",
                f"{level['busy']:.0%}",
            ]  # fmt: skip


def _curve(results: Json) -> Iterator[Table]:
    points = results.get("curve")
    if not points:
        return
    rows = [
        [f"{point['answers']} in {point['setting']}", f"{point['mean']:.2f}", f"{point['p99']:.2f}", f"{point['bound']:.2f}",
         f"{point['end']:.2f}", str(point["calls"]), str(point["rate_limited"]), f"{point['cpu_per_call']:.0f}"]
        for point in points
    ]  # fmt: skip
    columns = ("answers of 10 s", "mean s", "p99", "bound", "end", "calls", "429", "CPU µs per call")
    yield Table("From 1 answer to 1,000, on virtual time", columns, rows)


def _store(results: Json) -> Iterator[Table]:
    store = results.get("store")
    if not store:
        return
    shortest = store["prompts"][0]
    rows = [
        [f"{each['turns']:,}", f"{each['prompt']:.2f}", f"{each['prompt'] / shortest['prompt']:.2f}",
         f"{each['reading']:.2f}", f"{each['reading'] / shortest['reading']:.2f}"]
        for each in store["prompts"]
    ]  # fmt: skip
    columns = (
        "turns",
        "prompt ms",
        f"÷ {shortest['turns']} turns",
        "reading ms",
        f"÷ {shortest['turns']} turns",
    )
    yield Table("What the store takes for a prompt", columns, rows)
    figures = [f"{store['answers']}", f"{store['pieces_per_second']:,.0f}", f"{store['cpu_per_piece']:.0f}"]
    yield Table("Texts of answers at once", ("answers", "pieces per second", "CPU µs each"), [figures])


def _verdicts(results: Json) -> Iterator[Table]:
    found = results.get("verdicts")
    if not found:
        return
    rows = [
        [each["figure"], f"{each['measured']:.3f}", f"{each['must']:g}", "yes" if each["holds"] else "NO"]
        for each in found
    ]
    yield Table("Targets", ("figure", "measured", "must", "holds"), rows)
