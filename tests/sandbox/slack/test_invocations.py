"""Slash commands, buttons and response URLs, with Bolt over Socket Mode."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.sandbox.slack.conftest import connected
from tickertape.sandbox.slack import SlackSandbox

STOP: dict[str, Any] = {
    "type": "button",
    "action_id": "stop",
    "value": "v",
    "text": {"type": "plain_text", "text": "Stop"},
}
BLOCKS: list[dict[str, Any]] = [{"type": "markdown", "text": "x"}, {"type": "actions", "elements": [STOP]}]


async def test_a_command_and_its_immediate_response(slack: SlackSandbox, app: AsyncApp) -> None:
    @app.command("/ask")
    async def ask(ack: Any, command: dict[str, str]) -> None:  # noqa: ANN401 - Bolt's own helper
        await ack(f"got {command['text']}")

    async with connected(app, slack):
        used = await slack.slash("random", "alice", "/ask", "1 < 2")
    assert (used.error, used.messages[0].visible) == (None, "got 1 < 2")
    assert slack.world.ephemerals_of("alice") == used.messages


async def test_a_command_answered_through_its_url(slack: SlackSandbox, app: AsyncApp) -> None:
    @app.command("/ask")
    async def ask(ack: Any, respond: Any) -> None:  # noqa: ANN401 - Bolt's own helpers
        await ack()
        await respond("everybody", response_type="in_channel")
        await respond("only you")

    async with connected(app, slack):
        used = await slack.slash("random", "alice", "/ask", "x")
        await slack.wait_for(lambda: len(used.messages) == 2)
    assert [message.ephemeral_to for message in used.messages] == [None, used.user.id]
    assert slack.bot_messages == used.messages[:1]


async def test_a_late_ack_is_a_timeout_to_the_asker(slack: SlackSandbox, app: AsyncApp) -> None:
    @app.command("/ask")
    async def ask(ack: Any) -> None:  # noqa: ANN401 - Bolt's own helper
        await asyncio.sleep(4)
        await ack("too late")

    async with connected(app, slack):
        used = await slack.slash("general", "alice", "/ask", "x")
        await asyncio.sleep(5)
    assert (used.error, used.acked_at, used.messages) == ("operation_timeout", None, [])
    assert len(slack.deliveries[0].attempts) == 1


async def test_a_late_ack_frame_is_recorded(
    slack: SlackSandbox, client: AsyncWebClient, http: aiohttp.ClientSession
) -> None:
    opened = await client.apps_connections_open(app_token=slack.app_token)
    socket = await http.ws_connect(opened["url"])
    await socket.receive_json()
    used = await slack.slash("general", "alice", "/ask", "x")
    envelope = await socket.receive_json()
    await socket.send_json({"envelope_id": envelope["envelope_id"], "payload": {"text": "late"}})
    attempt = slack.deliveries[0].attempts[0]
    await slack.wait_for(lambda: attempt.late)
    assert (used.error, used.messages, envelope["accepts_response_payload"]) == (
        "operation_timeout",
        [],
        True,
    )
    await socket.close()


async def test_without_an_app_a_command_fails_at_once(slack: SlackSandbox) -> None:
    used = await slack.slash("general", "alice", "/ask", "x")
    assert used.error == "dispatch_failed"
    slack.scopes -= {"commands"}
    with pytest.raises(LookupError):
        await slack.slash("general", "alice", "/ask", "x")


async def test_a_button(slack: SlackSandbox, app: AsyncApp, client: AsyncWebClient) -> None:
    bodies: list[dict[str, Any]] = []

    @app.action("stop")
    async def stop(ack: Any, body: dict[str, Any], respond: Any) -> None:  # noqa: ANN401 - Bolt's own helpers
        bodies.append(body)
        await ack()
        await respond("stopped", replace_original=True)

    said = await slack.say("general", "alice", "hello")
    await client.chat_postMessage(channel="general", text="x", blocks=BLOCKS, thread_ts=said.ts)
    message = slack.bot_messages[0]
    async with connected(app, slack):
        pressed = await slack.press(message, "alice")
        await slack.wait_for(lambda: message.visible == "stopped")
        with pytest.raises(LookupError):
            await slack.press(message, "alice")
    assert (pressed.error, pressed.action_id, pressed.value) == (None, "stop", "v")
    body = bodies[0]
    assert (body["container"]["thread_ts"], body["message"]["ts"]) == (said.ts, message.ts)
    assert message.edited is None


async def test_a_button_on_an_ephemeral_message_can_delete_it(
    slack: SlackSandbox, app: AsyncApp, client: AsyncWebClient, general: str
) -> None:
    @app.action("stop")
    async def stop(ack: Any, body: dict[str, Any], respond: Any) -> None:  # noqa: ANN401 - Bolt's own helpers
        assert "message" not in body
        await ack()
        await respond(delete_original=True)

    alice = slack.world.user("alice").id
    await client.chat_postEphemeral(channel=general, user=alice, text="x", blocks=BLOCKS)
    message = slack.world.ephemerals[0]
    async with connected(app, slack):
        await slack.press(message, "alice", "stop")
        await slack.wait_for(lambda: message.deleted)


async def post(http: aiohttp.ClientSession, url: str, **body: object) -> tuple[int, str]:
    """Post to a response URL; return its status and answer."""
    async with http.post(url, json=body) as response:
        return response.status, await response.text()


async def test_a_response_url_takes_five_posts(slack: SlackSandbox, http: aiohttp.ClientSession) -> None:
    used = await slack.slash("general", "alice", "/ask", "x")
    assert [await post(http, used.response_url, text=str(n)) for n in range(5)] == [(200, "ok")] * 5
    status, text = await post(http, used.response_url, text="6")
    assert status == 404
    assert "used_url" in text
    assert len(used.messages) == 5


async def test_a_response_url_lives_thirty_minutes(slack: SlackSandbox, http: aiohttp.ClientSession) -> None:
    used = await slack.slash("general", "alice", "/ask", "x")
    await asyncio.sleep(1799)
    assert (await post(http, used.response_url, text="x"))[0] == 200
    await asyncio.sleep(2)
    status, text = await post(http, used.response_url, text="x")
    assert status == 404
    assert "expired_url" in text


async def test_wrong_posts_to_response_urls(slack: SlackSandbox, http: aiohttp.ClientSession) -> None:
    used = await slack.slash("general", "alice", "/ask", "x")
    assert await post(http, used.response_url) == (400, '{"ok": false, "error": "no_text"}')
    assert (await post(http, used.response_url, delete_original=True))[0] == 400
    assert (await post(http, used.response_url + "x", text="x"))[0] == 404
    await post(http, used.response_url, text="first")
    await post(http, used.response_url, text="second", replace_original=True)
    assert [message.visible for message in used.messages] == ["second"]


async def test_a_users_button_has_made_up_ids(slack: SlackSandbox, client: AsyncWebClient) -> None:
    bare = {"type": "button", "text": {"type": "plain_text", "text": "Go"}}
    await client.chat_postMessage(
        channel="general", text="x", blocks=[{"type": "actions", "elements": [bare]}]
    )
    pressed = await slack.press(slack.bot_messages[0], "alice")
    assert (pressed.action_id, pressed.error) == ("a0.0", "dispatch_failed")
    with pytest.raises(SlackApiError):
        await client.chat_postMessage(
            channel="general", text="x", blocks=[{"type": "actions", "elements": []}]
        )
