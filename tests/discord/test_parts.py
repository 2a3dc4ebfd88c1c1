"""The adapter's pure parts, and the trace that keeps the global limit."""

from __future__ import annotations

import asyncio
import json

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.discord.rig import rest_on_stand_in
from tests.support import keys
from tests.support.keys import key
from tickertape.discord import words
from tickertape.discord.commands.sync import is_same
from tickertape.discord.http.budgets import DiscordBudgets
from tickertape.discord.http.outcomes import outcome
from tickertape.discord.http.response import UNEXPLAINED_PAUSE, Response
from tickertape.discord.http.rest import Request
from tickertape.discord.http.trace import HttpTrace
from tickertape.discord.keys import ids_of, message_key
from tickertape.discord.showing.dialect import DIALECT
from tickertape.languages import Sentence
from tickertape.screen.budget import Reading, WindowBudget
from tickertape.screen.outcome import Gone, Outcome, RateLimited, Refused, Shown, Unconfirmed

BUDGET = WindowBudget(keys.budget("discord test"), 5, 5.0)


def response(status: int, body: object = None, **headers: str) -> Response:
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return Response(status, named, json.dumps(body).encode(), at=1.0)


def result(status: int, code: int = 0, **more: object) -> Outcome:
    body = {"code": code, "message": "No", **more}
    return outcome(response(status, body), BUDGET, words.SEND)


def test_what_is_shown_bears_its_key() -> None:
    shown = outcome(response(200, {"id": "7", "channel_id": "3"}), BUDGET, words.SEND)
    assert shown == Shown(key("discord:3/7"), 1.0)
    assert ids_of(key("discord:3/7")) == (3, 7)
    assert message_key(3, 7) == key("discord:3/7")


@pytest.mark.parametrize("code", [10003, 10008])
def test_what_does_not_exist_is_gone(code: int) -> None:
    assert result(404, code) == Gone()


@pytest.mark.parametrize(
    ("status", "code", "permission"),
    [
        (403, 50013, words.SEND),
        (403, 50001, words.VIEW),
        (400, 160002, words.HISTORY),
        (400, 50083, words.MANAGE_THREADS),
        (400, 50035, None),
        (403, 50007, None),
        (401, 0, None),
    ],
)
def test_what_is_refused_names_the_permission(status: int, code: int, permission: Sentence | None) -> None:
    refused = result(status, code)
    assert isinstance(refused, Refused)
    assert refused.permission == permission
    assert str(code) in refused.reason


def test_an_invalid_form_is_explained() -> None:
    refused = result(400, 50035, errors={"content": {"_errors": [{"message": "Must be 2000 or fewer"}]}})
    assert isinstance(refused, Refused)
    assert "Must be 2000" in refused.reason


@pytest.mark.parametrize("code", [0, 20028, 30046])
def test_every_429_is_waited_for(code: int) -> None:
    assert result(429, code, retry_after=2.5) == RateLimited(BUDGET, 2.5)


def test_a_ban_comes_without_json_and_counts_for_all() -> None:
    ban = Response(429, {"Retry-After": "30"}, b"<html>", at=1.0)
    assert ban.is_global
    assert ban.retry_after == 30.0
    assert Response(429, {}, b"", at=1.0).retry_after == UNEXPLAINED_PAUSE
    assert not response(429, {"global": False}).is_global


@pytest.mark.parametrize("status", [500, 502, 503, 504, 524])
def test_a_failing_server_leaves_the_call_unconfirmed(status: int) -> None:
    assert isinstance(result(status), Unconfirmed)


@pytest.mark.parametrize("body", [b"<html>", b"[]", b'{"id": "7"}', b'{"id": "x", "channel_id": "3"}'])
def test_a_success_without_a_message_is_unconfirmed(body: bytes) -> None:
    assert isinstance(outcome(Response(200, {}, body, at=1.0), BUDGET, words.SEND), Unconfirmed)


def test_headers_tell_of_the_window_except_on_a_429() -> None:
    said = {"X_RateLimit_Limit": "5", "X_RateLimit_Remaining": "3", "X_RateLimit_Reset_After": "1.25"}
    assert response(200, {}, **said).reading == Reading(5, 3, 1.25)
    assert response(200, {}).reading is None
    assert response(429, {}, **said).reading is None


def test_budgets_are_kept_by_method_route_and_top_level_resource() -> None:
    budgets = DiscordBudgets()
    edit = budgets.get("PATCH", "/channels/1/messages/2", 0.0)
    assert edit is budgets.get("PATCH", "/channels/1/messages/3", 0.0)
    assert edit is not budgets.get("PATCH", "/channels/2/messages/2", 0.0)
    assert edit is not budgets.get("POST", "/channels/1/messages", 0.0)
    assert budgets.get("POST", "/channels/1/typing", 0.0) is None
    assert budgets.get("DELETE", "/channels/1/messages/2", 0.0) is None


def test_a_budgets_name_does_not_hold_the_interactions_token() -> None:
    budget = DiscordBudgets().get("PATCH", "/webhooks/1/secret-token/messages/@original", 0.0)
    assert budget is not None
    assert "secret-token" not in str(budget.key)


def test_a_message_is_measured_in_utf_16_units() -> None:
    assert DIALECT.size("abc") == 3
    assert DIALECT.size("añ…") == 3
    assert DIALECT.size("a👍") == 3


def test_definitions_are_the_same_whatever_discord_adds() -> None:
    option = {
        "type": 3,
        "name": "prompt",
        "description": "Your question",
        "required": True,
        "max_length": 6000,
    }
    ours = [{"name": "ask", "type": 1, "description": "Ask", "options": [option], "contexts": [0, 1, 2]}]
    theirs = [
        ours[0] | {"id": "1", "version": "2", "contexts": [2, 1, 0], "nsfw": False, "dm_permission": None}
    ]
    assert is_same(theirs, ours)
    assert not is_same([], ours)
    assert not is_same([theirs[0] | {"contexts": [0]}], ours)
    assert not is_same([theirs[0] | {"options": [option | {"max_length": 5999}]}], ours)
    assert not is_same([*theirs, {"name": "old", "description": "Old"}], ours)


async def test_no_second_holds_more_than_fifty_requests() -> None:
    async with rest_on_stand_in() as (sandbox, _, rest):
        channels = [sandbox.add_channel(sandbox.guild, f"channel-{number}") for number in range(100)]
        requests = [Request("POST", f"/channels/{channel.id}/messages") for channel in channels]
        answers = await asyncio.gather(*(rest.call(each, {"content": "Hello"}) for each in requests))
        assert all(isinstance(answer, Response) and answer.ok for answer in answers)
        times = sorted(call.at for call in sandbox.calls)
        assert max(sum(at <= other < at + 1 for other in times) for at in times) <= 50
        assert times[-1] - times[0] < 3.5
        assert sandbox.calls.select(status=429) == []


async def test_a_call_goes_on_when_nobody_waits_for_it_any_more() -> None:
    async with rest_on_stand_in() as (sandbox, _, rest):
        request = Request("POST", f"/channels/{sandbox.general.id}/messages")
        call = asyncio.create_task(rest.call(request, {"content": "Hello"}))
        await asyncio.sleep(0.01)
        call.cancel()
        await asyncio.sleep(1)
        assert [each.content for each in sandbox.general.messages.values()] == ["Hello"]


async def test_an_interactions_calls_do_not_carry_the_bots_token() -> None:
    seen: dict[str, bool] = {}

    async def note(request: web.Request) -> web.Response:
        seen[request.path] = "Authorization" in request.headers
        return web.Response()

    app = web.Application()
    app.add_routes([web.route("*", "/{path:.*}", note)])
    async with TestServer(app) as server:
        base = str(server.make_url("/api/v10"))
        trace = HttpTrace(base, DiscordBudgets()).config()
        async with aiohttp.ClientSession(trace_configs=[trace]) as session:
            for path in ("/webhooks/1/token", "/channels/1/messages"):
                await session.post(base + path, headers={"Authorization": "Bot token"})
    assert seen == {"/api/v10/webhooks/1/token": False, "/api/v10/channels/1/messages": True}
