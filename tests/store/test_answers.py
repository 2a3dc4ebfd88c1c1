"""Answers on both kinds of database: each prompt once, found again, unfinished after a crash, rated."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.store.facts import HERE, asked, ended, replied, texts
from tests.support.keys import conversation, key, person, place
from tickertape.answer.states import State
from tickertape.durable.store import Store
from tickertape.durable.store.records import MessageRecord, Rating, UnfinishedAnswer
from tickertape.model.api import Usage

pytestmark = pytest.mark.real_time  # the server is a process of its own


async def test_an_answer_comes_back_as_it_was_begun(store: Store) -> None:
    record = asked("a1", "m1")
    assert await store.answers.begin(record)
    assert await store.answers.find("a1") == record
    assert await store.answers.by_prompt(key("m1")) == record
    assert await store.answers.find("a2") is None
    assert await store.answers.by_prompt(key("m2")) is None


async def test_a_prompt_gets_one_answer(store: Store) -> None:
    assert await store.answers.begin(asked("a1", "m1"))
    assert not await store.answers.begin(asked("a2", "m1"))
    assert await store.answers.find("a2") is None


async def test_a_running_answer_is_found_with_everything_that_was_stored(store: Store) -> None:
    await store.answers.begin(asked("a1"))
    store.answer_writes.add_text("a1", 0, "Because ", now=101.0)
    store.answer_writes.add_message("a1", 0, key("page 0"), now=101.5)
    assert await store.answer_writes.flush()
    store.answer_writes.add_text("a1", 8, "of ", now=102.0)
    store.answer_writes.add_text("a1", 11, "that.", now=103.0)
    assert await store.answer_writes.flush()
    (found,) = await store.answers.unfinished("discord")
    streaming = replace(asked("a1"), state=State.STREAMING, first_text_at=101.0)
    assert found == UnfinishedAnswer(streaming, "Because of that.", ((0, key("page 0")),))
    assert await store.answers.by_message(key("page 0")) == streaming
    assert await store.answers.by_message(key("page 1")) is None
    assert await store.conversations.find(key("page 0")) == MessageRecord(
        key("page 0"), HERE, answer="a1", page=0
    )


async def test_an_answer_that_has_shown_nothing_is_found_too(store: Store) -> None:
    await store.answers.begin(asked("a1"))
    assert await store.answers.unfinished("discord") == [UnfinishedAnswer(asked("a1"), "", ())]


async def test_unfinished_answers_are_those_of_one_platform_oldest_first(store: Store) -> None:
    await store.answers.begin(asked("late", at=200.0))
    await store.answers.begin(asked("early", at=100.0))
    await store.answers.begin(asked("over", at=50.0))
    await store.answers.begin(asked("elsewhere", platform="slack"))
    for answer in ("late", "early"):
        store.answer_writes.add_text(answer, 0, f"text of {answer}", now=201.0)
        for page in (1, 0):
            store.answer_writes.add_message(answer, page, key(f"{answer} {page}"), now=201.0)
    store.answer_writes.end(ended("over"))
    assert await store.answer_writes.flush()
    early, late = await store.answers.unfinished("discord")
    assert (early.record.id, early.text) == ("early", "text of early")
    assert early.messages == ((0, key("early 0")), (1, key("early 1")))
    assert (late.record.id, late.text) == ("late", "text of late")
    assert [each.record.id for each in await store.answers.unfinished("slack")] == ["elsewhere"]


async def test_an_ended_answer_keeps_its_figures_and_its_turn(store: Store) -> None:
    await store.answers.begin(asked("a1"))
    store.answer_writes.add_text("a1", 0, "Because.", now=101.0)
    store.answer_writes.add_message("a1", 0, key("page 0"), now=101.5)
    store.answer_writes.add_message("a1", 1, key("page 1"), now=102.0)
    assert await store.answer_writes.flush()
    store.answer_writes.end(ended("a1", usage=Usage(3, 5, 2), cost=0.25), replied("Because."))
    assert await store.answer_writes.flush()
    answer = await store.answers.find("a1")
    assert answer is not None
    assert (answer.state, answer.ended_at, answer.detail) == (State.COMPLETE, 110.0, "stop")
    assert (answer.usage, answer.cost, answer.characters) == (Usage(3, 5, 2), 0.25, 12)
    assert await store.answers.unfinished("discord") == []
    assert await texts(store) == ["Because."]
    for page in (0, 1):
        message = await store.conversations.find(key(f"page {page}"))
        assert message is not None
        assert message.turn is not None
        assert (message.turn.text, message.turn.answer, message.page) == ("Because.", "a1", page)


async def test_a_second_end_changes_nothing(store: Store) -> None:
    await store.answers.begin(asked("a1"))
    for state in (State.STOPPED, State.FAILED):
        store.answer_writes.end(ended("a1", state), replied(state.value))
        assert await store.answer_writes.flush()
    store.answer_writes.add_text("a1", 0, "late", now=120.0)
    assert await store.answer_writes.flush()
    answer = await store.answers.find("a1")
    assert answer is not None
    assert (answer.state, answer.first_text_at) == (State.STOPPED, None)
    assert await texts(store) == ["stopped"]
    assert not await store.answers.restart("a1")


async def test_a_message_that_comes_after_the_end_belongs_to_the_turn(store: Store) -> None:
    await store.answers.begin(asked("a1"))
    store.answer_writes.end(ended("a1"), replied("Because."))
    assert await store.answer_writes.flush()
    store.answer_writes.add_message("a1", 0, key("page 0"), now=111.0)
    assert await store.answer_writes.flush()
    message = await store.conversations.find(key("page 0"))
    assert message is not None
    assert message.turn is not None
    assert message.turn.text == "Because."


async def test_an_answer_begins_anew_in_the_same_message(store: Store) -> None:
    await store.answers.begin(asked("a1"))
    store.answer_writes.add_text("a1", 0, "half", now=101.0)
    store.answer_writes.add_message("a1", 0, key("page 0"), now=101.0)
    assert await store.answer_writes.flush()
    assert await store.answers.restart("a1")
    (found,) = await store.answers.unfinished("discord")
    assert found.record == replace(asked("a1"), attempts=2)
    assert (found.text, found.messages) == ("", ((0, key("page 0")),))
    assert not await store.answers.restart("a2")


async def test_a_regenerated_answer_may_take_over_the_messages(store: Store) -> None:
    for number in (1, 2):
        answer = f"a{number}"
        await store.answers.begin(asked(answer))
        store.answer_writes.add_message(answer, 0, key("page 0"), now=101.0)
        old = await store.conversations.newest(HERE, 100, 1)
        turn = replace(replied(f"answer {number}"), replaces=old[0].id if old else None)
        store.answer_writes.end(ended(answer), turn)
        assert await store.answer_writes.flush()
    assert await texts(store) == ["answer 2"]
    message = await store.conversations.find(key("page 0"))
    assert message is not None
    assert message.turn is not None
    assert (message.answer, message.turn.text) == ("a2", "answer 2")


async def test_what_the_platform_needs_can_change(store: Store) -> None:
    await store.answers.begin(asked("a1"))
    store.answer_writes.set_surface("a1", {"token": "new"})
    assert await store.answer_writes.flush()
    answer = await store.answers.find("a1")
    assert answer is not None
    assert answer.surface == {"token": "new"}


async def test_an_answer_can_move_to_another_conversation(store: Store) -> None:
    await store.answers.begin(asked("a1"))
    store.answer_writes.set_surface("a1", {"token": "old"})
    store.answer_writes.move("a1", place("discord:7"), conversation("discord:7"), {"channel": 7})
    store.answer_writes.add_message("a1", 0, key("page 0"), now=101.0)
    assert await store.answer_writes.flush()
    answer, message = await store.answers.find("a1"), await store.conversations.find(key("page 0"))
    assert answer is not None
    assert (answer.place, answer.conversation) == (place("discord:7"), conversation("discord:7"))
    assert answer.surface == {"channel": 7}
    assert message is not None
    assert message.conversation == conversation("discord:7")


async def test_everybody_has_one_rating(store: Store) -> None:
    await store.answers.begin(asked("a1"))
    assert await store.answers.feedback("a1", person("alice"), Rating.GOOD, now=120.0)
    assert await store.answers.feedback("a1", person("bob"), Rating.GOOD, now=121.0)
    assert await store.answers.feedback("a1", person("alice"), Rating.BAD, now=122.0)
    assert await store.answers.ratings("a1") == {person("alice"): Rating.BAD, person("bob"): Rating.GOOD}
    assert await store.answers.feedback("a1", person("bob"), None, now=123.0)
    assert await store.answers.ratings("a1") == {person("alice"): Rating.BAD}
    assert not await store.answers.feedback("a2", person("alice"), Rating.GOOD, now=124.0)
