"""How a question is asked: once, in the words that it has when its turn comes, where it has a place."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from tests.inbound.edits import Edits
from tests.inbound.stage import stage
from tests.support.english import english
from tests.support.fake_platform import MISSING, FakeChannel
from tests.support.inbound import FakeSender, FakeSpot, question
from tests.support.keys import conversation, key
from tests.support.scripted_model import Script, ScriptedModel
from tickertape.answer.answer import Answer
from tickertape.answer.opening import Opened
from tickertape.answer.preparation import PromptRefused
from tickertape.inbound.asking import Asking
from tickertape.inbound.facts import Published, Question
from tickertape.inbound.history import Witness
from tickertape.inbound.reply_chains import ReplyChains
from tickertape.languages import words


class Publishing:
    """Shows a question to all, as the message 50 of the general channel; `fails` says that this does not work."""

    def __init__(self, asked: Question, *, fails: bool = False) -> None:
        self.spot = FakeSpot()
        self.times = 0
        self._fails = fails
        self.may_go_on = asyncio.Event()
        self.may_go_on.set()
        self.question = replace(asked, publish=self._publish)

    async def _publish(self) -> Published | None:
        self.times += 1
        await self.may_go_on.wait()
        if self._fails:
            return None
        return Published(
            key("fake:general/50"), conversation("fake:general/50"), self.spot, self.question.sender
        )


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


async def test_it_is_known_whether_an_edit_is_taken_up() -> None:
    async with stage() as on:
        conversations, witness = on.service.store.conversations, Witness(on.service.assistant.rules)
        chains = ReplyChains(conversations, witness, reads_history=False)
        asking = Asking(on.service.answering, on.service.assistant, chains)
        with asking.expecting(key("fake:general/1")):
            assert asking.edited(key("fake:general/1"), "How?")
            assert not asking.edited(key("fake:general/1"), "")
            assert not asking.edited(key("fake:general/2"), "How?")
        assert not asking.edited(key("fake:general/1"), "How?")


async def test_a_question_that_is_deleted_while_it_is_looked_at_is_not_asked() -> None:
    alice = FakeSender("alice")
    alice.known.clear()
    async with stage() as on:
        asking = asyncio.create_task(on.inbox.ask(question(alice)))
        await asyncio.sleep(0)
        await on.inbox.deleted(key("fake:general/1"))
        alice.known.set()
        assert await asking is None
    assert on.model.asked == []
    assert alice.told == []


async def test_a_question_is_written_down_when_it_is_asked() -> None:
    alice = FakeSender("alice")
    async with stage() as on:
        answer = await on.inbox.ask(question(alice, model="SMALL"))
        assert answer is not None
        record = await on.service.store.answers.by_prompt(key("fake:general/1"))
        assert record is not None
        assert (record.id, record.asker, record.prompt) == (answer.id, alice.key, "Why?")
        assert (record.model, record.persona) == ("small", "standard")


async def test_a_question_is_asked_once() -> None:
    alice, spot = FakeSender("alice"), FakeSpot()
    async with stage() as on:
        answer = await on.ask(question(alice, spot=spot))
        assert spot.followed == [answer]
        assert await on.inbox.ask(question(alice, spot=spot)) is None
    assert len(on.model.asked) == len(spot.prepared) == alice.looks == 1


async def test_refusals_reach_whoever_asks_and_are_not_repeated() -> None:
    mallory = FakeSender("mallory")
    async with stage() as on:
        with pytest.raises(PromptRefused, match="may not answer you"):
            await on.inbox.ask(question(mallory))
        assert await on.inbox.ask(question(mallory)) is None
    assert mallory.told == [], "that is for the command to do"


async def test_a_model_that_is_named_must_exist_and_be_allowed() -> None:
    alice, bob = FakeSender("alice"), FakeSender("bob")
    async with stage() as on:
        with pytest.raises(PromptRefused, match="Did you mean large"):
            await on.inbox.ask(question(alice, number=1, model="lareg"))
        with pytest.raises(PromptRefused, match="may not use the model large"):
            await on.inbox.ask(question(alice, number=2, model="large"))
        assert (await on.ask(question(bob, number=3, model="Large"))).prompt.model == "large"


async def test_patience_ends_before_anything_is_shown() -> None:
    alice, loop, spot = FakeSender("alice"), asyncio.get_running_loop(), FakeSpot()
    alice.known.clear()
    async with stage() as on:
        before = loop.time()
        asked = Publishing(question(alice, spot=spot, patience=2.0))
        with pytest.raises(PromptRefused) as refused:
            await on.inbox.ask(asked.question)
        assert loop.time() - before == pytest.approx(2.0)
    assert refused.value.sentence == words.TOO_SLOW
    assert (spot.prepared, asked.times) == ([], 0)


async def test_patience_is_for_finding_out_whether_it_may_be_asked_not_for_showing_it() -> None:
    alice = FakeSender("alice")
    asked = Publishing(question(alice, patience=2.0))
    asked.may_go_on.clear()
    async with stage() as on:
        asking = asyncio.create_task(on.inbox.ask(asked.question))
        await asyncio.sleep(10)
        asked.may_go_on.set()
        await on.over(await asking)


async def test_a_question_that_is_refused_is_not_shown_to_all() -> None:
    asked = Publishing(question(FakeSender("mallory")))
    async with stage() as on:
        with pytest.raises(PromptRefused):
            await on.inbox.ask(asked.question)
    assert asked.times == 0


async def test_a_published_question_is_asked_under_the_key_of_its_message() -> None:
    alice, spot = FakeSender("alice"), FakeSpot()
    asked = Publishing(question(alice, spot=spot))
    async with stage() as on:
        answer = await on.ask(asked.question)
        assert answer.prompt.key == key("fake:general/50")
        assert answer.prompt.conversation == conversation("fake:general/50")
        assert await on.inbox.ask(asked.question) is None, "a second delivery of the command"
        assert on.service.answering.registry.asked(key("fake:general/50"))
    assert (asked.times, len(on.model.asked)) == (1, 1)
    assert asked.spot.followed == [answer]
    assert (spot.prepared, spot.surface.texts) == ([], [])


async def test_a_question_that_cannot_be_published_is_not_asked_and_not_tried_again() -> None:
    asked = Publishing(question(FakeSender("alice")), fails=True)
    async with stage() as on:
        assert await on.inbox.ask(asked.question) is None
        assert await on.inbox.ask(asked.question) is None
    assert (asked.times, on.model.asked) == (1, [])


async def test_a_second_delivery_while_a_question_is_published_does_nothing() -> None:
    asked = Publishing(question(FakeSender("alice")))
    asked.may_go_on.clear()
    async with stage() as on:
        first = asyncio.create_task(on.inbox.ask(asked.question))
        await asyncio.sleep(0.1)
        assert await on.inbox.ask(asked.question) is None
        asked.may_go_on.set()
        await on.over(await first)
    assert asked.times == 1


async def test_a_place_that_takes_no_answer_refuses_the_question() -> None:
    spot = FakeSpot(refusal=words.CHANNEL_NOT_ALLOWED)
    async with stage() as on:
        with pytest.raises(PromptRefused, match="in this channel"):
            await on.inbox.ask(question(FakeSender("alice"), spot=spot))
    assert on.model.asked == []


async def test_a_place_is_opened_when_the_answer_is_written_down_and_before_a_model_is_asked() -> None:
    alice, opened = FakeSender("alice"), []
    async with stage() as on:

        async def open_(answer: Answer) -> Opened:
            opened.append(await on.service.store.answers.find(answer.id))
            assert not on.model.asked
            assert not spot.followed
            return Opened()

        spot = FakeSpot(opener=open_)
        answer = await on.ask(question(alice, spot=spot))
        assert spot.surface.texts == ["Because."]
        assert spot.followed == [answer]
    assert [record.id for record in opened if record is not None] == [answer.id]


async def test_where_no_place_opens_nothing_is_shown_or_followed() -> None:
    async def open_(_: Answer) -> Opened | None:
        return None

    alice, spot = FakeSender("alice"), FakeSpot(opener=open_)
    async with stage() as on:
        answer = await on.ask(question(alice, spot=spot))
        assert answer.over
    assert (on.model.asked, spot.followed, spot.surface.texts, alice.told) == ([], [], [], [])


@pytest.mark.parametrize(("forbidden", "told"), [(True, [english(MISSING)]), (False, [])])
async def test_the_asker_is_told_when_the_platform_did_not_take_the_answer(
    forbidden: bool, told: list[str]
) -> None:
    alice, spot = FakeSender("alice"), FakeSpot(FakeChannel(forbidden=forbidden))
    async with stage() as on:
        await on.ask(question(alice, spot=spot))
        await asyncio.sleep(0)
    assert alice.heard == told


async def test_whoever_took_the_question_back_is_not_told_that_the_answer_is_lost() -> None:
    alice, spot = FakeSender("alice"), FakeSpot()
    async with stage(ScriptedModel([Script(["Because"], hold=True)])) as on:
        answer = await on.inbox.ask(question(alice, spot=spot))
        assert answer is not None
        spot.channel.forbidden = True
        await on.inbox.deleted(key("fake:general/1"))
        await on.over(answer)
        await asyncio.sleep(1)
        assert answer.refused is not None
    assert alice.told == []
