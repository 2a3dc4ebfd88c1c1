"""Threads over plain HTTP and a plain gateway client: rules, refusals, and what the bot is told."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest

from tests.sandbox.discord.clients import GatewayClient, Rest
from tickertape.sandbox.discord import (
    CannotDo,
    Channel,
    ChannelType,
    DiscordSandbox,
    Intent,
    Limits,
    MessageType,
    Overwrite,
    Permission,
)

HEARD = Intent.GUILDS | Intent.GUILD_MESSAGES


def allow(sandbox: DiscordSandbox, channel: Channel, permission: Permission) -> None:
    """Give the bot a permission in one channel."""
    sandbox.set_overwrites(channel, Overwrite(sandbox.bot_user.id, allow=permission, member=True))


async def started(rest: Rest, **fields: object) -> Channel:
    """Let the bot start a public thread of its own."""
    path = f"/channels/{rest.sandbox.general.id}/threads"
    answer = await rest.call("POST", path, {"name": "talk", "type": 11} | fields)
    assert answer.status == 201, answer.body
    return rest.sandbox.world.channels[int(answer.body["id"])]


async def test_what_the_bot_is_told_of_a_thread_of_a_message(gateway: GatewayClient) -> None:
    sandbox = gateway.sandbox
    await gateway.identify(int(HEARD))
    asked = await sandbox.say(sandbox.general, sandbox.alice, "hidden")
    await gateway.event("MESSAGE_CREATE")
    thread = await sandbox.start_thread(sandbox.general, sandbox.alice, "more", message=asked)
    created = await gateway.event("THREAD_CREATE")
    assert (created["id"], created["newly_created"]) == (str(asked.id), True)
    assert (created["owner_id"], created["parent_id"]) == (str(sandbox.alice.id), str(sandbox.general.id))
    assert "member" not in created
    updated = await gateway.event("MESSAGE_UPDATE")
    assert (updated["edited_timestamp"], updated["flags"], updated["thread"]["id"]) == (
        None,
        32,
        str(thread.id),
    )
    starter = await gateway.event("MESSAGE_CREATE")
    assert (starter["type"], starter["channel_id"], starter["content"]) == (21, str(thread.id), "")
    assert starter["id"] != str(asked.id)
    assert starter["message_reference"]["message_id"] == str(asked.id)
    assert starter["referenced_message"]["content"] == ""
    await sandbox.say(thread, sandbox.bob, "hi", mention_bot=True)
    added = await gateway.event("THREAD_CREATE")
    assert "newly_created" not in added
    assert added["member"]["user_id"] == str(sandbox.bot_user.id)
    joined = await gateway.event("THREAD_MEMBERS_UPDATE")
    assert [each["user_id"] for each in joined["added_members"]] == [str(sandbox.bot_user.id)]
    assert joined["member_count"] == 3
    said = await gateway.event("MESSAGE_CREATE")
    assert said["content"].endswith("hi")
    assert (said["channel_type"], said["guild_id"]) == (11, str(sandbox.guild.id))


async def test_a_thread_on_an_old_message_brings_a_notice(gateway: GatewayClient) -> None:
    sandbox = gateway.sandbox
    await gateway.identify(int(HEARD))
    asked = await sandbox.say(sandbox.general, sandbox.alice, "old")
    await asyncio.sleep(10)
    thread = await sandbox.start_thread(sandbox.general, sandbox.alice, "more", message=asked)
    for name in ("MESSAGE_CREATE", "THREAD_CREATE", "MESSAGE_UPDATE", "MESSAGE_CREATE"):
        await gateway.event(name)
    notice = await gateway.event("MESSAGE_CREATE")
    assert (notice["type"], notice["channel_id"]) == (18, str(sandbox.general.id))
    assert notice["message_reference"] == {
        "type": 0,
        "channel_id": str(thread.id),
        "guild_id": str(sandbox.guild.id),
    }


async def test_archiving_and_deleting_are_told(gateway: GatewayClient) -> None:
    sandbox = gateway.sandbox
    await gateway.identify(int(HEARD))
    thread = sandbox.add_thread(sandbox.general, "talk", sandbox.alice)
    await gateway.event("THREAD_CREATE")
    await sandbox.archive_thread(thread)
    assert (await gateway.event("THREAD_UPDATE"))["thread_metadata"]["archived"] is True
    await sandbox.say(thread, sandbox.alice, "again")
    assert (await gateway.event("THREAD_UPDATE"))["thread_metadata"]["archived"] is False
    assert (await gateway.event("MESSAGE_CREATE"))["channel_id"] == str(thread.id)
    sandbox.delete_channel(thread)
    gone = await gateway.event("THREAD_DELETE")
    assert gone == {
        "id": str(thread.id),
        "guild_id": str(sandbox.guild.id),
        "parent_id": str(sandbox.general.id),
        "type": 11,
    }


async def test_members_join_leave_and_are_listed(rest: Rest) -> None:
    sandbox = rest.sandbox
    thread = await started(rest)
    members = f"/channels/{thread.id}/thread-members"

    async def listed() -> set[str]:
        return {each["user_id"] for each in (await rest.call("GET", members)).body}

    bot, alice = str(sandbox.bot_user.id), str(sandbox.alice.id)
    assert await listed() == {bot}
    assert (await rest.call("PUT", f"{members}/{alice}")).status == 204
    assert (await rest.call("GET", f"{members}/{alice}")).body["id"] == str(thread.id)
    assert await listed() == {bot, alice}
    assert (await rest.call("DELETE", f"{members}/{alice}")).code == 50013
    assert (await rest.call("DELETE", f"{members}/@me")).status == 204
    assert await listed() == {alice}
    assert (await rest.call("GET", f"{members}/{bot}")).code == 10007
    assert (await rest.call("PUT", f"{members}/1")).code == 10007
    assert (await rest.call("PUT", f"{members}/@me")).status == 204
    await sandbox.leave_thread(thread, sandbox.alice)
    assert await listed() == {bot}
    await sandbox.archive_thread(thread)
    assert (await rest.call("PUT", f"{members}/{alice}")).code == 50083
    with pytest.raises(CannotDo):
        await sandbox.join_thread(thread, sandbox.alice)
    general = f"/channels/{sandbox.general.id}/thread-members/@me"
    assert (await rest.call("PUT", general)).code == 50024


async def test_changing_a_thread(rest: Rest) -> None:
    sandbox = rest.sandbox
    own = await started(rest)
    path = f"/channels/{own.id}"
    renamed = await rest.call("PATCH", path, {"name": "new", "auto_archive_duration": 4320})
    assert (renamed.body["name"], renamed.body["thread_metadata"]["auto_archive_duration"]) == ("new", 4320)
    assert (await rest.call("PATCH", path, {"auto_archive_duration": 61})).code == 50035
    assert (await rest.call("PATCH", path, {"name": "n" * 101})).code == 50035
    assert (await rest.call("PATCH", path, {"locked": True})).code == 50013
    assert (await rest.call("PATCH", path, {"archived": True})).status == 200
    assert (await rest.call("PATCH", path, {"name": "late"})).code == 50083
    assert (await rest.call("PATCH", path, {"archived": False})).status == 200
    other = sandbox.add_thread(sandbox.general, "hers", sandbox.alice)
    assert (await rest.call("PATCH", f"/channels/{other.id}", {"name": "mine"})).code == 50013
    allow(sandbox, sandbox.general, Permission.MANAGE_THREADS)
    assert (await rest.call("PATCH", f"/channels/{other.id}", {"locked": True})).status == 200
    assert (await rest.call("PATCH", f"/channels/{sandbox.general.id}", {"name": "x"})).code == 50024


async def test_locked_threads_are_for_moderators(rest: Rest) -> None:
    sandbox = rest.sandbox
    thread = await started(rest)
    message = await rest.posted(thread)
    thread.locked = True
    assert (await rest.post(thread)).code == 160005
    assert (await rest.edit(message, "x")).code == 160005
    with pytest.raises(CannotDo):
        await sandbox.say(thread, sandbox.alice, "me too")
    await sandbox.say(thread, sandbox.owner, "I may")
    await sandbox.archive_thread(thread, locked=True)
    assert (await rest.post(thread)).code == 50083
    allow(sandbox, sandbox.general, Permission.MANAGE_THREADS)
    assert (await rest.post(thread)).status == 200
    assert not thread.archived


async def test_messages_of_archived_threads_can_still_be_deleted(rest: Rest) -> None:
    thread = await started(rest)
    message = await rest.posted(thread)
    await rest.sandbox.archive_thread(thread)
    path = f"/channels/{thread.id}/messages/{message.id}"
    assert (await rest.call("DELETE", path)).status == 204


async def test_what_cannot_bear_a_thread(rest: Rest, session: aiohttp.ClientSession) -> None:
    sandbox = rest.sandbox
    await started(rest)
    (notice,) = sandbox.general.messages.values()
    assert notice.type is MessageType.THREAD_CREATED
    assert (await rest.call("POST", _threads_of(notice.id, sandbox.general), {"name": "x"})).code == 50021
    assert (await rest.call("POST", _threads_of(1, sandbox.general), {"name": "x"})).code == 10008
    dm = await sandbox.open_dm(sandbox.alice)
    said = await sandbox.say(dm, sandbox.alice, "psst")
    assert (await rest.call("POST", _threads_of(said.id, dm), {"name": "x"})).code == 50024
    assert (
        await rest.call("POST", f"/channels/{sandbox.general.id}/threads", {"name": "x", "type": 5})
    ).code == 50035
    with pytest.raises(CannotDo):
        await sandbox.start_thread(dm, sandbox.alice, "x")
    async with DiscordSandbox(limits=Limits(active_threads=1)) as small:
        other = Rest(small, session)
        await started(other)
        path = f"/channels/{small.general.id}/threads"
        assert (await other.call("POST", path, {"name": "x", "type": 11})).code == 160006


def _threads_of(message: int, channel: Channel) -> str:
    return f"/channels/{channel.id}/messages/{message}/threads"


async def test_system_messages_take_no_reply(rest: Rest) -> None:
    sandbox = rest.sandbox
    await started(rest)
    (notice,) = sandbox.general.messages.values()
    answer = await rest.post(sandbox.general, message_reference={"message_id": str(notice.id)})
    error = answer.body["errors"]["message_reference"]["_errors"][0]
    assert error["code"] == "REPLIES_CANNOT_REPLY_TO_SYSTEM_MESSAGE"
    with pytest.raises(CannotDo):
        await sandbox.say(sandbox.general, sandbox.alice, "what?", reply_to=notice)


async def test_an_orphan_remains_when_its_message_is_deleted(rest: Rest) -> None:
    sandbox = rest.sandbox
    asked = await sandbox.say(sandbox.general, sandbox.alice, "why?")
    thread = await sandbox.start_thread(sandbox.general, sandbox.alice, "why?", message=asked)
    await sandbox.delete(asked)
    listed = await rest.call("GET", f"/channels/{thread.id}/messages")
    assert [each["referenced_message"] for each in listed.body] == [None]
    assert (await rest.call("GET", f"/channels/{thread.id}/messages/{thread.id}")).code == 10008


async def test_threads_go_with_their_channel(rest: Rest) -> None:
    thread = await started(rest)
    rest.sandbox.delete_channel(rest.sandbox.general)
    assert (await rest.call("GET", f"/channels/{thread.id}")).code == 10003


async def test_counts_of_messages(rest: Rest) -> None:
    thread = await started(rest)
    first = await rest.posted(thread)
    await rest.posted(thread)
    await rest.sandbox.delete(first)
    body = (await rest.call("GET", f"/channels/{thread.id}")).body
    assert (body["message_count"], body["total_message_sent"], body["member_count"]) == (1, 2, 1)
    assert body["member"]["user_id"] == str(rest.sandbox.bot_user.id)
    assert body["type"] == ChannelType.PUBLIC_THREAD
