"""The kinds of database: how each is connected to, and what each needs before it is written to."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from sqlalchemy import URL, Connection, event, make_url, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool, ConnectionPoolEntry

from tickertape.durable.store.errors import BadDatabaseUrl, DatabaseReadOnly, DatabaseUnreachable, translated
from tickertape.durable.store.file_lock import FileLock

_MIGRATION_LOCK = 0x7469636B
"""The key of PostgreSQL's advisory lock for migrating: any number, the same for all processes."""

_MIGRATION_WAIT = 60.0
"""Seconds that a process waits for another one to migrate."""


@dataclass(frozen=True, slots=True)
class DatabaseSettings:
    """Where the database is, and how it is used.

    `url` is `sqlite:///FILE` (relative, or absolute with a fourth slash) or `postgresql://USER:PASSWORD@HOST/NAME`.
    A write waits up to `busy_timeout` seconds for another program that holds the database. `connections` is how many
    reads can be under way at once; writes have one connection of their own.
    """

    url: str = "sqlite:///tickertape.db"
    busy_timeout: float = 5.0
    connections: int = 4


class Backend(Protocol):
    """One kind of database. `reader` runs every statement by itself, `writer` has one connection, in transactions.

    `shown` says where it is, without what is secret.
    """

    reader: AsyncEngine
    writer: AsyncEngine
    shown: str

    def exists(self) -> bool:
        """Whether there is anything to connect to; raises a `StoreError` if `claim` could not make it. Makes nothing."""
        ...

    def claimed_by(self) -> int | None:
        """Return the id of another process that keeps everybody else out, 0 if that is not known; None if none does."""
        ...

    def claim(self) -> None:
        """Make sure that no other process can do harm; raises `DatabaseInUse`."""
        ...

    def release(self) -> None:
        """Undo `claim`."""
        ...

    async def before_writing(self, connection: AsyncConnection) -> None:
        """Set up what stays set in the database, on a connection of `reader`."""
        ...

    async def before_migrating(self, connection: AsyncConnection) -> None:
        """Keep other processes from migrating until the transaction of this connection of `writer` ends."""
        ...


def backend_of(settings: DatabaseSettings) -> Backend:
    """Return the backend that the URL names; raises `BadDatabaseUrl`. Nothing is opened yet."""
    try:
        url = make_url(settings.url)
    except (ArgumentError, ValueError):  # a port that is no number
        raise BadDatabaseUrl("it cannot be read as a URL") from None  # the password may stand in it anywhere
    with translated():
        match url.get_backend_name():
            case "sqlite" if url.database and url.database != ":memory:" and not url.query:
                return _Sqlite(Path(url.database), settings)
            case "postgresql" | "postgres":
                return _Postgres(url.set(drivername="postgresql+asyncpg"), settings)
    raise BadDatabaseUrl(f"neither a file of SQLite nor a database of PostgreSQL: {url.render_as_string()}")


class _Sqlite:
    """A file. Readers see the last commit and never wait (write-ahead log); only this process may write."""

    def __init__(self, path: Path, settings: DatabaseSettings) -> None:
        path = path.expanduser().resolve()
        self.shown = str(path)
        self._path = path
        self._lock = FileLock(path)
        self.reader = self._engine(path, settings, settings.connections)
        self.writer = self._engine(path, settings, 1)
        event.listen(self.writer.sync_engine, "begin", _begin_immediate)

    @staticmethod
    def _engine(path: Path, settings: DatabaseSettings, connections: int) -> AsyncEngine:
        engine = create_async_engine(
            URL.create("sqlite+aiosqlite", database=str(path)),
            # The driver begins no transactions of its own: it would leave out schema changes, and begin too late.
            connect_args={"timeout": settings.busy_timeout, "isolation_level": None},
            pool_size=connections,
            max_overflow=0,
            hide_parameters=True,
        )
        event.listen(engine.sync_engine, "connect", _set_up)
        return engine

    def exists(self) -> bool:
        folder = next(each for each in self._path.parents if each.exists())
        if not folder.is_dir():
            raise DatabaseUnreachable(f"{folder} is no folder")
        if not os.access(folder, os.W_OK | os.X_OK):
            raise DatabaseReadOnly(f"{folder} takes no files")
        return self._path.exists()

    def claimed_by(self) -> int | None:
        return self._lock.look()

    def claim(self) -> None:
        self._lock.acquire()

    def release(self) -> None:
        self._lock.release()

    async def before_writing(self, connection: AsyncConnection) -> None:
        await connection.exec_driver_sql("PRAGMA journal_mode=WAL")

    async def before_migrating(self, connection: AsyncConnection) -> None:
        """Nothing to do: this process has the file to itself."""


class _Unclaimed:
    """What needs no claim on the database, because no other process reaches it or because they may share it."""

    def claimed_by(self) -> int | None:
        return None

    def claim(self) -> None:
        """Nothing to do."""

    def release(self) -> None:
        """Nothing to do."""

    async def before_writing(self, connection: AsyncConnection) -> None:
        """Nothing to set."""


class SqliteInMemory(_Unclaimed):
    """A database that lives as long as its one connection, which reads and writes take in turn. It ends with the process.

    What holds the connection for reading must not wait for a write.
    """

    shown = ":memory:"

    def __init__(self) -> None:
        self.writer = create_async_engine(
            "sqlite+aiosqlite://",
            connect_args={"isolation_level": None},
            poolclass=AsyncAdaptedQueuePool,
            pool_size=1,
            max_overflow=0,
            hide_parameters=True,
        )
        self.reader = create_async_engine("sqlite+aiosqlite://", pool=self.writer.pool, hide_parameters=True)
        event.listen(self.writer.sync_engine, "connect", _set_up)
        event.listen(self.writer.sync_engine, "begin", _begin_immediate)

    def exists(self) -> bool:
        """It is made when it is connected to."""
        return False

    async def before_migrating(self, connection: AsyncConnection) -> None:
        """Nothing to do."""


def _set_up(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    """Set what SQLite forgets with each connection.

    `synchronous=NORMAL` loses no commit when a process is killed, only the last ones when the machine loses power, and
    never damages the file (https://www.sqlite.org/wal.html). `secure_delete` overwrites what was erased.
    """
    cursor = connection.cursor()
    for pragma in ("foreign_keys=ON", "synchronous=NORMAL", "secure_delete=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_immediate(connection: Connection) -> None:
    """Begin as a writer: waiting for the lock works then, but not when a reader turns into a writer later on."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")


class _Postgres(_Unclaimed):
    """A server, which several processes may share."""

    def __init__(self, url: URL, settings: DatabaseSettings) -> None:
        self._settings = settings
        self.shown = url.set(drivername="postgresql", query={}).render_as_string()
        self.reader = self._engine(url, settings.connections).execution_options(isolation_level="AUTOCOMMIT")
        self.writer = self._engine(url, 1)

    def _engine(self, url: URL, connections: int) -> AsyncEngine:
        waits = {
            "lock_timeout": _milliseconds(self._settings.busy_timeout),
            "application_name": "tickertape",
        }
        return create_async_engine(
            url,
            connect_args={"timeout": 10.0, "command_timeout": 60.0, "server_settings": waits},
            pool_pre_ping=True,
            pool_size=connections,
            max_overflow=0,
            hide_parameters=True,
        )

    def exists(self) -> bool:
        """A server makes no database by itself: there is one, or connecting fails."""
        return True

    async def before_migrating(self, connection: AsyncConnection) -> None:
        await connection.exec_driver_sql(f"SET LOCAL lock_timeout = {_milliseconds(_MIGRATION_WAIT)}")
        await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})


def _milliseconds(seconds: float) -> str:
    return str(int(seconds * 1000))
