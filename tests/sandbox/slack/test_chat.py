from __future__ import annotations

from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from tests.sandbox.slack.conftest import error_of
from tickertape.sandbox.slack import SlackSandbox

MARKDOWN = {"type": "markdown", "text": "x"}


async def test_post_update_and_delete(slack: SlackSandbox, client: AsyncWebClient, general: str) -> None:
    posted = await client.chat_postMessage(
        channel="#general", text="one", unfurl_links=False, unfurl_media=False
    )
    assert posted["message"]["bot_profile"]["app_id"] == slack.world.app_id
    updated = await client.chat_update(channel=general, ts=posted["ts"], text="two &amp; three")
    assert updated["text"] == "two &amp; three"
    message = slack.bot_messages[0]
    assert [version.visible for version in message.versions] == ["one", "two & three"]
    assert (message.content.unfurl_links, message.content.unfurl_media) == (False, False)
    await client.chat_delete(channel=general, ts=posted["ts"])
    assert message.deleted
    assert (
        await error_of(client.chat_update(channel=general, ts=posted["ts"], text="x")) == "message_not_found"
    )


async def test_only_an_update_with_text_shows_edited(
    slack: SlackSandbox, client: AsyncWebClient, general: str
) -> None:
    ts = (await client.chat_postMessage(channel=general, text="x"))["ts"]
    await client.chat_update(channel=general, ts=ts, text="x", blocks=[MARKDOWN])
    message = slack.bot_messages[0]
    assert (message.edited, len(message.blocks)) == (None, 1)
    answer = await client.chat_update(channel=general, ts=ts, text="y")
    assert message.edited is not None
    assert message.blocks == []
    assert "edited" in answer["message"]


async def test_long_texts(slack: SlackSandbox, client: AsyncWebClient, general: str) -> None:
    ts = (await client.chat_postMessage(channel=general, text="x" * 40_001))["ts"]
    assert len(slack.bot_messages[0].text) == 40_000
    await client.chat_update(channel=general, ts=ts, text="x" * 4000)
    assert await error_of(client.chat_update(channel=general, ts=ts, text="x" * 4001)) == "msg_too_long"
    await client.chat_update(channel=general, ts=ts, markdown_text="x" * 12_000)
    too_long = client.chat_update(channel=general, ts=ts, markdown_text="x" * 12_001)
    assert await error_of(too_long) == "msg_too_long"


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({}, "no_text"),
        ({"text": "  "}, "no_text"),
        ({"text": "x", "markdown_text": "y"}, "markdown_text_conflict"),
        ({"blocks": [MARKDOWN], "markdown_text": "y"}, "markdown_text_conflict"),
        ({"blocks": [MARKDOWN | {"text": "x" * 12_001}]}, "msg_blocks_too_long"),
        ({"blocks": [MARKDOWN] * 51}, "invalid_blocks"),
        ({"text": "x", "thread_ts": "1.000001"}, "thread_not_found"),
        ({"text": "x", "channel": "C404"}, "channel_not_found"),
        ({"text": "x", "channel": "random"}, "not_in_channel"),
    ],
)
async def test_refused_posts(client: AsyncWebClient, fields: dict[str, Any], error: str) -> None:
    assert await error_of(client.api_call("chat.postMessage", json={"channel": "general", **fields})) == error


async def test_closed_channels(slack: SlackSandbox, client: AsyncWebClient, general: str) -> None:
    channel = slack.world.channel(general)
    ts = (await client.chat_postMessage(channel=general, text="x"))["ts"]
    channel.admins_only = True
    assert await error_of(client.chat_postMessage(channel=general, text="x")) == "restricted_action"
    channel.archived = True
    assert await error_of(client.chat_postMessage(channel=general, text="x")) == "is_archived"
    assert await error_of(client.chat_update(channel=general, ts=ts, text="x")) == "is_archived"
    hidden = await slack.add_channel("secret", "alice", private=True, bot=False)
    assert await error_of(client.chat_postMessage(channel=hidden.id, text="x")) == "channel_not_found"


async def test_a_scope_lets_the_bot_post_anywhere_public(slack: SlackSandbox, client: AsyncWebClient) -> None:
    slack.scopes |= {"chat:write.public"}
    await client.chat_postMessage(channel="random", text="x")
    assert len(slack.bot_messages) == 1


async def test_messages_of_others_cannot_be_changed(
    slack: SlackSandbox, client: AsyncWebClient, general: str
) -> None:
    said = await slack.say("general", "alice", "hello")
    assert await error_of(client.chat_update(channel=general, ts=said.ts, text="x")) == "cant_update_message"
    assert await error_of(client.chat_delete(channel=general, ts=said.ts)) == "cant_delete_message"


async def test_threads(slack: SlackSandbox, client: AsyncWebClient, general: str) -> None:
    said = await slack.say("general", "alice", "hello")
    reply = await client.chat_postMessage(channel=general, text="x", thread_ts=said.ts)
    nested = await client.chat_postMessage(channel=general, text="y", thread_ts=reply["ts"])
    assert nested["message"]["thread_ts"] == said.ts
    assert nested["message"]["parent_user_id"] == said.user


async def test_messages_have_addresses(slack: SlackSandbox, client: AsyncWebClient, general: str) -> None:
    root = await slack.say("general", "alice", "hello")
    reply = await slack.say("general", "bob", "hi", thread_ts=root.ts)
    links = [
        (await client.chat_getPermalink(channel=general, message_ts=sent.ts))["permalink"]
        for sent in (root, reply)
    ]
    assert links[0] == f"https://sandbox.slack.com/archives/{general}/p{root.ts.replace('.', '')}"
    assert links[1].endswith(f"?thread_ts={root.ts}&cid={general}")
    missing = client.chat_getPermalink(channel=general, message_ts="1.000001")
    assert await error_of(missing) == "message_not_found"


async def test_a_user_id_opens_direct_messages(slack: SlackSandbox, client: AsyncWebClient) -> None:
    alice = slack.world.user("alice")
    answer = await client.chat_postMessage(channel=alice.id, text="x")
    assert answer["channel"] == (await slack.open_dm("alice")).id


async def test_ephemeral_messages(slack: SlackSandbox, client: AsyncWebClient, general: str) -> None:
    alice = slack.world.user("alice")
    await client.chat_postEphemeral(channel=general, user=alice.id, text="psst", blocks=[MARKDOWN])
    assert [message.visible for message in slack.world.ephemerals_of("alice")] == ["x"]
    assert slack.world.ephemerals_of("bob") == []
    assert slack.bot_messages == []
    stranger = client.chat_postEphemeral(channel=general, user="U404", text="x")
    assert await error_of(stranger) == "user_not_in_channel"


async def test_pings_are_counted_on_posts_and_slips_on_edits(
    slack: SlackSandbox, client: AsyncWebClient, general: str
) -> None:
    ts = (await client.chat_postMessage(channel=general, text="&lt;!here&gt; <@U1> @alice"))["ts"]
    message = slack.bot_messages[0]
    assert (message.pings, message.mentions) == (["<@U1>"], ["<@U1>"])
    await client.chat_update(channel=general, ts=ts, markdown_text="<!channel>")
    assert (message.pings, message.mentions) == (["<@U1>"], ["<@U1>", "<!channel>"])
    await client.chat_postMessage(channel=general, text="@alice @channel", link_names=True)
    assert slack.bot_messages[1].pings == ["@alice", "@channel"]


async def test_metadata_is_kept_and_returned_on_request(
    slack: SlackSandbox, client: AsyncWebClient, general: str
) -> None:
    metadata = {"event_type": "answer", "event_payload": {"id": 1}}
    ts = (await client.chat_postMessage(channel=general, text="x", metadata=metadata))["ts"]
    await client.chat_update(channel=general, ts=ts, text="y")
    plain = await client.conversations_history(channel=general)
    full = await client.conversations_history(channel=general, include_all_metadata=True)
    assert "metadata" not in plain["messages"][0]
    assert full["messages"][0]["metadata"] == metadata
    assert slack.bot_messages[0].content.metadata == metadata
