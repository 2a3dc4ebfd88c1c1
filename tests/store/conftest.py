"""Stores for tests: of every kind of database where a test does not say otherwise, with nothing in them."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import create_async_engine

from tests.store.postgres import PostgresServer, postgres_server, programs
from tickertape.durable.store import DatabaseSettings, Store
from tickertape.durable.store.schema import metadata

_numbers = itertools.count(1)

BOTH = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
"""For tests that are marked `real_time`, because the server is a process of its own."""


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A server, which this process of the tests has to itself."""
    folder = programs()
    if folder is None:
        pytest.skip("no PostgreSQL server on this machine: neither /usr/lib/postgresql nor the PATH has one")
    with postgres_server(folder) as server:
        yield server


@pytest.fixture
async def new_postgres_url(postgres: PostgresServer) -> str:
    """The URL of a PostgreSQL database that was never opened."""
    name = f"new{next(_numbers)}"
    await _execute(postgres.url("postgres"), f"CREATE DATABASE {name}")
    return postgres.url(name)


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
