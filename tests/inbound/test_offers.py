"""What is offered below an answer: to have it written again, to have it go on, to judge it."""

from __future__ import annotations

import pytest

from tests.inbound.stage import pressed, stage
from tests.support.inbound import FakeSender, FakeSpots, question
from tests.support.keys import key
from tickertape.answer.preparation import PromptRefused
from tickertape.durable.store.records import Rating
from tickertape.languages import words
from tickertape.screen.body import Offer


async def test_an_answer_is_written_again_in_the_place_of_the_old_one() -> None:
    alice, bob = FakeSender("alice"), FakeSender("bob")
    async with stage() as on:
        first = await on.ask(question(alice, "Why?", number=1))
        await on.ask(question(alice, "And?", number=2))
        with pytest.raises(PromptRefused, match="Only the person who asked"):
            await on.inbox.offers.pressed(pressed(Offer.AGAIN, first.id, bob))
        again = await on.press(Offer.AGAIN, first.id, alice)
        assert again.prompt.key != first.prompt.key
        assert again.prompt.key.message == first.prompt.key
        await on.ask(question(alice, "So?", number=3))
        with pytest.raises(PromptRefused, match="do not know"):
            await on.inbox.offers.pressed(pressed(Offer.AGAIN, "nothing", alice))
    assert on.told(2) == ["Why?"]
    assert on.told(3) == ["Why?", "Because.", "And?", "Because.", "So?"]


async def test_an_answer_that_is_written_again_twice_is_remembered_once() -> None:
    alice, spots = FakeSender("alice"), FakeSpots()
    async with stage() as on:
        first = await on.ask(question(alice, "Why?", number=1))
        for _ in range(2):
            await on.press(Offer.AGAIN, first.id, alice)
        last = await on.ask(question(alice, "So?", number=2))
        await on.inbox.deleted(key("fake:general/1"))
        with pytest.raises(PromptRefused, match="was deleted"):
            await on.inbox.offers.pressed(pressed(Offer.AGAIN, first.id, alice, spots))
        assert last.prompt.text == "So?"
    assert spots.records == []
    assert on.told(3) == ["Why?", "Because.", "So?"]


async def test_a_cut_answer_goes_on() -> None:
    alice = FakeSender("alice")
    async with stage() as on:
        first = await on.ask(question(alice))
        await on.press(Offer.CONTINUE, first.id, alice)
    assert on.told(1) == ["Why?", "Because.", "Go on exactly where you stopped, without repeating anything."]


async def test_feedback_is_kept_once_for_each_person() -> None:
    alice = FakeSender("alice")
    async with stage() as on:
        answer = await on.ask(question(alice))
        offers = on.inbox.offers
        assert await offers.rate(answer.id, alice, Rating.GOOD) == words.RATED
        assert await offers.pressed(pressed(Offer.BAD, answer.id, alice)) == words.RATED
        assert await offers.rate("nothing", alice, Rating.BAD) == words.ANSWER_UNKNOWN
        assert await on.service.store.answers.ratings(answer.id) == {alice.key: Rating.BAD}
