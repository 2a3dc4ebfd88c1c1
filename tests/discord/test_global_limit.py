"""The limit that all calls share: never more than 50 in a second at the server, and what yields to what."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.discord.rig import rest_on_stand_in
from tests.discord.stage import Stage, on_stage
from tests.simulation.world import on_virtual_time
from tests.support.english import english
from tests.support.scripted_model import Script, ScriptedModel, model_of
from tests.virtual_time import VirtualTimeLoop
from tickertape.discord.http.global_limit import MOST, PERIOD, SPARE, GlobalLimit
from tickertape.discord.http.response import Response
from tickertape.discord.http.rest import Request
from tickertape.languages import words
from tickertape.sandbox.discord import Channel, Drop
from tickertape.screen.outcome import Unconfirmed

ALLOWED = 50
"""Requests in a second (API documentation, rate limits)."""

ROUND_TRIP = 0.08


def most_in_a_second(times: Sequence[float]) -> int:
    """Return how many of `times` lie within one second at most, wherever it begins."""
    ordered = sorted(times)
    return max((sum(at <= other < at + 1 for other in ordered) for at in ordered), default=0)


async def call(limit: GlobalLimit, there: float, back: float, arrivals: list[float]) -> None:
    """Make a call that takes so many seconds to the server, and back."""
    permit = await limit.wait()
    permit.used = True
    await asyncio.sleep(there)
    arrivals.append(asyncio.get_running_loop().time())
    await asyncio.sleep(back)
    permit.release()


def stall(seconds: float) -> None:
    """Keep the loop from running: what is due meanwhile happens at once afterwards."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, VirtualTimeLoop)
    loop._now += seconds


ways = st.floats(0, 3)
calls = st.lists(st.tuples(st.floats(0, 4), ways, ways), max_size=40)
"""Groups of calls: when they are wanted, and how long they take there and back."""


@settings(max_examples=200, deadline=None, derandomize=True)
@given(calls, st.integers(1, 6), st.lists(st.tuples(st.floats(0, 6), st.floats(0, 3)), max_size=4))
def test_no_second_at_the_server_ever_holds_more_than_fifty_calls(
    groups: list[tuple[float, float, float]], size: int, stalls: list[tuple[float, float]]
) -> None:
    async def play() -> list[float]:
        limit = GlobalLimit()
        arrivals: list[float] = []
        loop = asyncio.get_running_loop()
        for at, seconds in stalls:
            loop.call_later(at, stall, seconds)

        async def later(at: float, there: float, back: float) -> None:
            await asyncio.sleep(at)
            await call(limit, there, back, arrivals)

        await asyncio.gather(*(later(*each) for each in groups for _ in range(size * 5)))
        return arrivals

    arrivals = on_virtual_time(play)
    assert len(arrivals) == len(groups) * size * 5
    assert most_in_a_second(arrivals) <= MOST < ALLOWED


async def test_calls_that_a_stall_bunches_up_do_not_arrive_with_those_that_come_after() -> None:
    limit = GlobalLimit()
    arrivals: list[float] = []
    late = [call(limit, 1.5, 0.0, arrivals) for _ in range(MOST)]
    quick = [call(limit, 0.0, 0.0, arrivals) for _ in range(MOST)]
    await asyncio.gather(*late, *quick)
    assert most_in_a_second(arrivals) == MOST
    assert max(arrivals) - min(arrivals) < PERIOD + 0.001


async def test_as_many_calls_leave_as_the_limit_and_the_way_allow() -> None:
    limit = GlobalLimit()
    arrivals: list[float] = []
    begun = asyncio.get_running_loop().time()
    await asyncio.gather(*(call(limit, ROUND_TRIP / 2, ROUND_TRIP / 2, arrivals) for _ in range(40 * MOST)))
    assert 40 * MOST / (max(arrivals) - begun) > 0.99 * MOST / (PERIOD + ROUND_TRIP)


async def test_who_gives_up_waiting_takes_no_permit() -> None:
    limit = GlobalLimit()
    arrivals: list[float] = []
    full = [asyncio.create_task(call(limit, 0.5, 0.5, arrivals)) for _ in range(MOST)]
    await asyncio.sleep(0)
    waiting = [asyncio.create_task(limit.acquire()) for _ in range(MOST)]
    await asyncio.sleep(0.1)
    for each in waiting:
        each.cancel()
    await asyncio.gather(*full)
    await asyncio.sleep(PERIOD)
    begun = asyncio.get_running_loop().time()
    await asyncio.gather(*(call(limit, 0.0, 0.0, arrivals) for _ in range(MOST)))
    assert asyncio.get_running_loop().time() - begun < 0.001


async def test_a_permit_that_was_not_used_is_free_at_once() -> None:
    limit = GlobalLimit()
    for permit in [await limit.acquire() for _ in range(MOST)]:
        permit.release()
        permit.release()
    begun = asyncio.get_running_loop().time()
    permits = [await limit.acquire() for _ in range(MOST)]
    assert asyncio.get_running_loop().time() - begun < 0.001
    waits = asyncio.create_task(limit.acquire())
    await asyncio.sleep(5)
    assert not waits.done()
    permits[0].release()
    await waits


async def test_what_can_be_spared_leaves_the_other_permits_free() -> None:
    limit = GlobalLimit()
    permits = [limit.acquire_spare() for _ in range(SPARE + 1)]
    assert [each is not None for each in permits] == [True] * SPARE + [False]
    begun = asyncio.get_running_loop().time()
    for _ in range(MOST - SPARE):
        await limit.acquire()
    assert asyncio.get_running_loop().time() == pytest.approx(begun, abs=0.001)


@pytest.mark.parametrize("planned", [True, False])
async def test_calls_on_a_slow_way_hold_their_permits_until_their_responses(planned: bool) -> None:
    async with rest_on_stand_in() as (sandbox, http, rest):
        channels = [sandbox.add_channel(sandbox.guild, f"channel-{n}").id for n in range(2 * MOST)]
        route = "/channels/{}/messages" if planned else "/channels/{}/typing"
        for _ in range(MOST):
            sandbox.delay_next("POST", route, 1.5)
        if planned:
            made = [
                rest.call(Request("POST", f"/channels/{each}/messages"), {"content": "x"})
                for each in channels
            ]
            await asyncio.gather(*made)
        else:
            await asyncio.gather(*map(http.send_typing, channels))
        assert sandbox.calls.count("POST", route) == 2 * MOST
        assert sandbox.calls.select(status=429) == []


async def test_a_call_whose_connection_breaks_gives_its_permit_back() -> None:
    async with rest_on_stand_in() as (sandbox, _, rest):
        request = Request("POST", f"/channels/{sandbox.general.id}/messages")
        for _ in range(MOST):
            sandbox.drop_next("POST", "/channels/{}/messages", Drop.BEFORE)
            assert isinstance(await rest.call(request, {"content": "x"}), Unconfirmed)
        await asyncio.sleep(PERIOD)
        answer = await asyncio.wait_for(rest.call(request, {"content": "x"}), 1)
        assert isinstance(answer, Response)


def add_channels(stage: Stage, count: int) -> list[Channel]:
    return [stage.discord.add_channel(stage.discord.guild, f"channel-{number}") for number in range(count)]


async def first_texts(stage: Stage, channels: Sequence[Channel]) -> list[float]:
    """Mention the bot in all channels at once; return the seconds until each one shows the first text."""
    loop = asyncio.get_running_loop()
    asked = loop.time()
    await asyncio.gather(*(stage.ask(channel=each) for each in channels))
    await stage.until_over(len(channels))
    versions = [
        [version for message in stage.shown(each) for version in message.versions] for each in channels
    ]
    nothing = ("", english(words.THINKING))
    return [next(each.at for each in shown if each.content not in nothing) - asked for shown in versions]


@pytest.mark.parametrize("pause", [0.1, 0.5, 2.9, 3.5, 4.5])
async def test_thirty_two_mentions_at_once_show_their_first_text_at_once(pause: float) -> None:
    """After 3 s placeholders stand there, whose posts hold back some of the edits of a text that comes within a second."""
    held_back = PERIOD if 3.0 < pause < 3.0 + PERIOD else 0.0
    async with on_stage(model_of("One two three four.", pause=pause), latency=ROUND_TRIP) as stage:
        waits = await first_texts(stage, add_channels(stage, 32))
        assert max(waits) < pause + held_back + ROUND_TRIP + 0.05
        assert most_in_a_second([call.at for call in stage.discord.calls if call.resource]) <= ALLOWED
        stage.assert_clean()


async def test_typing_that_had_to_yield_comes_later_while_there_is_no_text() -> None:
    async with on_stage(ScriptedModel([Script(["Because."], pause=7.0)])) as stage:
        channels = add_channels(stage, 2 * SPARE)
        await asyncio.gather(*(stage.ask(channel=each) for each in channels))
        await asyncio.sleep(0.9)
        assert stage.discord.calls.count("POST", "/channels/{}/typing") == SPARE
        await asyncio.sleep(2)
        typed = {call.resource for call in stage.discord.calls.select("POST", "/channels/{}/typing")}
        assert typed == {str(each.id) for each in channels}
        await stage.until_over(len(channels))
        stage.assert_clean()


async def test_a_server_that_answers_late_and_all_at_once_earns_no_429() -> None:
    async with on_stage("An answer.") as stage:
        channels = add_channels(stage, 120)
        for _ in range(40):
            stage.discord.delay_next("POST", "/channels/{}/messages", 1.7)
        await asyncio.gather(*(stage.ask(channel=each) for each in channels))
        await stage.until_over(120)
        assert [each.content for channel in channels for each in stage.shown(channel)] == ["An answer."] * 120
        assert not any(
            english(words.THINKING) in each.content for channel in channels for each in stage.shown(channel)
        )
        stage.assert_clean()


async def test_a_loop_that_stalls_earns_no_429() -> None:
    async with on_stage(model_of("word " * 40, pause=0.1)) as stage:
        loop = asyncio.get_running_loop()
        for number in range(20):
            loop.call_later(0.3 + 0.7 * number, stall, 0.6)
        channels = add_channels(stage, 60)
        await asyncio.gather(*(stage.ask(channel=each) for each in channels))
        await stage.until_over(60)
        assert [each.content for channel in channels for each in stage.shown(channel)] == [
            ("word " * 40).strip()
        ] * 60
        stage.assert_clean()
