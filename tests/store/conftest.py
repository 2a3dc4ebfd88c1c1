"""Stores for tests: of every kind of database where a test does not say otherwise, with nothing in them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import create_async_engine

from tests.support.servers.postgres import PostgresServer
from tickertape.durable.store import DatabaseSettings, Store
from tickertape.durable.store.schema import metadata

BOTH = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
"""For tests that are marked `real_time`, because the server is a process of its own."""


@pytest.fixture(params=BOTH)
def new_url(request: pytest.FixtureRequest) -> str:
    """The URL of a database that was never opened, of each kind."""
    name = "new_postgres_url" if request.param == "postgres" else "sqlite_url"
    url: str = request.getfixturevalue(name)
    return url


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The URL of a file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'store.db'}"


@pytest.fixture(params=[*BOTH, "memory"])
async def store(request: pytest.FixtureRequest) -> AsyncIterator[Store]:
    """An open store, of each kind of database."""
    if request.param == "memory":
        async with await Store.in_memory() as opened:
            yield opened
        return
    if request.param == "postgres":
        server: PostgresServer = request.getfixturevalue("postgres")
        url = server.url("postgres")  # tests share it one after the other: a new one takes half a second
    else:
        url = request.getfixturevalue("sqlite_url")
    async with await Store.open(DatabaseSettings(url)) as opened:
        if request.param == "postgres":
            await _execute(url, f"TRUNCATE {', '.join(metadata.tables)} RESTART IDENTITY")
        yield opened


@pytest.fixture
async def sqlite_store(sqlite_url: str) -> AsyncIterator[Store]:
    """An open store in a file; a write waits 0.05 s for another program."""
    async with await Store.open(DatabaseSettings(sqlite_url, busy_timeout=0.05)) as opened:
        yield opened


async def _execute(url: str, statement: str) -> None:
    engine = create_async_engine(
        url.replace("postgresql", "postgresql+asyncpg"), isolation_level="AUTOCOMMIT"
    )
    async with engine.connect() as connection:
        await connection.exec_driver_sql(statement)
    await engine.dispose()
