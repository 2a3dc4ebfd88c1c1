"""Authentication, arguments, rate limits, faults and the call log, seen by slack-sdk and by raw requests."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.sandbox.slack.conftest import error_of
from tickertape.sandbox.slack import SlackSandbox


async def test_auth_test_says_who_the_bot_is(slack: SlackSandbox, client: AsyncWebClient) -> None:
    answer = await client.auth_test()
    assert (answer["team_id"], answer["user_id"]) == (slack.team_id, slack.bot_user_id)
    assert answer.headers["x-oauth-scopes"] == ",".join(sorted(slack.scopes))


@pytest.mark.parametrize(
    ("token", "method", "error"),
    [
        ("", "auth.test", "not_authed"),
        ("xoxb-wrong", "auth.test", "invalid_auth"),
        ("xapp-wrong", "apps.connections.open", "invalid_auth"),
        ("bot", "apps.connections.open", "not_allowed_token_type"),
        ("app", "chat.postMessage", "not_allowed_token_type"),
        ("bot", "no.such", "unknown_method"),
    ],
)
async def test_wrong_tokens(
    slack: SlackSandbox, http: aiohttp.ClientSession, token: str, method: str, error: str
) -> None:
    known = {"bot": slack.bot_token, "app": slack.app_token}
    headers = {"Authorization": f"Bearer {known.get(token, token)}"} if token else {}
    async with http.post(slack.api_url + method, headers=headers) as response:
        assert response.status == 200
        assert (await response.json())["error"] == error


async def test_a_missing_scope_is_named(slack: SlackSandbox, client: AsyncWebClient, general: str) -> None:
    slack.scopes = frozenset({"reactions:read"})
    with pytest.raises(SlackApiError) as raised:
        await client.chat_postMessage(channel=general, text="x")
    body = raised.value.response
    assert (body["error"], body["needed"], body["provided"]) == (
        "missing_scope",
        "chat:write",
        "reactions:read",
    )


async def test_an_uninstalled_app_is_locked_out(slack: SlackSandbox, client: AsyncWebClient) -> None:
    await slack.uninstall()
    assert await error_of(client.auth_test()) == "account_inactive"


async def test_arguments_come_as_json_form_or_query(
    slack: SlackSandbox, http: aiohttp.ClientSession, general: str
) -> None:
    url, fields = slack.api_url + "chat.postMessage", {"channel": general, "text": "x"}
    token = {"token": slack.bot_token}
    bearer = {"Authorization": f"Bearer {slack.bot_token}"}
    ways: list[dict[str, Any]] = [
        {"json": fields, "headers": bearer},
        {"data": fields | token},
        {"params": fields, "headers": bearer},
        {"data": {"channel": general, "blocks": '[{"type": "markdown", "text": "x"}]'}, "headers": bearer},
    ]
    for way in ways:
        async with http.post(url, **way) as response:
            assert (await response.json())["ok"] is True
    assert [message.visible for message in slack.bot_messages] == ["x"] * 4
    assert all("token" not in call.arguments for call in slack.calls)


@pytest.mark.parametrize(
    ("way", "error"),
    [
        ({"data": b"{", "headers": {"Content-Type": "application/json"}}, "invalid_json"),
        ({"json": []}, "json_not_object"),
        ({"data": {"channel": "general", "blocks": "["}}, "invalid_blocks_format"),
        ({"data": {"text": "x"}}, "invalid_arguments"),
        ({"data": {"channel": "general", "text": "x", "metadata": "{}"}}, "invalid_metadata_schema"),
        ({"data": {"channel": "general", "text": "x", "metadata": "{"}}, "invalid_metadata_format"),
        ({"data": {"channel": "general", "text": "x", "attachments": '"x"'}}, "invalid_attachments"),
    ],
)
async def test_malformed_arguments(
    slack: SlackSandbox, http: aiohttp.ClientSession, way: dict[str, Any], error: str
) -> None:
    headers = way.pop("headers", {}) | {"Authorization": f"Bearer {slack.bot_token}"}
    async with http.post(slack.api_url + "chat.postMessage", headers=headers, **way) as response:
        assert (await response.json())["error"] == error


async def test_slack_sdk_sees_a_429(slack: SlackSandbox, client: AsyncWebClient, general: str) -> None:
    sent = await client.chat_postMessage(channel=general, text="x")
    for number in range(50):
        await client.chat_update(channel=general, ts=sent["ts"], text=f"x{number}")
    await asyncio.sleep(10.5)
    with pytest.raises(SlackApiError) as raised:
        await client.chat_update(channel=general, ts=sent["ts"], text="late")
    response = raised.value.response
    assert (response.status_code, response.headers["Retry-After"]) == (429, "50")
    assert response.data == {"ok": False, "error": "ratelimited"}
    assert [call.method for call in slack.rate_limited] == ["chat.update"]
    await asyncio.sleep(50)
    await client.chat_update(channel=general, ts=sent["ts"], text="late")
    assert slack.bot_messages[0].visible == "late"


async def test_latency_is_a_round_trip(slack: SlackSandbox, client: AsyncWebClient, general: str) -> None:
    slack.latency = 0.4
    start = asyncio.get_running_loop().time()
    await client.chat_postMessage(channel=general, text="x")
    call = slack.calls_of("chat.postMessage")[0]
    assert call.ok
    assert slack.bot_messages[0].posted_at - start == pytest.approx(0.2, abs=0.01)
    assert (call.done_at or 0) - call.at == pytest.approx(0.4, abs=0.01)


async def test_injected_errors(slack: SlackSandbox, client: AsyncWebClient, general: str) -> None:
    slack.fail_next("chat.postMessage", error="fatal_error")
    slack.fail_next("*", error="ratelimited", retry_after=7)
    assert await error_of(client.chat_postMessage(channel=general, text="x")) == "fatal_error"
    with pytest.raises(SlackApiError) as raised:
        await client.chat_postMessage(channel=general, text="x")
    assert raised.value.response.headers["Retry-After"] == "7"
    slack.fail_next("chat.postMessage", status=503)
    with pytest.raises(SlackApiError) as raised:
        await client.chat_postMessage(channel=general, text="x")
    assert raised.value.response.status_code == 503
    await client.chat_postMessage(channel=general, text="x")
    assert len(slack.bot_messages) == 1


@pytest.mark.parametrize(("drop", "posted"), [("before", 0), ("after", 1)])
async def test_dropped_connections(
    slack: SlackSandbox, http: aiohttp.ClientSession, general: str, drop: str, posted: int
) -> None:
    slack.fail_next("chat.postMessage", drop=drop)
    fields = {"channel": general, "text": "x", "token": slack.bot_token}
    with pytest.raises(aiohttp.ClientError):
        await http.post(slack.api_url + "chat.postMessage", data=fields)
    await slack.wait_for(lambda: slack.calls[-1].done_at)
    assert len(slack.bot_messages) == posted
    assert slack.calls[-1].status == 0


async def test_a_delayed_call(slack: SlackSandbox, client: AsyncWebClient) -> None:
    slack.fail_next("auth.test", delay=20)
    start = asyncio.get_running_loop().time()
    await client.auth_test()
    assert asyncio.get_running_loop().time() - start == pytest.approx(20, abs=0.01)
