"""The results as SVG plots, if matplotlib is installed (`pip install --no-deps --require-hashes -r deploy/bench.txt`)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.bench.cpu import OURS, TYPED

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Json = dict[str, Any]


class NoPlots(Exception):
    """matplotlib is not installed."""


def draw(results: Json, folder: Path) -> list[Path]:
    """Write the plots of all parts that were run; return their files. Raises `NoPlots`."""
    try:
        import matplotlib as mpl  # noqa: PLC0415 - it may not be there
    except ImportError:
        raise NoPlots from None
    mpl.use("svg")
    import matplotlib.pyplot as plt  # noqa: PLC0415 - after the choice of what it draws with

    drawn = []
    for part, picture in (("lag", _lag), ("cost", _cost), ("curve", _curve)):
        if results.get(part):
            figure, axes = plt.subplots(figsize=(9, 5), layout="constrained")
            picture(axes, results[part])
            file = folder / f"{part}.svg"
            figure.savefig(file)
            plt.close(figure)
            drawn.append(file)
    return drawn


def _lag(axes: Axes, rows: list[Json]) -> None:
    """Draw mean lags beside the bound or optimum and the baselines."""
    shown = [row for row in rows if row["model"] == "steady"]
    width = 0.2
    series = {
        "Tickertape": [(row["real"] or row["virtual"])["mean"] for row in shown],
        "offline optimum, or bound": [row["optimum"] or row["bound"] for row in shown],
        "fixed interval, inline": [row["baselines"]["inline"]["mean"] for row in shown],
        "fixed interval, own task": [row["baselines"]["own task"]["mean"] for row in shown],
    }
    for number, (label, values) in enumerate(series.items()):
        places = [place + (number - 1.5) * width for place in range(len(shown))]
        axes.barh(places, values, height=width, label=label)
    axes.set_yticks(range(len(shown)), [row["scenario"] for row in shown], fontsize=7)
    axes.invert_yaxis()
    axes.set_xscale("log")
    axes.set_xlabel("mean display lag, seconds")
    axes.legend(fontsize=8)


def _cost(axes: Axes, cost: Json) -> None:
    """Draw the loop's lag over the number of streams."""
    for way, label in (
        ("ours", OURS.replace("bytes to draft", "edits included")),
        ("typed", TYPED),
        ("ours_uvloop", "ours, uvloop"),
    ):
        levels = cost["capacity"][way]
        if levels:
            axes.plot(
                [level["streams"] for level in levels],
                [level["lag"] * 1000 for level in levels],
                "o-",
                label=label,
            )
    axes.axhline(100, linestyle="--", color="grey")
    axes.set_xlabel("streams of 50 tokens/s")
    axes.set_ylabel("loop lag at p99, ms")
    axes.legend()


def _curve(axes: Axes, points: list[Json]) -> None:
    """Draw mean lags over the number of answers."""
    for setting in dict.fromkeys(point["setting"] for point in points):
        those = [point for point in points if point["setting"] == setting]
        axes.plot(
            [point["answers"] for point in those], [point["mean"] for point in those], "o-", label=setting
        )
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel("answers at once")
    axes.set_ylabel("mean display lag, seconds")
    axes.legend()
