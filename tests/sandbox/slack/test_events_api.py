"""The Events API over HTTP: Bolt's own server, and a raw one that misbehaves."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from slack_bolt.async_app import AsyncApp
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from tests.sandbox.slack.test_invocations import BLOCKS
from tickertape.sandbox.slack import SlackSandbox


@asynccontextmanager
async def serving(app: web.Application, slack: SlackSandbox) -> AsyncIterator[None]:
    """Run a web application and make it the app's request URL."""
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    slack.events_url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    try:
        yield
    finally:
        await runner.cleanup()


def bolt(app: AsyncApp) -> web.Application:
    """Return Bolt's web application."""
    return app.web_app("/slack/events")


class Receiver:
    """An app without any library: it answers with `status` after `delay` seconds and keeps what it got."""

    def __init__(self) -> None:
        self.status, self.delay, self.headers = 200, 0.0, dict[str, str]()
        self.requests: list[tuple[dict[str, str], bytes]] = []
        self.app = web.Application()
        self.app.router.add_post("/slack/events", self.handle)

    async def handle(self, request: web.Request) -> web.Response:
        self.requests.append((dict(request.headers), await request.read()))
        await asyncio.sleep(self.delay)
        return web.Response(status=self.status, headers=self.headers)


async def test_bolt_answers_the_challenge(slack: SlackSandbox, app: AsyncApp) -> None:
    async with serving(bolt(app), slack):
        assert await slack.verify_events_url()
        slack.events_api.secret = "another"
        assert not await slack.verify_events_url()


async def test_an_app_that_ignores_the_challenge_is_refused(slack: SlackSandbox) -> None:
    async with serving(Receiver().app, slack):
        assert not await slack.verify_events_url()


async def test_bolt_gets_events_commands_and_buttons(
    slack: SlackSandbox, app: AsyncApp, client: AsyncWebClient
) -> None:
    got: list[str] = []

    @app.event("app_mention")
    async def mention(event: dict[str, Any]) -> None:
        got.append(event["text"])

    @app.command("/ask")
    async def ask(ack: Any) -> None:  # noqa: ANN401 - Bolt's own helper
        await ack({"text": "sure", "response_type": "in_channel"})

    @app.action("stop")
    async def stop(ack: Any, action: dict[str, Any]) -> None:  # noqa: ANN401 - Bolt's own helper
        got.append(action["value"])
        await ack()

    await client.chat_postMessage(channel="general", text="x", blocks=BLOCKS)
    async with serving(bolt(app), slack):
        await slack.say("general", "alice", "hello", mention_bot=True)
        await slack.wait_for(lambda: got)
        used = await slack.slash("general", "alice", "/ask", "x & y")
        pressed = await slack.press(slack.bot_messages[0], "alice")
    assert (used.error, pressed.error, got[1]) == (None, None, "v")
    assert [message.visible for message in used.messages] == ["sure"]
    assert used.messages[0] in slack.bot_messages


async def test_bolt_refuses_a_stale_signature(slack: SlackSandbox, app: AsyncApp) -> None:
    slack.events_api.signing_clock = lambda: time.time() - 301
    async with serving(bolt(app), slack):
        used = await slack.slash("general", "alice", "/ask", "x")
    assert used.error == "http_service_error"


async def test_requests_are_signed_and_retried(slack: SlackSandbox) -> None:
    receiver = Receiver()
    receiver.status = 500
    async with serving(receiver.app, slack):
        await slack.say("general", "alice", "hello")
        await slack.wait_for(lambda: len(receiver.requests) == 4, timeout=600)
        await slack.wait_for(lambda: slack.deliveries[0].attempts[-1].error)
    verifier = SignatureVerifier(slack.signing_secret)
    assert all(verifier.is_valid_request(body, headers) for headers, body in receiver.requests)
    numbers = [headers.get("X-Slack-Retry-Num") for headers, _ in receiver.requests]
    assert numbers == [None, "1", "2", "3"]
    assert receiver.requests[1][0]["X-Slack-Retry-Reason"] == "http_error"
    starts = [attempt.sent_at for attempt in slack.deliveries[0].attempts]
    assert [later - starts[0] for later in starts] == pytest.approx([0, 0, 60, 360], abs=0.1)


async def test_slow_answers_count_as_none(slack: SlackSandbox) -> None:
    receiver = Receiver()
    receiver.delay = 3.5
    async with serving(receiver.app, slack):
        await slack.say("general", "alice", "hello")
        await slack.wait_for(lambda: len(receiver.requests) == 2)
        receiver.delay = 0.0
        await slack.wait_for(lambda: slack.deliveries[0].acked, timeout=120)
        assert receiver.requests[1][0]["X-Slack-Retry-Reason"] == "http_timeout"
        receiver.delay = 3.5
        used = await slack.slash("general", "alice", "/ask", "x")
    assert used.error == "operation_timeout"


async def test_an_app_can_decline_retries(slack: SlackSandbox) -> None:
    receiver = Receiver()
    receiver.status, receiver.headers = 500, {"X-Slack-No-Retry": "1"}
    async with serving(receiver.app, slack):
        await slack.say("general", "alice", "hello")
        await asyncio.sleep(1000)
    assert len(receiver.requests) == 1


async def test_an_app_that_is_down_gets_it_later(slack: SlackSandbox, unused_tcp_port: int) -> None:
    receiver = Receiver()
    slack.events_url = f"http://127.0.0.1:{unused_tcp_port}/slack/events"
    await slack.say("general", "alice", "hello")
    await asyncio.sleep(1)
    assert [attempt.error for attempt in slack.deliveries[0].attempts] == ["connection_failed"] * 2
    async with serving(receiver.app, slack):
        await slack.wait_for(lambda: slack.deliveries[0].acked, timeout=120)
