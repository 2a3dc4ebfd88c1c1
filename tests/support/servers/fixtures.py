"""The servers as fixtures. Each process of the tests has its own, from the first test that wants it to the last one."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.servers import Source
from tests.support.servers.postgres import PostgresServer, postgres_server, programs
from tests.support.servers.valkey import ValkeyServer, program, valkey_server


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let somebody hide the system's servers, or the wheels."""
    parser.addoption(
        "--servers", choices=[source.value for source in Source], default=Source.ANY.value,
        help="where PostgreSQL and Valkey come from: the system's before the wheels (any), or one of the two",
    )  # fmt: skip


@pytest.fixture(scope="session")
def source(pytestconfig: pytest.Config) -> Source:
    """Where servers come from."""
    return Source(pytestconfig.getoption("servers"))


@pytest.fixture(scope="session")
def postgres(source: Source) -> Iterator[PostgresServer]:
    """A PostgreSQL server."""
    folder = programs(source)
    if folder is None:
        pytest.skip("no PostgreSQL here: neither one of the system nor the wheel")
    with postgres_server(folder) as server:
        yield server


@pytest.fixture
def new_postgres_url(postgres: PostgresServer) -> str:
    """The URL of a PostgreSQL database that was never opened."""
    return postgres.new_database()


@pytest.fixture(scope="session")
def valkey_program(source: Source) -> Path:
    """Valkey's program."""
    found = program(source)
    if found is None:
        pytest.skip("no Valkey here: neither one of the system nor the wheel")
    return found


@pytest.fixture(scope="session")
def _valkey_server(valkey_program: Path) -> Iterator[ValkeyServer]:
    with (
        tempfile.TemporaryDirectory(prefix="valkey-") as folder,
        valkey_server(valkey_program, Path(folder)) as server,
    ):
        yield server


@pytest.fixture
def valkey(_valkey_server: ValkeyServer) -> str:
    """The URL of a Valkey server with nothing in it."""
    _valkey_server.clear()
    return _valkey_server.url
