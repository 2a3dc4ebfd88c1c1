from __future__ import annotations

import asyncio
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from tests.sandbox.slack.conftest import error_of
from tickertape.sandbox.slack import SlackSandbox


async def start(slack: SlackSandbox, client: AsyncWebClient, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - Slack's arguments
    """Open a stream in a thread of #general and return its channel and ts."""
    said = await slack.say("general", "alice", "hello")
    fields = {"recipient_user_id": said.user, "recipient_team_id": slack.team_id, "thread_ts": said.ts}
    answer = await client.api_call("chat.startStream", json={"channel": said.channel, **fields, **more})
    return {"channel": answer["channel"], "ts": answer["ts"]}


async def test_the_sdks_own_helper_streams(slack: SlackSandbox, client: AsyncWebClient) -> None:
    channel = await slack.open_dm("alice")
    said = await slack.say(channel, "alice", "hello")
    stream = await client.chat_stream(channel=channel.id, thread_ts=said.ts, buffer_size=4)
    await stream.append(markdown_text="**one** ")
    await stream.append(markdown_text="two ")
    await stream.stop(markdown_text="three")
    message = slack.bot_messages[0]
    assert message.visible == "**one** two three"
    assert message.versions[0].visible == "**one** "


async def test_only_the_recipient_sees_a_stream_live(slack: SlackSandbox, client: AsyncWebClient) -> None:
    stream = await start(slack, client, markdown_text="one")
    await client.chat_appendStream(**stream, markdown_text=" two")
    message = slack.bot_messages[0]
    alice, bob = slack.world.user("alice").id, slack.world.user("bob").id
    assert (message.seen_by(alice), message.seen_by(bob)) == ("one two", "one")
    await client.chat_stopStream(**stream, blocks=[{"type": "divider"}])
    assert message.seen_by(bob) == "one two"
    assert [block["type"] for block in message.blocks] == ["markdown", "divider"]


@pytest.mark.parametrize("missing", ["recipient_user_id", "recipient_team_id"])
async def test_a_channel_needs_a_recipient(slack: SlackSandbox, client: AsyncWebClient, missing: str) -> None:
    assert await error_of(start(slack, client, **{missing: None})) == f"missing_{missing}"


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"recipient_user_id": "U404"}, "user_not_in_channel"),
        ({"recipient_team_id": "T404"}, "team_not_found"),
        ({"thread_ts": None}, "invalid_arguments"),
        ({"chunks": [{"type": "nonsense"}]}, "invalid_chunks"),
        ({"chunks": "x"}, "invalid_chunks"),
        ({"chunks": [{"type": "blocks", "blocks": [{"type": "nonsense"}]}]}, "invalid_blocks"),
        ({"markdown_text": "x" * 12_001}, "msg_too_long"),
    ],
)
async def test_refused_starts(
    slack: SlackSandbox, client: AsyncWebClient, fields: dict[str, Any], error: str
) -> None:
    assert await error_of(start(slack, client, **fields)) == error


async def test_other_chunks_are_shown(slack: SlackSandbox, client: AsyncWebClient) -> None:
    chunks = [
        {"type": "task_update", "id": "1", "title": "Looking", "status": "in_progress"},
        {"type": "markdown_text", "text": "a"},
        {"type": "markdown_text", "text": "b"},
        {"type": "blocks", "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "c"}}]},
    ]
    await start(slack, client, chunks=chunks)
    assert slack.bot_messages[0].visible == "Looking\nab\nc"


async def test_a_stream_dies_after_five_minutes_and_can_then_be_updated(
    slack: SlackSandbox, client: AsyncWebClient
) -> None:
    stream = await start(slack, client, markdown_text="one")
    assert await error_of(client.chat_update(**stream, text="x")) == "streaming_state_conflict"
    await asyncio.sleep(299)
    await client.chat_appendStream(**stream, markdown_text=" two")
    await asyncio.sleep(2)
    for call in (client.chat_appendStream(**stream, markdown_text="x"), client.chat_stopStream(**stream)):
        assert await error_of(call) == "message_not_in_streaming_state"
    await client.chat_update(**stream, text="one two three")
    assert slack.bot_messages[0].visible == "one two three"


async def test_a_streams_length_is_limited(slack: SlackSandbox, client: AsyncWebClient) -> None:
    stream = await start(slack, client)
    for _ in range(3):
        await client.chat_appendStream(**stream, markdown_text="x" * 12_000)
    assert await error_of(client.chat_appendStream(**stream, markdown_text="x" * 4_001)) == "msg_too_long"
    await client.chat_appendStream(**stream, markdown_text="x" * 4_000)
    assert await error_of(client.chat_appendStream(**stream, markdown_text="")) == "no_text"


async def test_what_is_no_stream_takes_no_text(slack: SlackSandbox, client: AsyncWebClient) -> None:
    said = await slack.say("general", "alice", "hello")
    ts = (await client.chat_postMessage(channel=said.channel, text="x"))["ts"]
    foreign = client.chat_appendStream(channel=said.channel, ts=said.ts, markdown_text="x")
    assert await error_of(foreign) == "message_not_owned_by_app"
    plain = client.chat_appendStream(channel=said.channel, ts=ts, markdown_text="x")
    assert await error_of(plain) == "message_not_in_streaming_state"


async def test_the_native_stop_button(slack: SlackSandbox, client: AsyncWebClient) -> None:
    stream = await start(slack, client, markdown_text="one")
    root = slack.bot_messages[0].root
    with pytest.raises(LookupError):
        await slack.stop_session("general", "alice", root)
    answer = await client.agents_sessions_setStatus(
        channel_id=stream["channel"], thread_ts=root, status="processing", title="Hello"
    )
    assert (answer["status"], answer["title"]) == ("processing", "Hello")
    stopped = await slack.stop_session("general", "alice", root)
    assert [message.ts for message in stopped] == [stream["ts"]]
    assert await error_of(client.chat_appendStream(**stream, markdown_text="x")) == "stopped_by_user"
    event = slack.events("agent_session_stopped")[0].event
    assert event["streaming_message_ts"] == [stream["ts"]]
    assert slack.world.sessions[stream["channel"], root].status == "processing"


async def test_stopping_a_stream_can_set_the_sessions_status(
    slack: SlackSandbox, client: AsyncWebClient
) -> None:
    stream = await start(slack, client)
    assert await error_of(client.chat_stopStream(**stream, session_status="x")) == "invalid_arguments"
    await client.chat_stopStream(**stream, markdown_text="end", session_status="active")
    assert slack.world.sessions[stream["channel"], slack.bot_messages[0].root].status == "active"


async def test_deleting_a_stream_ends_it(slack: SlackSandbox, client: AsyncWebClient) -> None:
    stream = await start(slack, client)
    await slack.delete(slack.bot_messages[0])
    assert await error_of(client.chat_appendStream(**stream, markdown_text="x")) == "message_not_found"


async def test_thread_status_and_title_and_prompts(slack: SlackSandbox, client: AsyncWebClient) -> None:
    said = await slack.say("general", "alice", "hello")
    where: dict[str, Any] = {"channel_id": said.channel, "thread_ts": said.ts}
    await client.assistant_threads_setStatus(**where, status="is thinking…")
    assert slack.world.status(said.channel, said.ts) == "is thinking…"
    await asyncio.sleep(121)
    assert slack.world.status(said.channel, said.ts) == ""
    await client.assistant_threads_setStatus(**where, status="again")
    await client.chat_postMessage(channel=said.channel, thread_ts=said.ts, text="x")
    assert slack.world.status(said.channel, said.ts) == ""
    await client.assistant_threads_setTitle(**where, title="Hello")
    await client.assistant_threads_setSuggestedPrompts(**where, prompts=[{"title": "a", "message": "b"}])
    five = client.assistant_threads_setSuggestedPrompts(**where, prompts=[{"title": "a", "message": "b"}] * 5)
    assert await error_of(five) == "invalid_arguments"
    assert slack.world.titles[said.channel, said.ts] == "Hello"


async def test_session_errors_and_warnings(slack: SlackSandbox, client: AsyncWebClient, general: str) -> None:
    wrong = client.agents_sessions_setStatus(channel_id=general, status="busy")
    assert await error_of(wrong) == "invalid_arguments"
    slack.subscriptions -= {"agent_session_stopped"}
    answer = await client.agents_sessions_setStatus(channel_id=general, status="active")
    assert answer["warning"] == "missing_agent_session_stopped_event_subscription"


async def test_an_update_ends_a_dead_stream_for_everyone(slack: SlackSandbox, client: AsyncWebClient) -> None:
    stream = await start(slack, client, markdown_text="one")
    await asyncio.sleep(301)
    await client.chat_update(**stream, markdown_text="one two")
    message, bob = slack.bot_messages[0], slack.world.user("bob").id
    assert (message.seen_by(bob), message.text) == ("one two", "one two")


async def test_the_app_can_delete_its_live_stream(slack: SlackSandbox, client: AsyncWebClient) -> None:
    stream = await start(slack, client, markdown_text="one")
    await client.chat_delete(channel=stream["channel"], ts=stream["ts"])
    assert slack.bot_messages[0].deleted
    assert await error_of(client.chat_stopStream(**stream)) == "message_not_found"


async def test_streams_need_an_open_channel(slack: SlackSandbox, client: AsyncWebClient) -> None:
    slack.world.channel("general").archived = True
    assert await error_of(start(slack, client)) == "is_archived"
