"""What a message means: a question, a follow-up, or nothing; and who hears of it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from tests.inbound.stage import EVERYDAY, Stage, here, stage
from tests.support.inbound import FILE, FakeSender, question
from tests.support.slow_database import slow_reads
from tickertape.inbound.facts import Addressed, Follows, Question, Said
from tickertape.languages import Sentence, words
from tickertape.prompts.prompt import MAX_PROMPT


def said(
    asked: Question,
    addressed: Addressed = Addressed.US,
    follows: Follows = Follows.NOTHING,
    lacking: Sentence | None = None,
) -> Said:
    """Return a message, which is for the bot if nothing else is said."""
    return Said(question=asked, addressed=addressed, follows=follows, lacking=lacking)


def follow_up(
    sender: FakeSender, text: str = "And?", number: int = 2, thread: str = "fake:general/1"
) -> Said:
    """Return a message in a thread that mentions nobody."""
    return said(question(sender, text, number, thread=thread), Addressed.NOBODY, Follows.THREAD)


async def takes(on: Stage, message: Said) -> bool:
    """Hand a message to the inbox, and return whether a model was asked."""
    before = len(on.model.asked)
    await on.inbox.said(message)
    for answer in on.service.answering.registry.running():
        await answer.done.wait()
    await on.service.store.answer_writes.flush()
    return len(on.model.asked) > before


@pytest.mark.parametrize(
    ("addressed", "follows", "is_answered"),
    [
        (Addressed.US, Follows.NOTHING, True),
        (Addressed.US, Follows.THREAD, True),
        (Addressed.NOBODY, Follows.OURS, True),
        (Addressed.NOBODY, Follows.THREAD, False),
        (Addressed.NOBODY, Follows.NOTHING, False),
        (Addressed.OTHERS, Follows.OURS, False),
        (Addressed.OTHERS, Follows.THREAD, False),
        (Addressed.OTHERS, Follows.NOTHING, False),
    ],
)
async def test_what_is_meant_for_the_bot_is_answered_where_it_has_no_part_yet(
    addressed: Addressed, follows: Follows, is_answered: bool
) -> None:
    alice = FakeSender("alice")
    async with stage() as on:
        message = said(question(alice), addressed, follows)
        assert await takes(on, message) is is_answered
        assert on.inbox.may_concern(message) or not is_answered
    assert alice.told == []


@pytest.mark.parametrize("addressed", [Addressed.NOBODY, Addressed.OTHERS])
async def test_in_a_thread_where_it_takes_part_all_is_answered_but_what_is_meant_for_others(
    addressed: Addressed,
) -> None:
    alice, bob = FakeSender("alice"), FakeSender("bob")
    async with stage() as on:
        assert await takes(on, said(question(alice)))
        message = replace(follow_up(bob), addressed=addressed)
        assert await takes(on, message) is (addressed is Addressed.NOBODY)
    assert bob.told == []


async def test_what_goes_on_with_nothing_is_no_follow_up() -> None:
    alice = FakeSender("alice")
    async with stage() as on:
        await takes(on, said(question(alice)))
        message = replace(follow_up(alice), follows=Follows.NOTHING)
        assert not on.inbox.may_concern(message)
        assert not await takes(on, message)


async def test_it_takes_part_even_where_what_was_said_is_forgotten() -> None:
    alice, carol = FakeSender("alice"), FakeSender("carol", moderates=True)
    async with stage() as on:
        await takes(on, said(question(alice)))
        await on.inbox.commands.forget(here(carol))
        assert await takes(on, follow_up(alice))


async def test_an_owner_may_want_no_follow_ups() -> None:
    alice = FakeSender("alice")
    async with stage(everyday=replace(EVERYDAY, follow_ups=False)) as on:
        await takes(on, said(question(alice)))
        for follows in (Follows.THREAD, Follows.OURS):
            message = replace(follow_up(alice), follows=follows)
            assert not on.inbox.may_concern(message)
            assert not await takes(on, message)


async def test_a_follow_up_has_words_or_files() -> None:
    alice = FakeSender("alice")
    async with stage() as on:
        await takes(on, said(question(alice)))
        assert not on.inbox.may_concern(follow_up(alice, " "))
        assert not await takes(on, follow_up(alice, " "))
        asked = question(alice, "", 3, attachments=(FILE,))
        assert await takes(on, said(asked, Addressed.NOBODY, Follows.THREAD))
    assert alice.told == []


async def test_whoever_did_not_address_the_bot_hears_of_nothing_that_is_missing() -> None:
    alice, mallory = FakeSender("alice"), FakeSender("mallory")
    async with stage() as on:
        await takes(on, said(question(alice)))
        for follows in Follows:
            number = 10 + list(Follows).index(follows)
            for addressed in (Addressed.NOBODY, Addressed.OTHERS):
                asked = question(mallory, "Why?", number)
                assert not await takes(on, said(asked, addressed, follows))
                assert not await takes(on, said(asked, addressed, follows, words.NO_SUCH_MODEL))
    assert mallory.told == []


async def test_nobody_is_asked_who_writes_where_the_bot_takes_no_part() -> None:
    bob = FakeSender("bob")
    async with stage() as on:
        assert not await takes(on, follow_up(bob))
        assert not await takes(on, replace(follow_up(bob), addressed=Addressed.OTHERS))
    assert bob.looks == 0


async def test_a_follow_up_is_not_answered_where_the_database_cannot_tell_of_it(tmp_path: Path) -> None:
    alice = FakeSender("alice")
    async with stage(file=tmp_path / "store.db") as on:
        await takes(on, said(question(alice)))
        async with slow_reads(on.service.store):
            assert not await takes(on, follow_up(alice))
    assert alice.told == []


async def test_whoever_addressed_the_bot_and_may_not_ask_is_told_once() -> None:
    mallory = FakeSender("mallory")
    async with stage() as on:
        for _ in range(2):
            assert not await takes(on, said(question(mallory)))
    assert mallory.told == [words.PERSON_NOT_ALLOWED]
    assert mallory.looks == 1


async def test_what_is_lacking_is_told_once_and_nothing_is_asked() -> None:
    alice = FakeSender("alice")
    async with stage() as on:
        for _ in range(2):
            assert not await takes(on, said(question(alice), lacking=words.NOTHING_RUNNING))
    assert alice.told == [words.NOTHING_RUNNING]
    assert alice.looks == 0


async def test_a_second_delivery_is_neither_answered_nor_refused() -> None:
    alice = FakeSender("alice")
    async with stage() as on:
        assert await takes(on, said(question(alice)))
        assert not await takes(on, said(question(alice)))
        assert not await takes(on, follow_up(alice, number=1))
    assert alice.told == []
    assert alice.looks == 1


@pytest.mark.parametrize("name", ["alice", "mallory"])
async def test_a_second_delivery_while_the_first_is_looked_at_does_nothing(name: str) -> None:
    sender = FakeSender(name)
    sender.known.clear()
    async with stage() as on:
        first = asyncio.create_task(on.inbox.said(said(question(sender))))
        await asyncio.sleep(0)
        await asyncio.wait_for(on.inbox.said(said(question(sender))), 0.01)
        assert await asyncio.wait_for(on.inbox.ask(question(sender)), 0.01) is None
        sender.known.set()
        await first
        assert len(on.service.answering.registry) == (name == "alice")
    assert len(sender.told) == (name == "mallory")
    assert sender.looks == 1


async def test_a_question_without_words_is_refused_as_its_platform_says_it() -> None:
    alice = FakeSender("alice")
    async with stage() as on:
        assert not await takes(on, said(question(alice, " ", number=1)))
        assert not await takes(on, said(replace(question(alice, "", number=2), if_empty=words.BUG)))
        assert not await takes(on, said(question(alice, "x" * (MAX_PROMPT + 1), number=3)))
        assert await takes(on, said(question(alice, "x" * MAX_PROMPT, number=4)))
        assert await takes(on, said(question(alice, "", number=5, attachments=(FILE,))))
    assert alice.told == [words.PROMPT_EMPTY, words.BUG, words.PROMPT_TOO_LONG]
