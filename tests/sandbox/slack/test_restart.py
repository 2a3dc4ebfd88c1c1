"""An app's process vanishes, and another takes over: sockets, events that were not acknowledged, streams left open."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.sandbox.slack.conftest import connected, error_of
from tests.sandbox.slack.test_events_api import bolt, serving
from tests.sandbox.slack.test_socket_mode import listen, raw_socket
from tickertape.sandbox.slack import SlackSandbox


def another_app(slack: SlackSandbox) -> AsyncApp:
    """Return the app as a new process would make it."""
    client = AsyncWebClient(slack.bot_token, base_url=slack.api_url)
    return AsyncApp(client=client, signing_secret=slack.signing_secret)


async def test_an_event_that_the_old_process_took_along_comes_to_the_new_one(
    slack: SlackSandbox, client: AsyncWebClient, http: aiohttp.ClientSession
) -> None:
    old = await raw_socket(slack, client, http)
    said = await slack.say("general", "alice", "hello")
    taken = await old.receive_json()
    number = slack.last_socket
    slack.drop_sockets()
    app = another_app(slack)
    got = listen(app, "message")
    async with connected(app, slack):
        socket = await slack.new_socket(number)
        await slack.wait_for(lambda: got)
    assert socket.number == number + 1
    assert (got[0]["event_id"], got[0]["event"]["ts"]) == (taken["payload"]["event_id"], said.ts)
    first, second = slack.deliveries[0].attempts
    assert (first.socket, first.error, second.socket) == (number, "timeout", socket.number)
    assert second.sent_at - first.sent_at == pytest.approx(3, abs=0.1)
    await old.close()


async def test_an_event_that_was_acknowledged_never_comes_again(
    slack: SlackSandbox, client: AsyncWebClient, http: aiohttp.ClientSession
) -> None:
    """The old process acknowledged and died: only its own records can tell the new one."""
    old = await raw_socket(slack, client, http)
    await slack.say("general", "alice", "hello")
    await old.send_json({"envelope_id": (await old.receive_json())["envelope_id"]})
    await slack.wait_for(lambda: slack.deliveries[0].acked)
    slack.drop_sockets()
    app = another_app(slack)
    got = listen(app, "message")
    async with connected(app, slack):
        await asyncio.sleep(600)
    assert got == []
    await old.close()


async def test_what_happens_between_two_processes_comes_within_a_minute(slack: SlackSandbox) -> None:
    await slack.say("general", "alice", "hello")
    await asyncio.sleep(30)
    app = another_app(slack)
    got = listen(app, "message")
    async with connected(app, slack):
        await slack.wait_for(lambda: got, timeout=60)
    assert [attempt.error for attempt in slack.deliveries[0].attempts[:2]] == ["connection_failed"] * 2


async def test_a_command_or_a_press_comes_never_again(slack: SlackSandbox) -> None:
    used = await slack.slash("general", "alice", "/ask", "x")
    assert used.error == "dispatch_failed"
    async with connected(another_app(slack), slack):
        await asyncio.sleep(600)
    assert len(slack.deliveries[0].attempts) == 1


async def test_the_same_over_http(slack: SlackSandbox, unused_tcp_port: int) -> None:
    slack.events_url = f"http://127.0.0.1:{unused_tcp_port}/slack/events"
    await slack.say("general", "alice", "hello")
    await asyncio.sleep(10)
    app = another_app(slack)
    got = listen(app, "message")
    async with serving(bolt(app), slack):
        await slack.wait_for(lambda: got, timeout=60)
    assert [attempt.number for attempt in slack.deliveries[0].attempts] == [0, 1, 2]


async def test_no_new_socket_is_a_timeout(slack: SlackSandbox) -> None:
    with pytest.raises(TimeoutError):
        await slack.new_socket(slack.last_socket, timeout=5)


async def left_open(slack: SlackSandbox, client: AsyncWebClient) -> dict[str, Any]:
    """Leave a stream open, as a process does that is killed, and return its channel and ts."""
    said = await slack.say(await slack.open_dm("alice"), "alice", "hello")
    stream = await client.chat_startStream(channel=said.channel, thread_ts=said.ts, markdown_text="Half an")
    return {"channel": said.channel, "ts": stream["ts"]}


async def test_a_new_process_can_end_the_stream_of_the_old(
    slack: SlackSandbox, client: AsyncWebClient
) -> None:
    stream = await left_open(slack, client)
    successor = AsyncWebClient(slack.bot_token, base_url=slack.api_url)
    assert await error_of(successor.chat_update(**stream, text="x")) == "streaming_state_conflict"
    await successor.chat_stopStream(**stream, markdown_text=" answer.")
    await successor.chat_update(**stream, markdown_text="Half an answer. (interrupted)")
    assert slack.bot_messages[0].visible == "Half an answer. (interrupted)"


async def test_a_stream_left_open_ends_by_itself(slack: SlackSandbox, client: AsyncWebClient) -> None:
    stream = await left_open(slack, client)
    await asyncio.sleep(301)
    assert await error_of(client.chat_stopStream(**stream)) == "message_not_in_streaming_state"
    (shown,) = (await client.conversations_replies(channel=stream["channel"], ts=stream["ts"]))["messages"][
        1:
    ]
    assert (shown["ts"], shown["text"]) == (stream["ts"], "Half an")
    await client.chat_update(**stream, markdown_text="Half an… (interrupted)")


async def test_a_stream_is_fed_one_way(slack: SlackSandbox, client: AsyncWebClient) -> None:
    stream = await left_open(slack, client)
    chunks = [{"type": "markdown_text", "text": " answer"}]
    assert await error_of(client.chat_appendStream(**stream, chunks=chunks)) == "streaming_mode_mismatch"
    both = client.chat_appendStream(**stream, chunks=chunks, markdown_text="x")
    assert await error_of(both) == "cannot_provide_both_markdown_text_and_chunks"
    await client.chat_stopStream(**stream, blocks=[{"type": "divider"}])
