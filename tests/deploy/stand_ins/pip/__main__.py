"""Prints what pip prints, and installs programs that say where and with what they were started.

`PIP_SAYS` has it fail with these words. `PIP_GATE` names a pipe where it waits for a reader, before it changes anything
or, with `PIP_GATE_AT=unpacking`, after that has begun; with `PIP_STAYS` it then stays until a signal comes.
"""

from __future__ import annotations

import itertools
import os
import re
import signal
import sys
from pathlib import Path

PROGRAM = """#!/bin/sh
echo "{name} $* in $PWD"
exit ${{PROGRAM_STATUS:-0}}
"""


def main() -> None:
    arguments = sys.argv[1:]
    own = arguments[0] != "--python"
    venv = Path(sys.executable if own else arguments[1]).parent.parent
    if "--version" in arguments:
        return
    with Path(os.environ["PIP_CALLS"]).open("a", encoding="utf-8") as calls:
        calls.write(" ".join(arguments) + "\n")
    if words := os.environ.get("PIP_SAYS"):
        sys.exit(words)
    lists = [Path(path) for option, path in itertools.pairwise(arguments) if option == "--requirement"]
    packages = re.findall(r"(?m)^([\w-]+)==", "".join(path.read_text(encoding="utf-8") for path in lists))
    for package in packages:
        print(f"Collecting {package}")  # noqa: T201 - as pip does
    wait("fetching")
    print("Installing collected packages: " + ", ".join(packages))  # noqa: T201 - as pip does
    wait("unpacking")
    for package in [*packages, *(["tickertape"] if "--editable" in arguments else [])]:
        install(venv, package)


def wait(step: str) -> None:
    """Wait at the gate, if it is at this step."""
    gate = os.environ.get("PIP_GATE")
    if gate is None or os.environ.get("PIP_GATE_AT", "fetching") != step:
        return
    Path(gate).write_text(step, encoding="utf-8")
    if os.environ.get("PIP_STAYS"):
        signal.pause()


def install(venv: Path, name: str) -> None:
    """Install a program of that name."""
    (packages,) = venv.glob("lib/python*/site-packages")
    (packages / f"{name}-1.dist-info").mkdir(exist_ok=True)
    program = venv / "bin" / name
    program.write_text(PROGRAM.format(name=name), encoding="utf-8")
    program.chmod(0o755)


if __name__ == "__main__":
    main()
