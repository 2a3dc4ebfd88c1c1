"""How a question is asked: once, in the words that it has when its turn comes, where it has a place."""

from __future__ import annotations

import asyncio

from tests.inbound.edits import Edits
from tests.inbound.stage import stage
from tests.support.inbound import FakeSender, question
from tests.support.keys import key


async def test_a_question_that_is_expected_is_asked_as_it_was_edited() -> None:
    alice, edits = FakeSender("alice"), Edits()
    alice.known.clear()
    async with stage() as on:
        asking = asyncio.create_task(on.inbox.ask(question(alice, "Why?")))
        await asyncio.sleep(0)
        for text in (" How? ", " ", "x" * 6001):  # nothing is asked without words, nor what is too long
            await on.inbox.edited(edits.of(1, text))
        await on.inbox.edited(edits.of(2, "Who?"))
        alice.known.set()
        await on.over(await asking)
        assert await on.service.store.conversations.find(key("fake:general/2")) is None
    assert on.told() == ["How?"]
    assert edits.offered == []
