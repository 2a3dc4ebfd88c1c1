"""The statements on turns and on the messages that hold them, within a transaction that the caller has begun."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Select, delete, insert, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from core.prompt import Role
from core.store.records import ConversationKey, NewTurn, TurnRecord
from core.store.schema import conversations, messages, turns
from core.store.statements import upsert
from core.surface import MessageKey


def turn_of(row: Row[Any]) -> TurnRecord:
    """Return a row of `turns` as a record."""
    return TurnRecord(
        id=row.id,
        conversation=row.conversation,
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


def newest_first(
    conversation: ConversationKey, before: int | None, until: int | None, most: int
) -> Select[Any]:
    """Select a conversation's turns, the newest first: those before a position, or up to and with one."""
    statement = select(turns).where(turns.c.conversation == conversation)
    if before is not None:
        statement = statement.where(turns.c.position < before)
    if until is not None:
        statement = statement.where(turns.c.position <= until)
    return statement.order_by(turns.c.position.desc()).limit(most)


async def turn_with(connection: AsyncConnection, key: MessageKey) -> TurnRecord | None:
    """Return the turn that a message holds."""
    statement = select(turns).join(messages, messages.c.turn == turns.c.id).where(messages.c.key == key)
    row = (await connection.execute(statement)).one_or_none()
    return None if row is None else turn_of(row)


async def known(connection: AsyncConnection, keys: Sequence[MessageKey]) -> set[MessageKey]:
    """Return those of `keys` that were seen before."""
    rows = await connection.execute(select(messages.c.key).where(messages.c.key.in_(keys)))
    return set(rows.scalars())


async def insert_turn(connection: AsyncConnection, turn: NewTurn, *, older: bool = False) -> TurnRecord:
    """Store a turn with its messages: in the place of the one that it replaces, else as the newest (or the oldest)."""
    position = await _place(connection, turn)
    if position is None:
        position = await _next_position(connection, turn.conversation, older=older)
    values = {
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
    row = (await connection.execute(insert(turns).values(values).returning(turns))).one()
    for key in turn.keys:
        await hold(connection, row.id, key, turn.created_at)
    return turn_of(row)


async def hold(connection: AsyncConnection, turn: int, key: MessageKey, now: float) -> bool:
    """Take note that the message `key` holds a turn; return whether there is such a turn."""
    source = select(literal(key), turns.c.conversation, turns.c.id, literal(now)).where(turns.c.id == turn)
    statement = upsert(connection, messages).from_select(["key", "conversation", "turn", "seen_at"], source)
    statement = statement.on_conflict_do_update(
        index_elements=["key"],
        set_={"turn": statement.excluded.turn, "conversation": statement.excluded.conversation},
    )
    return (await connection.execute(statement)).rowcount > 0


async def _place(connection: AsyncConnection, turn: NewTurn) -> int | None:
    """Take the replaced turn away and return its position; None if there is none."""
    if turn.replaces is None:
        return None
    replaced = (turns.c.id == turn.replaces) & (turns.c.conversation == turn.conversation)
    statement = delete(turns).where(replaced).returning(turns.c.position)
    position: int | None = (await connection.execute(statement)).scalar_one_or_none()
    return position


async def _next_position(connection: AsyncConnection, conversation: ConversationKey, *, older: bool) -> int:
    """Give out the next position; PostgreSQL lets only one process at a time do so for a conversation."""
    side, step = (conversations.c.oldest, -1) if older else (conversations.c.newest, 1)
    statement = (
        upsert(connection, conversations)
        .values(key=conversation, oldest=0, newest=0)
        .on_conflict_do_update(index_elements=["key"], set_={side.name: side + step})
        .returning(side)
    )
    position: int = (await connection.execute(statement)).scalar_one()
    return position
