"""Whose words count of what was said before the bot came, and under whose name."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.inbound.past import FakeHistory, past
from tests.inbound.stage import EVERYDAY, stage
from tests.support.inbound import FakeSender, question
from tests.support.keys import conversation, key, person
from tests.support.prompts import prompt
from tickertape.inbound.history import History, Witness, turn
from tickertape.inbound.past_message import PastMessage
from tickertape.memory.memory import MemorySettings
from tickertape.prompts.turns import Role
from tickertape.rules.access import Access, Lists
from tickertape.rules.rulebook import Rules

ROLES = Rules(Access(deny=Lists(roles=frozenset({"fake:muted"}))))
CHANNELS = Rules(Access(allow=Lists(channels=frozenset({"fake:general"}))))


@pytest.mark.parametrize(
    ("message", "counts"),
    [
        (past(1, "bob"), True),
        (past(1, "alice"), True),
        (past(1, None), True),
        (past(1, "mallory"), False),
        (past(1, "bob", is_app=True), False),
        (replace(past(1, "bob"), text=""), False),
        (replace(past(1, None), text=""), False),
    ],
    ids=["another", "the asker", "the bot", "denied", "app", "no words", "no words of the bot"],
)
async def test_words_count_of_the_bot_and_of_people_who_may_ask(message: PastMessage, counts: bool) -> None:
    async with stage() as on:
        on.service.histories.serve("fake", FakeHistory([message]))
        await on.ask(question(FakeSender("alice"), number=9))
    assert len(on.told()) == 1 + counts


@pytest.mark.parametrize(
    ("roles", "counts"), [(frozenset(), True), (frozenset({"fake:muted"}), False), (None, False)]
)
async def test_roles_count_where_they_are_told_and_are_held_against_people_where_not(
    roles: frozenset[str] | None, counts: bool
) -> None:
    async with stage(everyday=replace(EVERYDAY, rules=ROLES)) as on:
        on.service.histories.serve("fake", FakeHistory([past(1, "bob", roles=roles)]))
        await on.ask(question(FakeSender("alice"), number=9))
    assert len(on.told()) == 1 + counts


async def test_what_the_asker_said_counts_whatever_their_roles_were() -> None:
    async with stage(everyday=replace(EVERYDAY, rules=ROLES)) as on:
        on.service.histories.serve("fake", FakeHistory([past(1, "alice")]))
        await on.ask(question(FakeSender("alice"), number=9))
    assert on.told() == ["said 1", "Why?"]


async def test_people_count_where_they_spoke_and_not_where_they_may_ask_otherwise() -> None:
    async with stage(everyday=replace(EVERYDAY, rules=CHANNELS)) as on:
        on.service.histories.serve("fake", FakeHistory([past(1, "bob")]))
        await on.ask(question(FakeSender("alice"), number=9))
    assert on.told() == ["Bob: said 1", "Why?"]


async def test_what_people_said_comes_with_their_names_in_order_and_the_bots_does_not() -> None:
    history = FakeHistory([past(1, "bob"), past(2, None), past(3, "alice"), past(4, "carol")])
    async with stage() as on:
        on.service.histories.serve("fake", history)
        await on.ask(question(FakeSender("alice"), number=9))
    assert [(each.role, each.text) for each in on.model.asked[0]] == [
        (Role.USER, "Bob: said 1"),
        (Role.ASSISTANT, "said 2"),
        (Role.USER, "Alice: said 3"),
        (Role.USER, "Carol: said 4"),
        (Role.USER, "Why?"),
    ]
    assert history.most == EVERYDAY.memory.turns


async def test_what_could_not_be_read_is_read_with_the_next_question() -> None:
    alice, history = FakeSender("alice"), FakeHistory(None)
    async with stage() as on:
        on.service.histories.serve("fake", history)
        await on.ask(question(alice, number=8))
        history.messages = [past(1)]
        await on.ask(question(alice, "So?", number=9))
        history.messages = [past(1), past(2)]
        await on.ask(question(alice, "And?", number=10))
    assert on.told(0) == ["Why?"]
    assert on.told(1) == ["Bob: said 1", "Alice: Why?", "Because.", "So?"]
    assert "Bob: said 2" not in on.told(2), "once is enough"


async def test_an_owner_may_want_no_history() -> None:
    everyday = replace(EVERYDAY, memory=MemorySettings(read_history=False))
    async with stage(everyday=everyday) as on:
        on.service.histories.serve("fake", FakeHistory([past(1)]))
        await on.ask(question(FakeSender("alice"), number=9))
    assert on.told() == ["Why?"]


@pytest.mark.parametrize("where", ["", "fake:general/1"])
async def test_there_is_no_history_where_nobody_asks_or_nothing_is_remembered(where: str) -> None:
    async with stage() as on:
        history = History(FakeHistory([past(1)]), Witness(on.service.assistant.rules))
        origin = None if where else FakeSender("alice").who.origin
        assert await history.before(prompt(conversation=where, origin=origin), 10) == ()


def test_a_message_is_a_turn_with_its_key_its_time_and_its_author() -> None:
    thread = conversation("fake:general/1")
    theirs, ours = turn(past(2), thread), turn(past(3, None), thread)
    assert (theirs.conversation, theirs.keys, theirs.created_at) == (thread, (key("fake:general/2"),), 2.0)
    assert (theirs.author, theirs.author_name) == (person("fake:bob"), "Bob")
    assert (ours.author, ours.author_name, ours.role) == (None, "", Role.ASSISTANT)
    assert theirs.tokens > 0
