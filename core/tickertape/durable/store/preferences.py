"""What was chosen for a channel or a conversation: a model, a persona. Which scope counts is for the caller to say."""

from __future__ import annotations

import functools

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from tickertape.durable.store.database import Database
from tickertape.durable.store.records import Choice, Preference
from tickertape.durable.store.schema import preferences
from tickertape.durable.store.statements import upsert


class Preferences:
    """The choices of all scopes. Every method raises a `StoreError` if the database does not do it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, choice: Choice, *scopes: str) -> Preference | None:
        """Return what was chosen for the first of `scopes` that has a choice: name the narrowest first."""
        statement = select(preferences).where(
            preferences.c.scope.in_(scopes), preferences.c.choice == choice.value
        )
        async with self._database.read() as connection:
            found = {row.scope: row for row in await connection.execute(statement)}
        for scope in scopes:
            if (row := found.get(scope)) is not None:
                return Preference(scope, choice, row.value, row.set_by, row.set_at)
        return None

    async def set(self, preference: Preference) -> None:
        """Store a choice in the place of an earlier one."""
        await self._database.write(functools.partial(_set, preference=preference))


async def _set(connection: AsyncConnection, preference: Preference) -> None:
    values: dict[str, object] = {
        "value": preference.value,
        "set_by": preference.set_by,
        "set_at": preference.set_at,
    }
    key = {"scope": preference.scope, "choice": preference.choice.value}
    statement = upsert(connection, preferences).values(key | values)
    await connection.execute(statement.on_conflict_do_update(index_elements=["scope", "choice"], set_=values))
