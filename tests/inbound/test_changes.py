"""What people edit and delete: answers and memory follow."""

from __future__ import annotations

from pathlib import Path

from tests.inbound.edits import Edits
from tests.inbound.stage import stage
from tests.support.inbound import FakeSender, question
from tests.support.keys import key
from tests.support.slow_database import slow_reads
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
