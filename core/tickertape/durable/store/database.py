"""An open database: reads at once, writes one group after the other, its schema up to date."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import TypeVar

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from tickertape.durable.store.backends import Backend, DatabaseSettings, SqliteInMemory, backend_of
from tickertape.durable.store.errors import translated
from tickertape.durable.store.migrate import Revision, migrate, revision_of
from tickertape.durable.store.schema import metadata
from tickertape.durable.store.writer import Work, Writer

_log = structlog.get_logger(__name__)

T = TypeVar("T")


class Database:
    """A database that `open` has opened."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self.writer = Writer(backend.writer)

    @classmethod
    async def open(cls, settings: DatabaseSettings) -> Database:
        """Claim the database, bring its schema up to date, and be ready; raises a `StoreError` if any of it fails.

        A database that is too new is not touched.
        """
        backend = backend_of(settings)
        async with AsyncExitStack() as failed:
            failed.push_async_callback(_dispose, backend)
            backend.claim()
            await _prepare(backend)
            failed.pop_all()
        return cls(backend)

    @classmethod
    async def in_memory(cls) -> Database:
        """Make an empty database that ends with the process: it has no past, so nothing needs to be migrated."""
        backend = SqliteInMemory()
        async with backend.writer.begin() as connection:
            await connection.run_sync(metadata.create_all)
        return cls(backend)

    async def close(self) -> None:
        """Write what is left, as far as the database takes it, and let go of everything."""
        await self.writer.close()
        await _dispose(self._backend)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Lend a connection for reading; each statement sees all that was committed before it."""
        with translated():
            async with self._backend.reader.connect() as connection:
                yield connection

    async def write(self, work: Work[T]) -> T:
        """Run `work` in a transaction, perhaps together with others, and return its result once it is committed.

        `work` may run more than once, and only its database effects are undone in between. Raises a `StoreError`.
        """
        return await self.writer.write(work)

    def keep(self, work: Work[object]) -> None:
        """Run `work` in a transaction as soon as the database takes it: for what it has refused."""
        self.writer.keep(work)


@dataclass(frozen=True, slots=True)
class Inspection:
    """What `Database.open` would find.

    `place` says where the database is, without what is secret. `exists` is false for a file that is not there yet.
    `revision` is that of the schema, None without one. `process` is the id of another process that has it open, 0 if
    that is not known.
    """

    place: str
    exists: bool
    revision: Revision | None = None
    process: int | None = None


async def inspect(settings: DatabaseSettings) -> Inspection:
    """Look at a database; raises the `StoreError` with which `Database.open` would fail.

    Nothing is made, and nothing that it holds is changed. Where another process has it open, that is said instead. A
    disk that is full is not noticed.
    """
    backend = backend_of(settings)
    try:
        if not backend.exists():
            return Inspection(backend.shown, exists=False)
        process = backend.claimed_by()
        engine = backend.writer if process is None else backend.reader
        with translated():
            async with (
                engine.connect() as connection
            ):  # rolled back; the writer's shows whether it can be written
                revision = await connection.run_sync(revision_of)
        return Inspection(backend.shown, exists=True, revision=revision, process=process)
    finally:
        await _dispose(backend)


async def _prepare(backend: Backend) -> None:
    """Bring the schema up to date."""
    with translated():
        async with backend.reader.connect() as connection:
            before = await connection.run_sync(revision_of)
            await backend.before_writing(connection)
        async with backend.writer.begin() as connection:  # shows at the start whether it can be written
            if before.is_latest:
                return
            await backend.before_migrating(connection)
            before = await connection.run_sync(revision_of)
            if not before.is_latest:
                await connection.run_sync(migrate)
    if not before.is_latest:
        _log.info("schema_migrated", before=before.found, now=before.latest)


async def _dispose(backend: Backend) -> None:
    await backend.reader.dispose()
    await backend.writer.dispose()
    backend.release()
