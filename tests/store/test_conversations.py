"""What was said: added, linked, edited, deleted, read back, forgotten. On both kinds of database."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.store.facts import HERE, answered, asked, ended, replied, said, texts, turns
from tests.support.keys import conversation, key, person
from tickertape.durable.store import Store
from tickertape.durable.store.records import Erased, MessageRecord
from tickertape.prompts.turns import Role

pytestmark = pytest.mark.real_time  # the server is a process of its own

THERE = conversation("discord:2")


async def test_a_turn_comes_back_as_it_was_said(store: Store) -> None:
    picture = {"name": "a.png", "bytes": 3, "url": "https://cdn/a.png"}
    new = replace(said("Hällo 👋\n```py\n```", "m1", tokens=7), attachments=(picture,))
    added = await store.conversations.add(new)
    (turn,) = await turns(store)
    assert turn == added
    assert (turn.role, turn.text, turn.tokens, turn.created_at) == (Role.USER, new.text, 7, 100.0)
    assert (turn.author, turn.author_name, turn.attachments) == (person("alice"), "Alice", (picture,))


async def test_text_that_is_no_text_is_stored_all_the_same(store: Store) -> None:
    await store.conversations.add(said("a\0b\ud83dc", "m1"))
    assert await texts(store) == ["a\ufffdb\ufffdc"]


async def test_conversations_are_kept_apart(store: Store) -> None:
    await store.conversations.add(said("here", "m1"))
    await store.conversations.add(said("there", "m2", conversation=THERE))
    assert await texts(store) == ["here"]
    assert await texts(store, THERE) == ["there"]


async def test_a_message_is_a_turn_once(store: Store) -> None:
    first = await store.conversations.add(said("once", "m1", "m2"))
    assert await store.conversations.add(said("again", "m2")) == first
    assert await texts(store) == ["once"]


async def test_a_message_leads_to_its_conversation_and_turn(store: Store) -> None:
    turn = await store.conversations.add(said("hello", "m1"))
    assert turn is not None
    assert await store.conversations.find(key("m1")) == MessageRecord(key("m1"), HERE, turn)
    assert await store.conversations.find(key("m2")) is None
    assert await store.conversations.link(turn.id, key("m2"), now=101.0)
    assert await store.conversations.find(key("m2")) == MessageRecord(key("m2"), HERE, turn)
    assert not await store.conversations.link(turn.id + 1, key("m3"), now=101.0)


async def test_an_edit_changes_the_turn_and_the_prompt_of_its_answer(store: Store) -> None:
    await store.conversations.add(replace(said("Why?", "m1"), attachments=({"name": "a"},)))
    await store.answers.begin(asked("a1", "m1"))
    edited = await store.conversations.edit(key("m1"), "How?", 3)
    assert edited is not None
    assert (edited.text, edited.tokens, edited.attachments) == ("How?", 3, ({"name": "a"},))
    assert await turns(store) == [edited]
    answer = await store.answers.find("a1")
    assert answer is not None
    assert answer.prompt == "How?"
    without = await store.conversations.edit(key("m1"), "How?", 3, attachments=())
    assert without is not None
    assert without.attachments == ()
    assert await store.conversations.edit(key("m2"), "unknown", 1) is None


async def test_a_deleted_message_is_gone_and_stays_gone(store: Store) -> None:
    await store.conversations.add(said("secret", "m1", "m2"))
    await store.answers.begin(asked("a1", "m1", prompt="secret"))
    deleted = await store.conversations.delete(key("m1"))
    assert deleted is not None
    assert deleted.text == "secret"
    assert await texts(store) == []
    for name in ("m1", "m2"):
        assert await store.conversations.find(key(name)) == MessageRecord(key(name), HERE)
    assert await store.conversations.add(said("secret", "m1")) is None
    assert await store.conversations.add_older(HERE, [said("secret", "m2")]) == 0
    assert await store.conversations.delete(key("m1")) is None
    answer = await store.answers.find("a1")
    assert answer is not None
    assert answer.prompt is None


async def test_older_turns_come_first_in_their_order_and_once(store: Store) -> None:
    assert not await store.conversations.history_read(HERE)
    await store.conversations.add(said("third", "m3"))
    older = [said("first", "m1"), said("second", "m2"), said("third", "m3")]
    assert await store.conversations.add_older(HERE, older) == 2
    assert await store.conversations.history_read(HERE)
    assert await store.conversations.add_older(HERE, older) == 0
    assert await store.conversations.add_older(HERE, [said("zeroth", "m0"), *older]) == 1
    await store.conversations.add(said("fourth", "m4"))
    assert await texts(store) == ["zeroth", "first", "second", "third", "fourth"]


async def test_an_empty_history_counts_as_read(store: Store) -> None:
    assert await store.conversations.add_older(HERE, []) == 0
    assert await store.conversations.history_read(HERE)
    await store.conversations.add(said("first", "m1"))
    assert await texts(store) == ["first"]


async def test_the_newest_turns_are_those_that_fit_whole(store: Store) -> None:
    for number, tokens in enumerate((5, 50, 10, 20)):
        await store.conversations.add(said(str(number), f"m{number}", tokens=tokens))

    async def newest(tokens: int, most: int = 100) -> str:
        found = await store.conversations.newest(HERE, tokens, most)
        return "".join(turn.text for turn in found)

    assert await newest(85) == "0123"
    assert await newest(84) == "123"
    assert await newest(79) == "23", "a turn is not passed over for an older one that would fit"
    assert await newest(29) == "3"
    assert await newest(3) == "3", "the prompt itself is always there"
    assert await newest(85, most=2) == "23"
    assert await newest(85, most=0) == ""


async def test_the_turns_until_an_earlier_prompt(store: Store) -> None:
    for number in range(6):
        await store.conversations.add(said(str(number), f"m{number}"))
    third = (await turns(store))[2]
    found = await store.conversations.newest(HERE, 20, 10, until=third.position)
    assert [turn.text for turn in found] == ["1", "2"]


async def test_many_turns_are_read_in_batches_without_a_gap(store: Store) -> None:
    for number in range(70):
        await store.conversations.add(said(str(number), f"m{number}", tokens=1))
    found = await store.conversations.newest(HERE, 66, 1000)
    assert [turn.text for turn in found] == [str(number) for number in range(4, 70)]


async def test_a_turn_takes_the_place_of_another(store: Store) -> None:
    for number in range(3):
        await store.conversations.add(said(str(number), f"m{number}"))
    second = (await turns(store))[1]
    await store.conversations.add(replace(said("new", "m9"), replaces=second.id))
    assert await texts(store) == ["0", "new", "2"]
    await store.conversations.add(replace(said("late", "m10"), replaces=second.id))
    assert await texts(store) == ["0", "new", "2", "late"]


async def test_a_forgotten_conversation_leaves_figures_and_no_text(store: Store) -> None:
    await store.conversations.add(said("secret", "m1"))
    await answered(store, asked("a1", "m1"), turn=replied("secret too"))
    await store.conversations.add(said("elsewhere", "m9", conversation=THERE))
    assert await store.conversations.forget(HERE) == Erased(turns=2, answers=1)
    assert await texts(store) == []
    assert await texts(store, THERE) == ["elsewhere"]
    answer = await store.answers.find("a1")
    assert answer is not None
    assert (answer.prompt, answer.forgotten) == (None, True)
    assert answer.usage is not None
    assert (await store.usage.counted(0.0, asker=person("alice"))).tokens == 30
    assert await store.conversations.history_read(HERE), "the platform's history is not read again"
    assert await store.conversations.add(said("secret", "m1")) is None
    assert await store.conversations.forget(HERE) == Erased(turns=0, answers=0)
    await store.conversations.add(said("anew", "m2"))
    assert await texts(store) == ["anew"]


async def test_an_answer_that_runs_while_its_conversation_is_forgotten_is_not_remembered(
    store: Store,
) -> None:
    await store.answers.begin(asked("a1"))
    await store.conversations.forget(HERE)
    store.answer_writes.add_text("a1", 0, "secret", now=101.0)
    store.answer_writes.end(ended("a1"), replied("secret"))
    assert await store.answer_writes.flush()
    assert await texts(store) == []
    answer = await store.answers.find("a1")
    assert answer is not None
    assert answer.ended_at == 110.0


async def test_a_person_is_forgotten_everywhere_and_nobody_else(store: Store) -> None:
    for number, (asker, where) in enumerate(
        [("alice", HERE), ("bob", HERE), ("alice", THERE), ("bob", THERE)]
    ):
        await store.conversations.add(said(f"{asker} asks", f"m{number}", conversation=where, author=asker))
        record = asked(f"a{number}", f"m{number}", conversation=where, asker=asker)
        await answered(store, record, turn=replied(f"{asker} hears", conversation=where))
    assert await store.conversations.forget_person(person("alice")) == Erased(turns=4, answers=2)
    for where in (HERE, THERE):
        assert await texts(store, where) == ["bob asks", "bob hears"]
    prompts = [await store.answers.find(f"a{number}") for number in range(4)]
    assert [record.prompt if record else "" for record in prompts] == [None, "Why?", None, "Why?"]
    assert (await store.usage.counted(0.0, asker=person("alice"))).answers == 2


@pytest.mark.parametrize("count", [1, 3])
async def test_ids_are_never_given_out_twice(store: Store, count: int) -> None:
    for number in range(count):
        await store.conversations.add(said("x", f"m{number}"))
    last = (await turns(store))[-1]
    await store.conversations.forget(HERE)
    fresh = await store.conversations.add(said("y", "m9"))
    assert fresh is not None
    assert fresh.id > last.id
