"""What answers took: counted for limits, summed up for people, and exported for the owner. No text is read."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, select, tuple_

from tickertape.durable.store.database import Database
from tickertape.durable.store.records import Counted, ModelUsage, Rating, Spent, UsageRow
from tickertape.durable.store.schema import answers, ratings
from tickertape.prompts.keys import PersonKey

MOST_SPENT = 1000
"""Answers that `Usage.window` returns at most, if nothing else is asked for."""

EXPORTED = 500
"""Rows that are read at once for an export, so that it holds up nothing."""

_TOKENS = func.coalesce(answers.c.prompt_tokens, 0) + func.coalesce(answers.c.completion_tokens, 0)
"""Reasoning tokens are part of the completion's, as the chat completions API counts them."""


class Usage:
    """The figures of all answers, running ones included. Every method raises a `StoreError` if the database fails.

    `asker` and `workspace` say whose answers are meant, None anybody's; `since` is the earliest time of their begin.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def counted(
        self, since: float, *, asker: PersonKey | None = None, workspace: str | None = None
    ) -> Counted:
        """Return how many answers were begun, and the tokens that they took."""
        figures = select(func.count(), func.coalesce(func.sum(_TOKENS), 0))
        async with self._database.read() as connection:
            row = (await connection.execute(_whose(figures, since, asker, workspace))).one()
        return Counted(row[0], int(row[1]))  # PostgreSQL sums to a Decimal

    async def window(
        self,
        since: float,
        *,
        asker: PersonKey | None = None,
        workspace: str | None = None,
        most: int = MOST_SPENT,
    ) -> list[Spent]:
        """Return the latest `most` answers, oldest first: from them follows when a limit has room again."""
        figures = select(answers.c.started_at, _TOKENS.label("tokens"))
        statement = _whose(figures, since, asker, workspace)
        statement = statement.order_by(answers.c.started_at.desc()).limit(most)
        async with self._database.read() as connection:
            rows = (await connection.execute(statement)).all()
        return [Spent(row.started_at, row.tokens) for row in reversed(rows)]

    async def summary(
        self, since: float, *, asker: PersonKey | None = None, workspace: str | None = None
    ) -> list[ModelUsage]:
        """Return the figures by model, by its name."""
        figures = select(
            answers.c.model,
            func.count().label("answers"),
            func.coalesce(func.sum(answers.c.prompt_tokens), 0).label("prompt_tokens"),
            func.coalesce(func.sum(answers.c.completion_tokens), 0).label("completion_tokens"),
            func.sum(answers.c.cost).label("cost"),
        )
        statement = _whose(figures, since, asker, workspace).group_by(answers.c.model)
        async with self._database.read() as connection:
            rows = await connection.execute(statement.order_by(answers.c.model))
            return [
                ModelUsage(
                    row.model, row.answers, int(row.prompt_tokens), int(row.completion_tokens), row.cost
                )
                for row in rows
            ]

    async def export(self, since: float) -> AsyncIterator[UsageRow]:
        """Yield every answer, oldest first. What is begun meanwhile may or may not be among them."""
        last: Row[Any] | None = None
        while True:
            rows = await self._exported(since, last)
            for row in rows:
                yield UsageRow(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name
            if len(rows) < EXPORTED:
                return
            last = rows[-1]

    async def _exported(self, since: float, last: Row[Any] | None) -> Sequence[Row[Any]]:
        """Return the next rows after `last`."""
        statement = _ROWS.where(answers.c.started_at >= since)
        if last is not None:
            statement = statement.where(tuple_(last.started_at, last.id) < _ORDER)
        async with self._database.read() as connection:
            rows: Sequence[Row[Any]] = (await connection.execute(statement)).all()
        return rows


def _whose(
    statement: Select[Any], since: float, asker: PersonKey | None, workspace: str | None
) -> Select[Any]:
    """Narrow `statement` to the answers that are meant."""
    statement = statement.where(answers.c.started_at >= since)
    if asker is not None:
        statement = statement.where(answers.c.asker == asker)
    if workspace is not None:
        statement = statement.where(answers.c.workspace == workspace)
    return statement


def _rated(rating: Rating) -> ColumnElement[int]:
    """Return the number of people who gave an answer this rating."""
    counted = select(func.count()).where(ratings.c.answer == answers.c.id, ratings.c.rating == rating.value)
    return counted.scalar_subquery()


_ORDER = tuple_(answers.c.started_at, answers.c.id)

_ROWS: Select[Any] = (
    select(
        *answers.c[
            "id", "started_at", "first_text_at", "ended_at", "platform", "workspace", "place", "asker"
        ],
        *answers.c["model", "persona", "state", "attempts"],
        func.coalesce(answers.c.prompt_tokens, 0).label("prompt_tokens"),
        func.coalesce(answers.c.completion_tokens, 0).label("completion_tokens"),
        func.coalesce(answers.c.reasoning_tokens, 0).label("reasoning_tokens"),
        *answers.c["cost", "characters"],
        _rated(Rating.GOOD).label("good"),
        _rated(Rating.BAD).label("bad"),
    )
    .order_by(answers.c.started_at, answers.c.id)
    .limit(EXPORTED)
)
