"""Reads the text of one PDF, in a process of its own: a program, which `tickertape.files.pdf` starts by its path.

The PDF comes on standard input, the limits as a JSON object in the only argument, and one JSON object goes out: the text, or
what is wrong. Whatever the file does to this process, it can neither take more memory and time than it is given nor
write a file; and nothing is loaded here but the standard library and pypdf.
"""

from __future__ import annotations

import contextlib
import io
import json
import logging
import os
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import TypeVar

from pypdf import PasswordType, PdfReader
from pypdf.errors import DependencyError, FileNotDecryptedError

T = TypeVar("T")

_NICE = 10
"""How much this process gives way to others."""


@dataclass(frozen=True, slots=True)
class Task:
    """The limits of one run."""

    pages: int
    characters: int
    """Characters after which no further page is begun; no page gives more."""
    seconds: float
    """Seconds after which no further page is begun."""
    cpu: int
    """Seconds of processor time after which the system ends this process."""
    memory: int
    """Bytes of address space."""


@dataclass(frozen=True, slots=True)
class Result:
    """What came of it: `encrypted`, `damaged` or `too hard` as the problem, or none and the pages that were tried."""

    problem: str = ""
    pages: tuple[str | None, ...] = ()
    """The text of each, None for one that cannot be read."""
    total: int = 0
    """How many pages the PDF has."""


def confine(task: Task) -> None:
    """Take from this process, for good, what it does not need."""
    os.nice(_NICE)
    for kind, most in (
        (resource.RLIMIT_AS, task.memory),
        (resource.RLIMIT_CPU, task.cpu),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        _, allowed = resource.getrlimit(kind)
        limit = most if allowed == resource.RLIM_INFINITY else min(most, allowed)
        with contextlib.suppress(ValueError, OSError):  # macOS refuses some; the time limit outside remains
            resource.setrlimit(kind, (limit, limit))


def read(data: bytes, task: Task, until: float) -> Result:
    """Return the text of the PDF's pages up to the limits; after `until` of the monotonic clock no page is begun."""
    try:
        return _sound(lambda: _read(data, task, until)) or Result("damaged")
    except (DependencyError, FileNotDecryptedError):  # AES needs a library that is not installed
        return Result("encrypted")
    except MemoryError:
        return Result("too hard")


def _sound(read: Callable[[], T]) -> T | None:
    """Return what `read` gives, None if it is damaged; raises what says more than that."""
    try:
        return read()
    except (MemoryError, DependencyError, FileNotDecryptedError):
        raise
    except Exception:  # noqa: BLE001 - pypdf raises anything on a file that is none, and nothing else runs here
        return None


def _read(data: bytes, task: Task, until: float) -> Result:
    reader = PdfReader(io.BytesIO(data))
    if reader.is_encrypted and reader.decrypt("") is PasswordType.NOT_DECRYPTED:
        return Result("encrypted")
    return _pages(reader, task, until)


def _pages(reader: PdfReader, task: Task, until: float) -> Result:
    total, room = len(reader.pages), task.characters
    texts: list[str | None] = []
    while len(texts) < min(total, task.pages) and room > 0:
        if time.monotonic() >= until:
            break
        texts.append(_sound(lambda: _page(reader, len(texts), task.characters)))
        room -= len(texts[-1] or "")
    return Result(pages=tuple(texts), total=total) if texts or not total else Result("too hard")


def _page(reader: PdfReader, number: int, most: int) -> str:
    text = reader.pages[number].extract_text()[:most]
    return text.encode("utf-8", "replace").decode()  # some PDFs name halves of characters


def main() -> None:
    """Do the task of the command line."""
    task = Task(**json.loads(sys.argv[1]))
    confine(task)
    logging.disable()  # pypdf's warnings quote the file
    until = time.monotonic() + task.seconds
    result = read(sys.stdin.buffer.read(), task, until)
    json.dump(asdict(result), sys.stdout)


if __name__ == "__main__":
    main()
