"""What people can and cannot do with messages, as Discord's own app has it."""

from __future__ import annotations

import asyncio

import pytest

from tests.sandbox.discord.clients import GatewayClient, Rest
from tickertape.sandbox.discord import CannotDo, DiscordSandbox, File, Intent, Overwrite, Permission, PingKind

MESSAGES = Intent.GUILDS | Intent.GUILD_MESSAGES | Intent.DIRECT_MESSAGES | Intent.GUILD_MESSAGE_REACTIONS


async def test_lengths_and_sizes(sandbox: DiscordSandbox) -> None:
    general, alice = sandbox.general, sandbox.alice
    said = await sandbox.say(general, alice, "a" * 2000)
    for text, files in (
        ("a" * 2001, []),
        ("", [File("f", size=10 * 1024 * 1024 + 1)]),
        ("", [File("f")] * 11),
    ):
        with pytest.raises(CannotDo):
            await sandbox.say(general, alice, text, files=files)
    with pytest.raises(CannotDo):
        await sandbox.edit(said, "a" * 2001)
    alice.longest_message, alice.largest_file = 4000, 500 * 1024 * 1024
    big = await sandbox.say(general, alice, "a" * 4000, files=[File("f", size=100 * 1024 * 1024)])
    assert big.attachments[0].size == 100 * 1024 * 1024
    assert len((await sandbox.paste(general, alice, "a" * 4001)).attachments[0].data) == 4001


async def test_permissions_of_people(sandbox: DiscordSandbox) -> None:
    general, alice = sandbox.general, sandbox.alice
    said = await sandbox.say(general, sandbox.bob, "hello")
    denied = Permission.ATTACH_FILES | Permission.READ_MESSAGE_HISTORY | Permission.CREATE_PUBLIC_THREADS
    sandbox.set_overwrites(general, Overwrite(sandbox.guild.id, deny=denied))
    with pytest.raises(CannotDo):
        await sandbox.say(general, alice, "", files=[File("f")])
    with pytest.raises(CannotDo):
        await sandbox.say(general, alice, "re", reply_to=said)
    with pytest.raises(CannotDo):
        await sandbox.start_thread(general, alice, "t", message=said)
    with pytest.raises(CannotDo):
        await sandbox.delete(said, alice)
    await sandbox.delete(said, sandbox.moderator)
    assert said.deleted


async def test_whose_messages_people_edit(rest: Rest) -> None:
    sandbox = rest.sandbox
    answer = await rest.posted(sandbox.general)
    with pytest.raises(CannotDo):
        await sandbox.edit(answer, "mine now")
    mine = await sandbox.say(sandbox.general, sandbox.alice, "mine")
    await sandbox.edit(mine, " mine ")
    assert (mine.edited_wall, len(mine.versions)) == (None, 1)
    await sandbox.edit(mine, "changed")
    assert mine.edited_wall is not None


async def test_what_takes_no_reply_and_no_reaction(rest: Rest) -> None:
    sandbox = rest.sandbox
    general, alice = sandbox.general, sandbox.alice
    gone, elsewhere = (
        await sandbox.say(general, alice, "a"),
        await sandbox.say(sandbox.elsewhere, sandbox.bob, "b"),
    )
    await sandbox.delete(gone)
    for target in (gone, elsewhere):
        with pytest.raises(CannotDo):
            await sandbox.say(general, alice, "re", reply_to=target)
    with pytest.raises(CannotDo):
        await sandbox.react(gone, alice, "🛑")
    crowded = await rest.posted(general)
    for number in range(20):
        await sandbox.react(crowded, alice, chr(0x1F600 + number))
    await sandbox.react(crowded, sandbox.bob, chr(0x1F600))
    for emoji in ("🛑", "stop"):
        with pytest.raises(CannotDo):
            await sandbox.react(crowded, alice, emoji)


async def test_an_edit_can_show_and_hide_the_content(gateway: GatewayClient) -> None:
    sandbox = gateway.sandbox
    await gateway.identify(int(MESSAGES))
    said = await sandbox.say(sandbox.general, sandbox.alice, "psst", files=[File("f")])
    created = await gateway.event("MESSAGE_CREATE")
    assert (created["content"], created["attachments"]) == ("", [])
    await sandbox.edit(said, f"<@{sandbox.bot_user.id}> hi")
    shown = await gateway.event("MESSAGE_UPDATE")
    assert (shown["content"], len(shown["attachments"])) == (said.content, 1)
    assert shown["edited_timestamp"] is not None
    assert shown["mentions"][0]["id"] == str(sandbox.bot_user.id)
    assert shown["mentions"][0]["member"]["roles"] == []
    assert shown["member"]["joined_at"]
    await sandbox.edit(said, "never mind")
    hidden = await gateway.event("MESSAGE_UPDATE")
    assert (hidden["content"], hidden["mentions"]) == ("", [])
    assert len(said.pings) == 1


async def test_a_reply_shows_only_what_the_bot_may_see(gateway: GatewayClient) -> None:
    sandbox = gateway.sandbox
    await gateway.identify(int(MESSAGES))
    secret = await sandbox.say(sandbox.general, sandbox.alice, "secret")
    await gateway.event("MESSAGE_CREATE")
    await sandbox.say(sandbox.general, sandbox.bob, "what is meant?", reply_to=secret, mention_bot=True)
    reply = await gateway.event("MESSAGE_CREATE")
    assert reply["content"].endswith("what is meant?")
    assert reply["message_reference"] == {
        "type": 0,
        "message_id": str(secret.id),
        "channel_id": str(sandbox.general.id),
        "guild_id": str(sandbox.guild.id),
    }
    assert reply["referenced_message"]["id"] == str(secret.id)
    assert reply["referenced_message"]["content"] == ""
    assert not {"guild_id", "member", "referenced_message"} & reply["referenced_message"].keys()
    dm = await sandbox.open_dm(sandbox.alice)
    first = await sandbox.say(dm, sandbox.alice, "one")
    await gateway.event("MESSAGE_CREATE")
    await sandbox.say(dm, sandbox.alice, "two", reply_to=first)
    direct = await gateway.event("MESSAGE_CREATE")
    assert direct["referenced_message"]["content"] == "one"
    assert (direct["channel_type"], "guild_id" in direct["message_reference"]) == (1, False)


async def test_a_reply_that_pings_nobody_stays_so_when_it_is_edited(rest: Rest) -> None:
    sandbox = rest.sandbox
    answer = await rest.posted(sandbox.general)
    silent = await sandbox.say(sandbox.general, sandbox.alice, "hm", reply_to=answer, ping=False)
    loud = await sandbox.say(sandbox.general, sandbox.alice, "hm", reply_to=answer)
    for reply in (silent, loud):
        await sandbox.edit(reply, "hm!")
    assert (silent.mentions, [ping.kind for ping in loud.mentions]) == ([], [PingKind.REPLY])


async def test_previews_and_deletions_together(gateway: GatewayClient) -> None:
    sandbox = gateway.sandbox
    await gateway.identify(int(MESSAGES))
    said = [await sandbox.say(sandbox.general, sandbox.alice, "https://example.org") for _ in range(2)]
    for _ in said:
        await gateway.event("MESSAGE_CREATE")
    await sandbox.unfurl(said[0], "Example", url="https://example.org")
    assert (await gateway.event("MESSAGE_UPDATE"))["edited_timestamp"] is None
    assert said[0].embeds[0]["title"] == "Example"
    await sandbox.delete_together(*said)
    gone = await gateway.event("MESSAGE_DELETE_BULK")
    assert gone["ids"] == [str(each.id) for each in said]


async def test_reactions_are_cleared_at_once(gateway: GatewayClient) -> None:
    sandbox = gateway.sandbox
    await gateway.identify(int(MESSAGES))
    said = await sandbox.say(sandbox.general, sandbox.alice, "x")
    await sandbox.react(said, sandbox.bob, "🔁")
    await sandbox.react(said, sandbox.bob, "🛑")
    for name in ("MESSAGE_CREATE", "MESSAGE_REACTION_ADD", "MESSAGE_REACTION_ADD"):
        await gateway.event(name)
    await sandbox.clear_reactions(said, "🔁")
    assert (await gateway.event("MESSAGE_REACTION_REMOVE_EMOJI"))["emoji"]["name"] == "🔁"
    await sandbox.clear_reactions(said)
    assert (await gateway.event("MESSAGE_REACTION_REMOVE_ALL"))["message_id"] == str(said.id)
    assert said.reactions == {}


async def test_members_change(gateway: GatewayClient) -> None:
    sandbox = gateway.sandbox
    await gateway.identify(int(MESSAGES))
    role = sandbox.add_role(sandbox.guild, "Staff")
    assert (await gateway.event("GUILD_ROLE_CREATE"))["role"]["name"] == "Staff"
    sandbox.set_member(sandbox.guild, sandbox.alice, nick="Al", roles=[role])
    await sandbox.say(sandbox.general, sandbox.alice, "x")
    member = (await gateway.event("MESSAGE_CREATE"))["member"]
    assert (member["nick"], member["roles"]) == ("Al", [str(role.id)])


async def test_archived_threads_take_messages_alone(sandbox: DiscordSandbox) -> None:
    thread = sandbox.add_thread(sandbox.general, "t", sandbox.alice)
    said = await sandbox.say(thread, sandbox.alice, "x")
    await sandbox.archive_thread(thread)
    with pytest.raises(CannotDo):
        await sandbox.edit(said, "y")
    with pytest.raises(CannotDo):
        await sandbox.react(said, sandbox.alice, "🛑")
    await sandbox.say(thread, sandbox.bob, "z")
    await sandbox.edit(said, "y")
    await asyncio.sleep(86_400)
    assert thread.archived
