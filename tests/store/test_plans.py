"""Every statement finds its rows by an index: what is read does not grow with what is stored.

The statements are not listed here but recorded, while everything that a running bot does is done once; SQLite then
says how it would carry each of them out (https://www.sqlite.org/eqp.html).
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.store.facts import HERE, answered, asked, ended, replied, said, turns
from tests.support import keys
from tests.support.keys import key, person, place
from tickertape.durable.store import Store
from tickertape.durable.store.records import Choice, Preference, Rating
from tickertape.durable.store.schema import metadata

SCAN = re.compile(rf"^SCAN ({'|'.join(metadata.tables)})\b")
SORT = re.compile(r"USE TEMP B-TREE")
GROUPED = re.compile(r"GROUP BY")
"""Figures by model have to be gathered; the models are few."""


@dataclass(frozen=True, slots=True)
class Executed:
    """A statement and the parameters of one execution."""

    statement: str
    parameters: tuple[Any, ...]


@pytest.fixture
async def recorded(sqlite_store: Store) -> AsyncIterator[list[Executed]]:
    """What the store executes during the test."""
    executed: list[Executed] = []

    def record(_: object, __: object, statement: str, parameters: Any, ___: object, many: bool) -> None:  # noqa: ANN401
        executed.append(Executed(statement, parameters[0] if many else parameters))

    backend = sqlite_store._database._backend
    engines: list[AsyncEngine] = [backend.reader, backend.writer]
    for engine in engines:
        event.listen(engine.sync_engine, "before_cursor_execute", record)
    yield executed
    for engine in engines:
        event.remove(engine.sync_engine, "before_cursor_execute", record)


async def everything(store: Store) -> None:
    """Do everything that a running bot does."""
    conversations = store.conversations
    turn = await conversations.add(said("Why?", "m1"))
    assert turn is not None
    await conversations.link(turn.id, key("m2"), now=100.0)
    await conversations.add(replace(said("How?", "m3"), replaces=turn.id))
    await conversations.add_older(HERE, [said("older", "m0")])
    await conversations.history_read(HERE)
    last = (await turns(store))[-1]
    await conversations.newest(HERE, 1000, 10, until=last.position)
    await conversations.find(key("m3"))
    await conversations.edit(key("m3"), "Who?", 3)
    await store.answers.begin(asked("a1", "m3"))
    store.answer_writes.begin(asked("a2"))
    store.answer_writes.set_surface("a1", {"token": "x"})
    store.answer_writes.move("a1", place("discord:7"), keys.conversation("discord:7"), {"token": "x"})
    store.answer_writes.add_text("a1", 0, "Because.", now=101.0)
    store.answer_writes.add_message("a1", 0, key("page 0"), now=101.0)
    await store.answer_writes.flush()
    await store.answers.unfinished("discord")
    await store.answers.restart("a2")
    store.answer_writes.end(ended("a1"), replied("Because."))
    await store.answer_writes.flush()
    await store.answers.find("a1")
    await store.answers.by_prompt(key("m3"))
    await store.answers.by_message(key("page 0"))
    await store.answers.feedback("a1", person("alice"), Rating.GOOD, now=120.0)
    await store.answers.ratings("a1")
    for asker, workspace in ((person("alice"), None), (None, "guild"), (None, None)):
        await store.usage.counted(0.0, asker=asker, workspace=workspace)
        await store.usage.window(0.0, asker=asker, workspace=workspace)
        await store.usage.summary(0.0, asker=asker, workspace=workspace)
    assert [row.id async for row in store.usage.export(0.0)]
    await store.preferences.set(Preference(str(HERE), Choice.MODEL, "large", person("alice"), 100.0))
    await store.preferences.get(Choice.MODEL, str(HERE), "discord")
    await conversations.delete(key("m3"))
    await conversations.forget(HERE)
    await conversations.forget_person(person("alice"))
    await store.prune(before=50.0)


def plan(file: Path, executed: Executed) -> list[str]:
    """Return the steps of SQLite's plan for a statement."""
    with closing(sqlite3.connect(file)) as connection:
        rows = connection.execute(f"EXPLAIN QUERY PLAN {executed.statement}", executed.parameters)
        return [row[3] for row in rows]


async def test_no_statement_reads_a_whole_table(
    sqlite_store: Store, tmp_path: Path, recorded: list[Executed]
) -> None:
    await everything(sqlite_store)
    statements = [
        each for each in recorded if each.statement.startswith(("SELECT", "UPDATE", "DELETE", "INSERT"))
    ]
    assert len({each.statement for each in statements}) > 40
    for executed in statements:
        for step in plan(tmp_path / "store.db", executed):
            assert not SCAN.search(step), executed.statement
            assert not SORT.search(step) or GROUPED.search(executed.statement), executed.statement


async def test_a_prompt_s_turns_come_by_their_index_in_order(
    sqlite_store: Store, tmp_path: Path, recorded: list[Executed]
) -> None:
    for number in range(70):
        await sqlite_store.conversations.add(said(str(number), f"m{number}"))
    recorded.clear()
    await sqlite_store.conversations.newest(HERE, 400, 1000)
    batches = [each for each in recorded if "FROM turns" in each.statement]
    assert len(batches) == len(recorded) == 2, "40 turns fit, 32 are read at once"
    for batch in batches:
        (step,) = plan(tmp_path / "store.db", batch)
        assert step.startswith("SEARCH turns USING INDEX turns_conversation_position_idx (conversation=?")


async def test_a_prompt_costs_the_same_statements_however_long_its_conversation_is(
    sqlite_store: Store, recorded: list[Executed]
) -> None:
    counts = []
    for length in (20, 500):
        conversation = keys.conversation(f"discord:{length}")
        before = [said("x", f"{length} {number}") for number in range(length)]
        await sqlite_store.conversations.add_older(conversation, before)
        recorded.clear()
        await sqlite_store.conversations.add(said("x", f"{length} prompt", conversation=conversation))
        await sqlite_store.conversations.newest(conversation, 200, 50)
        record = asked(f"a{length}", conversation=conversation)
        await answered(sqlite_store, record, turn=replied("y", conversation=conversation))
        counts.append([each.statement for each in recorded])
    assert counts[0] == counts[1]
