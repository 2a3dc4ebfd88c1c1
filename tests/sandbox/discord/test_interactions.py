"""Interactions over plain HTTP: deadlines, tokens, visibility, follow-ups, and each refusal's code."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest

from tests.sandbox.discord.clients import GatewayClient, Rest
from tickertape.sandbox.discord import (
    Budget,
    CannotDo,
    DiscordSandbox,
    Intent,
    Interaction,
    InteractionState,
    Limits,
    Permission,
)

EVERYWHERE = {"integration_types": [0, 1], "contexts": [0, 1, 2]}
ASK = {"prompt": "why?"}


@pytest.fixture
async def asked(rest: Rest) -> Interaction:
    await rest.register(**EVERYWHERE)
    return await rest.sandbox.slash(rest.sandbox.general, rest.sandbox.alice, "ask", ASK)


async def elsewhere(rest: Rest) -> Interaction:
    await rest.register(**EVERYWHERE)
    return await rest.sandbox.slash(rest.sandbox.elsewhere, rest.sandbox.bob, "ask", ASK)


async def test_three_seconds_for_the_first_response(rest: Rest, asked: Interaction) -> None:
    states = []
    for seconds in (2.9, 0.2):
        await asyncio.sleep(seconds)
        states.append(asked.state)
    assert states == [InteractionState.WAITING, InteractionState.FAILED]
    assert asked.error == "The application did not respond"
    late = await rest.respond(asked, 5)
    assert (late.status, late.code) == (404, 10062)


async def test_unknown_and_repeated_responses(rest: Rest, asked: Interaction) -> None:
    assert (await rest.call("POST", "/interactions/1/x/callback", {"type": 5})).code == 10062
    assert (await rest.respond(asked, 7)).code == 50035
    assert (await rest.respond(asked, 4, content="x" * 2001)).code == 50035
    assert (await rest.respond(asked, 4)).code == 50006
    assert asked.state is InteractionState.WAITING
    assert (await rest.respond(asked, 5)).status == 204
    assert (await rest.respond(asked, 4, content="x")).code == 40060


async def test_response_with_its_message(rest: Rest, asked: Interaction) -> None:
    path = f"/interactions/{asked.id}/{asked.token}/callback?with_response=true"
    answer = await rest.call("POST", path, {"type": 4, "data": {"content": "hi", "flags": 64}})
    assert answer.body["interaction"]["response_message_ephemeral"] is True
    assert answer.body["resource"]["message"]["content"] == "hi"
    assert asked.ephemeral
    path = f"/channels/{asked.channel.id}/messages/{answer.body['resource']['message']['id']}"
    assert (await rest.call("GET", path)).code == 10008
    assert (await rest.call("PUT", f"{path}/reactions/🛑/@me")).code == 10008
    assert asked.original is not None
    with pytest.raises(CannotDo):
        await rest.sandbox.react(asked.original, rest.sandbox.alice, "🛑")


async def test_deferral_carries_ephemeral_alone(rest: Rest, asked: Interaction) -> None:
    await rest.respond(asked, 5, flags=64 | 4, content="ignored")
    assert asked.original is not None
    assert asked.original.loading
    assert asked.original.content == ""
    first = await rest.webhook("POST", asked, body={"content": "filled", "flags": 0})
    assert first.body["id"] == str(asked.original.id)
    assert (asked.original.content, asked.ephemeral, asked.follow_ups) == ("filled", True, [])
    await rest.webhook("POST", asked, body={"content": "second"})
    assert [message.content for message in asked.messages] == ["filled", "second"]


async def test_reading_editing_and_deleting_through_the_token(rest: Rest, asked: Interaction) -> None:
    assert (await rest.webhook("GET", asked, "@original")).code == 10015
    application = rest.sandbox.application_id
    assert (await rest.call("POST", f"/webhooks/{application}/none", {"content": "x"})).code == 50027
    assert (await rest.call("POST", f"/webhooks/1/{asked.token}", {"content": "x"})).code == 10015
    await rest.respond(asked, 4, content="one")
    await rest.webhook("PATCH", asked, "@original", {"content": "two"})
    assert (await rest.webhook("GET", asked, "@original")).body["content"] == "two"
    extra = await rest.webhook("POST", asked, body={"content": "more"})
    await rest.webhook("PATCH", asked, extra.body["id"], {"content": "much more"})
    assert asked.follow_ups[0].content == "much more"
    assert (await rest.webhook("GET", asked, "1")).code == 10008
    assert (await rest.webhook("DELETE", asked, "@original")).status == 204
    assert (await rest.webhook("PATCH", asked, "@original", {"content": "x"})).code == 10008


async def test_token_dies_but_the_message_can_be_edited_in_its_channel(
    rest: Rest, asked: Interaction
) -> None:
    await rest.respond(asked, 4, content="one")
    await asyncio.sleep(899)
    assert (await rest.webhook("PATCH", asked, "@original", {"content": "two"})).status == 200
    await asyncio.sleep(2)
    dead = await rest.webhook("PATCH", asked, "@original", {"content": "three"})
    assert (dead.status, dead.code) == (401, 50027)
    assert asked.original is not None
    assert (await rest.edit(asked.original, "three")).status == 200


async def test_deferral_that_is_never_filled(rest: Rest, asked: Interaction) -> None:
    await rest.respond(asked, 5)
    await asyncio.sleep(901)
    assert asked.error == "The application did not respond"


async def test_webhook_budget_is_per_token_and_method(rest: Rest, asked: Interaction) -> None:
    await rest.respond(asked, 5)
    body = {"content": "x"}
    statuses = [(await rest.webhook("PATCH", asked, "@original", body)).status for _ in range(6)]
    assert statuses == [200] * 5 + [429]
    other = await rest.sandbox.slash(rest.sandbox.general, rest.sandbox.bob, "ask", ASK)
    await rest.respond(other, 5)
    assert (await rest.webhook("PATCH", other, "@original", body)).status == 200
    assert (await rest.webhook("POST", asked, body=body)).status == 200
    await asyncio.sleep(2)
    assert (await rest.webhook("PATCH", asked, "@original", body)).status == 200


async def test_user_install_allows_five_follow_ups(session: aiohttp.ClientSession) -> None:
    async with DiscordSandbox(limits=Limits(webhooks=Budget(50, 1.0))) as sandbox:
        rest = Rest(sandbox, session)
        interaction = await elsewhere(rest)
        assert interaction.owners == {"1": str(sandbox.bob.id)}
        await rest.respond(interaction, 4, content="first")
        answers = [await rest.webhook("POST", interaction, body={"content": "x"}) for _ in range(6)]
        assert [answer.status for answer in answers] == [200] * 5 + [400]
        assert answers[-1].code == 40094
        assert interaction.original is not None
        assert (await rest.edit(interaction.original, "x")).code == 50001


async def test_user_install_can_be_forced_ephemeral(rest: Rest) -> None:
    guild = rest.sandbox.elsewhere.guild
    assert guild is not None
    guild.everyone &= ~Permission.USE_EXTERNAL_APPS
    interaction = await elsewhere(rest)
    await rest.respond(interaction, 5)
    assert interaction.ephemeral


async def test_contexts_and_installations(rest: Rest) -> None:
    sandbox = rest.sandbox
    await rest.register(integration_types=[0], contexts=[0])
    dm = await sandbox.open_dm(sandbox.bob)
    group = sandbox.world.add_private_channel(sandbox.bob, sandbox.alice)
    for channel in (dm, group, sandbox.elsewhere):
        with pytest.raises(CannotDo):
            await sandbox.slash(channel, sandbox.bob, "ask", ASK)
    await rest.register(**EVERYWHERE)
    for channel, context in ((sandbox.general, 0), (dm, 1), (group, 2)):
        assert (await sandbox.slash(channel, sandbox.bob, "ask", ASK)).context == context
    with pytest.raises(CannotDo):
        await sandbox.slash(group, sandbox.alice, "ask", ASK)
    with pytest.raises(CannotDo):
        await sandbox.slash(sandbox.general, sandbox.bob, "unknown")


async def test_buttons(rest: Rest) -> None:
    sandbox = rest.sandbox
    row = {"type": 1, "components": [{"type": 2, "style": 4, "label": "Stop", "custom_id": "s"}]}
    message = await rest.posted(sandbox.general, "text", components=[row])
    with pytest.raises(CannotDo):
        await sandbox.press(message, sandbox.alice, "other")
    pressed = await sandbox.press(message, sandbox.alice, "s")
    await rest.respond(pressed, 6)
    assert pressed.state is InteractionState.DEFERRED
    await rest.webhook("PATCH", pressed, "@original", {"content": "stopped", "components": []})
    assert (message.content, message.buttons) == ("stopped", [])
    with pytest.raises(CannotDo):
        await sandbox.press(message, sandbox.alice)


async def test_ephemeral_buttons_are_the_askers(rest: Rest, asked: Interaction) -> None:
    row = {"type": 1, "components": [{"type": 2, "style": 4, "label": "Stop", "custom_id": "s"}]}
    await rest.respond(asked, 4, content="x", components=[row], flags=64)
    assert asked.original is not None
    with pytest.raises(CannotDo):
        await rest.sandbox.press(asked.original, rest.sandbox.bob)
    pressed = await rest.sandbox.press(asked.original, rest.sandbox.alice)
    assert pressed.source is asked.original


async def test_ephemeral_messages_are_told_past_the_guild(
    rest: Rest, gateway: GatewayClient, asked: Interaction
) -> None:
    await gateway.identify(int(Intent.GUILDS | Intent.GUILD_MESSAGES | Intent.DIRECT_MESSAGES))
    await rest.respond(asked, 4, content="psst", flags=64)
    told = await gateway.event("MESSAGE_CREATE")
    assert (told["content"], told["flags"]) == ("psst", 64)
    assert not {"guild_id", "member"} & told.keys()
    await rest.webhook("DELETE", asked, "@original")
    assert (await gateway.event("MESSAGE_DELETE"))["id"] == told["id"]


async def test_people_are_told_with_their_language_and_roles(rest: Rest, gateway: GatewayClient) -> None:
    sandbox = rest.sandbox
    await gateway.identify(0)
    sandbox.moderator.locale, sandbox.guild.locale = "de", "fr"
    await rest.register(**EVERYWHERE)
    await sandbox.slash(sandbox.general, sandbox.moderator, "ask", ASK)
    told = await gateway.event("INTERACTION_CREATE")
    assert (told["locale"], told["guild_locale"], told["guild"]["locale"]) == ("de", "fr", "fr")
    assert told["member"]["roles"] == [
        str(role) for role in sandbox.guild.members[sandbox.moderator.id].roles
    ]
    assert int(told["member"]["permissions"]) & Permission.MANAGE_MESSAGES
    assert told["member"]["user"]["global_name"] == "Moderator"
    dm = await sandbox.open_dm(sandbox.moderator)
    await sandbox.slash(dm, sandbox.moderator, "ask", ASK)
    told = await gateway.event("INTERACTION_CREATE")
    assert (told["locale"], "guild_locale" in told, "member" in told) == ("de", False, False)


async def test_command_routes(session: aiohttp.ClientSession) -> None:
    async with DiscordSandbox(limits=Limits(command_creates=Budget(3, 86_400.0))) as sandbox:
        rest = Rest(sandbox, session)
        path = f"/applications/{sandbox.application_id}/commands"
        first = await rest.register()
        assert first.status == 201
        assert (await rest.register()).status == 200
        one = f"{path}/{first.body['id']}"
        changed = await rest.call("PATCH", one, {"description": "Other"})
        assert changed.body["description"] == "Other"
        assert changed.body["version"] != first.body["version"]
        assert (await rest.call("GET", one)).body["options"][0]["name"] == "prompt"
        definitions = [{"name": name, "description": "d"} for name in ("ask", "stop")]
        replaced = await rest.call("PUT", path, definitions)
        assert replaced.body[0]["id"] == first.body["id"]
        assert (await rest.call("DELETE", one)).status == 204
        assert (await rest.call("GET", one)).code == 10063
        assert [each["name"] for each in (await rest.call("GET", path)).body] == ["stop"]
        guild = f"/applications/{sandbox.application_id}/guilds/{sandbox.guild.id}/commands"
        await rest.call("POST", guild, {"name": "local", "description": "d"})
        assert sandbox.world.commands.find("local", 1, sandbox.guild.id)
        assert sandbox.world.commands.find("local", 1, None) is None
        await rest.register("third")
        refused = await rest.register("fourth")
        assert (refused.status, refused.code) == (429, 30034)
        assert refused.body["retry_after"] > 3600
        assert (await rest.call("POST", path, {"description": "nameless"})).code == 50035
        assert (await rest.call("GET", "/applications/1/commands")).code == 10002
