"""discord.py in threads: started by people and by the bot, joined, silent for a day, read from the beginning."""

from __future__ import annotations

import asyncio

import discord
import pytest

from tests.sandbox.discord.clients import Bot
from tickertape.sandbox.discord import DiscordSandbox, Overwrite, Permission


def general(bot: Bot, sandbox: DiscordSandbox) -> discord.TextChannel:
    channel = bot.get_channel(sandbox.general.id)
    assert isinstance(channel, discord.TextChannel)
    return channel


async def test_a_thread_that_people_start_from_an_answer(bot: Bot, sandbox: DiscordSandbox) -> None:
    sent = await general(bot, sandbox).send("an answer")
    answer = sandbox.general.messages[sent.id]
    thread = await sandbox.start_thread(sandbox.general, sandbox.alice, "more", message=answer)
    await sandbox.say(thread, sandbox.alice, "without a mention")
    await sandbox.say(thread, sandbox.alice, "with one", mention_bot=True)
    await bot.until(lambda: len(bot.heard) == 3)
    starter, silent, loud = bot.heard
    assert (bot.threads[0].id, bot.threads[0].name) == (sent.id, "more")
    assert isinstance(loud.channel, discord.Thread)
    assert (loud.channel.id, loud.channel.parent_id) == (sent.id, sandbox.general.id)
    assert starter.type is discord.MessageType.thread_starter_message
    assert starter.reference is not None
    assert isinstance(starter.reference.resolved, discord.Message)
    assert starter.reference.resolved.content == "an answer"
    assert silent.content == ""
    assert loud.content.endswith("with one")
    assert loud.channel.me is not None


async def test_a_thread_that_the_bot_starts_on_a_question(bot: Bot, sandbox: DiscordSandbox) -> None:
    asked = await sandbox.say(sandbox.general, sandbox.alice, "why?", mention_bot=True)
    await bot.until(lambda: len(bot.heard) == 1)
    thread = await bot.heard[0].create_thread(name="why?", auto_archive_duration=60)
    assert thread.id == asked.id
    await thread.send("because")
    place = sandbox.world.channels[thread.id]
    await sandbox.say(place, sandbox.alice, "really?", mention_bot=True)
    await bot.until(lambda: len(bot.heard) == 2)
    read = [message async for message in thread.history(oldest_first=True)]
    assert [message.content for message in read[1:]] == ["because", f"<@{sandbox.bot_user.id}> really?"]
    assert read[0].type is discord.MessageType.thread_starter_message
    with pytest.raises(discord.HTTPException) as refused:
        await bot.heard[0].create_thread(name="again")
    assert refused.value.code == 160004
    updated = await general(bot, sandbox).fetch_message(asked.id)
    assert updated.flags.has_thread
    assert [message.content for message in sandbox.general.messages.values()] == [asked.content]


async def test_a_thread_of_its_own_is_told_of_in_its_channel(bot: Bot, sandbox: DiscordSandbox) -> None:
    thread = await general(bot, sandbox).create_thread(name="talk", type=discord.ChannelType.public_thread)
    (notice,) = sandbox.general.messages.values()
    assert (notice.content, notice.about) == ("talk", sandbox.world.channels[thread.id])
    fetched = await general(bot, sandbox).fetch_message(notice.id)
    assert fetched.type is discord.MessageType.thread_created
    assert fetched.reference is not None
    assert fetched.reference.channel_id == thread.id


async def test_a_silent_thread_archives_itself_and_a_message_opens_it(
    bot: Bot, sandbox: DiscordSandbox
) -> None:
    thread = await general(bot, sandbox).create_thread(name="talk", auto_archive_duration=60)
    place = sandbox.world.channels[thread.id]
    sent = await thread.send("hello")
    await asyncio.sleep(3590)
    await sent.edit(content="an edit is no activity")
    await asyncio.sleep(20)
    assert thread.guild.get_thread(thread.id) is None
    with pytest.raises(discord.HTTPException) as refused:
        await sent.edit(content="too late")
    assert refused.value.code == 50083
    with pytest.raises(discord.HTTPException) as refused:
        await sent.add_reaction("🛑")
    assert refused.value.code == 50083
    archived = [place.archived]
    await thread.send("open again")
    archived.append(place.archived)
    await sent.edit(content="in time")
    await asyncio.sleep(120)  # discord.py takes more than 110 heartbeats in a real minute for too many
    archived.append(place.archived)
    assert archived == [True, False, False]


async def test_private_threads_are_seen_by_those_in_them(bot: Bot, sandbox: DiscordSandbox) -> None:
    thread = await sandbox.start_thread(sandbox.general, sandbox.alice, "secret", private=True)
    await sandbox.say(thread, sandbox.alice, "between us")
    with pytest.raises(discord.Forbidden):
        await bot.fetch_channel(thread.id)
    await sandbox.join_thread(thread, sandbox.bot_user)
    await bot.until(lambda: {each.id for each in bot.threads} == {thread.id})  # discord.py tells of it twice
    await sandbox.say(thread, sandbox.alice, "hello", mention_bot=True)
    await bot.until(lambda: len(bot.heard) == 1)
    assert isinstance(bot.heard[0].channel, discord.Thread)
    await bot.heard[0].channel.leave()
    with pytest.raises(discord.Forbidden):
        await bot.heard[0].channel.send("still here?")


async def test_threads_that_a_new_session_finds(bot: Bot, sandbox: DiscordSandbox) -> None:
    open_one = await general(bot, sandbox).create_thread(name="open", type=discord.ChannelType.public_thread)
    old = await sandbox.start_thread(sandbox.general, sandbox.alice, "old")
    await sandbox.archive_thread(old)
    await bot.vanish(sandbox)
    await asyncio.sleep(5)
    second = Bot(sandbox.token)
    await second.begin()
    channel = general(second, sandbox)
    assert [thread.id for thread in channel.threads] == [open_one.id]
    assert channel.threads[0].me is not None
    assert [thread.id async for thread in channel.archived_threads()] == [old.id]
    assert [thread.id for thread in await channel.guild.active_threads()] == [open_one.id]
    await second.end()


async def test_without_permission_there_is_no_thread(bot: Bot, sandbox: DiscordSandbox) -> None:
    asked = await sandbox.say(sandbox.general, sandbox.alice, "why?", mention_bot=True)
    await bot.until(lambda: len(bot.heard) == 1)
    denied = Overwrite(sandbox.bot_user.id, deny=Permission.CREATE_PUBLIC_THREADS, member=True)
    sandbox.set_overwrites(sandbox.general, denied)
    with pytest.raises(discord.Forbidden) as refused:
        await bot.heard[0].create_thread(name="why?")
    assert refused.value.code == 50013
    hidden = Overwrite(sandbox.bot_user.id, deny=Permission.VIEW_CHANNEL, member=True)
    sandbox.set_overwrites(sandbox.general, hidden)
    with pytest.raises(discord.Forbidden) as refused:
        await bot.heard[0].create_thread(name="why?")
    assert refused.value.code == 50001
    assert asked.thread is None
