"""Takes words, names and files out of answers whose question is forgotten or was deleted. What they took stays.

An answer's place (`surface`) also holds who asked, and links to the files of the question. Of a forgotten one only
what leads to its messages is left, because an answer that is being written has still to be shown, or repaired.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

from sqlalchemy import JSON, ColumnElement, Text, bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from tickertape.durable.journal import ENDED, NOTES
from tickertape.durable.store.database import Database
from tickertape.durable.store.schema import answers
from tickertape.prompts.stored import ATTACHMENTS, ORIGIN

AT_ONCE = 500
"""Answers that one transaction empties, so that no other write waits for long."""

_EMPTY: Mapping[str, object] = {ORIGIN: None, ATTACHMENTS: [], NOTES: []}
"""What stands in the place of the entries that tell of people and files."""


def without_people(surface: Mapping[str, Any]) -> dict[str, Any]:
    """Return a place without who asked and without files, wherever in it they stand."""
    return {
        name: _EMPTY[name]
        if name in _EMPTY
        else without_people(value)
        if isinstance(value, Mapping)
        else value
        for name, value in surface.items()
    }


def without_end(surface: Mapping[str, Any]) -> dict[str, Any]:
    """Return the place of an answer that is shown whole: how it ended, and by whom, has been said."""
    return {name: value for name, value in surface.items() if name != ENDED}


async def forget_answers(database: Database, theirs: ColumnElement[bool]) -> int:
    """Take note that the answers of which `theirs` holds are forgotten, and empty them; return how many."""
    emptied = 0
    while done := await database.write(functools.partial(_forget_some, theirs=theirs)):
        emptied += done
    return emptied


async def _forget_some(connection: AsyncConnection, theirs: ColumnElement[bool]) -> int:
    return await empty(connection, theirs & answers.c.forgotten.is_(False), AT_ONCE, forgotten=True)


async def empty(
    connection: AsyncConnection, which: ColumnElement[bool], most: int | None = None, **values: object
) -> int:
    """Erase the prompts of answers and all else that tells of people; set `values`; return how many there were."""
    found = (await connection.execute(select(*answers.c["id", "surface"]).where(which).limit(most))).all()
    if found:
        statement = update(answers).where(answers.c.id == bindparam("which", type_=Text))
        left = bindparam("left", type_=JSON)
        await connection.execute(
            statement.values(prompt=None, detail="", surface=left, **values),
            [{"which": row.id, "left": without_people(row.surface)} for row in found],
        )
    return len(found)
