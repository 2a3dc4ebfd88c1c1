"""Who may stop an answer, and by what."""

from __future__ import annotations

import asyncio

import pytest

from tests.inbound.stage import Stage, stage
from tests.support.english import english
from tests.support.inbound import FakeSender, FakeSpot, FakeSpots, question
from tests.support.keys import key, place
from tests.support.scripted_model import Script, ScriptedModel
from tickertape.answer.answer import Answer
from tickertape.answer.states import State
from tickertape.inbound.facts import Gesture, Reacted
from tickertape.languages import words

GENERAL = place("fake:general")


def endless() -> ScriptedModel:
    """Return a model that never comes to an end."""
    return ScriptedModel([Script(["Because"], hold=True)])


def stop_on(number: int, sender: FakeSender) -> Reacted:
    """Return a reaction that stops, on a message of the general channel."""
    return Reacted(key(f"fake:general/{number}"), Gesture.STOP, sender, FakeSpots())


async def begun(on: Stage, sender: FakeSender, number: int = 1, spot: FakeSpot | None = None) -> Answer:
    """Return an answer that is being written."""
    asked = question(sender, number=number, spot=spot, thread=f"fake:general/{number}")
    answer = await on.inbox.ask(asked)
    assert answer is not None
    await answer.shown.wait()
    return answer


async def test_the_asker_stops_at_once_and_nobody_is_asked_who_that_is() -> None:
    alice, spot = FakeSender("alice"), FakeSpot()
    async with stage(endless()) as on:
        answer = await begun(on, alice, spot=spot)
        alice.looks = 0
        alice.known.clear()
        await asyncio.wait_for(on.inbox.reacted(stop_on(1, alice)), 0.01)
        await answer.done.wait()
    assert answer.state is State.STOPPED
    assert alice.looks == 0
    assert english(words.stopped_by(None)) in spot.surface.texts[-1]


@pytest.mark.parametrize(
    ("other", "may"),
    [
        (FakeSender("carol", moderates=True), True),
        (FakeSender("root"), True),
        (FakeSender("bob"), False),
        (FakeSender("bot", moderates=True, is_app=True), False),
        (FakeSender("root", is_app=True), False),
    ],
    ids=["moderator", "admin", "another", "moderating app", "app that is an admin"],
)
async def test_others_stop_by_a_reaction_if_they_may_and_hear_nothing(other: FakeSender, may: bool) -> None:
    spot = FakeSpot()
    async with stage(endless()) as on:
        answer = await begun(on, FakeSender("alice"), spot=spot)
        await on.inbox.reacted(stop_on(1, other))
        assert answer.over is may
        assert other.told == []
        if may:
            await answer.done.wait()
            assert other.who.origin.name in spot.surface.texts[-1], "people see who it was"


async def test_nobody_is_asked_who_reacts_to_what_is_no_answer() -> None:
    bob = FakeSender("bob")
    async with stage(endless()) as on:
        await begun(on, FakeSender("alice"))
        await on.inbox.reacted(stop_on(99, bob))
    assert bob.looks == 0


async def test_a_reaction_on_a_message_that_becomes_known_within_five_seconds_stops() -> None:
    alice = FakeSender("alice")
    async with stage(endless()) as on:
        answer, late = await begun(on, alice), await begun(on, alice, number=2)
        reactions = [asyncio.create_task(on.inbox.reacted(stop_on(number, alice))) for number in (10, 20)]
        await asyncio.sleep(4.9)
        on.service.answering.registry.link(answer, key("fake:general/10"))
        await asyncio.sleep(0.3)
        on.service.answering.registry.link(late, key("fake:general/20"))
        await asyncio.gather(*reactions)
        await asyncio.sleep(10)
        assert (answer.over, late.over) == (True, False)


async def test_a_reaction_where_nothing_is_written_is_not_kept() -> None:
    alice, loop = FakeSender("alice"), asyncio.get_running_loop()
    async with stage(endless()) as on:
        await begun(on, alice)
        before = loop.time()
        await on.inbox.reacted(Reacted(key("fake:other/10"), Gesture.STOP, alice, FakeSpots()))
        assert loop.time() == before


async def test_at_most_a_hundred_reactions_are_kept_at_a_time() -> None:
    alice, loop = FakeSender("alice"), asyncio.get_running_loop()
    async with stage(endless()) as on:
        answer = await begun(on, alice)
        kept = [asyncio.create_task(on.inbox.reacted(stop_on(10, FakeSender("bob")))) for _ in range(99)]
        kept.append(asyncio.create_task(on.inbox.reacted(stop_on(20, alice))))
        await asyncio.sleep(0)
        before = loop.time()
        await on.inbox.reacted(stop_on(30, alice))
        assert loop.time() == before, "one too many is not kept"
        on.service.answering.registry.link(answer, key("fake:general/20"))
        await asyncio.gather(*kept)
        assert answer.over, "the hundredth is"
        await begun(on, alice, number=2)
        before = loop.time()
        await on.inbox.reacted(stop_on(30, alice))
        assert loop.time() > before, "there is room again"


async def test_a_press_stops_for_those_who_may_and_others_are_told() -> None:
    alice, bob, carol = FakeSender("alice"), FakeSender("bob"), FakeSender("carol", moderates=True)
    async with stage(endless()) as on:
        answer, stopping = await begun(on, alice), on.inbox.stopping
        assert await stopping.pressed(answer.id, bob) == words.NOT_YOURS
        assert answer.state is State.STREAMING
        assert await stopping.pressed(answer.id, carol) is None
        assert answer.over
        assert await stopping.pressed(answer.id, alice) is None, (
            "its end is on its way: pressed twice is pressed"
        )
        await answer.done.wait()
        assert await stopping.pressed(answer.id, alice) == words.NOT_RUNNING
        assert await stopping.pressed("nothing", alice) == words.NOT_RUNNING


async def test_a_command_stops_the_own_answers_of_a_place_and_all_for_those_who_may() -> None:
    alice, bob, root = FakeSender("alice"), FakeSender("bob"), FakeSender("root")
    async with stage(endless()) as on:
        hers, also_hers = await begun(on, alice), await begun(on, alice, number=2)
        his, stopping = await begun(on, bob, number=3), on.inbox.stopping
        assert await stopping.commanded(place("fake:other"), alice) == words.NOTHING_RUNNING
        assert await stopping.commanded(GENERAL, alice) == words.stopped_here(2)
        assert (hers.over, also_hers.over, his.over) == (True, True, False)
        assert await stopping.commanded(GENERAL, alice) == words.NOTHING_RUNNING
        assert await stopping.commanded(GENERAL, root) == words.stopped_here(1)
        assert his.over


async def test_the_own_answers_do_not_wait_until_it_is_known_who_stops_those_of_others() -> None:
    alice, bob = FakeSender("alice"), FakeSender("bob")
    async with stage(endless()) as on:
        his, hers = await begun(on, bob), await begun(on, alice, number=2)
        alice.known.clear()
        stop = asyncio.create_task(on.inbox.stopping.commanded(GENERAL, alice))
        await asyncio.sleep(0)
        assert hers.over
        alice.known.set()
        assert await stop == words.stopped_here(1)
        assert not his.over


async def test_the_platforms_own_stop_ends_what_the_person_may_stop() -> None:
    alice, bob = FakeSender("alice"), FakeSender("bob")
    async with stage(endless()) as on:
        his, hers = await begun(on, bob), await begun(on, alice, number=2)
        await on.inbox.stopping.stop_all([his, hers], alice)
        assert (his.over, hers.over) == (False, True)
