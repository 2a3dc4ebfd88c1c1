"""What can be started, and the way there."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import NamedTuple, NoReturn

from launcher.obstacles import INTERRUPTED, SETUP, TYPED, Obstacle, told
from launcher.venv import ROOT, VENV, set_up


class Command(NamedTuple):
    """Something to start: what it needs installed, the program with its first arguments, a line of help."""

    serves: str
    program: tuple[str, ...]
    help: str
    in_root: bool = False
    """Whether it runs in the project's folder. Else it runs where the user is, and finds the settings there."""


COMMANDS = {
    "demo": Command("demo", ("tickertape", "demo"), "the local demonstration; --serve keeps it up"),
    "test": Command("tests", ("pytest",), "the tests; arguments go to pytest", in_root=True),
    "check": Command("bot", ("tickertape", "check"), "asks whether the settings in the current folder work"),
    "run": Command("bot", ("tickertape", "run"), "the bot, with the settings in the current folder"),
}


def main(arguments: Sequence[str]) -> int:
    """Set up what the command needs, and become it; return a status if nothing can be started."""
    if not arguments or arguments[0] in {"-h", "--help"}:
        sys.stderr.write(_usage())
        return 0 if arguments else SETUP
    try:
        command = _chosen(arguments[0])
        set_up(command.serves)
        _become(command, arguments[1:])
    except Obstacle as obstacle:
        return _give_up(obstacle)
    except OSError as error:
        return _give_up(told(error))
    except KeyboardInterrupt:
        return _give_up(Obstacle(f"Interrupted: to go on, start this again: {TYPED}", INTERRUPTED))


def _usage() -> str:
    lines = [f"  {name:6} {command.help}" for name, command in COMMANDS.items()]
    return "\n".join(["Usage: python3 deploy/launch.py COMMAND [ARGUMENT ...]", "", *lines, ""])


def _chosen(name: str) -> Command:
    try:
        return COMMANDS[name]
    except KeyError:
        raise Obstacle(f"There is no command {name}: take one of {', '.join(COMMANDS)}.", SETUP) from None


def _become(command: Command, arguments: Sequence[str]) -> NoReturn:
    """Turn this process into the program, which gets its signals, and whose status is this one's."""
    if command.in_root:
        os.chdir(ROOT)
    program = str(VENV / "bin" / command.program[0])
    os.execv(program, [program, *command.program[1:], *arguments])  # noqa: S606 - our own program, without a shell


def _give_up(obstacle: Obstacle) -> int:
    sys.stderr.write(f"{obstacle.sentence}\n")
    return obstacle.status
