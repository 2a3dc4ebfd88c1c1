"""discord.py at work on the stand-in: login, commands, messages, reactions, resume, rate limits."""

from __future__ import annotations

import asyncio
import io
import logging

import aiohttp
import discord
import pytest

from tests.sandbox.discord.clients import Bot
from tickertape.sandbox.discord import Budget, DiscordSandbox, Drop, InteractionState, Limits


def general(bot: Bot, sandbox: DiscordSandbox) -> discord.TextChannel:
    channel = bot.get_channel(sandbox.general.id)
    assert isinstance(channel, discord.TextChannel)
    return channel


async def offer_everywhere(bot: Bot) -> None:
    """Register `/ask` for every kind of place and installation."""
    command = bot.tree.get_command("ask")
    assert isinstance(command, discord.app_commands.Command)
    command.allowed_installs = discord.app_commands.AppInstallationType(guild=True, user=True)
    command.allowed_contexts = discord.app_commands.AppCommandContext(
        guild=True, dm_channel=True, private_channel=True
    )
    await bot.tree.sync()


async def test_login_knows_the_guild_and_its_permissions(bot: Bot, sandbox: DiscordSandbox) -> None:
    assert bot.user is not None
    assert bot.user.id == sandbox.bot_user.id
    channel = general(bot, sandbox)
    allowed = channel.permissions_for(channel.guild.me)
    assert allowed.send_messages
    assert allowed.add_reactions
    assert not allowed.manage_messages


async def test_application_info_tells_its_intents(bot: Bot) -> None:
    info = await bot.application_info()
    assert not info.flags.gateway_message_content_limited


async def test_sync_registers_commands_once(bot: Bot, sandbox: DiscordSandbox) -> None:
    synced = await bot.tree.sync()
    assert [command.name for command in synced] == ["ask"]
    await bot.tree.sync()
    assert (sandbox.world.commands.bulk_puts, sandbox.world.commands.creates) == (2, 1)
    fetched = await bot.tree.fetch_commands()
    assert [command.options[0].name for command in fetched] == ["prompt"]


async def test_slash_command_deferred_and_edited(bot: Bot, sandbox: DiscordSandbox) -> None:
    await bot.tree.sync()
    interaction = await sandbox.slash(sandbox.general, sandbox.alice, "ask", {"prompt": "why?"})
    asked = await bot.asked.get()
    assert asked.extras["prompt"] == "why?"
    assert asked.permissions.send_messages
    assert asked.app_permissions.send_messages
    assert asked.context.guild
    assert asked.is_guild_integration()
    await asked.response.defer(thinking=True)
    assert interaction.state is InteractionState.DEFERRED
    assert interaction.original is not None
    for text in ("one", "one two", "one two three"):
        await asked.edit_original_response(content=text)
    assert interaction.original.content == "one two three"
    assert not interaction.original.loading
    assert [version.content for version in interaction.original.versions] == [
        "",
        "one",
        "one two",
        "one two three",
    ]
    extra = await asked.followup.send("more", wait=True)
    assert interaction.follow_ups[0].id == extra.id


async def test_ephemeral_answer_in_a_place_without_the_bot(bot: Bot, sandbox: DiscordSandbox) -> None:
    await offer_everywhere(bot)
    interaction = await sandbox.slash(sandbox.elsewhere, sandbox.bob, "ask", {"prompt": "hi"})
    asked = await bot.asked.get()
    assert asked.is_user_integration()
    assert not asked.is_guild_integration()
    await asked.response.send_message("only you", ephemeral=True)
    assert interaction.ephemeral
    assert interaction.messages[0].content == "only you"


@pytest.mark.parametrize("people", [1, 2, 3])
async def test_slash_command_in_private(bot: Bot, sandbox: DiscordSandbox, people: int) -> None:
    await offer_everywhere(bot)
    if people == 1:
        channel = await sandbox.open_dm(sandbox.bob)
    else:
        group = (sandbox.bob, sandbox.alice, sandbox.owner)[:people]
        channel = sandbox.world.add_private_channel(*group)
    interaction = await sandbox.slash(channel, sandbox.bob, "ask", {"prompt": "hi"})
    asked = await bot.asked.get()
    assert asked.guild is None
    assert asked.user.id == sandbox.bob.id
    assert asked.channel_id == channel.id
    assert asked.context.dm_channel is (people == 1)
    assert isinstance(asked.channel, discord.DMChannel if people < 3 else discord.GroupChannel)
    await asked.response.defer(thinking=True)
    await asked.edit_original_response(content="hello")
    assert [message.content for message in interaction.messages] == ["hello"]


async def test_button_press_reaches_a_view(bot: Bot, sandbox: DiscordSandbox) -> None:
    pressed: asyncio.Future[discord.Interaction] = asyncio.get_running_loop().create_future()
    view = discord.ui.View(timeout=None)
    button: discord.ui.Button[discord.ui.View] = discord.ui.Button(label="Stop", custom_id="stop")

    async def press(interaction: discord.Interaction) -> None:
        await interaction.response.edit_message(content="stopped", view=None)
        pressed.set_result(interaction)

    button.callback = press  # type: ignore[method-assign]  # discord.py's own way of setting it
    view.add_item(button)
    sent = await general(bot, sandbox).send("streaming", view=view)
    message = sandbox.general.messages[sent.id]
    interaction = await sandbox.press(message, sandbox.alice)
    await pressed
    assert message.content == "stopped"
    assert message.buttons == []
    assert interaction.original is message
    assert interaction.messages == []


async def test_messages_reactions_and_files(bot: Bot, sandbox: DiscordSandbox) -> None:
    asked = await sandbox.say(sandbox.general, sandbox.alice, "hello?", mention_bot=True)
    await sandbox.say(sandbox.general, sandbox.alice, "not for the bot")
    await bot.until(lambda: len(bot.heard) == 2)
    mentioned, other = bot.heard
    assert mentioned.content.endswith("hello?")
    assert bot.user in mentioned.mentions
    assert isinstance(mentioned.author, discord.Member)
    assert other.content == ""
    async with mentioned.channel.typing():
        answer = await mentioned.reply("hi", file=discord.File(io.BytesIO(b"data"), "a.txt"))
    assert sandbox.general.typings
    assert await answer.attachments[0].read() == b"data"
    await answer.edit(content="hi there", attachments=[])
    await answer.add_reaction("🛑")
    shown = sandbox.general.messages[answer.id]
    assert shown.reply_to is asked
    assert (shown.content, shown.attachments) == ("hi there", [])
    await sandbox.react(shown, sandbox.alice, "🛑")
    await bot.until(lambda: len(bot.reactions) == 2)
    assert [event.user_id for event in bot.reactions] == [sandbox.bot_user.id, sandbox.alice.id]
    assert bot.reactions[1].message_author_id == sandbox.bot_user.id
    await answer.delete()
    assert shown.deleted


async def test_direct_message(bot: Bot, sandbox: DiscordSandbox) -> None:
    channel = await sandbox.open_dm(sandbox.alice)
    await sandbox.say(channel, sandbox.alice, "psst")
    await bot.until(lambda: len(bot.heard) == 1)
    assert bot.heard[0].content == "psst"
    assert isinstance(bot.heard[0].channel, discord.DMChannel)
    await bot.heard[0].channel.send("yes?")
    assert [message.content for message in channel.messages.values()] == ["psst", "yes?"]


async def test_dropped_gateway_resumes_without_loss_or_double(bot: Bot, sandbox: DiscordSandbox) -> None:
    for number in range(20):
        if number % 5 == 2:
            sandbox.drop_gateway()
        await sandbox.say(sandbox.general, sandbox.alice, f"{number}", mention_bot=True)
        await asyncio.sleep(0.01 * number)
    await bot.until(lambda: len(bot.heard) >= 20)
    await asyncio.sleep(60)  # virtual time in which doubles would come
    assert [int(message.content.split()[-1]) for message in bot.heard] == list(range(20))
    assert bot.resumes >= 1
    assert sandbox.gateway.identifies == 1


async def test_lost_session_is_begun_anew(bot: Bot, sandbox: DiscordSandbox) -> None:
    sandbox.drop_gateway(resumable=False)
    await sandbox.wait_for(lambda: sandbox.gateway.identifies == 2)
    await sandbox.say(sandbox.general, sandbox.alice, "again", mention_bot=True)
    await bot.until(lambda: len(bot.heard) == 1)


async def test_reconnect_on_request(bot: Bot, sandbox: DiscordSandbox) -> None:
    sandbox.gateway.ask_reconnect()
    await sandbox.wait_for(lambda: sandbox.gateway.resumes == 1)
    await bot.until(lambda: bot.resumes == 1)


async def test_an_hour_of_silence_keeps_the_connection(bot: Bot, sandbox: DiscordSandbox) -> None:
    await asyncio.sleep(3600)
    assert not bot.is_closed()
    assert (sandbox.gateway.identifies, sandbox.gateway.resumes) == (1, 0)


async def test_edits_wait_for_their_window_and_earn_no_429(bot: Bot, sandbox: DiscordSandbox) -> None:
    sent = await general(bot, sandbox).send("0")
    for number in range(1, 12):
        await sent.edit(content=str(number))
    assert sandbox.calls.count(status=429) == 0
    message = sandbox.general.messages[sent.id]
    assert message.content == "11"
    assert message.versions[-1].at - message.versions[1].at >= 10


async def test_injected_429_is_waited_out(
    bot: Bot, sandbox: DiscordSandbox, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL, "discord.http")
    sent = await general(bot, sandbox).send("first")
    sandbox.fail_next("PATCH", "/channels/{}/messages/{}", 429, retry_after=3.5)
    await sent.edit(content="second")
    message = sandbox.general.messages[sent.id]
    limited, shown = sandbox.calls.select("PATCH")
    assert (limited.status, limited.scope, shown.status) == (429, "user", 200)
    assert 3.5 <= shown.at - limited.at < 4
    assert message.content == "second"


async def test_connection_cut_after_the_effect(bot: Bot, sandbox: DiscordSandbox) -> None:
    sandbox.drop_next("POST", "/channels/{}/messages", Drop.AFTER)
    channel = general(bot, sandbox)
    with pytest.raises(aiohttp.ClientConnectionError):
        await channel.send("once", nonce="abc")
    again = await channel.send("once", nonce="abc")
    assert list(sandbox.general.messages) == [again.id]


@pytest.mark.parametrize("limits", [Limits(shards=2, identifies=Budget(1, 5.0))])
async def test_shards_start_one_after_the_other(limits: Limits, monkeypatch: pytest.MonkeyPatch) -> None:
    async with DiscordSandbox(limits=limits) as sandbox:
        monkeypatch.setattr(discord.http.Route, "BASE", sandbox.api_url)
        bot = Bot(sandbox.token)
        await bot.begin()
        assert len(bot.shards) == 2
        assert sandbox.gateway.connections == 2
        await sandbox.say(sandbox.general, sandbox.alice, "hi", mention_bot=True)
        await bot.until(lambda: len(bot.heard) == 1)
        await bot.end()


async def test_wrong_token(sandbox: DiscordSandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discord.http.Route, "BASE", sandbox.api_url)
    bot = Bot("wrong")
    with pytest.raises(discord.LoginFailure):
        await bot.login("wrong")
    await bot.close()


async def test_missing_privileged_intent(sandbox: DiscordSandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discord.http.Route, "BASE", sandbox.api_url)
    client = discord.AutoShardedClient(intents=discord.Intents(guilds=True, message_content=True))
    with pytest.raises(discord.PrivilegedIntentsRequired):
        await client.start(sandbox.token)
    await client.close()
