"""An advisory lock that one process holds on a file, for as long as it lives."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
from pathlib import Path

from tickertape.durable.store.errors import DatabaseInUse, DatabaseReadOnly, DatabaseUnreachable


class FileLock:
    """A lock beside the database `file`, as a file of its own: closing any handle of a file drops SQLite's locks on it.

    The kernel frees it when its process ends, however that ends, so that none is ever stale. The lock's file stays.
    What people wrote is for the bot's user alone, so a database that is new can be read by nobody else.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._path = file.with_name(f"{file.name}.lock")
        self._handle: int | None = None

    def look(self) -> int | None:
        """Return the id of the process that has the lock, 0 if that is not known, None if nobody has it. Makes no file."""
        try:
            handle = os.open(self._path, os.O_RDONLY)
        except FileNotFoundError:
            return None
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return _holder(handle) or 0
        finally:
            os.close(handle)  # and with it what was locked
        return None

    def acquire(self) -> None:
        """Take the lock and make the file and its folder if needed; raises `DatabaseInUse` if somebody else has it."""
        handle = _open(self._path)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            holder = _holder(handle)
            os.close(handle)
            raise DatabaseInUse(str(self._file), holder) from error
        self._handle = handle
        _write_holder(handle)
        os.close(_open(self._file))

    def release(self) -> None:
        """Give the lock back, if it is held."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


def _open(file: Path) -> int:
    """Open a file for writing, new ones for our user alone."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        return os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        refused = error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}
        kind = DatabaseReadOnly if refused else DatabaseUnreachable
        raise kind(f"{type(error).__name__}: {error}") from error


def _holder(handle: int) -> int | None:
    """Return the id of the process that has the lock, if it has written it already."""
    with contextlib.suppress(OSError, ValueError):
        return int(os.pread(handle, 32, 0))
    return None


def _write_holder(handle: int) -> None:
    """Write our process's id, for the sentence that another one says; a full disk is no reason to fail here."""
    with contextlib.suppress(OSError):
        os.ftruncate(handle, 0)
        os.pwrite(handle, str(os.getpid()).encode(), 0)
