"""The entry point of `tickertape` and of `python -m tickertape`."""

from __future__ import annotations

from tickertape.cli.commands import cli


def main() -> None:
    """Run the command line; ends the process with the command's status."""
    cli(prog_name="tickertape")


if __name__ == "__main__":
    main()
