"""What becomes of messages after they were written: edits, previews, deletions, tombstones, replies shown to all."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.sandbox.slack.conftest import connected, error_of
from tickertape.sandbox.slack import SlackSandbox

Json = dict[str, Any]


def last(slack: SlackSandbox, subtype: str) -> Json:
    """Return the last event with this subtype."""
    return next(each.event for each in reversed(slack.deliveries) if each.event.get("subtype") == subtype)


def subtypes(slack: SlackSandbox) -> list[tuple[str, str | None]]:
    """Return type and subtype of every event."""
    return [(each.event["type"], each.event.get("subtype")) for each in slack.deliveries]


async def test_an_edit_tells_what_was_and_what_is(slack: SlackSandbox) -> None:
    said = await slack.say("general", "alice", "one & two")
    await slack.edit(said, "three")
    event = last(slack, "message_changed")
    assert (event["hidden"], event["channel"], event["channel_type"]) == (True, said.channel, "channel")
    assert (event["previous_message"]["text"], event["message"]["text"]) == ("one &amp; two", "three")
    assert event["message"]["ts"] == event["previous_message"]["ts"] == said.ts
    assert event["message"]["client_msg_id"] == event["previous_message"]["client_msg_id"]
    assert event["message"]["edited"] == {"user": said.user, "ts": said.edited}
    assert "edited" not in event["previous_message"]
    assert event["ts"] == event["event_ts"] > said.ts


async def test_two_edits_in_one_second_have_one_stamp(slack: SlackSandbox) -> None:
    said = await slack.say("general", "alice", "one")
    await slack.edit(said, "two")
    first = said.edited
    await slack.edit(said, "three")
    assert said.edited == first
    assert first is not None
    assert first.endswith(".000000")
    await asyncio.sleep(1.5)
    await slack.edit(said, "four")
    assert said.edited != first


async def test_an_edit_of_a_mention_mentions_again(slack: SlackSandbox) -> None:
    said = await slack.say("general", "alice", "one", mention_bot=True)
    await slack.edit(said, "two", mention_bot=True)
    again = slack.events("app_mention")[1].event
    assert (again["ts"], again["edited"]["user"], "edited" in slack.events("app_mention")[0].event) == (
        said.ts,
        said.user,
        False,
    )
    await slack.edit(said, "no more")
    assert len(slack.events("app_mention")) == 2
    plain = await slack.say("general", "bob", "one")
    await slack.edit(plain, "I forgot you", mention_bot=True)
    assert slack.events("app_mention")[2].event["ts"] == plain.ts


async def test_a_preview_changes_a_message_that_nobody_edited(slack: SlackSandbox) -> None:
    said = await slack.say("general", "alice", "see https://example.com/")
    await slack.unfurl(said)
    event = last(slack, "message_changed")
    assert event["message"]["text"] == event["previous_message"]["text"]
    assert "edited" not in event["message"]
    assert event["message"]["attachments"][0]["from_url"] == "https://example.com/"


async def test_the_apps_own_changes_come_as_events_that_bolt_ignores(
    slack: SlackSandbox, client: AsyncWebClient, app: AsyncApp, general: str
) -> None:
    got: list[Json] = []

    @app.event("message")
    async def collect(event: Json) -> None:
        got.append(event)

    async with connected(app, slack):
        ts = (await client.chat_postMessage(channel=general, text="one"))["ts"]
        await client.chat_update(channel=general, ts=ts, text="two")
        await client.chat_delete(channel=general, ts=ts)
        await slack.wait_for(lambda: len(slack.deliveries) == 3 and not slack.unacked)
    assert subtypes(slack) == [
        ("message", None),
        ("message", "message_changed"),
        ("message", "message_deleted"),
    ]
    changed = slack.deliveries[1].event
    assert changed["message"]["bot_id"] == changed["previous_message"]["bot_id"] == slack.world.bot_id
    assert changed["message"]["user"] == slack.bot_user_id
    assert got == []


async def test_a_deleted_message_is_gone(slack: SlackSandbox, client: AsyncWebClient, general: str) -> None:
    said = await slack.say("general", "alice", "one")
    await slack.delete(said)
    event = last(slack, "message_deleted")
    assert (event["deleted_ts"], event["previous_message"]["text"]) == (said.ts, "one")
    assert (await client.conversations_history(channel=general))["messages"] == []
    assert await error_of(client.conversations_replies(channel=general, ts=said.ts)) == "thread_not_found"


async def test_a_threads_root_leaves_a_tombstone(
    slack: SlackSandbox, client: AsyncWebClient, general: str
) -> None:
    root = await slack.say("general", "alice", "secret")
    reply = await slack.say("general", "bob", "reply", thread_ts=root.ts)
    await slack.delete(root)
    event = last(slack, "message_changed")
    stone = event["message"]
    assert (stone["subtype"], stone["user"], stone["hidden"], stone["reply_count"]) == (
        "tombstone",
        "USLACKBOT",
        True,
        1,
    )
    assert event["previous_message"]["text"] == "secret"
    thread = (await client.conversations_replies(channel=general, ts=root.ts))["messages"]
    assert [each["text"] for each in thread] == ["This message was deleted.", "reply"]
    assert thread[1]["parent_user_id"] == "USLACKBOT"
    (shown,) = (await client.conversations_history(channel=general))["messages"]
    assert shown["subtype"] == "tombstone"
    await slack.delete(reply)
    assert last(slack, "message_deleted")["deleted_ts"] == reply.ts
    assert (await client.conversations_history(channel=general))["messages"] == []


async def test_the_apps_own_root_leaves_a_tombstone_that_bolt_does_not_ignore(
    slack: SlackSandbox, client: AsyncWebClient, app: AsyncApp, general: str
) -> None:
    """Bolt takes the author of `message` for the actor, who is Slackbot here and not the app."""
    got: list[Json] = []

    @app.event({"type": "message", "subtype": "message_changed"})
    async def collect(event: Json) -> None:
        got.append(event)

    ts = (await client.chat_postMessage(channel=general, text="one"))["ts"]
    await slack.say("general", "bob", "reply", thread_ts=ts)
    async with connected(app, slack):
        await client.chat_delete(channel=general, ts=ts)
        await slack.wait_for(lambda: got)
    assert (got[0]["message"]["subtype"], got[0]["previous_message"]["user"]) == (
        "tombstone",
        slack.bot_user_id,
    )
    assert await error_of(client.chat_update(channel=general, ts=ts, text="x")) == "message_not_found"


async def test_a_reply_shown_to_all(slack: SlackSandbox, client: AsyncWebClient, general: str) -> None:
    root = await slack.say("general", "alice", "root")
    await slack.say("general", "bob", "for all", thread_ts=root.ts, broadcast=True, mention_bot=True)
    event = slack.deliveries[1].event
    assert (event["subtype"], event["thread_ts"], event["root"]["text"]) == (
        "thread_broadcast",
        root.ts,
        "root",
    )
    assert slack.events("app_mention")[0].event["subtype"] == "thread_broadcast"
    sent = await client.chat_postMessage(
        channel=general, text="mine", thread_ts=root.ts, reply_broadcast=True
    )
    assert sent["message"]["subtype"] == "thread_broadcast"
    history = (await client.conversations_history(channel=general))["messages"]
    assert [each["text"].rpartition("> ")[2] for each in history] == ["mine", "for all", "root"]


@pytest.mark.parametrize("place", ["channel", "dm", "group"])
async def test_a_follow_up_in_a_thread_needs_no_mention(
    slack: SlackSandbox, app: AsyncApp, place: str
) -> None:
    got: list[Json] = []

    @app.event("message")
    async def collect(event: Json) -> None:
        got.append(event)

    channel = {
        "channel": slack.world.channel("general"),
        "dm": await slack.open_dm("alice"),
        "group": await slack.open_group("alice", "bob"),
    }[place]
    async with connected(app, slack):
        root = await slack.say(channel, "alice", "hello")
        await slack.say(channel, "alice", "and?", thread_ts=root.ts)
        await slack.wait_for(lambda: len(got) == 2)
    assert (got[1]["thread_ts"], got[1]["parent_user_id"]) == (root.ts, root.user)
    assert got[1]["channel_type"] == channel.kind.value
    assert slack.events("app_mention") == []
