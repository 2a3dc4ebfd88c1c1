"""Which conversation a reply goes on with, and what becomes part of it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from tests.inbound.past import FakeHistory, past
from tests.inbound.stage import EVERYDAY, Stage, stage
from tests.support.inbound import FakeSender, question
from tests.support.keys import conversation, key
from tests.support.refusing import read_only
from tests.support.slow_database import slow_reads
from tickertape.answer.answer import Answer
from tickertape.answer.preparation import PromptRefused
from tickertape.memory.memory import MemorySettings


async def reply(on: Stage, to: int | None, number: int = 9, sender: FakeSender | None = None) -> Answer:
    """Have a reply answered that Alice writes, if nobody else does."""
    return await on.ask(
        question(sender or FakeSender("alice"), f"asks {number}", number, thread=None, replies_to=to)
    )


def serve(on: Stage, *messages: object, takes: float = 0.0) -> FakeHistory:
    """Let messages be read one by one, and nothing of a history."""
    history = FakeHistory(messages, takes)  # type: ignore[arg-type]  # they are messages
    on.service.histories.serve("fake", FakeHistory(()), replies=history)
    return history


async def test_what_replies_to_nothing_begins_a_conversation() -> None:
    async with stage() as on:
        history = serve(on)
        answer = await reply(on, None)
    assert answer.prompt.conversation == conversation("fake:general/9")
    assert history.read_keys == []


async def test_a_chain_is_followed_to_its_beginning_and_told_in_order() -> None:
    async with stage() as on:
        serve(on, past(3, "bob", replies_to=2), past(2, None, replies_to=1), past(1, "carol"))
        answer = await reply(on, 3)
    assert answer.prompt.conversation == conversation("fake:general/1")
    assert on.told() == ["Carol: said 1", "said 2", "Bob: said 3", "asks 9"]


async def test_a_chain_is_followed_to_what_is_remembered() -> None:
    async with stage() as on:
        history = serve(on, past(3, "bob", replies_to=2), past(2, "carol", replies_to=1), past(1, "carol"))
        await on.ask(question(FakeSender("alice"), number=2, thread="fake:general/77"))
        answer = await reply(on, 3)
    assert answer.prompt.conversation == conversation("fake:general/77")
    assert on.told() == ["Alice: Why?", "Because.", "Bob: said 3", "asks 9"]
    assert history.read_keys == [key("fake:general/3")]


async def test_a_reply_to_an_answer_goes_on_with_its_conversation() -> None:
    async with stage() as on:
        first = await on.ask(question(FakeSender("alice"), number=2))
        answer = await on.ask(
            replace(question(FakeSender("alice"), "So?", 9, thread=None), replies_to=first.messages[0])
        )
    assert answer.prompt.conversation == first.prompt.conversation
    assert on.told() == ["Why?", "Because.", "So?"]


async def test_what_is_told_already_is_not_read_and_not_told_again() -> None:
    async with stage() as on:
        history = serve(on, past(3, "bob", replies_to=2), past(2, "bob"))
        await reply(on, 3, 8)
        await reply(on, 3, 9)
    assert on.told() == ["Bob: said 2", "Bob: said 3", "Alice: asks 8", "Because.", "asks 9"]
    assert history.read_keys == [key("fake:general/3"), key("fake:general/2")]


@pytest.mark.parametrize("is_app", [False, True])
async def test_denied_people_and_other_apps_are_left_out_of_a_chain(is_app: bool) -> None:
    left_out = past(3, "bob" if is_app else "mallory", is_app=is_app, replies_to=2)
    async with stage() as on:
        serve(on, past(4, "carol", replies_to=3), left_out, past(2, "bob"))
        answer = await reply(on, 4)
    assert answer.prompt.conversation == conversation("fake:general/2")
    assert on.told() == ["Bob: said 2", "Carol: said 4", "asks 9"]


@pytest.mark.parametrize(
    ("author", "is_app", "told"),
    [
        ("robot", True, ["Robot: said 3"]),
        (None, True, ["said 3"]),
        ("mallory", True, []),
        ("mallory", False, []),
    ],
)
async def test_an_app_that_is_replied_to_is_heard_unless_it_is_denied(
    author: str | None, is_app: bool, told: list[str]
) -> None:
    async with stage() as on:
        serve(on, past(3, author, is_app=is_app))
        await reply(on, 3)
    assert on.told() == [*told, "asks 9"]


@pytest.mark.parametrize("known", [[], [past(3, "bob", replies_to=2)]])
async def test_a_chain_ends_at_a_message_that_cannot_be_read(known: list[object]) -> None:
    async with stage() as on:
        serve(on, *known)
        answer = await reply(on, 3)
    assert answer.prompt.conversation == conversation(f"fake:general/{3 if known else 9}")
    assert on.told() == [*["Bob: said 3"] * len(known), "asks 9"]


async def test_at_most_twenty_messages_are_read() -> None:
    chain = [past(number, replies_to=number - 1) for number in range(50, 20, -1)]
    async with stage() as on:
        history = serve(on, *chain)
        answer = await reply(on, 50, 90)
    assert len(history.read_keys) == 20
    assert answer.prompt.conversation == conversation("fake:general/31")
    assert on.told()[0] == "Bob: said 31"


async def test_a_chain_that_takes_too_long_is_not_waited_for() -> None:
    loop = asyncio.get_running_loop()
    async with stage() as on:
        serve(on, past(3, replies_to=2), past(2, replies_to=1), past(1), takes=2.0)
        before = loop.time()
        answer = await reply(on, 3)
        assert answer.asked_at - before == pytest.approx(5.0)
    assert answer.prompt.conversation == conversation("fake:general/9")
    assert on.told() == ["asks 9"]


async def test_a_database_that_cannot_be_read_or_written_costs_the_chain_not_the_answer(
    tmp_path: Path,
) -> None:
    async with stage(file=tmp_path / "store.db") as on:
        serve(on, past(3))
        alice = FakeSender("alice")
        async with slow_reads(on.service.store):
            first = await on.inbox.ask(question(alice, number=8, thread=None, replies_to=3))
        await on.over(first)
        async with read_only(on.service.store, tmp_path):
            asked = question(alice, number=9, thread=None, replies_to=3)
            asking = asyncio.create_task(on.inbox.ask(asked))
            await asyncio.sleep(1)
        second = await on.over(await asking)
    assert first is not None
    assert first.prompt.conversation == conversation("fake:general/8")
    assert second.prompt.conversation == conversation("fake:general/9")


async def test_nothing_is_read_where_the_owner_wants_no_history() -> None:
    everyday = replace(EVERYDAY, memory=MemorySettings(read_history=False))
    async with stage(everyday=everyday) as on:
        history = serve(on, past(3))
        await on.ask(question(FakeSender("alice"), number=2, thread="fake:general/77"))
        unknown, known = await reply(on, 3, 8), await reply(on, 2, 9)
    assert history.read_keys == []
    assert unknown.prompt.conversation == conversation("fake:general/8")
    assert known.prompt.conversation == conversation("fake:general/77"), "what is remembered is"


async def test_nothing_is_read_for_those_who_may_not_ask() -> None:
    async with stage() as on:
        history = serve(on, past(3))
        with pytest.raises(PromptRefused):
            await reply(on, 3, sender=FakeSender("mallory"))
    assert history.read_keys == []


async def test_each_platform_reads_its_own_messages() -> None:
    async with stage() as on:
        other = FakeHistory([past(3)])
        on.service.histories.serve("other", other, replies=other)
        answer = await reply(on, 3)
    assert other.read_keys == []
    assert answer.prompt.conversation == conversation("fake:general/9")
