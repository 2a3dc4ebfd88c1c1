"""Runs pip on the lists of exact versions, and then on the project itself."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from launcher.obstacles import AGAIN, CAUSES, Obstacle, without_venv
from launcher.process import Progress, run

BASE: str = getattr(sys, "_base_executable", sys.executable)
"""The Python outside of any virtual environment: the one inside may be removed while this runs."""

_LAST_LINES = 8
"""How much of a failed program's output is shown."""


def has_ensurepip() -> bool:
    """Whether a virtual environment gets a pip of its own; raises `Obstacle` if there is none at all.

    Debian keeps ensurepip in a package of its own, but whoever has its pip can do without.
    """
    if importlib.util.find_spec("venv") is None:
        raise without_venv()
    if importlib.util.find_spec("ensurepip") is not None:
        return True
    asking = [BASE, "-m", "pip", "--python", BASE, "--version"]
    asked = subprocess.run(asking, capture_output=True, check=False)  # noqa: S603 - Python itself
    if asked.returncode != 0:  # no pip, or one before 22.3, which cannot serve another Python
        raise without_venv()
    return False


def make(venv: Path, progress: Progress) -> None:
    """Make an empty virtual environment."""
    options = () if has_ensurepip() else ("--without-pip",)
    lines: list[str] = []

    def heard(line: str) -> None:
        lines.append(line)
        progress.show("making .venv")

    if run([BASE, "-m", "venv", *options, str(venv)], heard) != 0:
        raise _obstacle(lines, venv, progress)
    progress.done("An empty .venv")


class Installation:
    """One run of pip on some lists, and then on the project itself."""

    def __init__(self, venv: Path, progress: Progress) -> None:
        self._venv = venv
        self._progress = progress
        self._packages = 0
        self._looked_at = 0
        self._before = self._unpacked()
        self._lines = [""]
        self._step = self._of_packages
        self.changed = False
        """Whether pip has begun to change what is installed. Until then it fetches, and everything is as before."""

    def install(self, lists: Sequence[Path]) -> None:
        """Install what the lists name, as they name it."""
        self._packages = sum(len(re.findall(r"(?m)^[\w.-]+.*==", path.read_text())) for path in lists)
        # Only what is ready-made: building a package would fetch what builds it, without any hash. Python compiles by
        # itself what it imports, which is a small part.
        options = ("--require-hashes", "--only-binary=:all:", "--no-compile")
        self._pip(*options, *(part for path in lists for part in ("--requirement", str(path))))
        self._progress.done(f"{self._packages} packages, {self._unpacked() - self._before} of them new")

    def install_project(self, root: Path) -> None:
        """Install the project as it stands in `root`, by what one of the lists has brought to build it."""
        self._step = lambda: "Tickertape itself"
        self._pip("--no-index", "--no-build-isolation", "--editable", str(root))
        self._progress.done("Tickertape itself")

    def _pip(self, *options: str) -> None:
        self._lines = [""]
        own = (self._venv / "bin" / "pip").exists()
        python = str(self._venv / "bin" / "python")
        pip = [python, "-m", "pip"] if own else [BASE, "-m", "pip", "--python", python]
        quiet = ("--disable-pip-version-check", "--no-input", "--progress-bar=off")
        if run([*pip, "install", *quiet, "--no-deps", *options], self._hear) != 0:
            raise _obstacle(self._lines, self._venv, self._progress)

    def _hear(self, line: str) -> None:
        """Take one line of pip's, or an empty one because time has passed, and show where things are."""
        if line.strip():
            self._lines.append(line)
        if line.startswith("Ignoring "):  # a package for other systems
            self._packages -= 1
        elif line.startswith(("Collecting ", "Requirement already satisfied: ")):
            self._looked_at += 1
        elif line.startswith("Installing collected packages: "):
            self.changed = True
        self._progress.show(self._step())

    def _of_packages(self) -> str:
        if self.changed:
            return f"unpacking {self._unpacked() - self._before} of {self._packages} packages"
        trouble = ": the package index does not answer" if "Retrying (" in self._lines[-1] else ""
        return f"fetching {self._looked_at} of {self._packages} packages{trouble}"

    def _unpacked(self) -> int:
        return sum(1 for _ in self._venv.glob("lib/python*/site-packages/*.dist-info"))


def _obstacle(lines: Sequence[str], venv: Path, progress: Progress) -> Obstacle:
    """Print the end of what a program printed, keep the whole, and return the sentence about it."""
    said = [line for line in lines if line.strip()]
    for line in said[-_LAST_LINES:]:
        progress.say(f"  {line}")
    text = "\n".join(said)
    with suppress(OSError):  # a full disk, which the sentence is about
        log = venv / "launch.log"
        log.write_text(f"{text}\n", encoding="utf-8")
        progress.say(f"All of it is in {log}.")
    for cause in CAUSES:
        if re.search(cause.pattern, text):
            return Obstacle(cause.sentence, cause.status)
    return Obstacle(
        f"The installation failed for the reason above: mend it, or remove the folder .venv, {AGAIN}"
    )
