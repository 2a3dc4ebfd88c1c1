"""The border to slack-sdk: its errors told apart, the limits' turns, people and lookups."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from tests.support.english import english
from tickertape.sandbox.slack import SlackSandbox
from tickertape.screen.outcome import Gone, RateLimited, Refused, Unconfirmed
from tickertape.slack.gateway.people import UNKNOWN, People, Person
from tickertape.slack.http.budgets import SlackLimits
from tickertape.slack.http.cache import KEPT_SECONDS
from tickertape.slack.http.outcomes import of_edit, of_post
from tickertape.slack.http.web import (
    CallFailed,
    CallRateLimited,
    CallRefused,
    CallUnclear,
    make_client,
    make_session,
    reply,
)
from tickertape.slack.words import lacks_scope


@asynccontextmanager
async def client_of(slack: SlackSandbox) -> AsyncIterator[AsyncWebClient]:
    async with make_session() as session:
        yield make_client(slack.bot_token, slack.api_url, session)


async def failure(client: AsyncWebClient) -> CallFailed:
    with pytest.raises(CallFailed) as failed:
        await reply(client.chat_postMessage(channel="general", text="Hello."))
    return failed.value


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ({"error": "ratelimited", "retry_after": 12}, CallRateLimited),
        ({"error": "restricted_action"}, CallRefused),
        ({"error": "fatal_error"}, CallUnclear),
        ({"status": 503}, CallUnclear),
        ({"status": 200}, CallUnclear),
        ({"drop": "before"}, CallUnclear),
        ({"drop": "after"}, CallUnclear),
        ({"delay": 60.0}, CallUnclear),
    ],
)
async def test_failures_are_told_apart_and_nothing_is_tried_twice(
    fault: dict[str, object], kind: type[CallFailed]
) -> None:
    async with SlackSandbox() as slack, client_of(slack) as client:
        slack.fail_next("chat.postMessage", **fault)  # type: ignore[arg-type]  # keywords of fail_next
        failed = await failure(client)
        assert type(failed) is kind
        assert not isinstance(failed, CallRateLimited) or failed.retry_after == 12
        assert len(slack.calls_of("chat.postMessage")) == 1


async def test_a_missing_scope_is_named() -> None:
    async with SlackSandbox() as slack, client_of(slack) as client:
        slack.scopes -= {"chat:write"}
        failed = await failure(client)
        assert isinstance(failed, CallRefused)
        assert (failed.code, failed.needed) == ("missing_scope", "chat:write")


@pytest.mark.parametrize(("body", "kind"), [("{broken", "application/json"), ("Log in first.", "text/plain")])
async def test_answers_that_are_not_slacks_are_unclear(body: str, kind: str) -> None:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(text=body, content_type=kind)

    app = web.Application()
    app.router.add_post("/api/{method}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with make_session() as session:
        client = make_client("xoxb-1", f"http://127.0.0.1:{runner.addresses[0][1]}/api/", session)
        assert isinstance(await failure(client), CallUnclear)
    await runner.cleanup()


def test_error_codes_become_outcomes_with_the_permission_named() -> None:
    budget = SlackLimits("T1").updates
    assert of_edit(CallRateLimited(4), budget) == RateLimited(budget, 4)
    assert of_edit(CallUnclear("reset"), budget) == Unconfirmed("reset")
    assert of_post(CallRefused("thread_not_found"), budget) == Gone()
    for code in ("message_not_found", "channel_not_found"):
        assert of_edit(CallRefused(code), budget) == Gone()
    for code in ("not_in_channel", "channel_not_found"):
        outcome = of_post(CallRefused(code), budget)
        assert isinstance(outcome, Refused)
        assert "/invite" in english(outcome.permission)
    assert of_post(CallRefused("missing_scope", "chat:write"), budget) == Refused(
        "missing_scope (needs chat:write)", lacks_scope("chat:write")
    )
    for code in ("is_archived", "msg_too_long", "msg_blocks_too_long", "invalid_blocks"):
        assert of_edit(CallRefused(code), budget) == Refused(code, None)


async def test_messages_beside_answers_take_turns_with_them() -> None:
    limits = SlackLimits("T1")
    loop = asyncio.get_running_loop()
    begun = loop.time()
    await limits.post_turn("C1")
    await limits.post_turn("C2")
    assert loop.time() == begun
    budgets = limits.posting("C1")
    assert budgets == limits.posting("C1")
    await limits.post_turn("C1")
    assert 1.0 <= loop.time() - begun < 1.1
    answers = limits.posting("C3")
    for budget in answers:
        budget.begin(loop.time())
        loop.call_at(loop.time() + 5, budget.settle, loop.time() + 5)
    waiting_since = loop.time()
    await limits.post_turn("C3")
    assert 6 <= loop.time() - waiting_since < 8


@pytest.mark.parametrize("method", ["users.info", "chat.postEphemeral", "conversations.replies"])
async def test_guarded_methods_stay_within_their_tier_in_every_minute(method: str) -> None:
    limits = SlackLimits("T1")
    guard, times = limits.guard(method), list[float]()
    for _ in range(300):
        async with guard:
            times.append(asyncio.get_running_loop().time())
    tier = {"users.info": 100, "chat.postEphemeral": 100, "conversations.replies": 50}[method]
    assert max(sum(start <= at < start + 60 for at in times) for start in times) <= tier + 1


async def test_people_are_asked_for_once_and_again_when_that_is_old() -> None:
    async with SlackSandbox() as slack, client_of(slack) as client:
        people = People(client, SlackLimits(slack.team_id), slack.team_id)
        admin = slack.world.user("admin").id
        found = await asyncio.gather(*(people.find(admin) for _ in range(5)))
        assert found == [Person("admin", moderates=True, locale="en-US")] * 5
        assert len(slack.calls_of("users.info")) == 1
        await asyncio.sleep(KEPT_SECONDS + 1)
        await people.find(admin)
        assert len(slack.calls_of("users.info")) == 2


async def test_an_admin_of_another_workspace_is_no_moderator_here() -> None:
    async with SlackSandbox() as slack, client_of(slack) as client:
        people = People(client, SlackLimits("T-OURS"), "T-OURS")
        found_later = await people.find(slack.world.user("admin").id)
        assert found_later == Person("admin", moderates=False, locale="en-US")


async def test_whom_slack_does_not_know_has_no_rights_and_is_asked_for_again() -> None:
    async with SlackSandbox() as slack, client_of(slack) as client:
        people = People(client, SlackLimits(slack.team_id), slack.team_id)
        slack.fail_next("users.info", status=500)
        admin = slack.world.user("admin").id
        assert await people.find(admin) == UNKNOWN
        assert (await people.find(admin)).moderates


async def test_whom_slack_does_not_show_is_not_asked_for_again_so_soon() -> None:
    async with SlackSandbox() as slack, client_of(slack) as client:
        people = People(client, SlackLimits(slack.team_id), slack.team_id)
        for error in ("user_not_visible", "missing_scope"):
            slack.fail_next("users.info", error=error)
            asked = len(slack.calls_of("users.info"))
            for _ in range(3):
                assert await people.find(error) == UNKNOWN
            assert len(slack.calls_of("users.info")) == asked + 1
