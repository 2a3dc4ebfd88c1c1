"""The agent view: what the app learns when somebody comes, suggested prompts, titles and statuses."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.sandbox.slack.conftest import connected, error_of
from tickertape.sandbox.slack import AppSettings, SlackSandbox

Json = dict[str, Any]

PROMPTS = [{"title": f"Prompt {number}", "message": f"Question {number} & more"} for number in range(4)]


async def test_prompts_are_suggested_when_the_messages_are_opened(slack: SlackSandbox, app: AsyncApp) -> None:
    @app.event("app_home_opened")
    async def suggest(event: Json, set_suggested_prompts: Any) -> None:  # noqa: ANN401 - Bolt's own helper
        assert event["tab"] == "messages"
        await set_suggested_prompts(PROMPTS, title="Try this")

    slack.subscriptions |= {"app_home_opened"}
    async with connected(app, slack):
        assert await slack.open_messages("alice") == []
        await slack.wait_for(lambda: slack.world.suggested_prompts)
    assert await slack.open_messages("alice") == PROMPTS
    sent = await slack.use_prompt("alice", 1)
    assert sent.text == "Question 1 &amp; more"
    with pytest.raises(LookupError, match="no suggested prompt 4"):
        await slack.use_prompt("alice", 4)
    with pytest.raises(LookupError):
        await slack.use_prompt("bob")


async def test_the_manifests_prompts_are_there_from_the_start(slack: SlackSandbox) -> None:
    slack.world.settings = AppSettings(suggested_prompts=(("Hello", "Say hello."),))
    assert await slack.open_messages("alice") == [{"title": "Hello", "message": "Say hello."}]


async def test_prompts_for_a_thread_of_an_agent_do_nothing(
    slack: SlackSandbox, client: AsyncWebClient
) -> None:
    """Bolt's `set_suggested_prompts` passes the thread of a `message.im`, so that it works there for no agent."""
    channel = await slack.open_dm("alice")
    said = await slack.say(channel, "alice", "hello")
    await client.assistant_threads_setSuggestedPrompts(
        channel_id=channel.id, thread_ts=said.ts, prompts=PROMPTS
    )
    assert slack.world.suggested_prompts == {}
    slack.world.settings = AppSettings(agent_view=False)
    await client.assistant_threads_setSuggestedPrompts(
        channel_id=channel.id, thread_ts=said.ts, prompts=PROMPTS
    )
    assert slack.world.suggested_prompts == {(channel.id, said.ts): PROMPTS}


@pytest.mark.parametrize("prompts", [[], PROMPTS + PROMPTS[:1], [{"title": "no message"}], ["text"]])
async def test_refused_prompts(slack: SlackSandbox, client: AsyncWebClient, prompts: list[Any]) -> None:
    channel = await slack.open_dm("alice")
    call = client.assistant_threads_setSuggestedPrompts(channel_id=channel.id, prompts=prompts)
    assert await error_of(call) == "invalid_arguments"


async def test_what_a_person_looks_at_comes_with_events_and_messages(
    slack: SlackSandbox, app: AsyncApp
) -> None:
    got: list[Json] = []

    @app.event("app_context_changed")
    async def changed(event: Json) -> None:
        got.append(event)

    slack.subscriptions |= {"app_context_changed", "app_home_opened"}
    channel = await slack.open_dm("alice")
    random = slack.world.channel("random").id
    async with connected(app, slack):
        await slack.say(channel, "alice", "before")
        await slack.look_at("alice", "random")
        await slack.wait_for(lambda: got)
        await slack.say(channel, "alice", "after")
        await slack.open_messages("alice")
    entities = [{"type": "slack#/types/channel_id", "value": random, "team_id": slack.team_id}]
    assert got[0]["context"] == {"entities": entities}
    before, after = (each.event for each in slack.events("message"))
    assert (before["app_context"], after["app_context"]) == ({}, {"entities": entities})
    assert slack.events("app_home_opened")[0].event["context"] == {"entities": entities}


async def test_without_the_subscription_nobody_is_watched(slack: SlackSandbox) -> None:
    await slack.look_at("alice", "random")
    await slack.say(await slack.open_dm("alice"), "alice", "hello")
    (message,) = slack.deliveries
    assert "app_context" not in message.event


async def test_a_status_needs_its_thread(slack: SlackSandbox, client: AsyncWebClient, general: str) -> None:
    nowhere: Json = {"channel_id": general, "thread_ts": "1.000001"}
    assert await error_of(client.assistant_threads_setStatus(**nowhere, status="x")) == "invalid_thread_ts"
    assert await error_of(client.assistant_threads_setTitle(**nowhere, title="x")) == "invalid_thread_ts"
    said = await slack.say("general", "alice", "hello")
    many = client.assistant_threads_setStatus(
        channel_id=general, thread_ts=said.ts, status="x", loading_messages=["x"] * 11
    )
    assert await error_of(many) == "invalid_arguments"


async def test_a_status_goes_with_the_bots_next_message(slack: SlackSandbox, client: AsyncWebClient) -> None:
    said = await slack.say(await slack.open_dm("alice"), "alice", "hello")
    where: Json = {"channel_id": said.channel, "thread_ts": said.ts}
    await client.assistant_threads_setStatus(
        **where, status="is thinking…", loading_messages=["One.", "Two."]
    )
    await asyncio.sleep(100)
    await client.assistant_threads_setStatus(**where, status="is still thinking…")
    await asyncio.sleep(100)
    assert slack.world.status(said.channel, said.ts) == "is still thinking…"
    await client.chat_startStream(channel=said.channel, thread_ts=said.ts)
    assert slack.world.status(said.channel, said.ts) == ""


async def test_sessions_have_titles(slack: SlackSandbox, client: AsyncWebClient) -> None:
    said = await slack.say(await slack.open_dm("alice"), "alice", "hello")
    where: Json = {"channel_id": said.channel, "thread_ts": said.ts}
    rename = client.api_call("agents.sessions.rename", json={**where, "title": "Early"})
    assert await error_of(rename) == "session_not_found"
    await client.agents_sessions_setStatus(**where, status="processing", title="First")
    again = await client.agents_sessions_setStatus(**where, status="active", title="Ignored")
    assert again["title"] == "First"
    await client.api_call("agents.sessions.rename", json={**where, "title": "Second"})
    assert slack.world.sessions[said.channel, said.ts].title == "Second"
    long = client.api_call("agents.sessions.rename", json={**where, "title": "x" * 201})
    assert await error_of(long) == "invalid_arguments"


async def test_only_agents_have_sessions(slack: SlackSandbox, client: AsyncWebClient, general: str) -> None:
    slack.world.settings = AppSettings(agent_view=False)
    call = client.agents_sessions_setStatus(channel_id=general, status="active")
    assert await error_of(call) == "not_allowed"


@pytest.mark.parametrize(("given", "status"), [(None, "active"), ("processing", "processing")])
async def test_the_end_of_a_stream_may_end_the_session(
    slack: SlackSandbox, client: AsyncWebClient, given: str | None, status: str
) -> None:
    slack.world.stop_ends_session = True
    said = await slack.say(await slack.open_dm("alice"), "alice", "hello")
    await client.agents_sessions_setStatus(channel_id=said.channel, thread_ts=said.ts, status="processing")
    stream = await client.chat_startStream(channel=said.channel, thread_ts=said.ts, markdown_text="x")
    await client.chat_stopStream(channel=said.channel, ts=stream["ts"], session_status=given)
    assert slack.world.sessions[said.channel, said.ts].status == status
