"""A database that refuses writes for a while: locked by another program, read-only, or full."""

from __future__ import annotations

import contextlib
import itertools
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing
from pathlib import Path

from tests.support.keys import conversation, key
from tickertape.durable.store import Store
from tickertape.durable.store.errors import DatabaseFull, DatabaseLocked, DatabaseReadOnly
from tickertape.durable.store.records import NewTurn
from tickertape.durable.store.schema import metadata
from tickertape.prompts.turns import Role

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
    await _run(store, "PRAGMA query_only=ON")
    yield
    await _connect_anew(store)


@asynccontextmanager
async def full(store: Store, _: Path) -> AsyncIterator[None]:
    """Let every change of a row need room that SQLite does not have: it fails as it does on a full disk."""
    await _run(store, "CREATE TEMP TABLE disk (x)")
    await _run(store, "PRAGMA temp.max_page_count=1")  # which SQLite takes for the pages that there are
    for table, change in itertools.product(metadata.tables, ("INSERT", "UPDATE", "DELETE")):
        trigger = f"CREATE TEMP TRIGGER {change}_{table} BEFORE {change} ON main.{table}"
        await _run(store, f"{trigger} BEGIN INSERT INTO disk VALUES (zeroblob(100000)); END")  # noqa: S608 - our own tables
    with contextlib.suppress(DatabaseFull):
        await store.conversations.add(
            NewTurn(conversation("fake:filler"), Role.USER, "x", 1, 100.0, keys=(key("filler"),))
        )
    assert store.refusal is not None
    yield
    await _connect_anew(store)


async def _connect_anew(store: Store) -> None:
    """Drop the connection, with which the settings go, when the writer does not use it: it would never be closed."""
    await store.answer_writes.flush()
    await store._database.writer._engine.dispose()


async def _run(store: Store, statement: str) -> None:
    await store._database.write(lambda connection: connection.exec_driver_sql(statement))


REFUSALS = [(locked, DatabaseLocked), (read_only, DatabaseReadOnly), (full, DatabaseFull)]
