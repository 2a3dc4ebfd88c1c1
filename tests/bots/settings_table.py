"""The tables of settings in bots/README.md, made from the settings: `python -m tests.bots.settings_table`."""

from __future__ import annotations

import sys

from tickertape.configuration import SettingRow, named_rows, rows

HEAD = ("| Variable | In `tickertape.toml` | Default | Meaning |", "|---|---|---|---|")
NAMED_HEAD = ("| In `tickertape.toml` only | Default | Meaning |", "|---|---|---|")


def table() -> list[str]:
    """Return the lines of the table of all settings that have a variable, in Markdown."""
    return [*HEAD, *(_line(row) for row in rows())]


def named_table() -> list[str]:
    """Return the lines of the table of what models and personas have, in Markdown."""
    return [*NAMED_HEAD, *(f"| `{row.toml}` | {row.default} | {row.description} |" for row in named_rows())]


def _line(row: SettingRow) -> str:
    toml = f"`{row.toml}`" if row.toml else ""
    return f"| `{row.variable}` | {toml} | {row.default} | {row.description} |"


if __name__ == "__main__":
    sys.stdout.write("\n".join([*table(), "", *named_table()]) + "\n")
