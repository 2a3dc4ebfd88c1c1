"""What was said in each conversation: added, edited, deleted, read back within a budget, forgotten."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import replace

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from tickertape.durable.store.database import Database
from tickertape.durable.store.forgetting import empty, forget_answers
from tickertape.durable.store.records import Erased, Json, MessageRecord, NewTurn, TurnRecord
from tickertape.durable.store.schema import answers, asks, conversations, messages, turns
from tickertape.durable.store.statements import upsert
from tickertape.durable.store.turns import (
    insert_older,
    insert_turn,
    known,
    link_message,
    newest_first,
    turn_of,
    turn_with,
)
from tickertape.prompts.keys import ConversationKey, MessageKey, PersonKey


class Conversations:
    """The turns of all conversations. Every method raises a `StoreError` if the database does not do it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, turn: NewTurn) -> TurnRecord | None:
        """Store a turn as the newest of its conversation, or in the place of the one that it replaces.

        A turn one of whose messages is known is not stored again: the one that it holds is returned, None if that was
        deleted or forgotten.
        """
        return await self._database.write(functools.partial(_add, turn=turn))

    async def add_older(self, conversation: ConversationKey, older: Sequence[NewTurn]) -> int:
        """Store turns from before the bot, oldest first, ahead of all others, and note that its history was read.

        Messages that are known are passed over, so that reading a history again adds nothing. Returns how many turns
        were added. With no turns, only the note is made.
        """
        return await self._database.write(
            functools.partial(_add_older, conversation=conversation, older=older)
        )

    async def history_read(self, conversation: ConversationKey) -> bool:
        """Whether the platform's own history was read already, or was forgotten and is not to come back."""
        statement = select(conversations.c.history_read).where(conversations.c.key == conversation)
        async with self._database.read() as connection:
            return bool(await connection.scalar(statement))

    async def newest(
        self, conversation: ConversationKey, tokens: int, most: int, until: int | None = None
    ) -> list[TurnRecord]:
        """Return the newest turns, oldest first: whole turns, at most `most`, of at most `tokens` together.

        The newest one comes whatever it takes: it is the prompt. An older turn comes only with all that came after
        it. `until` is the position of the turn that counts as the newest, for asking an earlier prompt again.
        """
        found: list[TurnRecord] = []
        left = tokens
        async with (
            self._database.read() as connection,
            aclosing(newest_first(connection, conversation, most, until)) as turns_back,
        ):
            async for turn in turns_back:
                left -= turn.tokens
                if left < 0 and found:
                    break
                found.append(turn)
        return found[::-1]

    async def find(self, key: MessageKey) -> MessageRecord | None:
        """Return what is known of a message: its conversation, its turn, the answer that it belongs to."""
        statement = (
            select(*messages.c["conversation", "answer", "page"], messages.c.turn.is_not(None).label("held"))
            .where(messages.c.key == key)
        )  # fmt: skip
        async with self._database.read() as connection:
            row = (await connection.execute(statement)).one_or_none()
            if row is None:
                return None
            turn = await turn_with(connection, key) if row.held else None
        conversation = ConversationKey.parse(row.conversation, key.place) if row.conversation else None
        return MessageRecord(key, conversation, turn, row.answer, row.page)

    async def link(self, turn: int, key: MessageKey, now: float) -> bool:
        """Take note of one more message that holds a turn; return whether there is such a turn."""
        return await self._database.write(functools.partial(link_message, turn=turn, key=key, now=now))

    async def edit(
        self, key: MessageKey, text: str, tokens: int, attachments: Sequence[Json] | None = None
    ) -> TurnRecord | None:
        """Change the turn that a message holds, and the prompt of its answer; None if it holds none.

        Attachments stay as they are if none are given.
        """
        return await self._database.write(
            functools.partial(_edit, key=key, text=text, tokens=tokens, attachments=attachments)
        )

    async def delete(self, key: MessageKey) -> TurnRecord | None:
        """Erase the turn that a message holds, and the text of the prompt that it was; return the turn."""
        return await self._database.write(functools.partial(_delete, key=key))

    def edit_later(self, key: MessageKey, text: str, tokens: int) -> None:
        """Do what `edit` does as soon as the database takes it: for a change that it has refused."""
        self._database.keep(functools.partial(_edit, key=key, text=text, tokens=tokens, attachments=None))

    def delete_later(self, key: MessageKey) -> None:
        """Do what `delete` does as soon as the database takes it."""
        self._database.keep(functools.partial(_delete, key=key))

    async def forget(self, conversation: ConversationKey) -> Erased:
        """Erase all turns of a conversation and the prompts of its answers.

        What the answers took stays, without any text, name or file, and their messages stay known. An answer that is
        running is not remembered when it ends.
        """
        emptied = await forget_answers(self._database, answers.c.conversation == conversation)
        gone = await self._database.write(functools.partial(_forget, conversation=conversation))
        return Erased(gone, emptied)

    async def forget_person(self, asker: PersonKey) -> Erased:
        """Erase everywhere what a person said and what was answered to it, as `forget` does for a conversation."""
        emptied = await forget_answers(self._database, answers.c.asker == asker)
        gone = await self._database.write(functools.partial(_forget_person, asker=asker))
        return Erased(gone, emptied)


async def _add(connection: AsyncConnection, turn: NewTurn) -> TurnRecord | None:
    for key in sorted(await known(connection, turn.keys), key=str):
        return await turn_with(connection, key)
    return await insert_turn(connection, turn)


async def _add_older(
    connection: AsyncConnection, conversation: ConversationKey, older: Sequence[NewTurn]
) -> int:
    statement = upsert(connection, conversations).values(
        key=conversation, oldest=0, newest=-1, history_read=True
    )
    await connection.execute(
        statement.on_conflict_do_update(index_elements=["key"], set_={"history_read": True})
    )
    seen = await known(connection, [key for turn in older for key in turn.keys])
    new = [turn for turn in older if seen.isdisjoint(turn.keys)]
    if new:
        await insert_older(
            connection, conversation, [replace(turn, conversation=conversation) for turn in new]
        )
    return len(new)


async def _edit(
    connection: AsyncConnection,
    key: MessageKey,
    text: str,
    tokens: int,
    attachments: Sequence[Json] | None,
) -> TurnRecord | None:
    await connection.execute(
        update(answers).where(asks(key), answers.c.prompt.is_not(None)).values(prompt=text)
    )
    values: dict[str, object] = {"text": text, "tokens": tokens}
    if attachments is not None:
        values["attachments"] = [dict(attachment) for attachment in attachments]
    held = select(messages.c.turn).where(messages.c.key == key).scalar_subquery()
    statement = update(turns).where(turns.c.id == held).values(values).returning(turns)
    row = (await connection.execute(statement)).one_or_none()
    return None if row is None else turn_of(row, key.place)


async def _delete(connection: AsyncConnection, key: MessageKey) -> TurnRecord | None:
    await empty(connection, asks(key))
    held = select(messages.c.turn).where(messages.c.key == key).scalar_subquery()
    statement = delete(turns).where(turns.c.id == held).returning(turns)
    row = (await connection.execute(statement)).one_or_none()
    return None if row is None else turn_of(row, key.place)


async def _forget(connection: AsyncConnection, conversation: ConversationKey) -> int:
    gone = await connection.execute(delete(turns).where(turns.c.conversation == conversation))
    await _add_older(connection, conversation, ())  # so that the platform's history does not come back
    return gone.rowcount


async def _forget_person(connection: AsyncConnection, asker: PersonKey) -> int:
    theirs = select(answers.c.id).where(answers.c.asker == asker)
    answered = await connection.execute(delete(turns).where(turns.c.answer.in_(theirs)))
    said = await connection.execute(delete(turns).where(turns.c.author == asker))
    return answered.rowcount + said.rowcount
