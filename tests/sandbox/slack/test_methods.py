"""Reactions, conversations, users, views and files through slack-sdk."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from tests.sandbox.slack.conftest import error_of
from tickertape.sandbox.slack import UNLIMITED, SlackSandbox

READ = frozenset({"channels:read", "groups:read", "im:read", "mpim:read"})


async def test_reactions(slack: SlackSandbox, client: AsyncWebClient) -> None:
    said = await slack.say("general", "alice", "hello")
    target: dict[str, Any] = {"channel": said.channel, "timestamp": said.ts}
    await client.reactions_add(**target, name="octagonal_sign")
    assert await error_of(client.reactions_add(**target, name="octagonal_sign")) == "already_reacted"
    await slack.react(said, "bob", "octagonal_sign")
    shown = await client.reactions_get(**target)
    assert shown["message"]["reactions"][0]["count"] == 2
    await client.reactions_remove(**target, name="octagonal_sign")
    assert await error_of(client.reactions_remove(**target, name="octagonal_sign")) == "no_reaction"
    assert said.reactions["octagonal_sign"] == [slack.world.user("bob").id]


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"name": "stop_button"}, "invalid_name"),
        ({"name": "Not A Name"}, "invalid_name"),
        ({"timestamp": "1.000001"}, "message_not_found"),
        ({"timestamp": None}, "no_item_specified"),
        ({"channel": "C404"}, "channel_not_found"),
        ({"channel": "random"}, "not_in_channel"),
    ],
)
async def test_refused_reactions(
    slack: SlackSandbox, client: AsyncWebClient, fields: dict[str, Any], error: str
) -> None:
    said = await slack.say("general", "alice", "hello")
    given = {"channel": said.channel, "timestamp": said.ts, "name": "x", **fields}
    assert await error_of(client.api_call("reactions.add", json=given)) == error


async def test_reactions_have_an_end(slack: SlackSandbox, client: AsyncWebClient) -> None:
    slack.limits = UNLIMITED
    said = await slack.say("general", "alice", "hello")
    for number in range(50):
        await slack.react(said, "bob", f"emoji{number}")
    add = client.reactions_add(channel=said.channel, timestamp=said.ts, name="x")
    assert await error_of(add) == "too_many_reactions"
    slack.world.channel("general").archived = True
    add = client.reactions_add(channel=said.channel, timestamp=said.ts, name="emoji1")
    assert await error_of(add) == "is_archived"


async def test_history_pages_from_the_newest(
    slack: SlackSandbox, client: AsyncWebClient, general: str
) -> None:
    said = [await slack.say("general", "alice", str(number)) for number in range(5)]
    await slack.say("general", "alice", "reply", thread_ts=said[0].ts)
    await slack.delete(said[4])
    first = await client.conversations_history(channel=general, limit=2)
    assert [message["text"] for message in first["messages"]] == ["3", "2"]
    cursor = first["response_metadata"]["next_cursor"]
    second = await client.conversations_history(channel=general, limit=2, cursor=cursor)
    assert [message["text"] for message in second["messages"]] == ["1", "0"]
    assert (second["has_more"], second["messages"][1]["reply_count"]) == (False, 1)
    between = await client.conversations_history(channel=general, oldest=said[1].ts, latest=said[3].ts)
    assert [message["text"] for message in between["messages"]] == ["2"]
    ends = await client.conversations_history(
        channel=general, oldest=said[1].ts, latest=said[3].ts, inclusive=True
    )
    assert len(ends["messages"]) == 3


async def test_replies_are_a_thread(slack: SlackSandbox, client: AsyncWebClient, general: str) -> None:
    root = await slack.say("general", "alice", "root")
    await slack.say("general", "bob", "other")
    replies = [await slack.say("general", "alice", f"r{number}", thread_ts=root.ts) for number in range(3)]
    whole = await client.conversations_replies(channel=general, ts=root.ts)
    assert [message["text"] for message in whole["messages"]] == ["root", "r0", "r1", "r2"]
    later = await client.conversations_replies(channel=general, ts=root.ts, oldest=replies[1].ts)
    assert [message["text"] for message in later["messages"]] == ["root", "r2"]
    page = await client.conversations_replies(channel=general, ts=root.ts, limit=3)
    assert page["has_more"] is True
    assert await error_of(client.conversations_replies(channel=general, ts="1.000001")) == "thread_not_found"


async def test_reading_needs_scope_membership_and_sense(
    slack: SlackSandbox, client: AsyncWebClient, general: str
) -> None:
    assert await error_of(client.conversations_history(channel="random")) == "not_in_channel"
    assert await error_of(client.conversations_history(channel=general, limit=1000)) == "invalid_limit"
    assert await error_of(client.conversations_history(channel=general, cursor="x")) == "invalid_cursor"
    assert await error_of(client.conversations_history(channel=general, limit="x")) == "invalid_arguments"  # type: ignore[arg-type]  # the point
    slack.scopes -= {"channels:history"}
    assert await error_of(client.conversations_history(channel=general)) == "missing_scope"


async def test_conversations(slack: SlackSandbox, client: AsyncWebClient, general: str) -> None:
    slack.scopes -= {"channels:read"}
    assert await error_of(client.conversations_info(channel=general)) == "missing_scope"
    slack.scopes |= READ | {"channels:join", "im:write"}
    info = await client.conversations_info(channel=general)
    assert (info["channel"]["name"], info["channel"]["is_member"]) == ("general", True)
    people = await client.conversations_members(channel=general)
    assert len(people["members"]) == 4
    await client.conversations_join(channel=slack.world.channel("random").id)
    again = await client.conversations_join(channel=slack.world.channel("random").id)
    assert again["warning"] == "already_in_channel"
    mine = await client.users_conversations()
    assert [channel["name"] for channel in mine["channels"]] == ["general", "random"]
    private = await slack.add_channel("secret", "alice", private=True)
    assert (
        await error_of(client.conversations_join(channel=private.id))
        == "method_not_supported_for_channel_type"
    )
    slack.world.channel(general).archived = True
    assert await error_of(client.conversations_join(channel=general)) == "is_archived"


async def test_opening_direct_messages(slack: SlackSandbox, client: AsyncWebClient) -> None:
    slack.scopes |= READ | {"im:write"}
    alice, bob = slack.world.user("alice").id, slack.world.user("bob").id
    opened = await client.conversations_open(users=alice)
    again = await client.conversations_open(users=[alice])
    assert (opened["channel"], again["already_open"]) == (again["channel"], True)
    info = await client.conversations_info(channel=opened["channel"]["id"])
    assert (info["channel"]["is_im"], info["channel"]["user"]) == (True, alice)
    assert await error_of(client.conversations_open(users="U404")) == "user_not_found"
    assert await error_of(client.conversations_open(users="")) == "users_list_not_supplied"
    both = client.conversations_open(users=[alice, bob])
    assert await error_of(both) == "method_not_supported_for_channel_type"
    known = await client.conversations_open(channel=opened["channel"]["id"])
    assert known["channel"]["id"] == opened["channel"]["id"]


async def test_who_is_who(slack: SlackSandbox, client: AsyncWebClient) -> None:
    slack.scopes |= {"team:read"}
    admin = await client.users_info(user=slack.world.user("admin").id)
    alice = await client.users_info(user=slack.world.user("alice").id)
    assert (admin["user"]["is_admin"], alice["user"]["is_admin"]) == (True, False)
    assert await error_of(client.users_info(user="U404")) == "user_not_found"
    assert (await client.bots_info(bot=slack.world.bot_id))["bot"]["user_id"] == slack.bot_user_id
    assert await error_of(client.bots_info(bot="B404")) == "bot_not_found"
    assert (await client.team_info())["team"]["id"] == slack.team_id


async def test_views(slack: SlackSandbox, client: AsyncWebClient) -> None:
    used = await slack.slash("general", "alice", "/ask", "x")
    view = {"type": "modal", "title": {"type": "plain_text", "text": "t"}, "blocks": [{"type": "divider"}]}
    assert (
        await error_of(client.views_open(trigger_id=used.trigger_id + "x", view=view)) == "invalid_trigger_id"
    )
    opened = await client.views_open(trigger_id=used.trigger_id, view=view)
    again = client.views_open(trigger_id=used.trigger_id, view=view)
    assert await error_of(again) == "exchanged_trigger_id"
    view_id = opened["view"]["id"]
    await client.views_update(view_id=view_id, view=view, hash=opened["view"]["hash"])
    stale = client.views_update(view_id=view_id, view=view, hash=opened["view"]["hash"])
    assert await error_of(stale) == "hash_conflict"
    assert await error_of(client.views_update(view_id="V404", view=view)) == "not_found"
    late = await slack.slash("general", "alice", "/ask", "x")
    await asyncio.sleep(3.1)
    assert await error_of(client.views_open(trigger_id=late.trigger_id, view=view)) == "expired_trigger_id"


async def test_the_apps_home(slack: SlackSandbox, client: AsyncWebClient) -> None:
    alice, home = slack.world.user("alice").id, {"type": "home", "blocks": [{"type": "divider"}]}
    await client.views_publish(user_id=alice, view=home)
    shown = slack.world.home_of("alice")
    assert shown is not None
    assert shown["blocks"] == [{"type": "divider", "block_id": "b0"}]
    assert await error_of(client.views_publish(user_id="U404", view=home)) == "invalid_arguments"
    wrong = client.views_publish(user_id=alice, view={"type": "modal", "blocks": []})
    assert await error_of(wrong) == "invalid_arguments"
    broken = client.views_publish(user_id=alice, view={"type": "home", "blocks": [{"type": "x"}]})
    assert await error_of(broken) == "invalid_arguments"
    assert await error_of(client.views_publish(user_id=alice, view={"type": "x"})) == "invalid_arguments"


async def test_uploads(slack: SlackSandbox, client: AsyncWebClient, general: str) -> None:
    slack.scopes |= {"files:write"}
    said = await slack.say("general", "alice", "hello")
    await client.files_upload_v2(
        channel=general,
        thread_ts=said.ts,
        filename="a.txt",
        content="all of it",
        initial_comment="whole text",
    )
    message = slack.bot_messages[0]
    assert (message.subtype, message.visible, message.thread_ts) == ("file_share", "whole text", said.ts)
    file_id = message.content.files[0]["id"]
    assert (await client.files_info(file=file_id))["file"]["size"] == 9
    assert slack.world.files[file_id].content == b"all of it"


async def test_refused_uploads(
    slack: SlackSandbox, client: AsyncWebClient, http: aiohttp.ClientSession
) -> None:
    slack.scopes |= {"files:write"}
    assert await error_of(client.files_getUploadURLExternal(filename="a", length=0)) == "invalid_arguments"
    place = await client.files_getUploadURLExternal(filename="a", length=3)
    files = [{"id": place["file_id"], "title": "a"}]
    assert await error_of(client.files_completeUploadExternal(files=files)) == "file_update_failed"
    assert await error_of(client.files_completeUploadExternal(files=[{"id": "F404"}])) == "file_not_found"
    assert await error_of(client.files_completeUploadExternal(files=[])) == "invalid_arguments"
    assert await error_of(client.files_info(file="F404")) == "file_not_found"
    async with http.post(place["upload_url"], data=b"four") as response:
        assert response.status == 400
    async with http.post(place["upload_url"] + "x", data=b"abc") as response:
        assert response.status == 404
    form = aiohttp.FormData()
    form.add_field("file", b"abc", filename="a")
    async with http.post(place["upload_url"], data=form) as response:
        assert response.status == 200
    await client.files_completeUploadExternal(files=files)
    assert slack.world.files[place["file_id"]].shared


async def test_commercial_apps_read_little(slack: SlackSandbox, client: AsyncWebClient, general: str) -> None:
    slack.restrict_reads()
    for number in range(20):
        await slack.say("general", "alice", str(number))
    page = await client.conversations_history(channel=general, limit=100)
    assert (len(page["messages"]), page["has_more"]) == (15, True)
    assert await error_of(client.conversations_history(channel=general)) == "ratelimited"
    root = page["messages"][0]["ts"]
    assert len((await client.conversations_replies(channel=general, ts=root))["messages"]) == 1
    assert await error_of(client.conversations_replies(channel=general, ts=root)) == "ratelimited"
    await asyncio.sleep(60)
    cursor = page["response_metadata"]["next_cursor"]
    rest = await client.conversations_history(channel=general, limit=100, cursor=cursor)
    assert [message["text"] for message in rest["messages"]] == ["4", "3", "2", "1", "0"]
