"""discord.py and what people do with messages: edits, deletions, replies, files, reactions, history, a restart."""

from __future__ import annotations

import asyncio

import discord
import pytest

from tests.sandbox.discord.clients import Bot
from tickertape.sandbox.discord import Delivery, DiscordSandbox, File, Intent

PNG = File("my cat.png", b"\x89PNG", "image/png", width=640, height=480, description="A cat")


def general(bot: Bot, sandbox: DiscordSandbox) -> discord.TextChannel:
    channel = bot.get_channel(sandbox.general.id)
    assert isinstance(channel, discord.TextChannel)
    return channel


async def test_people_edit_and_delete_their_messages(bot: Bot, sandbox: DiscordSandbox) -> None:
    asked = await sandbox.say(sandbox.general, sandbox.alice, "first", mention_bot=True)
    await sandbox.edit(asked, f"<@{sandbox.bot_user.id}> second")
    await bot.until(lambda: len(bot.edits) == 1)
    edit = bot.edits[0]
    assert edit.message_id == asked.id
    assert edit.message.content.endswith("second")
    assert edit.message.edited_at is not None
    await sandbox.edit(asked, "third, without the mention")
    await sandbox.delete(asked)
    await bot.until(lambda: bot.deleted == [asked.id])
    assert bot.edits[1].message.content == ""
    assert bot.edits[1].message.mentions == []


async def test_a_preview_is_an_update_but_no_edit(bot: Bot, sandbox: DiscordSandbox) -> None:
    asked = await sandbox.say(sandbox.general, sandbox.alice, "https://example.org", mention_bot=True)
    await sandbox.unfurl(asked, "Example")
    await bot.until(lambda: len(bot.edits) == 1)
    assert bot.edits[0].message.edited_at is None
    assert [embed.title for embed in bot.edits[0].message.embeds] == ["Example"]


async def test_messages_deleted_together(bot: Bot, sandbox: DiscordSandbox) -> None:
    said = [await sandbox.say(sandbox.general, sandbox.alice, str(number)) for number in range(3)]
    await sandbox.delete_together(*said)
    await bot.until(lambda: bot.deleted == [message.id for message in said])
    assert all(message.deleted for message in said)


async def test_replies_carry_the_message_they_answer(bot: Bot, sandbox: DiscordSandbox) -> None:
    sent = await general(bot, sandbox).send("an answer")
    answer = sandbox.general.messages[sent.id]
    await sandbox.say(sandbox.general, sandbox.alice, "and then?", reply_to=answer)
    await sandbox.say(sandbox.general, sandbox.alice, "hm", reply_to=answer, ping=False)
    await bot.until(lambda: len(bot.heard) == 2)
    pinging, silent = bot.heard
    assert pinging.type is discord.MessageType.reply
    assert pinging.content == "and then?"
    assert pinging.reference is not None
    assert isinstance(pinging.reference.resolved, discord.Message)
    assert pinging.reference.resolved.content == "an answer"
    assert bot.user in pinging.mentions
    assert (silent.content, silent.mentions) == ("", [])


async def test_a_chain_of_replies_is_resolved_one_message_deep(bot: Bot, sandbox: DiscordSandbox) -> None:
    asked = await sandbox.say(sandbox.general, sandbox.alice, "why?", mention_bot=True)
    await bot.until(lambda: len(bot.heard) == 1)
    sent = await bot.heard[0].reply("because")
    await sandbox.say(sandbox.general, sandbox.alice, "really?", reply_to=sandbox.general.messages[sent.id])
    await bot.until(lambda: len(bot.heard) == 2)
    reference = bot.heard[1].reference
    assert reference is not None
    answer = reference.resolved
    assert isinstance(answer, discord.Message)
    assert answer.reference is not None
    assert answer.reference.message_id == asked.id
    assert answer.reference.resolved is None
    fetched = await bot.heard[1].channel.fetch_message(asked.id)
    assert fetched.content.endswith("why?")


async def test_a_reply_to_a_deleted_message(bot: Bot, sandbox: DiscordSandbox) -> None:
    asked = await sandbox.say(sandbox.general, sandbox.alice, "why?", mention_bot=True)
    reply = await sandbox.say(sandbox.general, sandbox.bob, "hm", reply_to=asked, mention_bot=True)
    await sandbox.delete(asked)
    fetched = await general(bot, sandbox).fetch_message(reply.id)
    assert fetched.reference is not None
    assert isinstance(fetched.reference.resolved, discord.DeletedReferencedMessage)


async def test_replies_to_responses_ping_nobody(bot: Bot, sandbox: DiscordSandbox) -> None:
    await bot.tree.sync()
    interaction = await sandbox.slash(sandbox.general, sandbox.alice, "ask", {"prompt": "why?"})
    await (await bot.asked.get()).response.send_message("because")
    assert interaction.original is not None
    await sandbox.say(sandbox.general, sandbox.alice, "really?", reply_to=interaction.original)
    await bot.until(lambda: len(bot.heard) == 1)
    assert (bot.heard[0].content, bot.heard[0].mentions) == ("", [])
    reference = bot.heard[0].reference
    assert reference is not None
    assert isinstance(reference.resolved, discord.Message)
    assert reference.resolved.content == "because"


async def test_files_of_people(bot: Bot, sandbox: DiscordSandbox) -> None:
    await sandbox.say(sandbox.general, sandbox.alice, "look", mention_bot=True, files=[PNG])
    await sandbox.say(sandbox.general, sandbox.alice, "hidden", files=[PNG])
    await bot.until(lambda: len(bot.heard) == 2)
    (picture,) = bot.heard[0].attachments
    assert (picture.filename, picture.title) == ("my_cat.png", "my cat")
    assert (picture.content_type, picture.size) == ("image/png", 4)
    assert (picture.width, picture.height, picture.description) == (640, 480, "A cat")
    assert await picture.read() == PNG.data
    assert bot.heard[1].attachments == []
    (download,) = sandbox.cdn.downloads
    assert (download.method, download.status, download.sent) == ("GET", 200, 4)
    assert "Authorization" not in download.headers


async def test_a_pasted_text_becomes_a_file(bot: Bot, sandbox: DiscordSandbox) -> None:
    text = "ä" * 2001
    await sandbox.paste(sandbox.general, sandbox.alice, text, mention_bot=True)
    await sandbox.paste(sandbox.general, sandbox.alice, "short", mention_bot=True)
    await bot.until(lambda: len(bot.heard) == 2)
    (file,) = bot.heard[0].attachments
    assert bot.heard[0].content == f"<@{sandbox.bot_user.id}>"
    assert (file.filename, file.content_type) == ("message.txt", "text/plain; charset=utf-8")
    assert (await file.read()).decode() == text
    assert bot.heard[1].attachments == []
    assert bot.heard[1].content.endswith("short")


async def test_a_file_that_is_gone_and_one_that_breaks_off(bot: Bot, sandbox: DiscordSandbox) -> None:
    dm = await sandbox.open_dm(sandbox.alice)
    for number in range(2):
        await sandbox.say(dm, sandbox.alice, "", files=[File(f"{number}.txt", b"x" * 200_000)])
    await bot.until(lambda: len(bot.heard) == 2)
    first, second = (message.attachments[0] for message in bot.heard)
    await sandbox.delete(next(iter(dm.messages.values())))
    with pytest.raises(discord.NotFound):
        await first.read()
    sandbox.cdn.deliver(Delivery(status=403))
    with pytest.raises(discord.Forbidden):
        await second.read()


async def test_history_in_pages(bot: Bot, sandbox: DiscordSandbox) -> None:
    for number in range(130):
        await sandbox.say(sandbox.general, sandbox.alice, f"{number}", mention_bot=True)
    channel = general(bot, sandbox)
    read = [message async for message in channel.history(limit=None)]
    assert [int(message.content.split()[-1]) for message in read] == list(range(129, -1, -1))
    middle = [message async for message in channel.history(limit=5, around=read[64])]
    assert read[64] in middle
    assert sandbox.calls.count("GET", "/channels/{}/messages") == 3


async def test_reactions_come_and_go_on_any_message(bot: Bot, sandbox: DiscordSandbox) -> None:
    sent = await general(bot, sandbox).send("an answer")
    answer = sandbox.general.messages[sent.id]
    await asyncio.sleep(3600)
    await sandbox.react(answer, sandbox.bob, "🔁")
    await sandbox.unreact(answer, sandbox.bob, "🔁")
    await sandbox.react(answer, sandbox.bob, "party:1234")
    await bot.until(lambda: len(bot.reactions) == 3)
    added, removed, custom = bot.reactions
    assert (added.event_type, str(added.emoji), added.user_id) == ("REACTION_ADD", "🔁", sandbox.bob.id)
    assert added.message_author_id == sandbox.bot_user.id
    assert added.member is not None
    assert (removed.event_type, removed.member) == ("REACTION_REMOVE", None)
    assert custom.emoji.id == 1234


async def test_names_and_roles_of_people(bot: Bot, sandbox: DiscordSandbox) -> None:
    carol = sandbox.world.add_user("carol", global_name="Carol C.", locale="de")
    sandbox.add_member(sandbox.guild, carol)
    testers = sandbox.add_role(sandbox.guild, "Testers")
    sandbox.set_member(sandbox.guild, carol, nick="Caz", roles=[testers])
    await sandbox.say(sandbox.general, carol, f"hi <@{sandbox.alice.id}>", mention_bot=True)
    await bot.until(lambda: len(bot.heard) == 1)
    author = bot.heard[0].author
    assert isinstance(author, discord.Member)
    assert (author.name, author.global_name, author.display_name) == ("carol", "Carol C.", "Caz")
    assert author.get_role(testers.id) is not None
    assert isinstance(next(each for each in bot.heard[0].mentions if each != bot.user), discord.Member)


async def test_a_new_process_hears_nothing_of_what_was_said_meanwhile(
    bot: Bot, sandbox: DiscordSandbox
) -> None:
    await bot.tree.sync()
    interaction = await sandbox.slash(sandbox.general, sandbox.alice, "ask", {"prompt": "why?"})
    asked = await bot.asked.get()
    await asked.response.defer(thinking=True)
    half = await general(bot, sandbox).send("half an ans")
    await bot.vanish(sandbox)
    missed = await sandbox.say(sandbox.general, sandbox.alice, "anybody?", mention_bot=True)
    lost = await sandbox.slash(sandbox.general, sandbox.bob, "ask", {"prompt": "and me?"})
    await asyncio.sleep(5)
    assert lost.error == "The application did not respond"

    second = Bot(sandbox.token)
    await second.begin()
    await sandbox.wait_ready(sessions=2)
    await sandbox.say(sandbox.general, sandbox.alice, "still there?", mention_bot=True)
    await second.until(lambda: len(second.heard) == 1)
    assert second.heard[0].content.endswith("still there?")
    assert second.asked.empty()
    channel = general(second, sandbox)
    assert (await channel.fetch_message(missed.id)).content.endswith("anybody?")
    await channel.get_partial_message(half.id).edit(content="half an ans. Interrupted.")
    assert interaction.original is not None
    webhook = discord.Webhook.partial(sandbox.application_id, asked.token, client=second)
    await webhook.edit_message(interaction.original.id, content="late")
    assert interaction.original.content == "late"
    assert (sandbox.gateway.identifies, sandbox.gateway.resumes) == (2, 0)
    await second.end()


async def test_a_process_that_comes_back_too_soon_is_told_to_wait(bot: Bot, sandbox: DiscordSandbox) -> None:
    await bot.vanish(sandbox)
    second = Bot(sandbox.token)
    await second.begin()
    await sandbox.wait_ready(sessions=2)
    await second.end()


async def test_content_of_all_messages_with_the_intent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with DiscordSandbox(privileged_intents=Intent.MESSAGE_CONTENT) as sandbox:
        monkeypatch.setattr(discord.http.Route, "BASE", sandbox.api_url)
        bot = Bot(sandbox.token, message_content=True)
        await bot.begin()
        said = await sandbox.say(sandbox.general, sandbox.alice, "to nobody", files=[PNG])
        await bot.until(lambda: len(bot.heard) == 1)
        assert bot.heard[0].content == "to nobody"
        assert len(bot.heard[0].attachments) == 1
        await sandbox.edit(said, "to nobody at all")
        await bot.until(lambda: len(bot.edits) == 1)
        assert bot.edits[0].message.content == "to nobody at all"
        await bot.end()
