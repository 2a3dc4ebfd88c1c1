"""What is left in the tables of somebody or something that was forgotten: figures, and no word of theirs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

import tickertape.durable.store.forgetting
from tests.store.facts import HERE, asked, ended, replied, said, traces
from tests.support.keys import key, person
from tickertape.durable.store import Store
from tickertape.durable.store.forgetting import without_people
from tickertape.durable.store.records import AnswerRecord, Erased
from tickertape.model.api import Usage

pytestmark = pytest.mark.real_time  # the server is a process of its own

MARKERS = ("SECRETWORD", "SECRETNAME", "SECRETLINK")


def place(name: str = "SECRETNAME") -> dict[str, Any]:
    """A place as platforms store it, with all that tells of people and files."""
    about = {
        "origin": {"name": name, "channel": "general", "locale": "de"},
        "attachments": [{"name": f"{name}.txt", "url": f"https://files/{name}?signed=SECRETLINK"}],
    }
    return {"channel": 1, "kind": "channel", **about, "prompt": {"said_in": "m", **about}}


def secret(answer: str, asker: str = "alice", at: float = 100.0) -> AnswerRecord:
    """An answer whose every entry tells of who asked."""
    return replace(
        asked(answer, asker=asker, prompt="SECRETWORD?", at=at),
        surface=place(),
        detail="SECRETWORD at the gateway",
    )


def found(text: str) -> list[str]:
    """Return the markers that are in a text."""
    return [marker for marker in MARKERS if marker in text]


async def live_on(store: Store, answer: str, *, over: bool) -> None:
    """Let an answer be written, and come to its end if it is `over`."""
    store.answer_writes.add_text(answer, 0, "SECRETWORD", now=101.0)
    store.answer_writes.set_surface(
        answer,
        {**place(), "ended": {"state": "stopped", "sentence": "Stopped.", "notes": ["SECRETNAME.txt"]}},
    )
    if over:
        store.answer_writes.set_surface(answer, place())
        end = replace(ended(answer, usage=Usage(10, 20)), detail="SECRETWORD")
        store.answer_writes.end(end, replace(replied("SECRETWORD"), answer=answer))
    assert await store.answer_writes.flush()


async def lived(store: Store, answer: str = "a1", asker: str = "alice") -> None:
    """Let somebody ask and be answered."""
    words = replace(said("SECRETWORD?", f"prompt of {answer}", author=asker), author_name="SECRETNAME",
                    attachments=({"name": "SECRETNAME.txt"},))  # fmt: skip
    await store.conversations.add(words)
    assert await store.answers.begin(secret(answer, asker))
    await live_on(store, answer, over=True)
    assert found(await traces(store)) == list(MARKERS)


async def test_nothing_but_figures_is_left_of_a_conversation(store: Store) -> None:
    await lived(store)
    assert await store.conversations.forget(HERE) == Erased(turns=2, answers=1)
    assert found(await traces(store)) == []
    assert (await store.usage.counted(0.0, asker=person("alice"))).tokens == 30


async def test_nothing_but_figures_is_left_of_a_person(store: Store) -> None:
    await lived(store)
    assert await store.conversations.forget_person(person("alice")) == Erased(turns=2, answers=1)
    assert found(await traces(store)) == []
    assert (await store.usage.counted(0.0, asker=person("alice"))).tokens == 30


async def test_who_is_not_forgotten_keeps_everything(store: Store) -> None:
    await lived(store, "a1", "alice")
    before = await store.answers.find("a1")
    await store.conversations.forget_person(person("bob"))
    assert await store.answers.find("a1") == before


async def test_a_deleted_question_leaves_no_files_and_no_name(store: Store) -> None:
    await lived(store)
    await store.conversations.delete(key("prompt of a1"))
    left = await traces(store)
    assert "SECRETLINK" not in left
    assert "SECRETNAME" not in left
    answer = await store.answers.find("a1")
    assert answer is not None
    assert answer.surface == without_people(place()), "the way to its messages is left"


async def test_an_answer_that_is_written_meanwhile_brings_nothing_back(store: Store) -> None:
    assert await store.answers.begin(secret("a1"))
    await store.conversations.forget(HERE)
    await live_on(store, "a1", over=False)
    (unfinished,) = await store.answers.unfinished("discord")
    assert unfinished.text == "SECRETWORD", "it can be repaired while people see it grow"
    assert unfinished.record.surface["ended"]["sentence"] == "Stopped."
    assert found(await traces(store)) == ["SECRETWORD"]
    await live_on(store, "a1", over=True)
    assert found(await traces(store)) == []


async def test_many_answers_are_emptied_a_few_at_a_time(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tickertape.durable.store.forgetting, "AT_ONCE", 2)
    for number in range(5):
        assert await store.answers.begin(secret(f"a{number}"))
    assert (await store.conversations.forget_person(person("alice"))).answers == 5
    assert found(await traces(store)) == []
