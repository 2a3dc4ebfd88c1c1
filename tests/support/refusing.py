"""A database that refuses writes for a while: locked by another program, read-only, or full."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing
from pathlib import Path

from core.prompt import Role
from core.store import Store
from core.store.errors import DatabaseFull, DatabaseLocked, DatabaseReadOnly
from core.store.records import NewTurn

Refusing = Callable[[Store, Path], AbstractAsyncContextManager[None]]
"""Makes a store's database, in a file, refuse writes for a while."""


@asynccontextmanager
async def locked(_: Store, file: Path) -> AsyncIterator[None]:
    """Let another program hold the database."""
    with closing(sqlite3.connect(file)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


@asynccontextmanager
async def read_only(store: Store, _: Path) -> AsyncIterator[None]:
    """Let SQLite refuse all writes."""
    await _set(store, "query_only=ON")
    yield
    await store._database.writer._engine.dispose()  # the setting goes with the connection


@asynccontextmanager
async def full(store: Store, _: Path) -> AsyncIterator[None]:
    """Let the database have no room for another page."""
    await _set(store, "max_page_count=1")  # which SQLite takes for the pages that there are
    with contextlib.suppress(DatabaseFull):
        for number in range(1000):
            await store.conversations.add(
                NewTurn("filler", Role.USER, "x" * 4000, 1, 100.0, keys=(f"filler {number}",))
            )
    assert store.refusal is not None
    yield
    await store._database.writer._engine.dispose()


async def _set(store: Store, pragma: str) -> None:
    await store._database.write(lambda connection: connection.exec_driver_sql(f"PRAGMA {pragma}"))


REFUSALS = [(locked, DatabaseLocked), (read_only, DatabaseReadOnly), (full, DatabaseFull)]
