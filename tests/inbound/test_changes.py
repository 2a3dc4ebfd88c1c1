"""What people edit and delete: answers and memory follow."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.inbound.edits import Edits
from tests.inbound.stage import here, pressed, stage
from tests.support.inbound import FakeSender, question
from tests.support.keys import key
from tests.support.refusing import REFUSALS, Refusing
from tests.support.scripted_model import Script, ScriptedModel
from tests.support.slow_database import slow_reads, slow_writes
from tickertape.answer.preparation import PromptRefused
from tickertape.languages import words
from tickertape.prompts.prompt import MAX_PROMPT
from tickertape.screen.body import Offer


async def test_an_edited_question_is_offered_to_be_asked_anew_and_is_remembered_as_it_is_now() -> None:
    alice, edits = FakeSender("alice"), Edits()
    async with stage() as on:
        first = await on.ask(question(alice, "Why?", number=1))
        await on.ask(question(alice, "And?", number=2))
        await on.inbox.edited(edits.of(1, " How? "))
        await on.inbox.edited(edits.of(1, "How?"))
        assert edits.offered == [first.id], "the second one said that already"
        await on.press(Offer.AGAIN, first.id, alice)
        await on.ask(question(alice, "So?", number=3))
    assert on.told(2) == ["How?"]
    assert on.told(3) == ["How?", "Because.", "And?", "Because.", "So?"]


async def test_what_is_edited_or_deleted_while_the_database_cannot_be_read_is_not_lost(
    tmp_path: Path,
) -> None:
    alice, edits = FakeSender("alice"), Edits()
    async with stage(file=tmp_path / "store.db") as on:
        await on.ask(question(alice, "My password is hunter2.", number=1))
        await on.ask(question(alice, "Hwo?", number=2))
        async with slow_reads(on.service.store):
            await on.inbox.deleted(key("fake:general/1"))
            await on.inbox.edited(edits.of(2, "How?"))
        assert edits.offered == []
        await on.ask(question(alice, "So?", number=3))
    assert on.told() == ["Because.", "How?", "Because.", "So?"]


async def test_what_waits_for_its_turn_is_answered_as_it_was_edited_and_not_offered_again() -> None:
    alice, edits = FakeSender("alice"), Edits()
    async with stage(ScriptedModel([Script(["Because."], pause=5)])) as on:
        first, second = await on.inbox.ask(question(alice)), await on.inbox.ask(question(alice, "Hwo?", 2))
        await on.inbox.edited(edits.of(2, "How?"))
        for each in (first, second):
            await on.over(each)
    assert on.told() == ["Why?", "Because.", "How?"]
    assert edits.offered == []


async def test_what_waits_for_its_turn_is_stored_as_it_is_now_and_erased_when_it_is_deleted() -> None:
    alice, edits = FakeSender("alice"), Edits()
    async with stage(ScriptedModel([Script(["Because"], hold=True)])) as on:
        for number in (1, 2, 3):
            await on.inbox.ask(question(alice, "Hwo?", number))
        await on.inbox.edited(edits.of(2, "How?"))
        await on.inbox.deleted(key("fake:general/3"))
        await on.service.store.answer_writes.flush()
        answers = on.service.store.answers
        edited, deleted = [await answers.by_prompt(key(f"fake:general/{number}")) for number in (2, 3)]
    assert edited is not None
    assert deleted is not None
    assert (edited.prompt, deleted.prompt) == ("How?", None)


async def test_what_is_being_answered_goes_on_and_is_offered_to_be_asked_anew() -> None:
    alice, edits = FakeSender("alice"), Edits()
    async with stage(ScriptedModel([Script(["Because."], pause=5)])) as on:
        answer = await on.inbox.ask(question(alice))
        await asyncio.sleep(1)
        await on.inbox.edited(edits.of(1, "How?"))
        assert answer is not None
        assert edits.offered == [answer.id]
        await on.over(answer)
    assert on.told() == ["Why?"]


async def test_a_question_that_is_emptied_is_forgotten() -> None:
    alice, edits = FakeSender("alice"), Edits()
    async with stage() as on:
        first = await on.ask(question(alice))
        await on.inbox.edited(edits.of(1, "  "))
        with pytest.raises(PromptRefused, match="was deleted"):
            await on.inbox.offers.pressed(pressed(Offer.AGAIN, first.id, alice))
        await on.ask(question(alice, "So?", 2))
    assert on.told() == ["Because.", "So?"]
    assert edits.offered == []


async def test_an_edit_that_is_too_long_changes_nothing() -> None:
    alice, edits = FakeSender("alice"), Edits()
    async with stage() as on:
        await on.ask(question(alice))
        await on.inbox.edited(edits.of(1, "x" * (MAX_PROMPT + 1)))
        await on.ask(question(alice, "So?", 2))
    assert on.told() == ["Why?", "Because.", "So?"]
    assert edits.offered == []


async def test_a_question_that_was_forgotten_is_not_offered_when_it_is_edited() -> None:
    alice, carol, edits = FakeSender("alice"), FakeSender("carol", moderates=True), Edits()
    async with stage() as on:
        await on.ask(question(alice))
        await on.inbox.commands.forget(here(carol))
        await on.inbox.edited(edits.of(1, "How?"))
        await on.ask(question(alice, "So?", 2))
    assert edits.offered == []
    assert on.told() == ["So?"]


async def test_a_deleted_question_ends_its_answer_and_is_forgotten() -> None:
    alice = FakeSender("alice")
    async with stage(ScriptedModel([Script(["Because"], hold=True), Script(["So."])])) as on:
        answer = await on.inbox.ask(question(alice))
        assert answer is not None
        await answer.shown.wait()
        await on.inbox.deleted(key("fake:general/1"))
        assert answer.over
        assert answer.ending is not None
        assert answer.ending.sentence == words.QUESTION_DELETED
        await on.over(answer)
        record = await on.service.store.answers.find(answer.id)
        assert record is not None
        assert record.prompt is None
        await on.ask(question(alice, "So?", 2))
    assert "Why?" not in on.told()


async def test_an_answer_whose_message_is_deleted_ends() -> None:
    alice, bob = FakeSender("alice"), FakeSender("bob")
    async with stage(ScriptedModel([Script(["Because"], hold=True)])) as on:
        hers = await on.inbox.ask(question(alice))
        his = await on.inbox.ask(question(bob, "Who?", 2, thread="fake:general/2"))
        assert hers is not None
        assert his is not None
        await hers.shown.wait()
        await on.inbox.deleted(hers.messages[0])
        await on.inbox.deleted(key("fake:general/99"))
        assert (hers.over, his.over) == (True, False)


async def test_nothing_is_written_for_messages_that_memory_does_not_hold(tmp_path: Path) -> None:
    edits = Edits()
    async with stage(file=tmp_path / "store.db") as on:
        await on.inbox.edited(edits.of(99, "How?"))
        async with slow_writes(on.service.store):
            async with asyncio.timeout(0.1):
                await on.inbox.edited(edits.of(99, "How?"))
                await on.inbox.edited(edits.of(99, ""))
                await on.inbox.deleted(key("fake:general/99"))
    assert edits.offered == []


@pytest.mark.parametrize(("refuses", "_error"), REFUSALS)
async def test_what_the_database_refuses_now_it_takes_later(
    refuses: Refusing, _error: object, tmp_path: Path
) -> None:
    alice, edits, file = FakeSender("alice"), Edits(), tmp_path / "store.db"
    async with stage(file=file) as on:
        await on.ask(question(alice, "My password is hunter2."))
        await on.ask(question(alice, "Hwo?", 2))
        async with refuses(on.service.store, file):
            await on.inbox.deleted(key("fake:general/1"))
            await on.inbox.edited(edits.of(2, "How?"))
        await asyncio.sleep(120)
        await on.service.store.answer_writes.flush()
        await on.ask(question(alice, "So?", 3))
    assert on.told() == ["Because.", "How?", "Because.", "So?"]
