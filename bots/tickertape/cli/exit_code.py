"""What the process says to whoever started it."""

from __future__ import annotations

import enum


class ExitCode(enum.IntEnum):
    """The status with which a command ends; the highest one counts if several things went wrong."""

    OK = 0
    FAILED = 1
    """Something broke, or `check` found something to fix."""
    SETUP = 2
    """Something has to be set up first; trying again does not help."""
