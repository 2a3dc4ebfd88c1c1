"""Figures of answers on both kinds of database: counted, summed up, exported; and what housekeeping takes."""

from __future__ import annotations

import pytest

from tests.store.facts import HERE, answered, asked, ended, replied, said, texts
from tests.support.keys import key, person
from tickertape.durable.store import Store
from tickertape.durable.store.records import Counted, Erased, ModelUsage, Rating, Spent
from tickertape.durable.store.usage import EXPORTED
from tickertape.model.api import Usage

pytestmark = pytest.mark.real_time  # the server is a process of its own


@pytest.fixture
async def used(store: Store) -> Store:
    """Five answers, of two people, two workspaces and two models; the last one is running."""
    await answered(store, asked("a1", asker="alice", at=100.0), tokens=(1, 2), cost=0.5)
    await answered(store, asked("a2", asker="bob", at=200.0), tokens=(10, 20))
    await answered(store, asked("a3", asker="alice", at=300.0, model="large"), tokens=(100, 200), cost=2.0)
    await answered(
        store, asked("a4", asker="alice", at=400.0, workspace="other"), tokens=(1000, 2000), cost=0.25
    )
    await store.answers.begin(asked("a5", asker="alice", at=500.0))
    return store


async def test_answers_and_tokens_are_counted(used: Store) -> None:
    assert await used.usage.counted(0.0) == Counted(5, 3333)
    assert await used.usage.counted(0.0, asker=person("alice")) == Counted(4, 3303)
    assert await used.usage.counted(300.0, asker=person("alice")) == Counted(3, 3300)
    assert await used.usage.counted(0.0, workspace="guild") == Counted(4, 333)
    assert await used.usage.counted(200.0, asker=person("alice"), workspace="guild") == Counted(2, 300)
    assert await used.usage.counted(0.0, asker=person("nobody")) == Counted(0, 0)


async def test_a_window_tells_when_each_answer_leaves_it(used: Store) -> None:
    spent = [Spent(100.0, 3), Spent(300.0, 300), Spent(400.0, 3000), Spent(500.0, 0)]
    assert await used.usage.window(0.0, asker=person("alice")) == spent
    assert await used.usage.window(300.0, asker=person("alice")) == spent[1:]
    assert await used.usage.window(0.0, asker=person("alice"), most=2) == spent[2:]
    assert await used.usage.window(250.0, workspace="guild") == [Spent(300.0, 300), Spent(500.0, 0)]


async def test_figures_are_summed_up_by_model(used: Store) -> None:
    large = ModelUsage("large", answers=1, prompt_tokens=100, completion_tokens=200, cost=2.0)
    assert await used.usage.summary(0.0, asker=person("alice")) == [
        large,
        ModelUsage("small", 3, 1001, 2002, 0.75),
    ]
    assert await used.usage.summary(0.0, asker=person("bob")) == [ModelUsage("small", 1, 10, 20, None)]
    assert await used.usage.summary(0.0) == [large, ModelUsage("small", 4, 1011, 2022, 0.75)]


async def test_every_answer_is_exported_without_text(used: Store) -> None:
    await used.answers.feedback("a2", person("alice"), Rating.GOOD, now=300.0)
    await used.answers.feedback("a2", person("bob"), Rating.BAD, now=300.0)
    await used.answers.feedback("a2", person("carol"), Rating.BAD, now=300.0)
    rows = [row async for row in used.usage.export(150.0)]
    assert [row.id for row in rows] == ["a2", "a3", "a4", "a5"]
    assert (rows[0].asker, rows[0].prompt_tokens, rows[0].good, rows[0].bad) == (person("bob"), 10, 1, 2)
    assert (rows[3].state, rows[3].ended_at, rows[3].prompt_tokens) == ("waiting", None, 0)
    assert "Why?" not in str(rows)


async def test_a_long_export_has_every_answer_once(store: Store) -> None:
    count = EXPORTED * 2 + 1
    for number in range(count):
        store.answer_writes.begin(asked(f"a{number}", at=float(number // 3)))
    assert await store.answer_writes.flush()
    rows = [row async for row in store.usage.export(0.0)]
    assert len(rows) == count
    assert {row.id for row in rows} == {f"a{number}" for number in range(count)}
    assert [row.started_at for row in rows] == sorted(row.started_at for row in rows)


async def test_housekeeping_takes_what_is_old_and_over(store: Store) -> None:
    for number in range(3):
        at = 100.0 * number
        await store.conversations.add(said(f"ask {number}", f"m{number}", at=at))
        record = asked(f"a{number}", f"m{number}", at=at)
        await answered(store, record, turn=replied(f"answer {number}", at=at + 5.0))
    await store.answers.begin(asked("running", at=0.0))
    store.answer_writes.add_message("a0", 0, key("page 0"), now=6.0)
    await store.answer_writes.flush()
    assert await store.prune(before=100.0) == Erased(turns=2, answers=1)
    assert await texts(store) == ["ask 1", "answer 1", "ask 2", "answer 2"]
    assert await store.answers.find("a0") is None
    assert await store.answers.find("running") is not None
    assert await store.conversations.find(key("m0")) is None
    assert await store.conversations.find(key("page 0")) is None
    assert await store.conversations.find(key("m1")) is not None
    assert await store.prune(before=100.0) == Erased(turns=0, answers=0)


async def test_reasoning_is_part_of_the_completion(store: Store) -> None:
    await store.answers.begin(asked("a1", conversation=HERE))
    store.answer_writes.end(ended("a1", usage=Usage(10, 20, reasoning_tokens=15)))
    await store.answer_writes.flush()
    assert await store.usage.counted(0.0) == Counted(1, 30)
