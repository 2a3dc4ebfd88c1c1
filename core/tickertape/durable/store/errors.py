"""What can be wrong with the database, and the border at which the libraries' exceptions become ours.

    StoreError
    ├── BadDatabaseUrl        the URL cannot be read, or its driver is not installed
    ├── DatabaseInUse         another process has the SQLite file open
    ├── DatabaseTooNew        its schema is of a later version of this program
    └── DatabaseRefuses       it may be well again later: what is written behind an answer waits for that
        ├── DatabaseLocked       another program holds it, for longer than the busy timeout
        ├── DatabaseReadOnly     the file, its folder or the server takes no writes
        ├── DatabaseFull         no room on its disk
        ├── DatabaseCorrupt      the file is damaged, or is no database
        └── DatabaseUnreachable  it cannot be opened, or the connection broke

A plain `StoreError` is a statement that the database did not accept: a defect of this program.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from tickertape.languages import Sentence


class StoreError(Exception):
    """Something went wrong with the database.

    `sentence` says it in one line to anybody, in chat or at the start, `fix` tells the owner what to do about it, and
    `detail` is for the log: it holds neither a password nor what people wrote.
    """

    sentence: ClassVar[Sentence] = Sentence("database-failed")
    fix: ClassVar[str] = "The log says what; please report it."

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class BadDatabaseUrl(StoreError):
    """The URL cannot be read, names another kind of database, or its driver is not installed."""

    sentence = Sentence("database-url")
    fix = "Write sqlite:///FILE, or postgresql://USER:PASSWORD@HOST/NAME with the extra `postgres` installed."


class DatabaseInUse(StoreError):
    """Another process has the SQLite database open. `file` is its path, `process` the other's id if it is known."""

    sentence = Sentence("database-in-use")
    fix = "Stop the other process, or give each its own database."

    def __init__(self, file: str, process: int | None) -> None:
        by = "another process" if process is None else f"process {process}"
        super().__init__(f"{file} is in use by {by}")
        self.file = file
        self.process = process


class DatabaseTooNew(StoreError):
    """The schema is of a later version of this program; nothing was changed. `revision` is what it says it is."""

    sentence = Sentence("database-too-new")
    fix = "Install that version again, or use another database."

    def __init__(self, revision: str) -> None:
        super().__init__(f"unknown schema revision {revision}")
        self.revision = revision


class DatabaseRefuses(StoreError):
    """The database as it is now takes no writes; reads may still work."""


class DatabaseLocked(DatabaseRefuses):
    """Another program holds the database, and did not let go within the busy timeout."""

    sentence = Sentence("database-locked")
    fix = "Close what has it open, such as a database browser or a backup."


class DatabaseReadOnly(DatabaseRefuses):
    """The file, its folder, its file system or the server takes no writes."""

    sentence = Sentence("database-read-only")
    fix = "Let the bot's user write the database's file and its folder."


class DatabaseFull(DatabaseRefuses):
    """There is no room on the database's disk."""

    sentence = Sentence("database-full")
    fix = "Make room on that disk."


class DatabaseCorrupt(DatabaseRefuses):
    """The file is damaged, or is no database at all."""

    sentence = Sentence("database-damaged")
    fix = "Restore it from a backup, or move it away so that a new one is made."


class DatabaseUnreachable(DatabaseRefuses):
    """The database cannot be opened, or the connection to it broke."""

    sentence = Sentence("database-unreachable")
    fix = "See whether its folder exists, or its server runs and accepts the user."


_SQLITE: dict[int, type[DatabaseRefuses]] = {
    sqlite3.SQLITE_PERM: DatabaseReadOnly,
    sqlite3.SQLITE_BUSY: DatabaseLocked,
    sqlite3.SQLITE_LOCKED: DatabaseLocked,
    sqlite3.SQLITE_READONLY: DatabaseReadOnly,
    sqlite3.SQLITE_IOERR: DatabaseUnreachable,
    sqlite3.SQLITE_CORRUPT: DatabaseCorrupt,
    sqlite3.SQLITE_FULL: DatabaseFull,
    sqlite3.SQLITE_CANTOPEN: DatabaseUnreachable,
    sqlite3.SQLITE_NOTADB: DatabaseCorrupt,
}
"""By primary result code (https://www.sqlite.org/rescode.html)."""

_POSTGRES: dict[str, type[DatabaseRefuses]] = {
    "08": DatabaseUnreachable,  # connection exception
    "25006": DatabaseReadOnly,  # read only SQL transaction, e.g. on a replica
    "28": DatabaseUnreachable,  # invalid authorization
    "3D": DatabaseUnreachable,  # the database does not exist
    "40001": DatabaseLocked,  # serialization failure
    "40P01": DatabaseLocked,  # deadlock detected
    "53100": DatabaseFull,  # disk full
    "53": DatabaseUnreachable,  # insufficient resources, e.g. too many connections
    "55P03": DatabaseLocked,  # lock not available within lock_timeout
    "57": DatabaseUnreachable,  # operator intervention: shutting down, starting up, cancelled
    "58": DatabaseUnreachable,  # system error
    "XX001": DatabaseCorrupt,
    "XX002": DatabaseCorrupt,
}
"""By SQLSTATE or its class (https://www.postgresql.org/docs/current/errcodes-appendix.html)."""


@contextmanager
def translated() -> Iterator[None]:
    """Turn what the libraries raise within into a `StoreError`."""
    try:
        yield
    except DBAPIError as error:
        raise _of_driver(error) from error
    except (ArgumentError, ImportError) as error:  # what the URL asks for, and a driver that is not installed
        raise BadDatabaseUrl(f"{type(error).__name__}: {error}") from error
    except PoolTimeout as error:
        raise DatabaseUnreachable("no connection became free in time") from error
    except SQLAlchemyError as error:
        raise StoreError(f"{type(error).__name__}: {error}") from error
    except OSError as error:  # asyncpg raises it as it is, and so does a wait for a connection
        raise DatabaseUnreachable(f"{type(error).__name__}: {error}") from error


def _of_driver(error: DBAPIError) -> StoreError:
    """Return ours for a driver's error. What follows the first line of its text can hold what people wrote."""
    first, *_ = str(error.orig).splitlines() or [""]
    detail = f"{type(error.orig).__name__}: {first}"
    kind = _kind(error.orig)
    if kind is None and error.connection_invalidated:
        kind = DatabaseUnreachable
    return StoreError(detail) if kind is None else kind(detail)


def _kind(original: BaseException | None) -> type[DatabaseRefuses] | None:
    if isinstance(original, sqlite3.Error):
        code = getattr(original, "sqlite_errorcode", None)  # Python's own errors, e.g. of misuse, have none
        return None if code is None else _SQLITE.get(code & 0xFF)
    state = getattr(original, "sqlstate", None) or ""
    return _POSTGRES.get(state) or _POSTGRES.get(state[:2])
