"""The statements on turns and on the messages that hold them, within a transaction that the caller has begun."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from typing import Any

from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from tickertape.durable.store.records import NewTurn, TurnRecord
from tickertape.durable.store.schema import conversations, messages, turns
from tickertape.durable.store.statements import upsert
from tickertape.prompts.keys import ConversationKey, MessageKey, PlaceKey
from tickertape.prompts.turns import Role

BATCH = 32
"""Turns that are read at once."""


def turn_of(row: Row[Any], place: PlaceKey) -> TurnRecord:
    """Return a row of `turns` as a record; `place` is that of its conversation or of a message that holds it."""
    return TurnRecord(
        id=row.id,
        conversation=ConversationKey.parse(row.conversation, place),
        position=row.position,
        role=Role(row.role),
        text=row.text,
        tokens=row.tokens,
        created_at=row.created_at,
        author=row.author,
        author_name=row.author_name,
        attachments=tuple(row.attachments),
        answer=row.answer,
    )


async def newest_first(
    connection: AsyncConnection, conversation: ConversationKey, most: int, until: int | None = None
) -> AsyncGenerator[TurnRecord, None]:
    """Yield a conversation's turns from the newest (or the one at `until`) back, `most` at most, read in batches."""
    statement = select(turns).where(turns.c.conversation == conversation).order_by(turns.c.position.desc())
    while most > 0:
        upto = statement if until is None else statement.where(turns.c.position <= until)
        batch = (await connection.execute(upto.limit(min(BATCH, most)))).all()
        for row in batch:
            yield turn_of(row, conversation.place)
        if len(batch) < BATCH:
            return
        most -= BATCH
        until = batch[-1].position - 1


async def turn_with(connection: AsyncConnection, key: MessageKey) -> TurnRecord | None:
    """Return the turn that a message holds."""
    statement = select(turns).join(messages, messages.c.turn == turns.c.id).where(messages.c.key == key)
    row = (await connection.execute(statement)).one_or_none()
    return None if row is None else turn_of(row, key.place)


async def known(connection: AsyncConnection, keys: Sequence[MessageKey]) -> set[MessageKey]:
    """Return those of `keys` that were seen before."""
    if not keys:
        return set()
    rows = await connection.execute(select(messages.c.key).where(messages.c.key.in_(keys)))
    return set(rows.scalars())


async def insert_turn(connection: AsyncConnection, turn: NewTurn) -> TurnRecord:
    """Store a turn with its messages: in the place of the one that it replaces, else as the newest."""
    position = await _place(connection, turn)
    if position is None:
        position = await _next_position(connection, turn.conversation)
    row = (await connection.execute(insert(turns).values(_values(turn, position)).returning(turns))).one()
    await _hold(connection, [(turn, row.id)])
    return turn_of(row, turn.conversation.place)


async def insert_older(
    connection: AsyncConnection, conversation: ConversationKey, older: Sequence[NewTurn]
) -> None:
    """Store turns of a conversation that has a row, with their messages, before all that it has."""
    first = await _first_position(connection, conversation, len(older))
    values = [_values(turn, first + number) for number, turn in enumerate(older)]
    statement = insert(turns).returning(turns.c.id, sort_by_parameter_order=True)
    ids = (await connection.execute(statement, values)).scalars()
    await _hold(connection, list(zip(older, ids, strict=True)))


async def link_message(connection: AsyncConnection, turn: int, key: MessageKey, now: float) -> bool:
    """Take note that the message `key` holds a turn, too; return whether there is such a turn."""
    conversation = await connection.scalar(select(turns.c.conversation).where(turns.c.id == turn))
    if conversation is None:
        return False
    await _upsert_messages(
        connection, [{"key": key, "conversation": conversation, "turn": turn, "seen_at": now}]
    )
    return True


def _values(turn: NewTurn, position: int) -> dict[str, Any]:
    return {
        "conversation": turn.conversation,
        "position": position,
        "role": turn.role.value,
        "author": turn.author,
        "author_name": turn.author_name,
        "text": turn.text,
        "tokens": turn.tokens,
        "attachments": [dict(attachment) for attachment in turn.attachments],
        "answer": turn.answer,
        "created_at": turn.created_at,
    }


async def _hold(connection: AsyncConnection, stored: Sequence[tuple[NewTurn, int]]) -> None:
    """Take note of the messages of turns that were stored under these ids."""
    rows = [
        {"key": key, "conversation": turn.conversation, "turn": number, "seen_at": turn.created_at}
        for turn, number in stored
        for key in turn.keys
    ]
    if rows:
        await _upsert_messages(connection, rows)


async def _upsert_messages(connection: AsyncConnection, rows: Sequence[dict[str, Any]]) -> None:
    """Store which turns messages hold; what is known of an answer's message stays."""
    statement = upsert(connection, messages)
    changed = {name: statement.excluded[name] for name in ("turn", "conversation")}
    await connection.execute(
        statement.on_conflict_do_update(index_elements=["key"], set_=changed), list(rows)
    )


async def _place(connection: AsyncConnection, turn: NewTurn) -> int | None:
    """Take the replaced turn away and return its position; None if there is none."""
    if turn.replaces is None:
        return None
    replaced = (turns.c.id == turn.replaces) & (turns.c.conversation == turn.conversation)
    statement = delete(turns).where(replaced).returning(turns.c.position)
    position: int | None = (await connection.execute(statement)).scalar_one_or_none()
    return position


async def _next_position(connection: AsyncConnection, conversation: ConversationKey) -> int:
    """Give out the position after the newest; PostgreSQL lets one process at a time do so for a conversation."""
    statement = (
        upsert(connection, conversations)
        .values(key=conversation, oldest=0, newest=0)
        .on_conflict_do_update(index_elements=["key"], set_={"newest": conversations.c.newest + 1})
        .returning(conversations.c.newest)
    )
    position: int = (await connection.execute(statement)).scalar_one()
    return position


async def _first_position(connection: AsyncConnection, conversation: ConversationKey, count: int) -> int:
    """Give out the `count` positions before the oldest, and return the first of them."""
    statement = update(conversations).where(conversations.c.key == conversation)
    statement = statement.values(oldest=conversations.c.oldest - count)
    position: int = (await connection.execute(statement.returning(conversations.c.oldest))).scalar_one()
    return position
