"""Opening a database: who may, what is made, what is refused, and how the schema gets up to date."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, create_engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import create_async_engine
from structlog.testing import capture_logs

from tests.store.facts import said, texts
from tests.support.english import english
from tests.support.keys import conversation, key, person
from tests.support.servers.postgres import PostgresServer
from tickertape.durable.store import DatabaseSettings, Inspection, Store, StoreError, inspect
from tickertape.durable.store.backends import backend_of
from tickertape.durable.store.errors import (
    BadDatabaseUrl,
    DatabaseCorrupt,
    DatabaseInUse,
    DatabaseLocked,
    DatabaseReadOnly,
    DatabaseTooNew,
    DatabaseUnreachable,
)
from tickertape.durable.store.migrate import MIGRATIONS, Revision, migrate, revision_of
from tickertape.durable.store.records import Rating
from tickertape.durable.store.schema import metadata


async def opened(url: str) -> Store:
    return await Store.open(DatabaseSettings(url, busy_timeout=0.05))


async def refused(url: str) -> StoreError:
    with pytest.raises(StoreError) as caught:
        await opened(url)
    return caught.value


async def test_what_was_stored_is_there_when_it_is_opened_again(sqlite_url: str) -> None:
    async with await opened(sqlite_url) as store:
        await store.conversations.add(said("kept", "m1"))
    async with await opened(sqlite_url) as store:
        assert await texts(store) == ["kept"]


async def test_a_missing_folder_is_made_and_the_file_is_for_us_alone(tmp_path: Path) -> None:
    file = tmp_path / "a" / "b" / "store.db"
    async with await opened(f"sqlite:///{file}") as store:
        await store.conversations.add(said("x", "m1"))
        found = {each.name: each.stat().st_mode & 0o777 for each in file.parent.iterdir()}
    assert set(found) == {"store.db", "store.db.lock", "store.db-wal", "store.db-shm"}
    assert set(found.values()) == {0o600}


async def test_a_second_opening_is_refused_and_names_the_file(tmp_path: Path) -> None:
    file = tmp_path / "store.db"
    (tmp_path / "link.db").symlink_to(file)
    async with await opened(f"sqlite:///{file}"):
        for name in ("store.db", "link.db"):
            error = await refused(f"sqlite:///{tmp_path / name}")
            assert isinstance(error, DatabaseInUse)
            assert error.file == str(file)
    await (await opened(f"sqlite:///{file}")).close()


async def test_what_was_forgotten_is_not_in_the_file(tmp_path: Path, sqlite_url: str) -> None:
    async with await opened(sqlite_url) as store:
        for number in range(50):
            await store.conversations.add(said(f"a secret of many words {number}", f"m{number}"))
        await store.conversations.forget(conversation("discord:1"))
    assert b"secret" not in (tmp_path / "store.db").read_bytes()


@pytest.mark.real_time
async def test_a_killed_process_leaves_no_lock(sqlite_url: str) -> None:
    script = (
        "import asyncio, sys, structlog\n"
        "from tickertape.durable.store import DatabaseSettings, Store\n"
        "structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))\n"
        "async def main():\n"
        "    store = await Store.open(DatabaseSettings(sys.argv[1]))\n"
        "    print('open', flush=True)\n"
        "    await asyncio.Event().wait()\n"
        "asyncio.run(main())\n"
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", script, sqlite_url, stdout=subprocess.PIPE, cwd=MIGRATIONS.parents[2]
    )
    assert process.stdout is not None
    assert await process.stdout.readline() == b"open\n"
    error = await refused(sqlite_url)
    assert isinstance(error, DatabaseInUse)
    assert error.process == process.pid
    process.kill()
    await process.wait()
    await (await opened(sqlite_url)).close()


async def test_a_newer_schema_is_refused_and_not_touched(tmp_path: Path, sqlite_url: str) -> None:
    await (await opened(sqlite_url)).close()
    with closing(sqlite3.connect(tmp_path / "store.db")) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
        connection.execute("UPDATE alembic_version SET version_num = 'later'")
        connection.commit()
    before = (tmp_path / "store.db").read_bytes()
    error = await refused(sqlite_url)
    assert isinstance(error, DatabaseTooNew)
    assert error.revision == "later"
    assert (tmp_path / "store.db").read_bytes() == before


@pytest.mark.parametrize(
    "content", [b"This is no database, only a long text. " * 40, b"SQLite format 3\0" + b"\7" * 2000]
)
async def test_a_file_that_is_no_database_is_refused_and_not_touched(
    tmp_path: Path, sqlite_url: str, content: bytes
) -> None:
    (tmp_path / "store.db").write_bytes(content)
    assert isinstance(await refused(sqlite_url), DatabaseCorrupt)
    assert (tmp_path / "store.db").read_bytes() == content


async def test_a_folder_in_the_file_s_place_is_refused(tmp_path: Path) -> None:
    assert isinstance(await refused(f"sqlite:///{tmp_path}"), DatabaseUnreachable)


async def test_a_file_in_the_folder_s_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert isinstance(await refused(f"sqlite:///{tmp_path}/file/store.db"), DatabaseUnreachable)


async def test_a_locked_database_is_refused(tmp_path: Path, sqlite_url: str) -> None:
    await (await opened(sqlite_url)).close()
    with closing(sqlite3.connect(tmp_path / "store.db")) as other:
        other.execute("BEGIN IMMEDIATE")
        assert isinstance(await refused(sqlite_url), DatabaseLocked)
    await (await opened(sqlite_url)).close()


async def test_a_file_system_that_takes_no_writes_is_refused() -> None:
    error = await refused("sqlite:////proc/self/store.db")
    assert isinstance(error, DatabaseReadOnly | DatabaseUnreachable)


@pytest.mark.parametrize(
    "url",
    ["", "nonsense", "sqlite://", "sqlite:///:memory:", "sqlite:///a.db?mode=ro", "mysql://localhost/x"],
)
async def test_a_url_that_cannot_be_used_is_refused(url: str) -> None:
    assert isinstance(await refused(url), BadDatabaseUrl)


async def test_no_password_is_in_an_error() -> None:
    for url in ("mysql://me:hunter2@localhost/x", "postgresql://me:hunter2@127.0.0.1:x/x"):
        error = await refused(url)
        chain = [error, error.__cause__, error.__context__ if not error.__suppress_context__ else None]
        assert "hunter2" not in "".join(repr(each) for each in chain)


def test_no_password_is_in_what_is_shown() -> None:
    backend = backend_of(DatabaseSettings("postgresql://me:hunter2@db.example/x?password=hunter2"))
    assert backend.shown == "postgresql://me:***@db.example/x"


def test_every_error_says_one_sentence_and_what_to_do() -> None:
    kinds, found = [StoreError], set[type[StoreError]]()
    while kinds:
        kind = kinds.pop()
        found.add(kind)
        kinds += kind.__subclasses__()
    assert len(found) == 10
    for kind in found:
        said = english(kind.sentence)
        assert said.count(".") == 1
        assert said.endswith(".")
        assert kind.fix.endswith(".")


# Looking at a database.


def files_in(folder: Path) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in folder.iterdir()}


async def looked_at(url: str) -> Inspection:
    return await inspect(DatabaseSettings(url, busy_timeout=0.05))


async def test_looking_at_what_is_not_there_makes_nothing(tmp_path: Path) -> None:
    found = await looked_at(f"sqlite:///{tmp_path}/a/b/store.db")
    assert found == Inspection(str(tmp_path / "a" / "b" / "store.db"), exists=False)
    assert files_in(tmp_path) == {}


async def test_looking_at_a_database_changes_nothing(tmp_path: Path, sqlite_url: str) -> None:
    (tmp_path / "store.db").touch()
    before = files_in(tmp_path)
    empty = await looked_at(sqlite_url)
    assert empty.revision is not None
    assert empty.revision.found is None
    assert files_in(tmp_path) == before
    await (await opened(sqlite_url)).close()
    before = files_in(tmp_path)
    found = await looked_at(sqlite_url)
    assert found.revision is not None
    assert found.revision.is_latest
    assert found.process is None
    assert files_in(tmp_path) == before


async def test_an_older_schema_is_told_and_not_migrated(tmp_path: Path, sqlite_url: str) -> None:
    await (await opened(sqlite_url)).close()
    folder = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, folder)
    (folder / "versions" / "r9999_next.py").write_text(
        "revision = '9999'\ndown_revision = '0002'\ndef upgrade():\n    raise AssertionError\n"
    )
    engine = create_engine(sqlite_url)
    with engine.connect() as connection:
        assert revision_of(connection, folder) == Revision("0002", "9999")
    engine.dispose()


async def test_a_database_that_is_in_use_can_be_looked_at(sqlite_url: str) -> None:
    async with await opened(sqlite_url) as store:
        assert (await looked_at(sqlite_url)).process == os.getpid()
        await store.conversations.add(said("x", "m1"))
        assert await texts(store) == ["x"]


@pytest.mark.parametrize("break_it", ["locked", "newer", "no database", "folder", "url"])
async def test_looking_says_what_opening_would_say(break_it: str, tmp_path: Path, sqlite_url: str) -> None:
    file, url = tmp_path / "store.db", sqlite_url
    await (await opened(url)).close()
    with closing(sqlite3.connect(file)) as other:
        match break_it:
            case "locked":
                other.execute("BEGIN IMMEDIATE")
            case "newer":
                other.execute("UPDATE alembic_version SET version_num = 'later'")
                other.commit()
            case "no database":
                file.write_bytes(b"This is a letter. " * 100)
            case "folder":
                url = f"sqlite:///{file}/store.db"
            case _:
                url = "mysql://localhost/x"
        with pytest.raises(StoreError) as caught:
            await looked_at(url)
        assert type(caught.value) is type(await refused(url))


async def test_a_database_that_takes_no_writes_is_told(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await (await opened(sqlite_url)).close()
    monkeypatch.setattr(os, "access", lambda *_: False)  # root may write everything
    with pytest.raises(DatabaseReadOnly):
        await looked_at(sqlite_url)


@pytest.mark.postgres
@pytest.mark.real_time
async def test_a_servers_database_can_be_looked_at(new_postgres_url: str) -> None:
    empty = await looked_at(new_postgres_url)
    assert empty.revision is not None
    assert empty.revision.found is None
    await (await opened(new_postgres_url)).close()
    found = await looked_at(new_postgres_url)
    assert found.revision is not None
    assert found.revision.is_latest
    assert found.process is None


# The schema.


async def test_a_migration_is_logged_once_with_its_revisions(sqlite_url: str) -> None:
    with capture_logs() as logs:
        for _ in range(2):
            await (await opened(sqlite_url)).close()
    (log,) = logs
    assert (log["event"], log["before"], log["now"]) == ("schema_migrated", None, "0002")


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    """A connection to a new file, within a transaction."""
    engine = create_engine(f"sqlite:///{tmp_path / 'store.db'}", connect_args={"isolation_level": None})
    with engine.connect() as opened:
        opened.exec_driver_sql("BEGIN IMMEDIATE")
        yield opened
    engine.dispose()


def test_the_migrations_make_the_schema(connection: Connection) -> None:
    assert revision_of(connection).found is None
    migrate(connection)
    assert revision_of(connection).is_latest
    assert differences(connection) == []


def test_a_migration_that_fails_leaves_the_database_as_it_was(tmp_path: Path, connection: Connection) -> None:
    folder = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, folder)
    (folder / "versions" / "r9999_bad.py").write_text(
        "from alembic import op\n"
        "revision = '9999'\n"
        "down_revision = '0002'\n"
        "def upgrade():\n"
        "    op.execute('CREATE TABLE half (x INTEGER)')\n"
        "    op.execute('INSERT INTO nowhere VALUES (1)')\n"
    )
    with pytest.raises(OperationalError, match="nowhere"):
        migrate(connection, folder)
    connection.rollback()
    assert connection.exec_driver_sql("SELECT name FROM sqlite_master").all() == []


ANSWER = """
    INSERT INTO answers VALUES ('a1', 'discord:general/m1', 'discord:1', 'discord', '', 'discord:1', 'discord:alice', 'Why?', 'large', 'standard',
    '{"token": "x"}', 'streaming', 1, 0, 100.0, 101.0, NULL, '', NULL, NULL, NULL, NULL, 0, false)
"""
RUNNING = (
    ANSWER,
    "INSERT INTO answer_texts VALUES ('a1', 0, 'Because.')",
    "INSERT INTO messages VALUES ('discord:general/page 0', 'discord:1', NULL, 'a1', 0, 101.5)",
    "INSERT INTO ratings VALUES ('a1', 'discord:bob', 'good', 102.0)",
)
"""What a process with the first schema leaves when it ends in the middle of an answer."""


async def make_first_schema(url: str, folder: Path) -> None:
    """Make a database as the first migration does, with an answer that runs."""
    shutil.copytree(MIGRATIONS, folder, ignore=shutil.ignore_patterns("r0002*", "__pycache__"))
    engine = create_async_engine(
        url.replace("postgresql:", "postgresql+asyncpg:").replace("sqlite:", "sqlite+aiosqlite:")
    )
    async with engine.begin() as connection:
        await connection.run_sync(migrate, folder)
        for statement in RUNNING:
            await connection.exec_driver_sql(statement)
    await engine.dispose()


def differences(connection: Connection) -> list[object]:
    """Return what tells a database's schema from the one of the program."""
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    found: list[object] = compare_metadata(context, metadata)
    return found


@pytest.mark.real_time
async def test_a_database_of_the_first_schema_is_migrated_and_loses_nothing(
    tmp_path: Path, new_url: str
) -> None:
    await make_first_schema(new_url, tmp_path / "first")
    assert (await looked_at(new_url)).revision == Revision("0001", "0002")
    async with await opened(new_url) as store:
        (found,) = await store.answers.unfinished("discord")
        assert (found.record.prompt, found.text, found.messages) == (
            "Why?",
            "Because.",
            ((0, key("page 0")),),
        )
        assert await store.answers.ratings("a1") == {person("bob"): Rating.GOOD}
        async with store._database.read() as connection:
            assert await connection.run_sync(differences) == []
    assert (await looked_at(new_url)).revision == Revision("0002", "0002")


@pytest.mark.postgres
@pytest.mark.real_time
async def test_processes_migrate_one_postgres_together(new_postgres_url: str) -> None:
    stores = await asyncio.gather(*(opened(new_postgres_url) for _ in range(4)))
    await stores[0].conversations.add(said("shared", "m1"))
    assert await texts(stores[3]) == ["shared"]
    for store in stores:
        await store.close()


@pytest.mark.postgres
@pytest.mark.real_time
async def test_a_server_says_what_is_wrong(postgres: PostgresServer) -> None:
    assert isinstance(await refused(postgres.url("nowhere")), DatabaseUnreachable)
    assert isinstance(await refused("postgresql://tickertape@127.0.0.1:1/x"), DatabaseUnreachable)


@pytest.mark.postgres
@pytest.mark.real_time
async def test_connections_that_the_server_dropped_are_made_anew(new_postgres_url: str) -> None:
    async with await opened(new_postgres_url) as store:
        await store.conversations.add(said("before", "m1"))
        async with await opened(new_postgres_url) as other, other._database.read() as connection:
            await connection.exec_driver_sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() "
                "AND datname = current_database()"
            )
        assert await texts(store) == ["before"]
        await store.conversations.add(said("after", "m2"))
        assert await texts(store) == ["before", "after"]
