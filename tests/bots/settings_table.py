"""The README's table of settings, made from the settings: `python -m tests.bots.settings_table`."""

from __future__ import annotations

import sys

from bots.configuration import SettingRow, rows

HEAD = ("| Variable | In `tickertape.toml` | Default | Meaning |", "|---|---|---|---|")


def table() -> list[str]:
    """Return the table's lines in Markdown."""
    return [*HEAD, *(_line(row) for row in rows())]


def _line(row: SettingRow) -> str:
    toml = f"`{row.toml}`" if row.toml else ""
    return f"| `{row.variable}` | {toml} | {row.default} | {row.description} |"


if __name__ == "__main__":
    sys.stdout.write("\n".join(table()) + "\n")
