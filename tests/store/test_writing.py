"""The one writer, and the journal behind it: groups, order, and a database that refuses for a while."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import event, select
from sqlalchemy.ext.asyncio import AsyncConnection
from structlog.testing import capture_logs

import tickertape.durable.store.answer_writes
import tickertape.durable.store.writer
from tests.store.facts import asked, ended, replied, said, texts
from tests.support.keys import key
from tests.support.refusing import REFUSALS, Refusing, full, locked
from tickertape.answer.states import State
from tickertape.durable.store import DatabaseSettings, Store, StoreError
from tickertape.durable.store.database import Database
from tickertape.durable.store.errors import DatabaseFull, DatabaseRefuses
from tickertape.durable.store.schema import answer_texts
from tickertape.durable.store.writer import FIRST_REST, GATHER, GROUP, LONGEST_REST


@contextmanager
def commits(store: Store) -> Iterator[list[None]]:
    """Count the writer's commits."""
    counted: list[None] = []
    engine = store._database.writer._engine.sync_engine

    def count(_: object) -> None:
        counted.append(None)

    event.listen(engine, "commit", count)
    yield counted
    event.remove(engine, "commit", count)


async def test_what_comes_at_the_same_time_is_one_commit(sqlite_store: Store) -> None:
    with commits(sqlite_store) as counted:
        await asyncio.gather(*(sqlite_store.conversations.add(said(str(n), f"m{n}")) for n in range(50)))
    assert len(counted) == 1
    assert await texts(sqlite_store) == [str(n) for n in range(50)]


async def test_a_group_has_an_end(sqlite_store: Store) -> None:
    with commits(sqlite_store) as counted:
        await asyncio.gather(*(sqlite_store.conversations.add(said("x", f"m{n}")) for n in range(GROUP + 1)))
    assert len(counted) == 2


async def test_texts_of_many_answers_are_one_commit(sqlite_store: Store) -> None:
    for number in range(20):
        await sqlite_store.answers.begin(asked(f"a{number}"))
    with commits(sqlite_store) as counted:
        for number in range(20):
            sqlite_store.answer_writes.add_text(f"a{number}", 0, "text", now=101.0)
            await asyncio.sleep(GATHER / 40)
        await asyncio.sleep(GATHER * 2)
    assert len(counted) == 1
    assert [each.text for each in await sqlite_store.answers.unfinished("discord")] == ["text"] * 20


async def test_a_write_at_fault_hurts_no_other(sqlite_store: Store) -> None:
    async def broken(connection: AsyncConnection) -> None:
        await connection.exec_driver_sql("INSERT INTO preferences (scope) VALUES ('half')")

    async def crashing(connection: AsyncConnection) -> None:
        await connection.exec_driver_sql("DELETE FROM turns")
        raise ZeroDivisionError

    writes = [
        sqlite_store.conversations.add(said("before", "m1")),
        sqlite_store._database.write(broken),
        sqlite_store._database.write(crashing),
        sqlite_store.conversations.add(said("after", "m2")),
    ]
    _, error, crash, _ = await asyncio.gather(*writes, return_exceptions=True)
    assert type(error) is StoreError
    assert "NOT NULL" in error.detail
    assert isinstance(crash, ZeroDivisionError)
    assert await texts(sqlite_store) == ["before", "after"]
    assert sqlite_store.refusal is None


async def test_a_caller_that_goes_away_undoes_nothing(sqlite_store: Store) -> None:
    write = asyncio.create_task(sqlite_store.conversations.add(said("x", "m1")))
    await asyncio.sleep(0)
    write.cancel()
    await asyncio.gather(write, return_exceptions=True)
    await sqlite_store.answer_writes.flush()
    assert await texts(sqlite_store) == ["x"]


async def test_what_was_noted_comes_before_what_is_written_next(sqlite_store: Store) -> None:
    await sqlite_store.answers.begin(asked("a1"))
    sqlite_store.answer_writes.end(ended("a1"), replied("answer"))
    await sqlite_store.conversations.add(said("next prompt", "m2"))
    assert await texts(sqlite_store) == ["answer", "next prompt"]


async def test_a_long_answer_is_written_once(sqlite_store: Store) -> None:
    await sqlite_store.answers.begin(asked("a1"))
    sizes: list[int] = []

    def measure(_: object, __: object, statement: str, parameters: tuple[object, ...], *___: object) -> None:
        if "answer_texts" in statement:
            sizes.append(sum(len(each) for each in parameters if isinstance(each, str)))

    engine = sqlite_store._database.writer._engine.sync_engine
    event.listen(engine, "before_cursor_execute", measure)
    for second in range(60):
        sqlite_store.answer_writes.add_text("a1", second * 1000, "x" * 1000, now=100.0 + second)
        await sqlite_store.answer_writes.flush()
    assert len(sizes) == 60
    assert max(sizes) < 1100
    (found,) = await sqlite_store.answers.unfinished("discord")
    assert found.text == "x" * 60_000


# A database that refuses.


@pytest.mark.parametrize(("refusing", "kind"), REFUSALS)
async def test_reads_go_on_and_writes_say_what_is_wrong(
    sqlite_store: Store, tmp_path: Path, refusing: Refusing, kind: type[DatabaseRefuses]
) -> None:
    await sqlite_store.conversations.add(said("there", "m1"))
    async with refusing(sqlite_store, tmp_path / "store.db"):
        with pytest.raises(kind) as caught:
            await sqlite_store.conversations.add(said("x" * 9000, "m2"))
        assert sqlite_store.refusal is caught.value
        assert await texts(sqlite_store) == ["there"]
    assert await sqlite_store.conversations.add(said("well again", "m3"))
    assert sqlite_store.refusal is None


@pytest.mark.parametrize(("refusing", "kind"), REFUSALS)
async def test_an_answer_loses_nothing(
    sqlite_store: Store, tmp_path: Path, refusing: Refusing, kind: type[DatabaseRefuses]
) -> None:
    await sqlite_store.answers.begin(asked("a1"))
    await sqlite_store.answers.begin(asked("a2"))
    journal = sqlite_store.answer_writes
    with capture_logs() as logs:
        async with refusing(sqlite_store, tmp_path / "store.db"):
            logs.clear()
            sqlite_store._database.writer.refusal = None
            journal.add_text("a1", 0, "x" * 9000, now=101.0)
            journal.add_message("a1", 0, key("page 0"), now=101.5)
            journal.add_text("a2", 0, "half", now=101.0)
            assert not await journal.flush()
            journal.add_text("a1", 9000, "tail", now=102.0)
            journal.begin(asked("a3"))
            assert not await journal.flush()
            journal.add_text("a2", 4, " more", now=103.0)
            journal.end(ended("a2", State.STOPPED), replied("half more"))
            journal.add_message("a1", 1, key("page 1"), now=102.5)
            assert not await journal.flush()
        await asyncio.sleep(LONGEST_REST)
    a1, a3 = await sqlite_store.answers.unfinished("discord")
    assert a1.text == "x" * 9000 + "tail"
    assert a1.messages == ((0, key("page 0")), (1, key("page 1")))
    assert a3.record == asked("a3")
    a2 = await sqlite_store.answers.find("a2")
    assert a2 is not None
    assert (a2.state, a2.first_text_at) == (State.STOPPED, 101.0)
    assert await texts(sqlite_store) == ["half more"]
    assert [log["event"] for log in logs] == ["store_refuses", "store_recovered"]
    assert logs[0]["kind"] == kind.__name__


async def test_what_is_noted_while_a_write_is_refused_follows_it(sqlite_store: Store, tmp_path: Path) -> None:
    journal = sqlite_store.answer_writes
    for answer in ("a1", "a2", "a3"):
        await sqlite_store.answers.begin(asked(answer))
    async with locked(sqlite_store, tmp_path / "store.db"):
        journal.add_text("a1", 0, "one ", now=101.0)
        journal.set_surface("a1", {"token": "old"})
        journal.add_text("a2", 0, "half", now=101.0)
        refused = asyncio.create_task(journal.flush())
        while journal.waiting:  # noqa: ASYNC110 - until the writer has taken it, for which nothing tells
            await asyncio.sleep(0)
        journal.add_text("a1", 4, "two", now=102.0)
        journal.add_message("a1", 0, key("page 0"), now=102.0)
        journal.set_surface("a1", {"token": "new"})
        journal.end(ended("a2"), replied("half more"))
        journal.add_text("a3", 0, "other", now=102.0)
        assert not await refused
    assert await journal.flush()
    a1, a3 = await sqlite_store.answers.unfinished("discord")
    assert (a1.text, a1.messages) == ("one two", ((0, key("page 0")),))
    assert (a1.record.first_text_at, a1.record.surface) == (101.0, {"token": "new"})
    assert a3.text == "other"
    assert await texts(sqlite_store) == ["half more"]
    async with sqlite_store._database.read() as connection:
        pieces = await connection.execute(select(*answer_texts.c["start", "text"]))
        assert pieces.all() == [(0, "one two"), (0, "other")]


async def test_a_write_at_fault_and_a_database_that_refuses_are_told_apart(
    sqlite_store: Store, tmp_path: Path
) -> None:
    async def crashing(_: AsyncConnection) -> None:
        raise ZeroDivisionError

    async with full(sqlite_store, tmp_path / "store.db"):
        crash, *errors = await asyncio.gather(
            sqlite_store._database.write(crashing),
            sqlite_store.conversations.add(said("x" * 9000, "m1")),
            sqlite_store.conversations.add(said("x" * 9000, "m2")),
            return_exceptions=True,
        )
    assert isinstance(crash, ZeroDivisionError)
    assert [type(error) for error in errors] == [DatabaseFull] * 2
    assert await sqlite_store.conversations.add(said("three", "m3"))


async def test_an_answer_that_was_never_stored_is_passed_over(sqlite_store: Store) -> None:
    with capture_logs() as logs:
        sqlite_store.answer_writes.add_text("unknown", 0, "text", now=101.0)
        sqlite_store.answer_writes.add_message("unknown", 0, key("page 0"), now=101.0)
        sqlite_store.answer_writes.end(ended("unknown"), replied("text"))
        assert await sqlite_store.answer_writes.flush()
    assert await texts(sqlite_store) == []
    assert await sqlite_store.conversations.find(key("page 0")) is None
    assert logs == []


async def test_an_answer_at_fault_hurts_no_other(sqlite_store: Store) -> None:
    for answer in ("a1", "a2"):
        await sqlite_store.answers.begin(asked(answer))
    for answer in ("a1", "a2"):
        sqlite_store.answer_writes.add_text(answer, 0, "text", now=101.0)
    sqlite_store.answer_writes.set_surface("a1", {"key": object()})
    with capture_logs() as logs:
        assert await sqlite_store.answer_writes.flush()
    assert [log["event"] for log in logs] == ["store_lost"]
    assert logs[0]["answer"] == "a1"
    a1, a2 = await sqlite_store.answers.unfinished("discord")
    assert (a1.text, a2.text) == ("", "text")


async def test_the_memory_of_refused_answers_is_bounded(
    sqlite_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tickertape.durable.store.answer_writes, "MOST", 3)
    with capture_logs() as logs:
        async with locked(sqlite_store, tmp_path / "store.db"):
            for number in range(5):
                sqlite_store.answer_writes.begin(asked(f"a{number}"))
                await sqlite_store.answer_writes.flush()
            assert sqlite_store.answer_writes.waiting == 3
        await sqlite_store.answer_writes.flush()
    assert [log["answer"] for log in logs if log["event"] == "store_lost"] == ["a0", "a1"]
    assert len(await sqlite_store.answers.unfinished("discord")) == 3


async def test_what_was_kept_is_done_in_its_order_behind_one_at_fault(
    sqlite_store: Store, tmp_path: Path
) -> None:
    async def crashing(_: AsyncConnection) -> None:
        raise ZeroDivisionError

    await sqlite_store.conversations.add(said("text 0", "m1"))
    with capture_logs() as logs:
        async with full(sqlite_store, tmp_path / "store.db"):
            sqlite_store._database.keep(crashing)
            for number in (1, 2):
                sqlite_store.conversations.edit_later(key("m1"), f"text {number}", 10)
            await asyncio.sleep(2 * FIRST_REST)
            sqlite_store.conversations.edit_later(key("m1"), "text 3", 10)
            await sqlite_store.answer_writes.flush()
        await asyncio.sleep(LONGEST_REST)
    assert await texts(sqlite_store) == ["text 3"]
    assert [log["event"] for log in logs].count("store_lost") == 1
    assert logs[-1]["event"] == "store_recovered"


async def test_kept_changes_are_bounded(
    sqlite_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tickertape.durable.store.writer, "KEPT", 2)
    for number in range(3):
        await sqlite_store.conversations.add(said("there", f"m{number}"))
    async with locked(sqlite_store, tmp_path / "store.db"):
        for number in range(3):
            sqlite_store.conversations.delete_later(key(f"m{number}"))
    await asyncio.sleep(LONGEST_REST)
    assert await texts(sqlite_store) == ["there"]
    assert await sqlite_store.conversations.find(key("m0")) is not None


async def test_closing_writes_what_was_noted(sqlite_url: str) -> None:
    settings = DatabaseSettings(sqlite_url, busy_timeout=0.05)
    store = await Store.open(settings)
    store.answer_writes.begin(asked("a1"))
    store.answer_writes.add_text("a1", 0, "last words", now=101.0)
    await store.close()
    with pytest.raises(StoreError):
        await store.conversations.add(said("late", "m1"))
    assert not await store.answer_writes.flush()
    store.answer_writes.add_text("a1", 10, " and more", now=102.0)
    async with await Store.open(settings) as again:
        (found,) = await again.answers.unfinished("discord")
    assert found.text == "last words"


async def test_closing_does_not_wait_for_a_database_that_refuses(sqlite_url: str, tmp_path: Path) -> None:
    store = await Store.open(DatabaseSettings(sqlite_url, busy_timeout=0.05))
    with capture_logs() as logs:
        async with locked(store, tmp_path / "store.db"):
            store.answer_writes.begin(asked("a1"))
            await store.close()
    assert [log["event"] for log in logs] == ["store_refuses", "store_lost"]


async def test_a_write_after_a_failed_opening_is_no_leak(sqlite_url: str, tmp_path: Path) -> None:
    (tmp_path / "store.db").write_text("no database")
    for _ in range(2):
        with pytest.raises(StoreError):
            await Database.open(DatabaseSettings(sqlite_url))
