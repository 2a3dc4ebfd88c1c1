"""Whatever is said, edited, deleted and forgotten in any order: a conversation is what a simple list would be."""

from __future__ import annotations

import asyncio
import contextlib
import enum
import itertools
from dataclasses import dataclass, field, replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.store.facts import asked, ended, said
from tests.support.keys import conversation, key, person
from tickertape.durable.store import Store, StoreError
from tickertape.durable.store.records import NewTurn
from tickertape.durable.store.schema import storable

SETTINGS = settings(
    deadline=None, derandomize=True, database=None, max_examples=60, suppress_health_check=list(HealthCheck)
)
PEOPLE = ("alice", "bob", "carol")

_examples = itertools.count()


@dataclass(frozen=True, slots=True)
class Said:
    """A turn of the model's."""

    key: str
    author: str
    text: str
    tokens: int


@dataclass(slots=True)
class ListModel:
    """A conversation as a list, oldest first, and all keys that were ever seen."""

    turns: list[Said] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    def add(self, turn: Said) -> None:
        if turn.key not in self.seen:
            self.turns.append(turn)
            self.seen.add(turn.key)

    def add_older(self, older: list[Said]) -> None:
        new = [turn for turn in older if turn.key not in self.seen]
        self.turns[:0] = new
        self.seen |= {turn.key for turn in new}

    def edit(self, key: str, text: str, tokens: int) -> None:
        self.turns = [
            replace(turn, text=text, tokens=tokens) if turn.key == key else turn for turn in self.turns
        ]

    def delete(self, key: str) -> None:
        self.turns = [turn for turn in self.turns if turn.key != key]

    def forget_person(self, author: str) -> None:
        self.turns = [turn for turn in self.turns if turn.author != author]

    def newest(self, tokens: int, most: int) -> list[Said]:
        """Return the longest end of the list that fits, and the last turn in any case."""
        ends = [self.turns[start:] for start in range(len(self.turns) + 1)]
        fit = (
            end for end in ends
            if len(end) <= most and (len(end) <= 1 or sum(turn.tokens for turn in end) <= tokens)
        )  # fmt: skip
        return next(fit)


names = st.integers(0, 12).map(str)
turns = st.builds(Said, names, st.sampled_from(PEOPLE), st.text(max_size=20), st.integers(0, 50))
older = st.lists(turns, max_size=4, unique_by=lambda turn: turn.key)
operations = st.lists(
    st.one_of(
        st.tuples(st.just("add"), turns),
        st.tuples(st.just("add"), turns),
        st.tuples(st.just("add_older"), older),
        st.tuples(st.just("edit"), names, st.text(max_size=20), st.integers(0, 50)),
        st.tuples(st.just("delete"), names),
        st.tuples(st.just("forget_person"), st.sampled_from(PEOPLE)),
        st.just(("forget",)),
    ),
    max_size=25,
)
budgets = st.lists(st.tuples(st.integers(0, 300), st.integers(0, 12)), min_size=1, max_size=3)


class Both:
    """The store and the list, of which the same is asked."""

    def __init__(self, store: Store) -> None:
        self._conversations = store.conversations
        self._example = conversation(f"discord:{next(_examples)}")
        self._model = ListModel()

    async def do(self, name: str, *arguments: object) -> None:
        """Do one operation on both."""
        match name, arguments:
            case "add", (Said() as turn,):
                await self._conversations.add(self._new(turn))
                self._model.add(turn)
            case "add_older", (list() as turns,):
                await self._conversations.add_older(self._example, [self._new(turn) for turn in turns])
                self._model.add_older(turns)
            case "edit", (str() as held, str() as text, int() as tokens):
                await self._conversations.edit(key(self._own(held)), text, tokens)
                self._model.edit(held, text, tokens)
            case "delete", (str() as held,):
                await self._conversations.delete(key(self._own(held)))
                self._model.delete(held)
            case "forget_person", (str() as author,):
                await self._conversations.forget_person(person(self._own(author)))
                self._model.forget_person(author)
            case "forget", ():
                await self._conversations.forget(self._example)
                self._model.turns.clear()
            case _:
                raise AssertionError(name)

    async def check(self, tokens: int, most: int) -> None:
        """Assert that both give the same for a prompt."""
        found = await self._conversations.newest(self._example, tokens, most)
        wanted = [(storable(turn.text), turn.tokens) for turn in self._model.newest(tokens, most)]
        assert [(turn.text, turn.tokens) for turn in found] == wanted

    def _new(self, turn: Said) -> NewTurn:
        return said(
            turn.text, self._own(turn.key), conversation=self._example, tokens=turn.tokens, author=self._own(turn.author)
        )  # fmt: skip

    def _own(self, name: str) -> str:
        """Return a name that no other example uses: they share a database."""
        return f"{self._example} {name}"


@SETTINGS
@given(operations=operations, budgets=budgets)
async def test_a_conversation_is_what_a_list_would_be(
    sqlite_store: Store, operations: list[tuple[object, ...]], budgets: list[tuple[int, int]]
) -> None:
    both = Both(sqlite_store)
    for name, *arguments in operations:
        await both.do(str(name), *arguments)
    for tokens, most in budgets:
        await both.check(tokens, most)


@SETTINGS
@given(sizes=st.lists(st.integers(0, 40), max_size=90), tokens=st.integers(0, 2000), most=st.integers(0, 100))
async def test_the_newest_turns_fit_and_are_whole_across_batches(
    sqlite_store: Store, sizes: list[int], tokens: int, most: int
) -> None:
    both = Both(sqlite_store)
    turns = [Said(str(number), "alice", str(number), size) for number, size in enumerate(sizes)]
    await both.do("add_older", turns)
    await both.check(tokens, most)


class Step(enum.Enum):
    """What can happen between two pieces of a text."""

    FLUSH = enum.auto()
    WAIT = enum.auto()
    REFUSE = enum.auto()
    RECOVER = enum.auto()


texts_and_steps = st.lists(st.one_of(st.text(min_size=1, max_size=30), st.sampled_from(Step)), max_size=30)


@SETTINGS
@given(steps=texts_and_steps)
async def test_a_text_is_stored_without_a_gap_whenever_the_database_refuses(
    sqlite_store: Store, steps: list[str | Step]
) -> None:
    answer = f"example {next(_examples)}"
    await sqlite_store.answers.begin(asked(answer))
    database = sqlite_store._database
    flushes: list[asyncio.Task[bool]] = []
    text = ""
    for step in steps:
        match step:
            case str():
                sqlite_store.answer_writes.add_text(answer, len(text), step, now=101.0)
                text += step
            case Step.FLUSH:
                flushes.append(asyncio.create_task(sqlite_store.answer_writes.flush()))
            case Step.WAIT:
                await asyncio.gather(*flushes)
            case Step.REFUSE:
                with contextlib.suppress(StoreError):
                    await database.write(
                        lambda connection: connection.exec_driver_sql("PRAGMA query_only=ON")
                    )
            case Step.RECOVER:
                await asyncio.gather(*flushes)
                await database.writer._engine.dispose()  # the setting goes with the connection
    await asyncio.gather(*flushes)
    await database.writer._engine.dispose()
    assert await sqlite_store.answer_writes.flush()
    (found,) = await sqlite_store.answers.unfinished("discord")
    assert found.text == storable(text)
    sqlite_store.answer_writes.end(ended(answer))
    assert await sqlite_store.answer_writes.flush()
