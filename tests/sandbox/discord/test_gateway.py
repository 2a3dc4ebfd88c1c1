"""The gateway with a plain client: close codes, intents, content rules, heartbeats, resume."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest

from tests.sandbox.discord.clients import GatewayClient, Rest
from tickertape.sandbox.discord import Budget, DiscordSandbox, Intent, Limits, Overwrite, Permission

ALL = (
    Intent.GUILDS
    | Intent.GUILD_MESSAGES
    | Intent.DIRECT_MESSAGES
    | Intent.GUILD_MESSAGE_REACTIONS
    | Intent.GUILD_MESSAGE_TYPING
)


@pytest.mark.parametrize(
    ("op", "data", "code"),
    [
        (2, {"token": "wrong", "intents": 0}, 4004),
        (2, {"token": "right", "intents": 1 << 40}, 4013),
        (2, {"token": "right"}, 4013),
        (2, {"token": "right", "intents": int(Intent.MESSAGE_CONTENT)}, 4014),
        (2, {"token": "right", "intents": 0, "shard": [2, 2]}, 4010),
        (2, {"token": "right", "intents": 0, "shard": ["a"]}, 4010),
        (2, "nothing", 4002),
        (3, {"status": "online"}, 4003),
        (8, {}, 4003),
        (77, None, 4001),
        (1, "x" * 4096, 4002),
    ],
)
async def test_close_codes(gateway: GatewayClient, op: int, data: object, code: int) -> None:
    if isinstance(data, dict) and data.get("token") == "right":
        data = data | {"token": gateway.sandbox.token}
    await gateway.send(op, data)
    assert await gateway.close_code() == code


async def test_payloads_that_are_none(gateway: GatewayClient) -> None:
    await gateway.socket.send_str("{")
    assert await gateway.close_code() == 4002
    await gateway.connect()
    await gateway.socket.send_bytes(b"{}")
    assert await gateway.close_code() == 4002


async def test_second_identify(gateway: GatewayClient) -> None:
    await gateway.identify(0)
    await gateway.send(2, {"token": gateway.sandbox.token, "intents": 0})
    assert await gateway.close_code() == 4005


async def test_identifies_are_five_seconds_apart(gateway: GatewayClient) -> None:
    await gateway.identify(0)
    await gateway.close()
    await gateway.connect()
    await gateway.send(2, {"token": gateway.sandbox.token, "intents": 0})
    invalid = await gateway.receive()
    assert (invalid["op"], invalid["d"]) == (9, False)
    await asyncio.sleep(5)
    await gateway.identify(0)


async def test_too_many_sends(gateway: GatewayClient) -> None:
    for _ in range(120):
        await gateway.send(1, None)
    await gateway.send(1, None)
    assert await gateway.close_code() == 4008


async def test_sharding_can_be_required(session: aiohttp.ClientSession) -> None:
    async with DiscordSandbox(limits=Limits(shards=2, require_sharding=True)) as sandbox:
        client = GatewayClient(sandbox, session)
        await client.connect()
        await client.send(2, {"token": sandbox.token, "intents": 0})
        assert await client.close_code() == 4011
        answer = await Rest(sandbox, session).call("GET", "/gateway/bot")
        assert answer.body["shards"] == 2
        assert answer.body["session_start_limit"]["max_concurrency"] == 1


async def test_heartbeats(gateway: GatewayClient) -> None:
    await gateway.send(1, None)
    assert (await gateway.receive())["op"] == 11
    assert (await gateway.receive())["op"] == 1  # the server asks after an interval of silence
    assert await gateway.close_code() == 4009


async def test_content_rules(gateway: GatewayClient) -> None:
    sandbox = gateway.sandbox
    ready = await gateway.identify(int(ALL))
    assert ready["application"]["flags"] == 0
    answer = await sandbox.say(sandbox.general, sandbox.alice, "for nobody")
    assert (await gateway.event("MESSAGE_CREATE"))["content"] == ""
    mention = await sandbox.say(sandbox.general, sandbox.alice, "hi", mention_bot=True)
    assert (await gateway.event("MESSAGE_CREATE"))["content"].endswith("hi")
    reply = await sandbox.say(sandbox.general, sandbox.alice, "re", reply_to=mention)
    assert (await gateway.event("MESSAGE_CREATE"))["content"] == ""
    await sandbox.edit(reply, f"<@{sandbox.bot_user.id}> edited")
    assert "edited" in (await gateway.event("MESSAGE_UPDATE"))["content"]
    dm = await sandbox.open_dm(sandbox.alice)
    await sandbox.say(dm, sandbox.alice, "psst")
    direct = await gateway.event("MESSAGE_CREATE")
    assert direct["content"] == "psst"
    assert "guild_id" not in direct
    await sandbox.delete(answer)
    assert (await gateway.event("MESSAGE_DELETE"))["id"] == str(answer.id)


async def test_everything_is_shown_with_the_privileged_intent(session: aiohttp.ClientSession) -> None:
    async with DiscordSandbox(privileged_intents=Intent.MESSAGE_CONTENT | Intent.GUILD_MEMBERS) as sandbox:
        client = GatewayClient(sandbox, session)
        await client.connect()
        ready = await client.identify(int(ALL | Intent.MESSAGE_CONTENT | Intent.GUILD_MEMBERS))
        assert ready["application"]["flags"] == 1 << 19 | 1 << 15
        await sandbox.say(sandbox.general, sandbox.alice, "open")
        assert (await client.event("MESSAGE_CREATE"))["content"] == "open"
        sandbox.add_member(sandbox.guild, sandbox.world.add_user("carol"))
        assert (await client.event("GUILD_MEMBER_ADD"))["user"]["username"] == "carol"
        await client.send(8, {"guild_id": str(sandbox.guild.id), "query": "al", "limit": 0, "nonce": "n"})
        chunk = await client.event("GUILD_MEMBERS_CHUNK")
        assert [each["user"]["username"] for each in chunk["members"]] == ["alice"]
        assert chunk["nonce"] == "n"
        await client.send(8, {"guild_id": str(sandbox.guild.id), "user_ids": ["1"]})
        assert (await client.event("GUILD_MEMBERS_CHUNK"))["not_found"] == ["1"]
        await client.close()


async def test_events_the_bot_does_not_get(gateway: GatewayClient) -> None:
    sandbox = gateway.sandbox
    await gateway.identify(int(ALL))
    await sandbox.say(sandbox.elsewhere, sandbox.bob, "not here")
    await sandbox.say(sandbox.world.add_private_channel(sandbox.alice, sandbox.bob), sandbox.bob, "private")
    hidden = sandbox.add_channel(
        sandbox.guild,
        "hidden",
        Overwrite(sandbox.bot_user.id, deny=Permission.VIEW_CHANNEL, member=True),
    )
    await sandbox.say(hidden, sandbox.bob, "hidden")
    dm = await sandbox.open_dm(sandbox.alice)
    await sandbox.react(await sandbox.say(dm, sandbox.alice, "x"), sandbox.alice, "🛑")
    await sandbox.type_in(sandbox.general, sandbox.alice)
    assert (await gateway.event("MESSAGE_CREATE"))["content"] == "x"
    assert (await gateway.event("TYPING_START"))["user_id"] == str(sandbox.alice.id)


async def test_world_events(gateway: GatewayClient) -> None:
    sandbox = gateway.sandbox
    await gateway.identify(int(ALL))
    channel = sandbox.add_channel(sandbox.guild, "new")
    assert (await gateway.event("CHANNEL_CREATE"))["name"] == "new"
    sandbox.add_thread(channel, "talk", sandbox.alice)
    assert (await gateway.event("THREAD_CREATE"))["parent_id"] == str(channel.id)
    message = await sandbox.say(channel, sandbox.alice, "x")
    await gateway.event("MESSAGE_CREATE")
    await sandbox.react(message, sandbox.moderator, "🛑")
    added = await gateway.event("MESSAGE_REACTION_ADD")
    assert (added["emoji"]["name"], added["message_author_id"]) == ("🛑", str(sandbox.alice.id))
    assert added["member"]["roles"]
    await sandbox.unreact(message, sandbox.moderator, "🛑")
    await gateway.event("MESSAGE_REACTION_REMOVE")
    sandbox.delete_channel(channel)
    assert (await gateway.event("CHANNEL_DELETE"))["id"] == str(channel.id)
    sandbox.add_guild("Third", sandbox.alice)
    assert (await gateway.event("GUILD_CREATE"))["name"] == "Third"


async def test_resume_replays_what_was_missed(gateway: GatewayClient) -> None:
    sandbox = gateway.sandbox
    await gateway.identify(int(ALL))
    await sandbox.say(sandbox.general, sandbox.alice, "1", mention_bot=True)
    await gateway.event("MESSAGE_CREATE")
    sandbox.drop_gateway()
    for number in ("2", "3"):
        await sandbox.say(sandbox.general, sandbox.alice, number, mention_bot=True)
    await gateway.resume()
    assert (await gateway.event("MESSAGE_CREATE"))["content"].endswith("2")
    assert (await gateway.event("MESSAGE_CREATE"))["content"].endswith("3")
    await gateway.event("RESUMED")
    assert (sandbox.gateway.identifies, sandbox.gateway.resumes) == (1, 1)


async def test_a_client_that_vanishes_and_begins_anew(
    gateway: GatewayClient, session: aiohttp.ClientSession
) -> None:
    sandbox = gateway.sandbox
    await gateway.identify(int(ALL))
    connection = gateway.socket._response.connection
    assert connection is not None
    assert connection.transport is not None
    connection.transport.abort()
    await sandbox.wait_for(lambda: sandbox.gateway.connections == 0)
    assert not sandbox.gateway.ready
    await sandbox.say(sandbox.general, sandbox.alice, "missed", mention_bot=True)
    await asyncio.sleep(5)
    waiting = asyncio.create_task(sandbox.wait_ready(sessions=2))
    second = GatewayClient(sandbox, session)
    await second.connect()
    await second.identify(int(ALL))
    await waiting
    await sandbox.say(sandbox.general, sandbox.alice, "heard", mention_bot=True)
    assert (await second.event("MESSAGE_CREATE"))["content"].endswith("heard")
    await second.close()
    await sandbox.wait_for(lambda: not sandbox.gateway.ready)
    with pytest.raises(TimeoutError):
        await sandbox.wait_ready(5, sessions=2)


async def test_session_that_cannot_be_resumed(gateway: GatewayClient) -> None:
    await gateway.identify(0)
    await gateway.socket.close(code=1000)
    await gateway.resume()
    assert (await gateway.receive())["op"] == 9


async def test_session_that_waited_too_long(gateway: GatewayClient) -> None:
    await gateway.identify(0)
    gateway.sandbox.drop_gateway()
    await asyncio.sleep(181)
    await gateway.resume()
    assert (await gateway.receive())["op"] == 9


async def test_resume_from_a_number_that_never_was(gateway: GatewayClient) -> None:
    await gateway.identify(0)
    await gateway.close()
    await gateway.resume(seq=99)
    assert await gateway.close_code() == 4007


async def test_resume_from_what_is_no_longer_kept(session: aiohttp.ClientSession) -> None:
    async with DiscordSandbox(limits=Limits(session_events=2)) as sandbox:
        client = GatewayClient(sandbox, session)
        await client.connect()
        await client.identify(int(ALL))
        sandbox.drop_gateway()
        for number in range(3):
            await sandbox.say(sandbox.general, sandbox.alice, str(number))
        await client.resume()
        assert (await client.receive())["op"] == 9
        await client.close()


async def test_invalidated_sessions(gateway: GatewayClient) -> None:
    await gateway.identify(0)
    gateway.sandbox.gateway.invalidate(resumable=True)
    assert (await gateway.receive())["d"] is True
    gateway.sandbox.gateway.invalidate()
    assert (await gateway.receive())["d"] is False
    await gateway.close()
    await gateway.resume()
    assert (await gateway.receive())["op"] == 9


async def test_daily_identifies(session: aiohttp.ClientSession) -> None:
    async with DiscordSandbox(limits=Limits(identifies_a_day=Budget(1, 86_400.0))) as sandbox:
        client = GatewayClient(sandbox, session)
        await client.connect()
        await client.identify(0)
        answer = await Rest(sandbox, session).call("GET", "/gateway/bot")
        assert answer.body["session_start_limit"]["remaining"] == 0
        await client.close()
