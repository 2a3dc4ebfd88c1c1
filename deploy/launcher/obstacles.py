"""What stands in the way of a start: one sentence each, with the cause and the way out."""

from __future__ import annotations

import errno
import os
import re
import shlex
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

FAILED = 1
SETUP = 2
"""Exit statuses, with the program's own meaning: after 2, trying again does not help."""

INTERRUPTED = 130
"""What shells make of Ctrl-C."""

TYPED = " ".join(map(shlex.quote, [Path(sys.executable).name, *sys.argv]))
"""What was typed, as far as can be known."""

AGAIN = f"then start this again: {TYPED}"

_MEGABYTES = 400
"""Free space that is enough for any command."""

_ROOT = Path(__file__).resolve().parents[2]

DISK_FULL = (
    f"The disk is full: make room for {_MEGABYTES} MB in {_ROOT} and in {tempfile.gettempdir()}, {AGAIN}"
)


class Obstacle(Exception):
    """Nothing can be started; `sentence` says why, and what to do."""

    def __init__(self, sentence: str, status: int = FAILED) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.status = status


class _Cause(NamedTuple):
    """Why pip failed, recognised by a regular expression in what it printed and logged."""

    pattern: str
    sentence: str
    status: int = FAILED


CAUSES = (
    _Cause(rf"\[Errno ({errno.ENOSPC}|{errno.EDQUOT})\]", DISK_FULL),
    _Cause(
        rf"\[Errno ({errno.EACCES}|{errno.EPERM}|{errno.EROFS})\]",
        f"You may not write {_ROOT / '.venv'}: make the folder yours, or copy it to where you may write, {AGAIN}",
        SETUP,
    ),
    _Cause(
        r"DO NOT MATCH THE HASHES",
        "A package is not the one whose hash stands in deploy/*.txt, so it was not installed: try another network or"
        f" package index, {AGAIN}",
    ),
    _Cause(
        r"CERTIFICATE_VERIFY_FAILED",
        "This machine does not trust the certificate of the package index: install ca-certificates, or name your"
        f" network's own certificates in PIP_CERT, {AGAIN}",
    ),
    _Cause(
        r"HTTP error \d+|\d+ (Client|Server) Error|5\d\d error responses",
        f"The package index refuses, or is out of order: mend your pip configuration, or wait a little, {AGAIN}",
    ),
    _Cause(
        r"NewConnectionError|NameResolutionError|Connect(ion)?Timeout|ReadTimeout|ProxyError|ProtocolError"
        r"|Max retries|SSLError|IncompleteRead|Connection(Reset|Aborted)",
        "The package index cannot be reached: connect this machine to the internet, or name your proxy in HTTPS_PROXY"
        f" or your own index in PIP_INDEX_URL, {AGAIN}",
    ),
    _Cause(
        r"No matching distribution found",
        "The package index has none of a package that fits Python"
        f" {sys.version_info[0]}.{sys.version_info[1]} on this machine: take a Python from 3.11 to 3.14, or mend your pip"
        f" configuration, {AGAIN}",
        SETUP,
    ),
)
"""The most telling first: a lost connection may have been logged before a full disk."""


def told(error: OSError) -> Obstacle:
    """Return what an error of the system means for whoever starts this."""
    for cause in CAUSES:
        if re.search(cause.pattern, str(error)):
            return Obstacle(cause.sentence, cause.status)
    return Obstacle(f"The folder .venv cannot be used ({error}): remove it, {AGAIN}")


def without_venv() -> Obstacle:
    """Return what to say to a Python that can make no virtual environment."""
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    if not Path("/usr/bin/apt").exists():
        return Obstacle(
            f"This Python {version} comes without venv and pip: install the package of your system that has them, {AGAIN}",
            SETUP,
        )
    default = os.path.realpath("/usr/bin/python3") == os.path.realpath(sys.executable)
    package = "python3-venv" if default else f"python{version}-venv"
    root = "" if os.geteuid() == 0 else "sudo "
    return Obstacle(
        f"Python's module venv is missing: install it with `{root}apt install {package}`, {AGAIN}", SETUP
    )
