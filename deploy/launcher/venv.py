"""What is installed in `.venv`, whether it is complete, and how it becomes so.

The stamp says what is complete. Its first line is what a virtual environment is bound to, each further one a finished
installation. It is away while something is changed, so that a `.venv` without it is half-made, and made anew.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from launcher import pip
from launcher.process import Progress

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
STAMP = VENV / "launch.stamp"

LISTS = {
    "demo": ("demo.txt", "build.txt"),
    "bot": ("runtime.txt", "build.txt"),
    "tests": ("constraints.txt",),
}
"""The lists in `deploy/` by what they serve; each set holds all packages of those before it, in the same versions."""


def set_up(serves: str) -> None:
    """Install what serves this, unless that or more is there."""
    if is_ready(serves):
        return
    progress = Progress()
    with _only_one(progress):
        if not is_ready(serves):  # another start may just have done it
            progress.say(f"Setting up {VENV}, which may take a minute; the next start is immediate.")
            if not is_whole():
                _make(progress)
            _install(serves, progress)
        progress.clear()


def is_ready(serves: str) -> bool:
    """Whether what serves this is installed, be it with more."""
    order = list(LISTS)
    enough = (_fingerprint(name) for name in order[order.index(serves) :])
    return is_whole() and not set(_stamped()).isdisjoint(enough)


def is_whole() -> bool:
    """Whether there is a `.venv` that nothing has broken, of this kind of Python and in this place."""
    return _stamped()[:1] == [_identity()] and (VENV / "bin" / "python").exists()


def _make(progress: Progress) -> None:
    pip.has_ensurepip()  # raises before anything is removed
    if os.path.lexists(VENV):
        progress.say("The .venv that is there is half-made, or of another Python or place: it is made anew.")
        if VENV.is_dir() and not VENV.is_symlink():
            shutil.rmtree(VENV)
        else:
            VENV.unlink()
    pip.make(VENV, progress)
    _stamp([_identity()])


def _install(serves: str, progress: Progress) -> None:
    """Install the lists and the project; there is a stamp afterwards only if it is true."""
    before = _stamped()
    STAMP.unlink()
    installation = pip.Installation(VENV, progress)
    try:
        installation.install(_list_files(serves))
    except BaseException:
        if not installation.changed:
            _stamp(before)
        raise
    installation.install_project(ROOT)
    current = {_fingerprint(name) for name in LISTS}
    _stamp([_identity(), *(line for line in before if line in current), _fingerprint(serves)])


def _identity() -> str:
    """Return what a virtual environment is bound to: Python's binary interface, and the path in all its programs."""
    return f"{sys.implementation.cache_tag}{sys.abiflags} {VENV}"


def _fingerprint(serves: str) -> str:
    """Return what changes whenever something else has to be installed."""
    digest = hashlib.sha256()
    for path in [ROOT / "pyproject.toml", *_list_files(serves)]:
        digest.update(path.read_bytes())
    return f"{serves} {digest.hexdigest()}"


def _list_files(serves: str) -> list[Path]:
    return [ROOT / "deploy" / name for name in LISTS[serves]]


def _stamped() -> list[str]:
    with suppress(FileNotFoundError, NotADirectoryError):
        return STAMP.read_text(encoding="utf-8").splitlines()
    return []


def _stamp(lines: list[str]) -> None:
    new = STAMP.with_suffix(".new")
    new.write_text("\n".join(lines) + "\n", encoding="utf-8")
    new.replace(STAMP)


@contextmanager
def _only_one(progress: Progress) -> Iterator[None]:
    """Wait until no other start works here. The lock is on the project's folder itself, and leaves nothing behind."""
    folder = os.open(ROOT, os.O_RDONLY)
    os.set_inheritable(folder, True)  # noqa: FBT003 - the name says it
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            progress.say("Another start is setting .venv up: waiting for it.")
            fcntl.flock(folder, fcntl.LOCK_EX)
        except OSError:  # a file system without locks, such as some over a network
            pass
        yield
    finally:
        os.close(folder)
