"""Calls of which nobody knows whether they took effect: nothing is there twice, and nothing else is called unplanned."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import pytest

from tests.discord.rig import (
    CREATE,
    EDIT,
    EDIT_RESPONSE,
    FOLLOW_UP,
    ChannelRig,
    InteractionRig,
    buttons,
    channel_rig,
    interaction_rig,
    rest_on_stand_in,
)
from tests.discord.stage import Stage, assert_answer, on_stage, stop_buttons, text_of
from tests.discord.test_streaming import writing
from tickertape.answer.answering import Answering
from tickertape.discord.http.global_limit import MOST, GlobalLimit
from tickertape.discord.http.response import Json
from tickertape.discord.http.rest import Request
from tickertape.discord.showing.channel_surface import ChannelSurface
from tickertape.discord.showing.interaction_surface import TOKEN_LIFE
from tickertape.sandbox.discord import Drop, InteractionState
from tickertape.screen.body import Body, Call
from tickertape.screen.outcome import RateLimited, Shown, Unconfirmed

SEARCH = ("GET", "/channels/{}/messages")
CALLBACK = ("POST", "/interactions/{}/{}/callback")
FIRST, SECOND = Body("First.", stoppable=True), Body("Second.", stoppable=True)


async def lost_follow_up(rig: InteractionRig, drop: Drop = Drop.AFTER) -> None:
    """Fill the response, and lose the connection of the first follow-up."""
    assert isinstance(await rig.surface.post(FIRST, 0), Shown)
    rig.sandbox.drop_next(*FOLLOW_UP, drop)
    assert isinstance(await rig.surface.post(SECOND, 1), Unconfirmed)


async def test_a_lost_create_is_found_by_one_call_and_an_edit_is_due() -> None:
    async with channel_rig() as rig:
        rig.drop_next(after_effect=True)
        assert isinstance(await rig.surface.post(FIRST, 0), Unconfirmed)
        found = await rig.surface.post(Body("First, and more."), 0)
        assert isinstance(found, Shown)
        assert not found.certain
        assert rig.texts() == ["First."]
        assert rig.sandbox.calls.count(*EDIT) == 0
        await rig.surface.edit(found.message, Body("First, and more."))
        assert rig.texts() == ["First, and more."]
        assert rig.stoppable() == [False]


async def test_a_lost_follow_up_is_found_by_one_call_whose_costs_are_those_of_the_search() -> None:
    async with interaction_rig() as rig:
        await lost_follow_up(rig)
        calls = len(rig.sandbox.calls)
        assert [str(budget.key).split()[1] for budget in rig.surface.costs(Call.POST)] == ["GET", "global"]
        assert [str(budget.key).split()[1] for budget in rig.surface.costs(Call.EDIT)] == ["PATCH"]
        found = await rig.surface.post(SECOND, 1)
        assert isinstance(found, Shown)
        assert not found.certain
        assert [(call.method, call.route) for call in rig.sandbox.calls][calls:] == [SEARCH]
        assert rig.texts() == ["First.", "Second."]


async def test_a_follow_up_that_is_not_there_is_created_by_the_next_call() -> None:
    async with interaction_rig() as rig:
        await lost_follow_up(rig, Drop.BEFORE)
        assert isinstance(await rig.surface.post(SECOND, 1), Unconfirmed)
        assert rig.sandbox.calls.count(*SEARCH) == 1
        created = await rig.surface.post(SECOND, 1)
        assert isinstance(created, Shown)
        assert created.certain
        assert rig.texts() == ["First.", "Second."]


@pytest.mark.parametrize("status", [200, 429, 503, 0])
async def test_a_search_that_fails_is_no_proof_of_absence(status: int) -> None:
    async with interaction_rig() as rig:
        await lost_follow_up(rig)
        if status:
            rig.sandbox.fail_next(*SEARCH, status, retry_after=3.0)
        else:
            rig.sandbox.drop_next(*SEARCH, Drop.BEFORE, times=2)  # aiohttp repeats a GET once
        failed = await rig.surface.post(SECOND, 1)
        if isinstance(failed, RateLimited):
            assert failed.budget in rig.surface.costs(Call.POST)
            await asyncio.sleep(failed.retry_after)
        else:
            assert isinstance(failed, Unconfirmed)
        assert isinstance(await rig.surface.post(SECOND, 1), Shown)
        assert rig.texts() == ["First.", "Second."]


async def test_where_the_search_is_forbidden_the_follow_up_is_created_again() -> None:
    async with interaction_rig() as rig:
        await lost_follow_up(rig, Drop.BEFORE)
        rig.sandbox.fail_next(*SEARCH, 403, code=50001, message="Missing Access")
        assert isinstance(await rig.surface.post(SECOND, 1), Unconfirmed)
        assert isinstance(await rig.surface.post(SECOND, 1), Shown)


async def test_a_lost_follow_up_is_looked_for_also_after_the_tokens_end() -> None:
    async with interaction_rig() as rig:
        await asyncio.sleep(TOKEN_LIFE - 32)
        await lost_follow_up(rig)
        await asyncio.sleep(3)
        assert isinstance(await rig.surface.post(SECOND, 1), Shown)
        assert rig.texts() == ["First.", "Second."]
        assert rig.sandbox.calls.count(*CREATE) == 0


@pytest.mark.parametrize("status", [429, 503])
async def test_a_page_is_there_once_although_the_search_fails_first(status: int) -> None:
    text = text_of(5_000)
    async with on_stage(writing(text, 20)) as stage:
        await stage.slash()
        await stage.until_running(200)
        stage.discord.drop_next(*FOLLOW_UP)
        stage.discord.fail_next(*SEARCH, status, retry_after=2.0)
        await stage.until_over()
        assert_answer(stage.shown(), text)
        assert stage.discord.calls.count(*SEARCH) == 2


async def test_a_lost_first_message_is_found_and_can_be_stopped_while_edits_are_closed() -> None:
    async with on_stage(writing(text_of(1_500), 40)) as stage:
        stage.discord.drop_next(*CREATE)
        stage.discord.fail_next(*EDIT, 429, retry_after=8.0)
        await stage.ask()
        await stage.until(lambda: stage.discord.calls.select(*EDIT, 429))
        edits = stage.discord.calls.count(*EDIT)
        await stage.discord.react(stage.shown()[0], stage.discord.alice, "🛑")
        await asyncio.sleep(0.5)
        assert len(stage.model.closed_at) == 1, "the message is known although its edit is not through"
        await stage.until_over()
        limited, *others = stage.discord.calls.select(*EDIT)
        assert edits == 1
        assert others[0].at - limited.at >= 8.0
        assert len(stage.shown()) == 1
        assert stop_buttons(stage.shown()) == []


async def test_lost_creates_among_many_answers_earn_no_429() -> None:
    async with on_stage(writing(text_of(3_900), 20)) as stage:
        stage.model.scripts *= 8
        for _ in range(7):
            await stage.ask()
        for _ in range(4):
            await asyncio.sleep(1.37)
            stage.discord.drop_next(*CREATE)
        await stage.ask()
        await stage.until_over(8)
        assert stage.discord.calls.count(*CREATE, 0) == 4
        assert len(stage.shown()) == 16
        stage.assert_clean()


async def test_a_success_without_a_message_is_none() -> None:
    text = text_of(300)
    async with on_stage(writing(text, 5)) as stage:
        stage.discord.fail_next(*CREATE, 200)
        stage.discord.fail_next(*EDIT, 200)
        await stage.ask()
        await stage.until_over()
        assert_answer(stage.shown(), text)


@pytest.mark.parametrize("drop", list(Drop))
async def test_a_deferral_whose_reply_was_lost_is_answered_all_the_same(drop: Drop) -> None:
    async with on_stage() as stage:
        stage.discord.drop_next(*CALLBACK, drop)
        interaction = await stage.slash()
        await stage.until_over()
        assert interaction.state is InteractionState.ANSWERED
        assert_answer(interaction.messages, "An answer.")


async def test_a_deferral_that_failed_is_answered_in_the_channel() -> None:
    async with on_stage() as stage:
        stage.discord.fail_next(*CALLBACK, 400, code=40060)
        await stage.slash()
        await stage.until_over()
        assert_answer(stage.shown(), "An answer.")


@pytest.mark.parametrize("slash", [False, True])
async def test_a_call_that_hangs_holds_the_end_up_for_half_a_minute_at_most(slash: bool) -> None:
    async with on_stage(writing(text_of(1_500), 40)) as stage:
        await (stage.slash() if slash else stage.ask())
        answer = await stage.until_running(200)
        stage.discord.delay_next(*(EDIT_RESPONSE if slash else EDIT), 290.0)
        await asyncio.sleep(5)
        stage.answering.stop(answer)
        async with asyncio.timeout(35):
            await answer.done.wait()
        assert_answer(stage.shown(), answer.draft.text, "Stopped.")


async def test_a_call_that_hangs_does_not_hold_a_shutdown_for_minutes() -> None:
    async with on_stage(writing(text_of(1_500), 40)) as stage:
        await stage.ask()
        await stage.until_running(200)
        stage.discord.delay_next(*EDIT, 290.0)
        await asyncio.sleep(5)
        async with asyncio.timeout(35):
            await close(stage, stage.answering)


async def close(stage: Stage, answering: Answering) -> None:
    await answering.close(grace=1, drain=2)
    await stage.bot.close()


@pytest.mark.parametrize("pause", [4.0, 40.0])
async def test_after_a_global_429_no_call_leaves_planned_or_not(pause: float) -> None:
    async with rest_on_stand_in() as (sandbox, http, rest):
        create = Request("POST", f"/channels/{sandbox.general.id}/messages")
        sandbox.fail_next(*CREATE, 429, retry_after=pause, scope="global")
        await rest.call(create, {"content": "Hello"})
        (limited,) = sandbox.calls.select(status=429)
        asked = asyncio.get_running_loop().time()
        refused = await rest.call(create, {"content": "Hello"})
        assert isinstance(refused, RateLimited)
        assert refused.budget in rest.costs(create)
        assert refused.retry_after == pytest.approx(pause, abs=0.2)
        assert asyncio.get_running_loop().time() - asked < 0.1
        await http.send_typing(sandbox.general.id)
        assert sandbox.calls.count(status=429) == 1
        (typing,) = sandbox.calls.select("POST", "/channels/{}/typing")
        assert typing.at - limited.at >= pause


async def call_of_no_time(limit: GlobalLimit) -> None:
    permit = await limit.wait()
    permit.used = True
    permit.release()


async def test_the_wait_for_a_permit_is_no_part_of_a_calls_time() -> None:
    async with rest_on_stand_in() as (sandbox, _, rest):
        create = Request("POST", f"/channels/{sandbox.general.id}/messages")
        waits = [asyncio.create_task(call_of_no_time(rest.limit)) for _ in range(MOST * 65)]
        await asyncio.sleep(1)
        sandbox.delay_next(*CREATE, 25.0)
        begun = asyncio.get_running_loop().time()
        answer = await rest.call(create, {"content": "Hello"})
        assert asyncio.get_running_loop().time() - begun > 60
        assert not isinstance(answer, Unconfirmed)
        await asyncio.gather(*waits)


async def test_the_button_is_part_of_a_payload_only_when_it_comes_and_goes() -> None:
    sent: list[Json] = []
    async with rest_on_stand_in(sent) as (sandbox, _, rest):
        surface = ChannelSurface(rest, sandbox.general.id, buttons())
        shown = await surface.post(FIRST, 0)
        assert isinstance(shown, Shown)
        for body in (SECOND, Body("Third."), Body("Fourth.")):
            assert isinstance(await surface.edit(shown.message, body), Shown)
        await surface.post(Body("Next."), 1)
        assert [payload.get("components") for payload in sent] == [
            sent[0]["components"], None, [], None, None,
        ]  # fmt: skip
        assert sent[0]["components"] != []


@pytest.mark.parametrize("make", [channel_rig, interaction_rig])
async def test_after_a_lost_edit_the_button_is_sent_again(
    make: Callable[[], AbstractAsyncContextManager[ChannelRig]],
) -> None:
    async with make() as rig:
        shown = await rig.surface.post(FIRST, 0)
        assert isinstance(shown, Shown)
        rig.drop_next(after_effect=True)
        assert isinstance(await rig.surface.edit(shown.message, Body("Second.")), Unconfirmed)
        assert rig.stoppable() == [False]
        await rig.surface.edit(shown.message, Body("Third.", stoppable=True))
        assert rig.stoppable() == [True]
