"""Everything that outlives the process, behind one door."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from tickertape.durable.store.answer_writes import AnswerWrites
from tickertape.durable.store.answers import Answers
from tickertape.durable.store.backends import DatabaseSettings
from tickertape.durable.store.conversations import Conversations
from tickertape.durable.store.database import Database
from tickertape.durable.store.errors import DatabaseRefuses
from tickertape.durable.store.housekeeping import prune
from tickertape.durable.store.preferences import Preferences
from tickertape.durable.store.records import Erased
from tickertape.durable.store.usage import Usage


class Store:
    """An open database, one attribute for each subject."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.conversations = Conversations(database)
        self.answers = Answers(database)
        self.answer_writes = AnswerWrites(database.writer)
        self.usage = Usage(database)
        self.preferences = Preferences(database)

    @classmethod
    async def open(cls, settings: DatabaseSettings) -> Self:
        """Open the database and bring its schema up to date; raises a `StoreError` that says what is wrong."""
        return cls(await Database.open(settings))

    @classmethod
    async def in_memory(cls) -> Self:
        """Make an empty store that ends with the process: for tests, and wherever nothing is to be kept."""
        return cls(await Database.in_memory())

    @property
    def refusal(self) -> DatabaseRefuses | None:
        """Why the database has lately taken no write; None if all is well."""
        return self._database.writer.refusal

    async def prune(self, before: float) -> Erased:
        """Erase turns and ended answers, usage included, from before a time in seconds since 1970."""
        return await prune(self._database, before)

    async def close(self) -> None:
        """Write what is left and let go of the database."""
        await self._database.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()
