"""Takes what is older than its owner wants to keep, a few rows at a time, so that no answer waits for it."""

from __future__ import annotations

import functools
from typing import Any

from sqlalchemy import Column, Delete, Select, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from tickertape.durable.store.database import Database
from tickertape.durable.store.records import Erased
from tickertape.durable.store.schema import answers, messages, turns, unfinished

AT_ONCE = 500
"""Rows that one transaction erases."""


async def prune(database: Database, before: float) -> Erased:
    """Erase turns, ended answers and messages from before a time (seconds since 1970), and what they leave empty."""
    old_turns = select(turns.c.id).where(turns.c.created_at < before)
    old_answers = select(answers.c.id).where(answers.c.started_at < before, ~unfinished)
    old_messages = select(messages.c.key).where(
        messages.c.seen_at < before, messages.c.turn.is_(None), messages.c.answer.is_(None)
    )
    said = await _all(database, turns.c.id, old_turns)
    answered = await _all(database, answers.c.id, old_answers)
    await _all(database, messages.c.key, old_messages)
    return Erased(said, answered)


async def _all(database: Database, key: Column[Any], old: Select[Any]) -> int:
    """Erase all rows whose `key` is among `old`, in several transactions; return how many."""
    statement = delete(key.table).where(key.in_(old.limit(AT_ONCE)))
    erased = 0
    while done := await database.write(functools.partial(_erase, statement=statement)):
        erased += done
    return erased


async def _erase(connection: AsyncConnection, statement: Delete) -> int:
    return (await connection.execute(statement)).rowcount
