"""What is written down of an answer before people see it."""

from __future__ import annotations

import asyncio
from typing import cast

import pytest

from tests.support.prompts import prompt
from tickertape.answer.answer import Answer, Ending
from tickertape.answer.states import State
from tickertape.durable.store import Store
from tickertape.durable.store_journal import StoreJournal
from tickertape.languages import words
from tickertape.memory.models import Models


class SlowJournal:
    """A journal whose flush covers what was noted before it, and takes as long as a test wants."""

    def __init__(self) -> None:
        self.flushes: list[asyncio.Future[bool]] = []

    def add_text(self, *noted: object) -> None:
        """Take it."""

    def set_surface(self, *noted: object) -> None:
        """Take it."""

    async def flush(self) -> bool:
        self.flushes.append(asyncio.get_running_loop().create_future())
        return await self.flushes[-1]


class SlowStore:
    """A store that has nothing but such a journal."""

    refusal = None

    def __init__(self) -> None:
        self.answer_writes = SlowJournal()


def beginning(store: SlowStore) -> tuple[StoreJournal, Answer]:
    """Return an answer of which a first text has come, and the book in which it is written down."""
    journal = StoreJournal(cast("Store", store), cast("Models", None), lambda: 0.0)
    answer = Answer(prompt(), 0.0)
    journal.resume(answer, {})
    answer.ask()
    answer.append("Because", 1.0)
    return journal, answer


async def test_what_is_noted_while_a_call_waits_is_waited_for_by_the_next() -> None:
    store = SlowStore()
    journal, answer = beginning(store)
    first = asyncio.create_task(journal.before_call(answer))
    await asyncio.sleep(0)
    answer.append(" it is so.", 2.0)
    answer.end(Ending(State.COMPLETE, words.STOPPED, "complete"), 2.0)
    journal.ended(answer)
    store.answer_writes.flushes[0].set_result(True)
    await first
    second = asyncio.create_task(journal.before_call(answer))
    await asyncio.sleep(0)
    assert not second.done(), "the end is not safe by a commit that began before it"
    store.answer_writes.flushes[1].set_result(True)
    await second
    await journal.before_call(answer)
    assert len(store.answer_writes.flushes) == 2


@pytest.mark.parametrize("fault", ["refused", "too slow", "cancelled"])
async def test_what_a_failed_flush_left_unsafe_is_waited_for_by_the_next_call(fault: str) -> None:
    store = SlowStore()
    journal, answer = beginning(store)
    first = asyncio.create_task(journal.before_call(answer))
    await asyncio.sleep(0)
    if fault == "refused":
        store.answer_writes.flushes[0].set_result(False)
    if fault == "cancelled":
        first.cancel()
    await asyncio.wait([first])
    assert first.cancelled() is (fault == "cancelled")
    second = asyncio.create_task(journal.before_call(answer))  # nothing has been noted since
    await asyncio.sleep(0)
    assert not second.done(), "the text is not safe yet"
    store.answer_writes.flushes[1].set_result(True)
    await second
    await journal.before_call(answer)
    assert len(store.answer_writes.flushes) == 2
