"""The text of PDFs, read by `pdf_child.py` in a process of its own with limits of time and memory.

A process, because only the system can stop a parser that hangs or fills the memory. It gets an empty environment: keys
that this process was started with are none of its business.
"""

from __future__ import annotations

import asyncio
import json
import math
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec

from tickertape.files.limits import FileLimits
from tickertape.files.problems import PdfDamaged, PdfEncrypted, PdfTooHard, PdfWithoutText, UnreadableFile
from tickertape.files.text import tidy
from tickertape.model.redact import excerpt

_CHILD = Path(__file__).with_name("pdf_child.py")
_GRACE = 5.0
"""Seconds beyond the time limit for starting, for the page that is being read, and for writing the result."""
_HEADER_WITHIN = 1024
"""A PDF's header stands within its first so many bytes (as viewers have it); here only white space may come before it."""
_PROBLEMS: dict[str, type[UnreadableFile]] = {
    "encrypted": PdfEncrypted,
    "damaged": PdfDamaged,
    "too hard": PdfTooHard,
}


@dataclass(frozen=True, slots=True)
class PdfText:
    """What could be read of a PDF: the text of its first pages, how many those are of how many, and how many failed."""

    text: str
    read: int
    total: int
    unreadable: int


class _Result(msgspec.Struct):
    """What the child writes; see `pdf_child.Result`."""

    problem: Literal["", "encrypted", "damaged", "too hard"]
    pages: list[str | None]
    total: int


def is_pdf(data: bytes) -> bool:
    """Whether these are the bytes of a PDF, as far as their beginning says."""
    return data[:_HEADER_WITHIN].lstrip(b"\0\t\n\f\r \xef\xbb\xbf").startswith(b"%PDF-")


class PdfExtractor:
    """Reads PDFs, at most `at_once` at the same time; the others wait. Use one for a process.

    `grace` is how many seconds beyond its time a child process is given to come to an end. Its own threads wait for the child processes, so that the event loop's threads, which look up host names as well, stay free.
    """

    def __init__(self, limits: FileLimits, *, at_once: int = 2, grace: float = _GRACE) -> None:
        self._limits = limits
        self._grace = grace
        self._threads = ThreadPoolExecutor(at_once, "pdf")

    async def read(self, data: bytes) -> PdfText:
        """Return the text of a PDF. Raises an `UnreadableFile`. Cancelling ends the process."""
        run = _Run(self._limits, self._grace)
        try:
            result = await asyncio.get_running_loop().run_in_executor(self._threads, run, data)
        finally:
            run.stop()
        return _text(result)


class _Run:
    """One child process. It is called in a thread, and stopped from another one."""

    def __init__(self, limits: FileLimits, grace: float) -> None:
        self._timeout = limits.pdf_seconds + grace
        task = {
            "pages": limits.pdf_pages,
            "characters": limits.characters,
            "seconds": limits.pdf_seconds,
            "cpu": math.ceil(self._timeout),
            "memory": limits.pdf_memory,
        }
        self._command = [sys.executable, "-P", str(_CHILD), json.dumps(task)]
        self._stopped = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None

    def __call__(self, data: bytes) -> _Result:
        """Run the child with `data` until it ends, and return its result."""
        with subprocess.Popen(  # noqa: S603 - our own program
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={},
            start_new_session=True,  # Ctrl-C is for the bot, which lets running answers finish
        ) as process:
            self._process = process
            if self._stopped.is_set():
                process.kill()
            try:
                out, err = process.communicate(data, self._timeout)
            except subprocess.TimeoutExpired:
                raise PdfTooHard(f"not done after {self._timeout:g} s") from None
            finally:
                process.kill()
        return _result(process.returncode, out, err)

    def stop(self) -> None:
        """End the child if it runs, or as soon as it does."""
        self._stopped.set()
        if self._process is not None:
            self._process.kill()


def _result(status: int, out: bytes, err: bytes) -> _Result:
    """Return what the child wrote; raise what its end means if that is nothing."""
    if status < 0:
        raise PdfTooHard(f"ended by signal {-status}")
    try:
        return msgspec.json.decode(out, type=_Result)
    except msgspec.DecodeError:
        said = excerpt(err.decode("utf-8", "replace")[-300:])
    error = PdfTooHard if "MemoryError" in said else PdfDamaged
    raise error(f"exit status {status}: {said}")


def _text(result: _Result) -> PdfText:
    if result.problem:
        raise _PROBLEMS[result.problem](f"{result.problem}, says the reader")
    pages = [None if text is None else tidy(text).strip() for text in result.pages]
    unreadable = pages.count(None)
    if not any(pages):
        if unreadable:
            raise PdfDamaged(f"{unreadable} of {len(pages)} pages cannot be read, the others are empty")
        raise PdfWithoutText(f"{len(pages)} of {result.total} pages without text")
    return PdfText(_joined(pages, result.total), len(pages), result.total, unreadable)


def _joined(pages: list[str | None], total: int) -> str:
    """Return the text of all pages, each below its number, so that one can ask about page 7."""
    if total == 1:
        return pages[0] or ""
    return "\n\n".join(f"[page {number}]\n{text}" for number, text in enumerate(pages, start=1) if text)
