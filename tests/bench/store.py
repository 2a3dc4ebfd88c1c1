"""What the store takes: a prompt in short and in long conversations, and the texts of many answers at once.

A prompt is all that is written and read for one: the question, its answer's begin, the turns that the model is given,
the answer's end with its turn. The budget of tokens fits 20 turns, so that all conversations give as much. Each length
has its turn in every round, so that other load on the machine falls on all of them alike.
"""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from tests.support import keys
from tickertape.answer.states import State
from tickertape.durable.store import DatabaseSettings, Store
from tickertape.durable.store.records import AnswerEnd, AnswerRecord, NewTurn
from tickertape.prompts.keys import ConversationKey
from tickertape.prompts.turns import Role

LENGTHS = (20, 500, 5000)
ANSWERS = 100
_TOKENS = 50
_BUDGET = 20 * _TOKENS
_TEXT = "It is the answer to the question that was asked. " * 4


@dataclass(frozen=True, slots=True)
class PromptCost:
    """Milliseconds of a prompt in a conversation of `turns`, at the median: all of it, and reading alone."""

    turns: int
    prompt: float
    reading: float


@dataclass(frozen=True, slots=True)
class StoreCosts:
    """The prompts' costs; and of `answers` at once, the pieces of text stored per second and the CPU of each, in µs."""

    prompts: list[PromptCost]
    answers: int
    pieces_per_second: float
    cpu_per_piece: float


def measure(*, quick: bool) -> StoreCosts:
    """Measure on a database in a new file."""
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_measure(Path(folder) / "store.db", 60 if quick else 400))


async def _measure(file: Path, rounds: int) -> StoreCosts:
    async with await Store.open(DatabaseSettings(f"sqlite:///{file}")) as store:
        prompts = await _prompts(store, rounds)
        seconds, cpu = await _journal(store, rounds)
    pieces = rounds * ANSWERS
    return StoreCosts(prompts, ANSWERS, pieces / seconds, cpu / pieces * 1e6)


async def _prompts(store: Store, rounds: int) -> list[PromptCost]:
    for length in LENGTHS:
        turns = [_said(_conversation(length), f"{length}/old {number}") for number in range(length)]
        await store.conversations.add_older(_conversation(length), turns)
    whole: dict[int, list[float]] = {length: [] for length in LENGTHS}
    reading: dict[int, list[float]] = {length: [] for length in LENGTHS}
    for number in range(rounds):
        for length in LENGTHS:
            first, read, last = await _prompt(store, _conversation(length), f"{length}/{number}")
            whole[length].append((first + read + last) * 1000)
            reading[length].append(read * 1000)
    return [
        PromptCost(length, statistics.median(whole[length]), statistics.median(reading[length]))
        for length in LENGTHS
    ]


async def _prompt(store: Store, conversation: ConversationKey, answer: str) -> tuple[float, float, float]:
    """Return the seconds that the three parts of a prompt took: before, reading, after."""

    async def before() -> None:
        await store.conversations.add(_said(conversation, f"{answer} prompt"))
        assert await store.answers.begin(_asked(conversation, answer))

    async def read() -> None:
        assert len(await store.conversations.newest(conversation, _BUDGET, 1000)) == 20

    async def after() -> None:
        end = AnswerEnd(answer, State.COMPLETE, 2.0)
        store.answer_writes.end(end, NewTurn(conversation, Role.ASSISTANT, _TEXT, _TOKENS, 2.0))
        assert await store.answer_writes.flush()

    return await _seconds(before), await _seconds(read), await _seconds(after)


async def _seconds(work: Callable[[], Awaitable[None]]) -> float:
    started = time.perf_counter()
    await work()
    return time.perf_counter() - started


async def _journal(store: Store, rounds: int) -> tuple[float, float]:
    """Let all answers add a piece of text in each round; return the seconds and the CPU seconds that it took."""
    for number in range(ANSWERS):
        await store.answers.begin(_asked(keys.conversation("bench:journal"), f"journal/{number}"))
    started, used = time.perf_counter(), time.process_time()
    for piece in range(rounds):
        for number in range(ANSWERS):
            store.answer_writes.add_text(f"journal/{number}", piece * len(_TEXT), _TEXT, now=1.0)
        assert await store.answer_writes.flush()
    return time.perf_counter() - started, time.process_time() - used


def _conversation(length: int) -> ConversationKey:
    return keys.conversation(f"bench:{length}")


def _said(conversation: ConversationKey, message: str) -> NewTurn:
    held, author = (keys.key(f"bench:{message}"),), keys.person("bench:alice")
    return NewTurn(conversation, Role.USER, _TEXT, _TOKENS, 1.0, held, author=author, author_name="Alice")


def _asked(conversation: ConversationKey, answer: str) -> AnswerRecord:
    return AnswerRecord(
        id=answer,
        prompt_key=keys.key(f"bench:{answer} prompt"),
        conversation=conversation,
        platform="bench",
        workspace="bench",
        place=conversation.place,
        asker=keys.person("bench:alice"),
        prompt=_TEXT,
        model="bench",
        persona="",
        started_at=1.0,
    )
