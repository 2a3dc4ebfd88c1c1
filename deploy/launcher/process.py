"""Runs a program to its end, and shows meanwhile how far it is."""

from __future__ import annotations

import os
import selectors
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence

TICK = 0.2
"""Seconds between two looks at a program that says nothing."""


class Progress:
    """One line about what goes on: rewritten on a terminal, and elsewhere printed once, when it is over."""

    def __init__(self) -> None:
        self._live = sys.stderr.isatty()
        self._began = time.monotonic()

    def show(self, text: str) -> None:
        """Show where things are, if anybody watches."""
        if self._live:
            line = f"{text} · {time.monotonic() - self._began:.0f} s"
            self._write(f"\r\x1b[K{line[: shutil.get_terminal_size().columns - 1]}")

    def say(self, text: str) -> None:
        """Print a line that stays."""
        self._write(f"{self._cleared()}{text}\n")

    def done(self, text: str) -> None:
        """Print what is done, and how long it took since the last."""
        self.say(f"{text} · {time.monotonic() - self._began:.0f} s")
        self._began = time.monotonic()

    def clear(self) -> None:
        """Leave the line to somebody else."""
        self._write(self._cleared())

    def _cleared(self) -> str:
        return "\r\x1b[K" if self._live else ""

    def _write(self, text: str) -> None:
        sys.stderr.write(text)
        sys.stderr.flush()


def run(command: Sequence[str], heard: Callable[[str], None]) -> int:
    """Run a program and return its status; `heard` gets its lines, and an empty one at every tick without any.

    It inherits the lock on the project's folder: should this process be killed, its child still keeps others away.
    """
    with subprocess.Popen(  # noqa: S603 - our own choice of Python, venv and pip
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        close_fds=False,
    ) as process:
        try:
            for line in _lines(process):
                heard(line)
        except BaseException:
            process.terminate()  # and `with` waits for its end
            for line in _lines(process):  # what it had said before that counts
                heard(line)
            raise
    return process.returncode


def _lines(process: subprocess.Popen[bytes]) -> Iterator[str]:
    """Yield what a process prints, line by line, and an empty line for each tick without any."""
    assert process.stdout is not None  # noqa: S101 - it is a pipe
    rest = b""
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while True:
            if not selector.select(TICK):
                yield ""
                continue
            piece = os.read(process.stdout.fileno(), 65_536)
            if not piece:
                break
            *lines, rest = (rest + piece).split(b"\n")
            yield from (line.decode(errors="replace") for line in lines)
    yield rest.decode(errors="replace")
