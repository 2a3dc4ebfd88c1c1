"""Answers that were begun: each prompt once, found by its messages, and found unfinished after a crash."""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, Select, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from tickertape.answer.states import State
from tickertape.durable.store.database import Database
from tickertape.durable.store.records import AnswerRecord, Rating, UnfinishedAnswer
from tickertape.durable.store.schema import answer_texts, answers, asks, messages, ratings, turns, unfinished
from tickertape.durable.store.statements import upsert
from tickertape.model.api import Usage
from tickertape.prompts.keys import ConversationKey, MessageKey, PersonKey


class Answers:
    """The answers of all platforms. Every method raises a `StoreError` if the database does not do it.

    What happens to an answer while it runs goes through the `Journal`, which never raises.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(self, record: AnswerRecord) -> bool:
        """Store a new answer; False if its prompt was taken before, by this process or an earlier one."""
        return await self._database.write(functools.partial(insert_answer, record=record))

    async def restart(self, answer: str) -> bool:
        """Let an unfinished answer begin anew, without the text that was stored of it; its messages stay known.

        One more attempt is counted; when it was begun stays as it is. Returns False if it is not unfinished.
        """
        return await self._database.write(functools.partial(_restart, answer=answer))

    async def find(self, answer: str) -> AnswerRecord | None:
        """Return the answer of this id."""
        return await self._one(select(answers).where(answers.c.id == answer))

    async def by_prompt(self, key: MessageKey) -> AnswerRecord | None:
        """Return the answer to the prompt of this key."""
        return await self._one(select(answers).where(answers.c.prompt_key == key))

    async def by_message(self, key: MessageKey) -> AnswerRecord | None:
        """Return the answer that a message is part of."""
        statement = select(answers).join(messages, messages.c.answer == answers.c.id)
        return await self._one(statement.where(messages.c.key == key))

    async def turn_of(self, prompt_key: MessageKey) -> int | None:
        """Return the id of the turn that answers a question, whichever of its answers that is by now."""
        theirs = select(answers.c.id).where(asks(prompt_key))
        statement = select(turns.c.id).where(turns.c.answer.in_(theirs)).order_by(turns.c.id.desc()).limit(1)
        async with self._database.read() as connection:
            found: int | None = await connection.scalar(statement)
        return found

    async def unfinished(self, platform: str) -> list[UnfinishedAnswer]:
        """Return the platform's answers that have no end, oldest first, with all that was stored of them.

        Of a single process these are, at its start, the ones that an earlier process left.
        """
        wanted = select(answers).where(answers.c.platform == platform, unfinished)
        async with self._database.read() as connection:
            rows = (await connection.execute(wanted.order_by(answers.c.started_at))).all()
            ids = wanted.with_only_columns(answers.c.id)
            texts = await _texts(connection, ids)
            keys = await _messages(connection, ids)
        return [UnfinishedAnswer(answer_of(row), texts[row.id], tuple(keys[row.id])) for row in rows]

    async def feedback(self, answer: str, user: PersonKey, rating: Rating | None, now: float) -> bool:
        """Store what a person thinks of an answer, instead of what was stored before; None takes it back.

        Returns False if there is no such answer.
        """
        return await self._database.write(
            functools.partial(_rate, answer=answer, user=user, rating=rating, now=now)
        )

    async def ratings(self, answer: str) -> Mapping[PersonKey, Rating]:
        """Return what each person thinks of an answer."""
        statement = select(ratings.c.user, ratings.c.rating).where(ratings.c.answer == answer)
        async with self._database.read() as connection:
            return {row.user: Rating(row.rating) for row in await connection.execute(statement)}

    async def _one(self, statement: Select[Any]) -> AnswerRecord | None:
        async with self._database.read() as connection:
            row = (await connection.execute(statement)).one_or_none()
        return None if row is None else answer_of(row)


def answer_of(row: Row[Any]) -> AnswerRecord:
    """Return a row of `answers` as a record."""
    return AnswerRecord(
        id=row.id,
        prompt_key=row.prompt_key,
        conversation=ConversationKey.parse(row.conversation, row.place) if row.conversation else None,
        platform=row.platform,
        workspace=row.workspace,
        place=row.place,
        asker=row.asker,
        prompt=row.prompt,
        model=row.model,
        persona=row.persona,
        started_at=row.started_at,
        surface=row.surface,
        state=State(row.state),
        attempts=row.attempts,
        first_text_at=row.first_text_at,
        ended_at=row.ended_at,
        detail=row.detail,
        usage=_usage_of(row),
        cost=row.cost,
        characters=row.characters,
        forgotten=row.forgotten,
    )


def _usage_of(row: Row[Any]) -> Usage | None:
    if row.prompt_tokens is None:
        return None
    return Usage(row.prompt_tokens, row.completion_tokens, row.reasoning_tokens)


def usage_values(usage: Usage | None) -> dict[str, int | None]:
    """Return the columns that hold a usage."""
    return {
        "prompt_tokens": None if usage is None else usage.prompt_tokens,
        "completion_tokens": None if usage is None else usage.completion_tokens,
        "reasoning_tokens": None if usage is None else usage.reasoning_tokens,
    }


async def insert_answer(connection: AsyncConnection, record: AnswerRecord) -> bool:
    """Store an answer; False if its prompt, or the answer itself, is stored already."""
    values = {
        "id": record.id,
        "prompt_key": record.prompt_key,
        "conversation": record.conversation,
        "platform": record.platform,
        "workspace": record.workspace,
        "place": record.place,
        "asker": record.asker,
        "prompt": record.prompt,
        "model": record.model,
        "persona": record.persona,
        "surface": dict(record.surface),
        "state": record.state.value,
        "attempts": record.attempts,
        "started_at": record.started_at,
        "first_text_at": record.first_text_at,
        "ended_at": record.ended_at,
        "detail": record.detail,
        "cost": record.cost,
        "characters": record.characters,
        "forgotten": record.forgotten,
    }
    statement = upsert(connection, answers).values(values | usage_values(record.usage))
    done = await connection.execute(statement.on_conflict_do_nothing().returning(answers.c.id))
    return done.scalar_one_or_none() is not None


async def _restart(connection: AsyncConnection, answer: str) -> bool:
    await connection.execute(delete(answer_texts).where(answer_texts.c.answer == answer))
    statement = update(answers).where(answers.c.id == answer, unfinished)
    done = await connection.execute(
        statement.values(state=State.WAITING.value, first_text_at=None, attempts=answers.c.attempts + 1)
    )
    return done.rowcount > 0


async def _texts(connection: AsyncConnection, ids: Select[Any]) -> Mapping[str, str]:
    """Return the stored text of each of the answers `ids`."""
    statement = select(answer_texts).where(answer_texts.c.answer.in_(ids))
    pieces: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
    for row in await connection.execute(statement.order_by(answer_texts.c.answer, answer_texts.c.start)):
        pieces[row.answer].append((row.start, row.text))
    return defaultdict(str, {answer: _joined(found) for answer, found in pieces.items()})


def _joined(pieces: Sequence[tuple[int, str]]) -> str:
    """Return the whole of pieces that are in order. A piece that was written again in other bounds may overlap."""
    text: list[str] = []
    length = 0
    for start, piece in pieces:
        fresh = piece[max(0, length - start) :]
        text.append(fresh)
        length += len(fresh)
    return "".join(text)


async def _messages(
    connection: AsyncConnection, ids: Select[Any]
) -> Mapping[str, list[tuple[int, MessageKey]]]:
    """Return the pages and keys of the messages of each of the answers `ids`, first page first."""
    statement = select(*messages.c["key", "answer", "page"]).where(messages.c.answer.in_(ids))
    found: defaultdict[str, list[tuple[int, MessageKey]]] = defaultdict(list)
    for row in await connection.execute(statement.order_by(messages.c.answer, messages.c.page)):
        found[row.answer].append((row.page, row.key))
    return found


async def _rate(
    connection: AsyncConnection, answer: str, user: PersonKey, rating: Rating | None, now: float
) -> bool:
    if await connection.scalar(select(answers.c.id).where(answers.c.id == answer)) is None:
        return False
    theirs = (ratings.c.answer == answer) & (ratings.c.user == user)
    await connection.execute(delete(ratings).where(theirs))
    if rating is not None:
        values = {"answer": answer, "user": user, "rating": rating.value, "rated_at": now}
        await connection.execute(insert(ratings).values(values))
    return True
