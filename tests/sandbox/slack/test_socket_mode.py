"""Socket Mode with Bolt: mentions, acknowledgements, redelivery, and sockets that come and go."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.sandbox.slack.conftest import connected
from tickertape.sandbox.slack import ChannelKind, SlackSandbox

Json = dict[str, Any]


def listen(app: AsyncApp, kind: str) -> list[Json]:
    """Let the app collect the bodies of one event type."""
    got: list[Json] = []

    @app.event(kind)
    async def collect(body: Json) -> None:
        got.append(body)

    return got


async def raw_socket(
    slack: SlackSandbox, client: AsyncWebClient, http: aiohttp.ClientSession
) -> aiohttp.ClientWebSocketResponse:
    """Open a socket without any library and read its hello."""
    opened = await client.apps_connections_open(app_token=slack.app_token)
    socket = await http.ws_connect(opened["url"])
    assert (await socket.receive_json())["type"] == "hello"
    return socket


async def test_a_mention_is_answered_in_its_thread(slack: SlackSandbox, app: AsyncApp) -> None:
    @app.event("app_mention")
    async def answer(event: Json, say: Any) -> None:  # noqa: ANN401 - Bolt's own helper
        await say(text=f"echo {event['text']}", thread_ts=event["ts"])

    async with connected(app, slack):
        said = await slack.say("general", "alice", "hello <b>", mention_bot=True)
        reply = await slack.wait_for(lambda: slack.bot_messages)
    assert reply[0].thread_ts == said.ts
    assert reply[0].visible == f"echo @{slack.bot_user_id} hello <b>"
    assert slack.events("app_mention")[0].acked


async def test_a_mention_comes_as_two_events(slack: SlackSandbox, app: AsyncApp) -> None:
    mentions, messages = listen(app, "app_mention"), listen(app, "message")
    async with connected(app, slack):
        said = await slack.say("general", "alice", "hello", mention_bot=True)
        await slack.wait_for(lambda: mentions and messages)
    assert mentions[0]["event"]["ts"] == messages[0]["event"]["ts"] == said.ts
    assert mentions[0]["event_id"] != messages[0]["event_id"]
    assert len(mentions) == len(messages) == 1


async def test_an_event_without_listener_comes_four_times(slack: SlackSandbox, app: AsyncApp) -> None:
    async with connected(app, slack):
        await slack.say("general", "alice", "hello")
        delivery = slack.deliveries[0]
        await slack.wait_for(lambda: len(delivery.attempts) == 4 and delivery.attempts[3].error, timeout=600)
    starts = [attempt.sent_at - delivery.attempts[0].sent_at for attempt in delivery.attempts]
    assert starts == pytest.approx([0, 3, 66, 369], abs=0.1)
    assert [attempt.reason for attempt in delivery.attempts] == ["", "timeout", "timeout", "timeout"]
    assert slack.unacked == [delivery]


async def test_frames_and_late_acks(
    slack: SlackSandbox, client: AsyncWebClient, http: aiohttp.ClientSession
) -> None:
    socket = await raw_socket(slack, client, http)
    await slack.say("general", "alice", "hello")
    first, second = await socket.receive_json(), await socket.receive_json()
    assert (first["type"], first["retry_attempt"], second["retry_attempt"]) == ("events_api", 0, 1)
    assert first["payload"]["event_id"] == second["payload"]["event_id"]
    await socket.send_json({"envelope_id": first["envelope_id"]})
    await socket.send_json({"envelope_id": second["envelope_id"]})
    delivery = slack.deliveries[0]
    await slack.wait_for(lambda: delivery.acked)
    assert [attempt.late for attempt in delivery.attempts] == [True, False]
    assert first["accepts_response_payload"] is False
    await socket.close()


async def test_any_event_can_be_redelivered(slack: SlackSandbox, app: AsyncApp) -> None:
    got = listen(app, "app_mention")
    slack.subscriptions = frozenset({"app_mention"})
    async with connected(app, slack):
        await slack.say("general", "alice", "hello", mention_bot=True)
        await slack.wait_for(lambda: got)
        slack.redeliver(slack.deliveries[0])
        await slack.wait_for(lambda: len(got) == 2)
    assert got[0]["event_id"] == got[1]["event_id"]
    assert slack.deliveries[0].attempts[1].reason == "http_timeout"


@pytest.mark.parametrize("way", ["drop", "refresh_requested", "link_disabled"])
async def test_bolt_comes_back(slack: SlackSandbox, app: AsyncApp, way: str) -> None:
    got = listen(app, "message")
    async with connected(app, slack):
        old = slack.sockets[0]
        if way == "drop":
            slack.drop_sockets()
        else:
            await slack.disconnect(way)
        await slack.wait_for(lambda: slack.sockets and slack.sockets[-1].number > old.number, timeout=120)
        await slack.say("general", "alice", "hello")
        await slack.wait_for(lambda: got)


async def test_a_warned_socket_is_closed_with_notice(
    slack: SlackSandbox, client: AsyncWebClient, http: aiohttp.ClientSession
) -> None:
    socket = await raw_socket(slack, client, http)
    await slack.disconnect("warning")
    frame = await socket.receive_json()
    assert (frame["type"], frame["reason"]) == ("disconnect", "warning")
    start = asyncio.get_running_loop().time()
    assert (await socket.receive()).type is aiohttp.WSMsgType.CLOSE
    assert asyncio.get_running_loop().time() - start == pytest.approx(10, abs=0.1)


async def test_a_deaf_socket_lives_but_gets_nothing(slack: SlackSandbox, app: AsyncApp) -> None:
    got = listen(app, "message")
    async with connected(app, slack):
        slack.deafen_sockets()
        await slack.say("general", "alice", "hello")
        await asyncio.sleep(120)
        assert (len(slack.sockets), got) == (1, [])
        slack.drop_sockets()
        await slack.wait_for(lambda: got, timeout=600)
    assert slack.deliveries[0].attempts[0].error == "timeout"


async def test_each_event_goes_to_one_of_ten_sockets(
    slack: SlackSandbox, client: AsyncWebClient, http: aiohttp.ClientSession
) -> None:
    sockets = [await raw_socket(slack, client, http) for _ in range(10)]
    opened = await client.apps_connections_open(app_token=slack.app_token)
    surplus = await http.ws_connect(opened["url"])
    assert (await surplus.receive_json())["reason"] == "too_many_websockets"
    for number in range(10):
        await slack.say("general", "alice", str(number))
    texts = {(await socket.receive_json())["payload"]["event"]["text"] for socket in sockets}
    assert texts == set("0123456789")
    for socket in (*sockets, surplus):
        await socket.close()


async def test_a_ticket_is_good_for_one_socket(
    slack: SlackSandbox, client: AsyncWebClient, http: aiohttp.ClientSession
) -> None:
    opened = await client.apps_connections_open(app_token=slack.app_token)
    socket = await http.ws_connect(opened["url"])
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await http.ws_connect(opened["url"])
    await socket.close()


async def test_without_sockets_an_event_waits_for_its_retries(slack: SlackSandbox, app: AsyncApp) -> None:
    got = listen(app, "message")
    await slack.say("general", "alice", "hello")
    await asyncio.sleep(1)
    assert [attempt.error for attempt in slack.deliveries[0].attempts] == ["connection_failed"] * 2
    async with connected(app, slack):
        await slack.wait_for(lambda: got, timeout=120)


async def test_the_life_of_a_message_as_events(
    slack: SlackSandbox, app: AsyncApp, client: AsyncWebClient
) -> None:
    slack.subscriptions |= {"reaction_removed", "member_joined_channel", "app_home_opened"}
    slack.scopes |= {"channels:read"}
    async with connected(app, slack):
        said = await slack.say("general", "alice", "one")
        await slack.edit(said, "two")
        await slack.react(said, "bob", "x")
        assert not await slack.react(said, "bob", "x")
        await slack.unreact(said, "bob", "x")
        await slack.delete(said)
        await slack.share_file("general", "alice", "a.txt", b"a", "look")
        await slack.say_as_bot("general", "beep")
        await client.chat_postMessage(channel="general", text="own")
        await slack.invite_bot("random")
        await slack.open_home("alice")
        await slack.uninstall()
    kinds = [(delivery.event["type"], delivery.event.get("subtype")) for delivery in slack.deliveries]
    assert kinds == [
        ("message", None),
        ("message", "message_changed"),
        ("reaction_added", None),
        ("reaction_removed", None),
        ("message", "message_deleted"),
        ("message", "file_share"),
        ("message", "bot_message"),
        ("message", None),
        ("member_joined_channel", None),
        ("app_home_opened", None),
        ("tokens_revoked", None),
        ("app_uninstalled", None),
    ]
    changed = slack.deliveries[1].event
    assert (changed["message"]["text"], changed["previous_message"]["text"]) == ("two", "one")
    assert slack.deliveries[2].event["item"] == {"type": "message", "channel": said.channel, "ts": said.ts}
    assert slack.deliveries[7].event["bot_id"] == slack.world.bot_id


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (ChannelKind.PUBLIC, "message.channels"),
        (ChannelKind.PRIVATE, "message.groups"),
        (ChannelKind.GROUP, "message.mpim"),
        (ChannelKind.DIRECT, "message.im"),
    ],
)
async def test_only_what_is_subscribed_allowed_and_joined_is_sent(
    slack: SlackSandbox, kind: ChannelKind, name: str
) -> None:
    people = [slack.world.user("alice"), slack.world.bot]
    channel = slack.world.add_channel("somewhere", people, kind)
    slack.subscriptions = frozenset({name})
    await slack.say(channel, "alice", "hello", mention_bot=True)
    assert [delivery.event["channel_type"] for delivery in slack.deliveries] == [kind.value]
    slack.scopes = frozenset()
    await slack.say(channel, "alice", "hello")
    await slack.remove_bot(channel)
    slack.scopes = frozenset({f"{name.partition('.')[2]}:history"})
    await slack.say(channel, "alice", "hello")
    assert len(slack.deliveries) == 1


async def test_nonsense_from_the_app_is_ignored(
    slack: SlackSandbox, client: AsyncWebClient, http: aiohttp.ClientSession
) -> None:
    socket = await raw_socket(slack, client, http)
    for frame in ("{", "[]", '{"envelope_id": "unknown"}'):
        await socket.send_str(frame)
    await slack.say("general", "alice", "hello")
    envelope = await socket.receive_json()
    await socket.send_json({"envelope_id": envelope["envelope_id"]})
    await slack.wait_for(lambda: slack.deliveries[0].acked)
    await socket.close()


async def test_a_stopped_sandbox_can_start_again() -> None:
    sandbox = SlackSandbox()
    for _ in range(2):
        async with sandbox:
            client = AsyncWebClient(sandbox.bot_token, base_url=sandbox.api_url)
            assert (await client.auth_test())["ok"] is True


async def test_an_uncertain_post_is_repeated_by_the_library(
    slack: SlackSandbox, client: AsyncWebClient
) -> None:
    """slack-sdk's default retry handler posts again after a broken connection, so that the text stands twice."""
    slack.fail_next("chat.postMessage", drop="after")
    await client.chat_postMessage(channel="general", text="x")
    assert len(slack.bot_messages) == 2
