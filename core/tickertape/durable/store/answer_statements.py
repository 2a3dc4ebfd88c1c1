"""The statements that write what happens to running answers. Repeating one changes nothing more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import JSON, BigInteger, Double, Integer, Text, bindparam, case, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from tickertape.answer.states import State
from tickertape.durable.store.answers import usage_values
from tickertape.durable.store.forgetting import without_people
from tickertape.durable.store.records import AnswerEnd, NewTurn
from tickertape.durable.store.schema import AnyText, answer_texts, answers, messages, turns, unfinished
from tickertape.durable.store.statements import upsert
from tickertape.durable.store.turns import insert_turn

Rows = Sequence[dict[str, Any]]

_THE_ANSWER = answers.c.id == bindparam("for_answer", type_=Text)
"""Every row below names its answer so; nothing is written for an answer that is not stored."""

_EMPTIED = answers.c.prompt.is_(None)
"""The question was forgotten or deleted."""


async def set_surface(connection: AsyncConnection, rows: Rows) -> None:
    """Store what the platform needs to edit the messages: rows of `for_answer`, `new_surface`.

    Of an answer that was emptied meanwhile, what tells of people stays out.
    """
    left = [row | {"left": without_people(row["new_surface"])} for row in rows]
    surface = case((_EMPTIED, bindparam("left", type_=JSON)), else_=bindparam("new_surface", type_=JSON))
    await connection.execute(update(answers).where(_THE_ANSWER).values(surface=surface), left)


async def set_place(connection: AsyncConnection, rows: Rows) -> None:
    """Store where answers belong after all: rows of `for_answer`, `new_place`, `new_conversation`."""
    values = {
        "place": bindparam("new_place", type_=answers.c.place.type),
        "conversation": bindparam("new_conversation", type_=answers.c.conversation.type),
    }
    await connection.execute(update(answers).where(_THE_ANSWER).values(values), rows)


async def set_first_text(connection: AsyncConnection, rows: Rows) -> None:
    """Note that a first text has come: rows of `for_answer`, `at`."""
    statement = update(answers).where(_THE_ANSWER, unfinished, answers.c.first_text_at.is_(None))
    values = {"state": State.STREAMING.value, "first_text_at": bindparam("at", type_=Double)}
    await connection.execute(statement.values(values), rows)


async def insert_texts(connection: AsyncConnection, rows: Rows) -> None:
    """Add pieces of text to running answers: rows of `for_answer`, `from_start`, `piece`."""
    piece = select(
        answers.c.id, bindparam("from_start", type_=BigInteger), bindparam("piece", type_=AnyText)
    ).where(_THE_ANSWER, unfinished)
    statement = upsert(connection, answer_texts).from_select(["answer", "start", "text"], piece)
    await connection.execute(
        statement.on_conflict_do_update(
            index_elements=["answer", "start"], set_={"text": statement.excluded.text}
        ),
        rows,
    )


async def insert_messages(connection: AsyncConnection, rows: Rows) -> None:
    """Note which messages show answers: rows of `for_answer`, `its_page`, `its_key`, `at`."""
    page = bindparam("its_page", type_=Integer)
    turn = select(turns.c.id).where(turns.c.answer == answers.c.id).scalar_subquery()
    source = select(
        bindparam("its_key", type_=messages.c.key.type), answers.c.conversation, turn, answers.c.id, page, bindparam("at", type_=Double)
    ).where(_THE_ANSWER)  # fmt: skip
    statement = upsert(connection, messages).from_select(
        ["key", "conversation", "turn", "answer", "page", "seen_at"], source
    )
    changed = {"answer": statement.excluded.answer, "page": statement.excluded.page}
    await connection.execute(
        statement.on_conflict_do_update(index_elements=["key"], set_=changed),
        rows,
    )


async def write_end(connection: AsyncConnection, end: AnswerEnd, turn: NewTurn | None) -> None:
    """Store how an answer ended, its turn unless it was forgotten meanwhile, and drop its pieces of text."""
    values = {
        "state": end.state.value,
        "ended_at": end.at,
        "detail": case((_EMPTIED, ""), else_=end.detail),
        "cost": end.cost,
        "characters": end.characters,
    }
    ended = await connection.execute(
        update(answers)
        .where(answers.c.id == end.answer, unfinished)
        .values(values | usage_values(end.usage))
        .returning(answers.c.forgotten)
    )
    forgotten = ended.scalar_one_or_none()
    await connection.execute(delete(answer_texts).where(answer_texts.c.answer == end.answer))
    if turn is not None and forgotten is False:
        stored = await insert_turn(connection, replace(turn, answer=end.answer))
        await connection.execute(
            update(messages).where(messages.c.answer == end.answer).values(turn=stored.id)
        )
