"""An open database: reads at once, writes one group after the other, its schema up to date."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection

from core.store.backends import Backend, DatabaseSettings, backend_of
from core.store.errors import translated
from core.store.migrate import migrate, up_to_date
from core.store.writer import Work, Writer

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
        try:
            backend.claim()
            await _prepare(backend)
        except BaseException:
            await _dispose(backend)
            raise
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


async def _prepare(backend: Backend) -> None:
    with translated():
        async with backend.reader.connect() as connection:
            current = await connection.run_sync(up_to_date)
            await backend.before_writing(connection)
        async with backend.writer.begin() as connection:  # shows at the start whether it can be written
            if current:
                return
            await backend.before_migrating(connection)
            if not await connection.run_sync(up_to_date):
                await connection.run_sync(migrate)


async def _dispose(backend: Backend) -> None:
    await backend.reader.dispose()
    await backend.writer.dispose()
    backend.release()
