"""What is offered below an answer: to have it written again, to have it go on, to judge it."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from tests.inbound.stage import EVERYDAY, pressed, stage
from tests.support.english import english
from tests.support.fake_platform import MISSING
from tests.support.inbound import FILE, FakeSender, FakeSpots, question
from tests.support.keys import key
from tests.support.scripted_model import Script, ScriptedModel
from tickertape.answer.answer import Answer
from tickertape.answer.preparation import PromptRefused
from tickertape.durable.store.records import Rating
from tickertape.inbound.facts import Gesture, Reacted
from tickertape.languages import words
from tickertape.rules.quota import Limits, Scope
from tickertape.rules.rulebook import Rules
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
    assert [spot.prepared for spot in spots.spots] == [[]]
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


async def test_what_is_written_again_holds_the_words_and_files_of_the_question_and_what_goes_on_does_not() -> (
    None
):
    alice = FakeSender("alice")
    async with stage() as on:
        first = await on.ask(question(alice, attachments=(FILE,)))
        again = (await on.press(Offer.AGAIN, first.id, alice)).prompt
        on_and_on = (await on.press(Offer.CONTINUE, first.id, alice)).prompt
    assert (again.source, again.attachments) == (first.prompt.key, (FILE,)), "the files come along"
    assert (on_and_on.source, on_and_on.attachments) == (on_and_on.key, ())
    assert {again.conversation, on_and_on.conversation} == {first.prompt.conversation}
    assert {again.place, on_and_on.place} == {first.prompt.place}


@pytest.mark.parametrize("offer", [Offer.AGAIN, Offer.CONTINUE])
@pytest.mark.parametrize(
    ("other", "may"),
    [
        (FakeSender("alice"), True),
        (FakeSender("carol", moderates=True), True),
        (FakeSender("root"), True),
        (FakeSender("bob"), False),
        (FakeSender("mallory", moderates=True), False),
    ],
    ids=["the asker", "moderator", "admin", "another", "denied moderator"],
)
async def test_an_answer_is_written_anew_for_those_who_may_and_stays_the_askers(
    offer: Offer, other: FakeSender, may: bool
) -> None:
    alice, spots = FakeSender("alice"), FakeSpots()
    async with stage() as on:
        first = await on.ask(question(alice))
        if not may:
            with pytest.raises(PromptRefused):
                await on.inbox.offers.pressed(pressed(offer, first.id, other, spots))
            return
        answer = await on.press(offer, first.id, other, spots)
    assert answer.prompt.asker == alice.key
    assert answer.prompt.origin == other.who.origin, "it counts for who asks now"
    assert [record.id for record in spots.records] == [first.id]
    assert spots.spots[0].surface.texts == ["Because."]
    assert spots.spots[0].followed == [answer]


@pytest.mark.parametrize("on_answer", [True, False])
async def test_a_reaction_on_an_answer_or_its_question_has_it_written_again(on_answer: bool) -> None:
    alice, spots = FakeSender("alice"), FakeSpots()
    async with stage() as on:
        first = await on.ask(question(alice))
        message = first.messages[0] if on_answer else first.prompt.key
        await on.inbox.reacted(Reacted(message, Gesture.AGAIN, alice, spots))
        for each in on.service.answering.registry.running():
            await each.done.wait()
        assert spots.spots[0].surface.texts == ["Because."]
    assert alice.told == []


async def test_a_reaction_on_something_else_asks_for_nobody() -> None:
    alice, spots = FakeSender("alice"), FakeSpots()
    async with stage() as on:
        await on.ask(question(alice))
        alice.looks = 0
        await on.inbox.reacted(Reacted(key("fake:general/99"), Gesture.AGAIN, alice, spots))
    assert (alice.looks, alice.told, spots.records) == (0, [], [])


async def test_whoever_reacts_and_may_not_is_told_and_apps_are_not() -> None:
    alice, bob, app = FakeSender("alice"), FakeSender("bob"), FakeSender("root", is_app=True)
    spots = FakeSpots()
    async with stage() as on:
        first = await on.ask(question(alice))
        for sender in (bob, app):
            await on.inbox.reacted(Reacted(first.prompt.key, Gesture.AGAIN, sender, spots))
    assert (bob.told, app.told) == ([words.NOT_YOURS_AGAIN], [])
    assert spots.records == []


async def test_a_place_that_is_not_understood_any_more_is_said() -> None:
    alice = FakeSender("alice")
    async with stage() as on:
        first = await on.ask(question(alice))
        with pytest.raises(PromptRefused, match="do not know"):
            await on.inbox.offers.pressed(pressed(Offer.AGAIN, first.id, alice, FakeSpots(understood=False)))
    assert len(on.model.asked) == 1


async def test_what_is_being_answered_in_the_same_words_is_not_asked_again() -> None:
    alice = FakeSender("alice")
    async with stage(ScriptedModel([Script(["Because."]), Script(["Because"], hold=True)])) as on:
        first = await on.ask(question(alice))
        assert isinstance(await on.inbox.offers.pressed(pressed(Offer.AGAIN, first.id, alice)), Answer)
        assert await on.inbox.offers.pressed(pressed(Offer.AGAIN, first.id, alice)) is None


async def test_the_asker_is_told_when_the_platform_did_not_take_what_was_written_again() -> None:
    alice, carol, spots = FakeSender("alice"), FakeSender("carol", moderates=True), FakeSpots(forbidden=True)
    async with stage() as on:
        first = await on.ask(question(alice))
        await on.press(Offer.AGAIN, first.id, carol, spots)
        await asyncio.sleep(0)
    assert (alice.heard, carol.heard) == ([], [english(MISSING)]), "whoever asks now"


async def test_a_button_is_refused_when_it_takes_too_long_to_know_whether_it_may_be() -> None:
    alice, loop = FakeSender("alice"), asyncio.get_running_loop()
    async with stage() as on:
        first = await on.ask(question(alice))
        alice.known.clear()
        before = loop.time()
        with pytest.raises(PromptRefused) as refused:
            await on.inbox.offers.pressed(pressed(Offer.AGAIN, first.id, alice, patience=2.0))
        assert loop.time() - before == pytest.approx(2.0)
    assert refused.value.sentence == words.TOO_SLOW


async def test_whoever_is_denied_does_not_learn_whose_answer_it_is() -> None:
    async with stage() as on:
        answer = await on.ask(question(FakeSender("alice")))
        for answer_id in (answer.id, "nothing"):
            with pytest.raises(PromptRefused, match="may not answer you"):
                await on.inbox.offers.pressed(pressed(Offer.AGAIN, answer_id, FakeSender("mallory")))


async def test_what_is_written_again_counts_for_the_limits_of_whoever_asks_for_it() -> None:
    alice, carol = FakeSender("alice"), FakeSender("carol", moderates=True)
    everyday = replace(EVERYDAY, rules=Rules(limits=(Limits(Scope.USER, per_hour=1),)))
    async with stage(everyday=everyday) as on:
        first = await on.ask(question(alice))
        with pytest.raises(PromptRefused, match="1 answer for you"):
            await on.inbox.offers.pressed(pressed(Offer.AGAIN, first.id, alice))
        await on.press(Offer.AGAIN, first.id, carol)


async def test_denied_people_judge_nothing() -> None:
    mallory = FakeSender("mallory")
    async with stage() as on:
        answer = await on.ask(question(FakeSender("alice")))
        with pytest.raises(PromptRefused, match="may not answer you"):
            await on.inbox.offers.pressed(pressed(Offer.GOOD, answer.id, mallory))
        assert await on.service.store.answers.ratings(answer.id) == {}
