"""Messages, reactions, threads and permissions over plain HTTP: what is allowed, and each refusal's code."""

from __future__ import annotations

import asyncio
import io

import aiohttp
import pytest

from tests.sandbox.discord.clients import Rest
from tickertape.sandbox.discord import (
    Budget,
    Channel,
    ChannelType,
    DiscordSandbox,
    Limits,
    Overwrite,
    Permission,
    PingKind,
)


def deny(sandbox: DiscordSandbox, channel: Channel, permission: Permission) -> None:
    """Take a permission from the bot in one channel."""
    sandbox.set_overwrites(channel, Overwrite(sandbox.bot_user.id, deny=permission, member=True))


async def test_blanks_around_content_are_dropped(rest: Rest) -> None:
    message = await rest.posted(rest.sandbox.general, "  a b\n\n")
    assert message.content == "a b"
    await rest.edit(message, "\n c ")
    assert [version.content for version in message.versions] == ["a b", "c"]


@pytest.mark.parametrize("content", ["", " \n ", None])
async def test_empty_message(rest: Rest, content: str | None) -> None:
    answer = await rest.call("POST", f"/channels/{rest.sandbox.general.id}/messages", {"content": content})
    assert (answer.status, answer.code) == (400, 50006)


async def test_too_long_is_counted_in_code_points(rest: Rest) -> None:
    assert (await rest.post(rest.sandbox.general, "🛑" * 2000)).status == 200
    answer = await rest.post(rest.sandbox.general, "x" * 2001)
    assert answer.code == 50035
    assert answer.body["errors"]["content"]["_errors"][0]["code"] == "BASE_TYPE_MAX_LENGTH"


async def test_edit_keeps_what_it_does_not_name(rest: Rest) -> None:
    row = {"type": 1, "components": [{"type": 2, "style": 4, "label": "Stop", "custom_id": "s"}]}
    message = await rest.posted(rest.sandbox.general, "text", components=[row], embeds=[{"title": "t"}])
    await rest.edit(message, "more", flags=4)
    assert [button["custom_id"] for button in message.buttons] == ["s"]
    assert message.embeds == [{"title": "t"}]
    path = f"/channels/{message.channel.id}/messages/{message.id}"
    read = await rest.call("GET", path)
    assert (read.body["content"], read.body["embeds"], read.body["flags"]) == ("more", [], 4)
    await rest.call("PATCH", path, {"components": []})
    assert message.buttons == []


async def test_enforced_nonce_makes_a_create_repeatable(rest: Rest) -> None:
    first = await rest.post(rest.sandbox.general, nonce="n1", enforce_nonce=True)
    again = await rest.post(rest.sandbox.general, nonce="n1", enforce_nonce=True)
    assert first.body["id"] == again.body["id"]
    assert (await rest.post(rest.sandbox.general, nonce="n1")).body["id"] != first.body["id"]
    await asyncio.sleep(301)
    late = await rest.post(rest.sandbox.general, nonce="n1", enforce_nonce=True)
    assert late.body["id"] != first.body["id"]


async def test_unknown_deleted_and_foreign_messages(rest: Rest) -> None:
    message = await rest.posted(rest.sandbox.general)
    await rest.sandbox.delete(message)
    assert (await rest.edit(message, "x")).code == 10008
    foreign = await rest.sandbox.say(rest.sandbox.general, rest.sandbox.alice, "mine")
    assert (await rest.edit(foreign, "x")).code == 50005
    path = f"/channels/{foreign.channel.id}/messages/{foreign.id}"
    assert (await rest.call("DELETE", path)).code == 50013


async def test_deleted_channel(rest: Rest) -> None:
    message = await rest.posted(rest.sandbox.general)
    rest.sandbox.delete_channel(rest.sandbox.general)
    assert (await rest.edit(message, "x")).code == 10003
    assert message.deleted


@pytest.mark.parametrize(
    ("permission", "fields", "code"),
    [
        (Permission.VIEW_CHANNEL, {}, 50001),
        (Permission.SEND_MESSAGES, {}, 50013),
        (Permission.EMBED_LINKS, {"embeds": [{"title": "x"}]}, 50013),
        (Permission.READ_MESSAGE_HISTORY, {"message_reference": {"message_id": "1"}}, 160002),
    ],
)
async def test_missing_permissions(
    rest: Rest, permission: Permission, fields: dict[str, object], code: int
) -> None:
    deny(rest.sandbox, rest.sandbox.general, permission)
    assert (await rest.post(rest.sandbox.general, **fields)).code == code


async def test_files_need_their_permission_and_are_served(rest: Rest, session: aiohttp.ClientSession) -> None:
    def form() -> aiohttp.FormData:
        data = aiohttp.FormData(quote_fields=False)
        data.add_field(
            "payload_json",
            '{"attachments": [{"id": 0, "description": "d"}]}',
            content_type="application/json",
        )
        data.add_field("files[0]", b"bytes", filename="a.txt", content_type="text/plain")
        return data

    path = f"/channels/{rest.sandbox.general.id}/messages"
    answer = await rest.call("POST", path, data=form())
    attachment = answer.body["attachments"][0]
    assert (attachment["filename"], attachment["size"], attachment["description"]) == ("a.txt", 5, "d")
    async with session.get(attachment["url"]) as served:
        assert await served.read() == b"bytes"
    async with session.get(attachment["url"].replace(attachment["id"], "1")) as missing:
        assert missing.status == 404
    deny(rest.sandbox, rest.sandbox.general, Permission.ATTACH_FILES)
    assert (await rest.call("POST", path, data=form())).code == 50013


async def test_files_of_an_edit_are_those_that_it_lists(rest: Rest) -> None:
    def form(payload: str, *numbers: int) -> aiohttp.FormData:
        data = aiohttp.FormData(quote_fields=False)
        data.add_field("payload_json", payload, content_type="application/json")
        for number in numbers:
            data.add_field(f"files[{number}]", b"x", filename=f"{number}.txt", content_type="text/plain")
        return data

    path = f"/channels/{rest.sandbox.general.id}/messages"
    assert (await rest.call("POST", path, data=form("{}", *range(11)))).code == 30015
    made = await rest.call("POST", path, data=form("{}", 0, 1))
    kept = made.body["attachments"][1]["id"]
    edit = form(f'{{"attachments": [{{"id": "{kept}"}}, {{"id": "2"}}]}}', 2, 3)
    edited = await rest.call("PATCH", f"{path}/{made.body['id']}", data=edit)
    assert [each["filename"] for each in edited.body["attachments"]] == ["1.txt", "2.txt"]


async def test_too_large_a_file(rest: Rest) -> None:
    data = aiohttp.FormData()
    data.add_field(
        "files[0]", io.BytesIO(b"x" * (10 * 1024 * 1024 + 1)), filename="big", content_type="text/plain"
    )
    answer = await rest.call("POST", f"/channels/{rest.sandbox.general.id}/messages", data=data)
    assert (answer.status, answer.code) == (413, 40005)


async def test_too_large_a_request(rest: Rest) -> None:
    body = io.BytesIO(b'{"content": "' + b"x" * (26 * 1024 * 1024) + b'"}')
    path = f"/channels/{rest.sandbox.general.id}/messages"
    answer = await rest.call("POST", path, data=body, headers={"Content-Type": "application/json"})
    assert (answer.status, answer.code) == (413, 40005)


async def test_replies(rest: Rest) -> None:
    asked = await rest.sandbox.say(rest.sandbox.general, rest.sandbox.alice, "?")
    reply = await rest.posted(rest.sandbox.general, message_reference={"message_id": str(asked.id)})
    assert reply.reply_to is asked
    assert [ping.kind for ping in reply.pings] == [PingKind.REPLY]
    await rest.sandbox.delete(asked)
    gone = {"message_id": str(asked.id)}
    answer = await rest.post(rest.sandbox.general, message_reference=gone)
    assert answer.body["errors"]["message_reference"]["_errors"][0]["code"] == "REPLIES_UNKNOWN_MESSAGE"
    kept = await rest.post(rest.sandbox.general, message_reference=gone | {"fail_if_not_exists": False})
    assert kept.status == 200


async def test_closed_direct_messages(rest: Rest) -> None:
    opened = await rest.call("POST", "/users/@me/channels", {"recipient_id": str(rest.sandbox.alice.id)})
    channel = rest.sandbox.world.channels[int(opened.body["id"])]
    assert (await rest.post(channel)).status == 200
    rest.sandbox.alice.dms_open = False
    assert (await rest.post(channel)).code == 50007
    stranger = rest.sandbox.world.add_private_channel(rest.sandbox.alice, rest.sandbox.bob)
    assert (await rest.post(stranger)).code == 50001
    assert (await rest.call("POST", "/users/@me/channels", {"recipient_id": "1"})).code == 10013


async def test_old_messages_take_few_edits(session: aiohttp.ClientSession) -> None:
    async with DiscordSandbox(limits=Limits(old_edits=Budget(2, 60.0))) as sandbox:
        rest = Rest(sandbox, session)
        message = await rest.posted(sandbox.general)
        for number in range(3):
            assert (await rest.edit(message, f"young {number}")).status == 200
        await asyncio.sleep(3600)
        answers = [await rest.edit(message, f"old {number}") for number in range(3)]
        assert [answer.status for answer in answers] == [200, 200, 429]
        refused = answers[-1]
        assert refused.code == 30046
        assert refused.headers["Via"]
        assert refused.headers["X-RateLimit-Remaining"] == "2"
        await asyncio.sleep(refused.body["retry_after"])
        assert (await rest.edit(message, "later")).status == 200


async def test_channel_write_limit(session: aiohttp.ClientSession) -> None:
    async with DiscordSandbox(limits=Limits(channel_writes=Budget(1, 10.0))) as sandbox:
        rest = Rest(sandbox, session)
        message = await rest.posted(sandbox.general)
        refused = await rest.edit(message, "x")
        assert (refused.status, refused.code) == (429, 20028)


async def test_archived_threads(rest: Rest) -> None:
    sandbox = rest.sandbox
    thread = sandbox.add_thread(sandbox.general, "t", sandbox.alice)
    message = await rest.posted(thread)
    thread.archived = True
    assert (await rest.edit(message, "x")).code == 50083
    path = f"/channels/{thread.id}/messages/{message.id}"
    assert (await rest.call("PUT", f"{path}/reactions/🛑/@me")).code == 50083
    assert (await rest.post(thread)).status == 200
    assert not thread.archived
    thread.archived = thread.locked = True
    assert (await rest.post(thread)).code == 50083


async def test_threads(rest: Rest) -> None:
    sandbox = rest.sandbox
    message = await rest.posted(sandbox.general)
    path = f"/channels/{sandbox.general.id}/messages/{message.id}/threads"
    started = await rest.call("POST", path, {"name": "talk"})
    assert (started.status, started.body["id"]) == (201, str(message.id))
    assert (await rest.call("POST", path, {"name": "talk"})).code == 160004
    plain = f"/channels/{sandbox.general.id}/threads"
    private = await rest.call("POST", plain, {"name": "p"})
    assert private.body["type"] == ChannelType.PRIVATE_THREAD
    assert (await rest.call("POST", plain, {"name": ""})).code == 50035
    thread = sandbox.world.channels[int(started.body["id"])]
    assert (await rest.call("POST", f"/channels/{thread.id}/threads", {"name": "x"})).code == 50024
    changed = await rest.call("PATCH", f"/channels/{thread.id}", {"archived": True})
    assert changed.body["thread_metadata"]["archived"] is True
    deny(sandbox, sandbox.general, Permission.SEND_MESSAGES_IN_THREADS)
    assert (await rest.post(thread)).code == 50013
    deny(sandbox, sandbox.general, Permission.CREATE_PUBLIC_THREADS)
    assert (await rest.call("POST", plain, {"name": "x", "type": 11})).code == 50013


async def test_listing(rest: Rest) -> None:
    sandbox = rest.sandbox
    said = [await sandbox.say(sandbox.general, sandbox.alice, str(number)) for number in range(10)]
    path = f"/channels/{sandbox.general.id}/messages"

    async def listed(query: str) -> list[int]:
        answer = await rest.call("GET", f"{path}?{query}")
        return [said.index(sandbox.general.messages[int(each["id"])]) for each in answer.body]

    assert await listed("limit=3") == [9, 8, 7]
    assert await listed(f"limit=2&before={said[5].id}") == [4, 3]
    assert await listed(f"limit=2&after={said[5].id}") == [7, 6]
    assert await listed(f"limit=3&around={said[5].id}") == [6, 5, 4]
    assert (await rest.call("GET", f"{path}?limit=101")).code == 50035
    await asyncio.sleep(5)
    assert (await rest.call("GET", f"{path}?before={said[5].id}&after={said[2].id}")).code == 50035
    deny(sandbox, sandbox.general, Permission.READ_MESSAGE_HISTORY)
    assert await listed("limit=3") == []


async def test_reactions(rest: Rest) -> None:
    sandbox = rest.sandbox
    message = await sandbox.say(sandbox.general, sandbox.alice, "?")
    path = f"/channels/{sandbox.general.id}/messages/{message.id}/reactions"
    assert (await rest.call("PUT", f"{path}/🛑/@me")).status == 204
    limited = await rest.call("PUT", f"{path}/❌/@me")
    assert (limited.status, limited.headers["X-RateLimit-Limit"]) == (429, "1")
    await asyncio.sleep(0.25)
    assert (await rest.call("PUT", f"{path}/stop/@me")).code == 10014
    await sandbox.react(message, sandbox.alice, "🛑")
    people = await rest.call("GET", f"{path}/🛑")
    assert [each["username"] for each in people.body] == ["tickertape", "alice"]
    later = await rest.call("GET", f"{path}/🛑?after={sandbox.bot_user.id}&limit=1")
    assert [each["username"] for each in later.body] == ["alice"]
    assert (await rest.call("GET", f"{path}/🛑?limit=101")).code == 50035
    assert (await rest.call("DELETE", f"{path}/🛑/{sandbox.alice.id}")).code == 50013
    await asyncio.sleep(1)
    assert (await rest.call("DELETE", f"{path}/🛑/@me")).status == 204
    assert message.reactions == {"🛑": [sandbox.alice]}
    deny(sandbox, sandbox.general, Permission.ADD_REACTIONS)
    await asyncio.sleep(1)
    assert (await rest.call("PUT", f"{path}/❌/@me")).code == 50013
    await asyncio.sleep(1)
    assert (await rest.call("PUT", f"{path}/🛑/@me")).status == 204
    sandbox.set_overwrites(
        sandbox.general,
        Overwrite(sandbox.bot_user.id, allow=Permission.MANAGE_MESSAGES, member=True),
    )
    await sandbox.react(message, sandbox.alice, "👍")
    for each in (f"{path}/🛑/{sandbox.alice.id}", f"{path}/👍", path):
        await asyncio.sleep(1)
        assert (await rest.call("DELETE", each)).status == 204
    assert message.reactions == {}


async def test_twenty_emoji_are_all_that_fit(rest: Rest) -> None:
    sandbox = rest.sandbox
    message = await rest.posted(sandbox.general)
    for number in range(20):
        await sandbox.react(message, sandbox.alice, chr(0x1F600 + number))
    path = f"/channels/{sandbox.general.id}/messages/{message.id}/reactions/🛑/@me"
    assert (await rest.call("PUT", path)).code == 30010


async def test_mentions_are_parsed_on_create_and_again_on_edit(rest: Rest) -> None:
    sandbox = rest.sandbox
    none: dict[str, object] = {"parse": []}
    text = f"@everyone <@{sandbox.alice.id}>"
    message = await rest.posted(sandbox.general, text, allowed_mentions=none)
    await rest.edit(message, text + "!", allowed_mentions=none)
    assert sandbox.bot_pings == []
    await rest.edit(message, text + "?")
    assert {ping.kind for ping in sandbox.bot_pings} == {PingKind.USER, PingKind.EVERYONE}
    deny(sandbox, sandbox.general, Permission.MENTION_EVERYONE)
    quiet = await rest.posted(sandbox.general, "@here <@&1>")
    assert quiet.pings == []


async def test_members_guilds_and_users(rest: Rest) -> None:
    sandbox = rest.sandbox
    guild = f"/guilds/{sandbox.guild.id}"
    member = await rest.call("GET", f"{guild}/members/{sandbox.moderator.id}")
    assert len(member.body["roles"]) == 1
    assert (await rest.call("GET", f"{guild}/members/1")).code == 10007
    assert (await rest.call("GET", guild)).body["name"] == "Tickertape"
    assert len((await rest.call("GET", f"{guild}/roles")).body) == 2
    assert [each["name"] for each in (await rest.call("GET", f"{guild}/channels")).body] == ["general"]
    assert (await rest.call("GET", "/guilds/1")).code == 10004
    assert sandbox.elsewhere.guild is not None
    assert (await rest.call("GET", f"/guilds/{sandbox.elsewhere.guild.id}")).code == 50001
    assert (await rest.call("GET", f"/users/{sandbox.alice.id}")).body["username"] == "alice"
    assert (await rest.call("GET", "/users/1")).code == 10013
    assert (await rest.call("GET", f"/channels/{sandbox.elsewhere.id}")).code == 50001


async def test_content_is_hidden_without_the_intent(rest: Rest) -> None:
    sandbox = rest.sandbox
    hidden = await sandbox.say(sandbox.general, sandbox.alice, "secret")
    shown = await sandbox.say(sandbox.general, sandbox.alice, "open", mention_bot=True)
    path = f"/channels/{sandbox.general.id}/messages"
    assert (await rest.call("GET", f"{path}/{hidden.id}")).body["content"] == ""
    assert (await rest.call("GET", f"{path}/{shown.id}")).body["content"].endswith("open")


async def test_typing(rest: Rest) -> None:
    path = f"/channels/{rest.sandbox.general.id}/typing"
    assert (await rest.call("POST", path)).status == 204
    assert [user.name for _, user in rest.sandbox.general.typings] == ["tickertape"]
