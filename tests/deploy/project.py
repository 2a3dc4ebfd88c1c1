"""A project that is set up in no time: the launcher itself, with lists of nothing and with stand-ins for venv and pip."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
STAND_INS = Path(__file__).parent / "stand_ins"
LISTS = {
    "demo.txt": "rich==1\n",
    "build.txt": "hatchling==1\n",
    "runtime.txt": "rich==1\nasyncpg==1\n",
    "constraints.txt": "rich==1\nasyncpg==1\nhatchling==1\npytest==1\n",
}
PYTHON: str = getattr(sys, "_base_executable", sys.executable)
"""The Python outside of the virtual environment of these tests, as a newcomer has it."""


@dataclass(frozen=True)
class Done:
    """A start that has ended."""

    status: int
    out: str
    err: str

    @property
    def sentence(self) -> str:
        """What stands last on the screen."""
        return self.err.splitlines()[-1]


@dataclass(frozen=True)
class Project:
    """A fresh copy in `folder`, to be started from `cwd`."""

    folder: Path
    cwd: Path

    @classmethod
    def at(cls, place: Path) -> Project:
        """Make one in a folder whose name needs quotes."""
        project = cls(place / "a copy", place / "elsewhere")
        (project.folder / "deploy").mkdir(parents=True)
        project.cwd.mkdir()
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copy(ROOT / "deploy" / "launch.py", project.folder / "deploy")
        shutil.copytree(ROOT / "deploy" / "launcher", project.folder / "deploy" / "launcher", ignore=ignored)
        (project.folder / "pyproject.toml").write_text("[project]\n", encoding="utf-8")
        for name, text in LISTS.items():
            (project.folder / "deploy" / name).write_text(text, encoding="utf-8")
        return project

    @property
    def venv(self) -> Path:
        return self.folder / ".venv"

    @property
    def calls(self) -> list[str]:
        """What pip was called for, in short: the names of the lists, or the project."""
        path = self.cwd / "calls"
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        return [self._short(line) for line in lines]

    def begin(self, *arguments: str, path: Path | None = None, **variables: str) -> subprocess.Popen[str]:
        """Start the launcher; `path` goes before the stand-ins."""
        paths = [*([str(path)] if path else []), str(STAND_INS)]
        environment = {
            "PATH": "/usr/bin:/bin",
            "PYTHONPATH": os.pathsep.join(paths),
            "PIP_CALLS": str(self.cwd / "calls"),
            "PYTHONDONTWRITEBYTECODE": "1",
            **variables,
        }
        return subprocess.Popen(  # noqa: S603 - our own program
            [PYTHON, str(self.folder / "deploy" / "launch.py"), *arguments],
            cwd=self.cwd,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def start(self, *arguments: str, path: Path | None = None, **variables: str) -> Done:
        """Start the launcher and wait for the end."""
        return ended(self.begin(*arguments, path=path, **variables))

    def _short(self, call: str) -> str:
        if "--editable" in call:
            return "project"
        return " ".join(name for name in LISTS if f"/{name}" in call)


def ended(process: subprocess.Popen[str]) -> Done:
    """Wait for the end of a start."""
    out, err = process.communicate(timeout=50)
    return Done(process.returncode, out, err)
