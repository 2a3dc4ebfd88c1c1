"""A database that cannot be used at the start: one sentence, what to do about it, status 2, and no platform is reached."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from tests.bots.test_cli import tickertape
from tests.support.english import english
from tickertape.cli.commands import _serve
from tickertape.cli.exit_code import ExitCode
from tickertape.configuration import load
from tickertape.durable.store import DatabaseSettings, Store, backends
from tickertape.durable.store.errors import (
    DatabaseCorrupt,
    DatabaseFull,
    DatabaseInUse,
    DatabaseLocked,
    DatabaseReadOnly,
    DatabaseTooNew,
    StoreError,
)

pytestmark = pytest.mark.real_time

FILE = "store.db"
VARIABLES = {
    "TICKERTAPE_STORE_URL": f"sqlite:///{FILE}",
    "OPENAI_BASE_URL": "http://127.0.0.1:1/v1",
    "OPENAI_MODEL": "m",
    "DISCORD_TOKEN": "a.discord.token",
    "DISCORD_API_URL": "http://127.0.0.1:1/api/v10",
}


@pytest.fixture(autouse=True)
def _variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in VARIABLES.items():
        monkeypatch.setenv(name, value)


def set_pragmas(monkeypatch: pytest.MonkeyPatch, *pragmas: str) -> None:
    """Let SQLite itself refuse: set these on every connection."""
    before = backends._set_up

    def set_up(connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
        before(connection, record)
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    monkeypatch.setattr(backends, "_set_up", set_up)


async def made() -> sqlite3.Connection:
    """Make a database with today's schema, and return a connection to it."""
    await (await Store.open(DatabaseSettings(f"sqlite:///{FILE}"))).close()
    return sqlite3.connect(FILE)


async def assert_refused(capsys: pytest.CaptureFixture[str], kind: type[StoreError]) -> None:
    """Do what the command does once the settings are read, and look at what it says and how it ends."""
    assert await _serve(load(None)) is ExitCode.SETUP
    said = " ".join(capsys.readouterr().err.split())
    assert said.startswith(f"The database cannot be used: • {english(kind.sentence)} {kind.fix}")


async def test_a_locked_database(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(await made()) as other:
        set_pragmas(monkeypatch, "busy_timeout=50")
        other.execute("BEGIN IMMEDIATE")
        await assert_refused(capsys, DatabaseLocked)


async def test_a_newer_schema(capsys: pytest.CaptureFixture[str]) -> None:
    with closing(await made()) as other:
        other.execute("UPDATE alembic_version SET version_num = 'later'")
        other.commit()
        await assert_refused(capsys, DatabaseTooNew)


async def test_a_file_that_is_no_database(bare: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (bare / FILE).write_text("This is a letter. " * 100)
    await assert_refused(capsys, DatabaseCorrupt)
    assert (bare / FILE).read_text().startswith("This is a letter.")


async def test_a_database_that_takes_no_writes(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    set_pragmas(monkeypatch, "query_only=ON")
    await assert_refused(capsys, DatabaseReadOnly)


async def test_a_full_disk(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    set_pragmas(monkeypatch, "max_page_count=2")
    await assert_refused(capsys, DatabaseFull)


async def test_a_database_that_another_process_uses(bare: Path) -> None:
    async with await Store.open(DatabaseSettings(f"sqlite:///{FILE}")):
        done = tickertape("run", cwd=bare, **VARIABLES)
    said = " ".join(done.stderr.split())
    assert done.returncode == ExitCode.SETUP
    assert f"{english(DatabaseInUse.sentence)} {DatabaseInUse.fix}" in said
    assert "Traceback" not in said
