"""One prompt, one answer, whatever Slack delivers again and however the connection behaves."""

from __future__ import annotations

import asyncio

import pytest

from tests.slack.stage import SENTENCE, Stage, assert_answer, on_stage
from tests.support.scripted_model import Script, ScriptedModel
from tickertape.slack.gateway.socket_mode import SILENCE
from tickertape.slack.settings import Mode

both_modes = pytest.mark.parametrize("mode", list(Mode), ids=lambda mode: mode.name)


@both_modes
async def test_every_event_again_and_again_makes_one_answer(mode: Mode) -> None:
    async with on_stage(mode=mode) as stage:
        asked = await stage.slack.say("general", "alice", "Why?", mention_bot=True)
        await stage.until_over()
        first = list(stage.slack.deliveries)
        assert {delivery.event["type"] for delivery in first} >= {"app_mention", "message"}
        for delivery in first * 2:
            stage.slack.redeliver(delivery)
        await asyncio.sleep(1)
        assert len(stage.model.asked) == 1
        assert_answer(stage.thread(asked), "An answer.")


@both_modes
@pytest.mark.parametrize("only", ["app_mention", "message.channels"])
async def test_either_of_the_two_events_of_a_mention_is_enough(mode: Mode, only: str) -> None:
    async with on_stage(mode=mode) as stage:
        stage.slack.subscriptions = frozenset({only})
        asked = await stage.slack.say("general", "alice", "Why?", mention_bot=True)
        await stage.until_over()
        assert_answer(stage.thread(asked), "An answer.")


async def test_an_event_that_found_no_socket_is_answered_when_it_comes_again() -> None:
    async with on_stage() as stage:
        stage.slack.drop_sockets()
        asked = await stage.slack.say("general", "alice", "Why?", mention_bot=True)
        await stage.until(lambda: stage.model.asked, 90)
        await stage.until_over()
        assert_answer(stage.thread(asked), "An answer.")


async def test_an_event_whose_acknowledgement_was_lost_is_answered_once() -> None:
    async with on_stage() as stage:
        asked = await stage.slack.say("general", "alice", "Why?", mention_bot=True)
        stage.slack.drop_sockets()
        await asyncio.sleep(400)
        assert len(stage.model.asked) <= 1
        assert_answer(stage.thread(asked), "An answer.")


async def streaming(stage: Stage) -> str:
    """Ask for a long answer and wait until some of it is on screen; return the whole text."""
    await stage.slack.say("general", "alice", "Why?", mention_bot=True)
    await stage.until_running()
    return "".join(stage.model.scripts[0].pieces).strip()


def slow() -> ScriptedModel:
    """Return a model that writes for 60 s."""
    return ScriptedModel([Script([SENTENCE] * 200, pause=0.3)])


async def test_a_socket_that_breaks_in_mid_stream_hurts_nothing() -> None:
    async with on_stage(slow()) as stage:
        text = await streaming(stage)
        stage.slack.drop_sockets()
        await stage.until_over()
        assert_answer(stage.shown(), text)
        await stage.until(lambda: len(stage.slack.sockets) == 1)


@pytest.mark.parametrize("reason", ["warning", "refresh_requested", "link_disabled"])
async def test_a_socket_that_slack_takes_away_is_replaced_and_stops_still_arrive(reason: str) -> None:
    async with on_stage(slow()) as stage:
        await streaming(stage)
        old = stage.slack.sockets[0]
        await stage.slack.disconnect(reason)
        await stage.until(lambda: stage.slack.sockets and stage.slack.sockets[0] is not old)
        await stage.slack.react(stage.shown()[0], "alice", "x")
        await stage.until_over()
        assert len(stage.model.asked) == 1
        assert stage.answering.registry.running() == []


async def test_a_deaf_socket_is_replaced_in_time_for_slacks_last_retry() -> None:
    async with on_stage() as stage:
        stage.slack.deafen_sockets()
        asked = await stage.slack.say("general", "alice", "Why?", mention_bot=True)
        await stage.until(lambda: stage.model.asked, 400)
        await stage.until_over()
        assert_answer(stage.thread(asked), "An answer.")


async def test_a_quiet_socket_is_replaced_now_and_then_and_a_busy_one_is_not() -> None:
    async with on_stage() as stage:
        old = stage.slack.sockets[0]
        for _ in range(10):
            await asyncio.sleep(SILENCE / 4)
            await stage.slack.say("general", "bob", "Small talk.")
        assert stage.slack.sockets == [old]
        await asyncio.sleep(SILENCE + 60)
        assert len(stage.slack.sockets) == 1
        assert stage.slack.sockets != [old]
        assert stage.slack.rate_limited == []


async def test_slack_being_away_for_minutes_leaves_one_socket_that_works() -> None:
    async with on_stage() as stage:
        address, stage.slack.world.base_url = stage.slack.world.base_url, "http://127.0.0.1:9"
        stage.slack.drop_sockets()
        await asyncio.sleep(300)
        assert stage.slack.sockets == []
        stage.slack.world.base_url = address
        await stage.until(lambda: stage.slack.sockets, 120)
        await asyncio.sleep(200)
        assert len(stage.slack.sockets) == 1
        asked = await stage.slack.say("general", "alice", "Why?", mention_bot=True)
        await stage.until_over()
        assert_answer(stage.thread(asked), "An answer.")


async def test_http_requests_without_slacks_signature_are_refused() -> None:
    async with on_stage(mode=Mode.HTTP) as stage:
        assert await stage.slack.verify_events_url()
        stage.slack.events_api.secret = "somebody else's"
        used = await stage.slack.slash("general", "alice", "/ask", "Why?")
        assert used.error == "http_service_error"
        stage.slack.events_api.secret = "sandbox-signing-secret"
        stage.slack.events_api.signing_clock = lambda: 1_700_000_000.0
        used = await stage.slack.slash("general", "alice", "/ask", "Why?")
        assert used.error == "http_service_error"
        assert stage.model.asked == []
