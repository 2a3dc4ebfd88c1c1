"""discord.py and what people ask through Discord itself: options, suggestions, menus of messages, buttons, forms."""

from __future__ import annotations

import asyncio
from typing import Any

import discord
import pytest
from discord import app_commands

from tests.sandbox.discord.clients import Bot
from tickertape.sandbox.discord import DiscordSandbox, File, InteractionState, Message

MODELS = ("small", "large")

Received = asyncio.Queue[tuple[discord.Interaction, dict[str, Any]]]


class Asked:
    """A bot with commands of every kind; what they are called with waits in `calls`."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self.calls: Received = asyncio.Queue()
        self.typed: list[tuple[str, bool]] = []
        tree = bot.tree
        tree.command(name="everything", description="All options")(self._everything)
        model = tree.command(name="model", description="Choose a model")(self._model)
        model.autocomplete("name")(self._suggest)
        tree.context_menu(name="Ask about this")(self._about)
        settings = app_commands.Group(name="settings", description="Settings")
        settings.command(name="set", description="Set one")(self._set)
        tree.add_command(settings)

    async def next(self) -> tuple[discord.Interaction, dict[str, Any]]:
        """Return the next call with its values."""
        return await self.calls.get()

    async def _everything(
        self,
        interaction: discord.Interaction,
        text: str,
        thread: bool,
        count: app_commands.Range[int, 1, 9],
        kind: app_commands.Choice[str] | None,
        file: discord.Attachment | None,
        who: discord.Member | None,
    ) -> None:
        given = {"text": text, "thread": thread, "count": count, "kind": kind, "file": file, "who": who}
        self.calls.put_nowait((interaction, given))

    async def _model(self, interaction: discord.Interaction, name: str, private: bool = False) -> None:
        self.calls.put_nowait((interaction, {"name": name, "private": private}))

    async def _suggest(
        self, interaction: discord.Interaction, current: str
    ) -> list[app_commands.Choice[str]]:
        self.typed.append((current, interaction.namespace.private))
        return [app_commands.Choice(name=each.title(), value=each) for each in MODELS if current in each]

    async def _about(self, interaction: discord.Interaction, message: discord.Message) -> None:
        self.calls.put_nowait((interaction, {"message": message}))

    async def _set(self, interaction: discord.Interaction, value: str) -> None:
        self.calls.put_nowait((interaction, {"value": value}))


@pytest.fixture
async def asked(bot: Bot) -> Asked:
    commands = Asked(bot)
    await bot.tree.sync()
    return commands


async def test_options_of_every_kind(asked: Asked, sandbox: DiscordSandbox) -> None:
    notes = File("my notes.md", b"# Notes", "text/markdown; charset=utf-8")
    sandbox.alice.locale, sandbox.guild.locale = "de", "fr"
    await sandbox.slash(
        sandbox.general,
        sandbox.moderator,
        "everything",
        {"text": "why?", "thread": True, "count": 9, "file": notes, "who": sandbox.alice},
    )
    interaction, given = await asked.next()
    assert (given["text"], given["thread"], given["count"], given["kind"]) == ("why?", True, 9, None)
    assert isinstance(given["who"], discord.Member)
    assert given["who"].name == "alice"
    file = given["file"]
    assert (file.filename, file.content_type, file.ephemeral) == ("my_notes.md", notes.content_type, True)
    assert await file.read() == b"# Notes"
    assert "Authorization" not in sandbox.cdn.downloads[0].headers
    assert (interaction.locale, interaction.guild_locale) == (
        discord.Locale.american_english,
        discord.Locale.french,
    )
    assert isinstance(interaction.user, discord.Member)
    assert [role.name for role in interaction.user.roles] == ["@everyone", "Moderator"]
    assert interaction.permissions.manage_messages
    await sandbox.slash(sandbox.general, sandbox.alice, "settings set", {"value": "x"})
    interaction, given = await asked.next()
    assert (interaction.locale, given) == (discord.Locale.german, {"value": "x"})


async def test_suggestions(asked: Asked, sandbox: DiscordSandbox) -> None:
    typing = await sandbox.suggest(sandbox.general, sandbox.alice, "model", "name", "ar", {"private": True})
    await sandbox.wait_for(lambda: typing.choices)
    assert typing.choices == [{"name": "Large", "value": "large"}]
    assert typing.state is InteractionState.ANSWERED
    assert asked.typed == [("ar", True)]
    nothing = await sandbox.suggest(sandbox.general, sandbox.alice, "model", "name", "zzz")
    await sandbox.wait_for(lambda: nothing.state is InteractionState.ANSWERED)
    assert nothing.choices == []
    await sandbox.slash(sandbox.general, sandbox.alice, "model", {"name": "my own"})
    assert (await asked.next())[1] == {"name": "my own", "private": False}


async def test_a_message_command_shows_the_content_whatever_the_intents(
    asked: Asked, sandbox: DiscordSandbox
) -> None:
    secret = await sandbox.say(
        sandbox.general, sandbox.bob, "not for the bot", files=[File("a.txt", b"a", "text/plain")]
    )
    applied = await sandbox.message_command(secret, sandbox.alice, "Ask about this")
    interaction, given = await asked.next()
    message = given["message"]
    assert (message.content, message.author.name) == ("not for the bot", "bob")
    assert await message.attachments[0].read() == b"a"
    await interaction.response.send_message("about it")
    answer = await interaction.original_response()
    assert answer.type is discord.MessageType.context_menu_command
    assert answer.reference is not None
    assert answer.reference.message_id == secret.id
    assert answer.interaction_metadata is not None
    assert answer.interaction_metadata.target_message_id == secret.id
    assert applied.original is not None
    assert sandbox.bot_pings == []


async def test_commands_in_threads_and_direct_messages(asked: Asked, sandbox: DiscordSandbox) -> None:
    thread = await sandbox.start_thread(sandbox.general, sandbox.alice, "talk")
    await sandbox.slash(thread, sandbox.alice, "model", {"name": "small"})
    interaction, _ = await asked.next()
    assert isinstance(interaction.channel, discord.Thread)
    assert interaction.channel.parent_id == sandbox.general.id
    dm = await sandbox.open_dm(sandbox.alice)
    await sandbox.slash(dm, sandbox.alice, "model", {"name": "small"})
    interaction, _ = await asked.next()
    assert isinstance(interaction.channel, discord.DMChannel)
    assert interaction.guild_locale is None


class Panel(discord.ui.View):
    """Buttons and a menu, each answered in another way."""

    def __init__(self) -> None:
        super().__init__(timeout=None)
        self.used: list[str] = []

    @discord.ui.button(emoji="🔁", style=discord.ButtonStyle.secondary, custom_id="again")
    async def again(self, interaction: discord.Interaction, _: discord.ui.Button[Panel]) -> None:
        """Answer later, with a message that only the person sees."""
        await interaction.response.defer(thinking=True, ephemeral=True)
        await interaction.edit_original_response(content="for your eyes only")
        await interaction.followup.send("and this is for all")
        self.used.append("again")

    @discord.ui.button(label="Good", style=discord.ButtonStyle.success, custom_id="good")
    async def good(self, interaction: discord.Interaction, _: discord.ui.Button[Panel]) -> None:
        """Change the message later."""
        await interaction.response.defer()
        await interaction.edit_original_response(content="thanks", view=None)
        self.used.append("good")

    @discord.ui.select(
        custom_id="pick",
        min_values=1,
        max_values=2,
        options=[discord.SelectOption(label=each, value=each) for each in ("a", "b", "c")],
    )
    async def pick(self, interaction: discord.Interaction, menu: discord.ui.Select[Panel]) -> None:
        """Open a form."""
        self.used.append(" ".join(menu.values))
        await interaction.response.send_modal(Form())


class Form(discord.ui.Modal, title="Feedback"):
    """A form in today's way of labels and the older way of rows."""

    why: discord.ui.Label[Form] = discord.ui.Label(
        text="Why?", component=discord.ui.TextInput(custom_id="why", min_length=3)
    )
    more: discord.ui.TextInput[Form] = discord.ui.TextInput(label="More", custom_id="more", required=False)

    async def on_submit(self, interaction: discord.Interaction) -> None:
        """Change the message from which the form was opened."""
        assert isinstance(self.why.component, discord.ui.TextInput)
        await interaction.response.edit_message(content=f"{self.why.component.value}|{self.more.value}")


@pytest.fixture
async def panel(bot: Bot, sandbox: DiscordSandbox) -> tuple[Panel, Message]:
    view = Panel()
    channel = bot.get_channel(sandbox.general.id)
    assert isinstance(channel, discord.TextChannel)
    sent = await channel.send("panel", view=view)
    return view, sandbox.general.messages[sent.id]


async def test_a_deferred_answer_keeps_the_visibility_it_began_with(
    panel: tuple[Panel, Message], bot: Bot, sandbox: DiscordSandbox
) -> None:
    _, message = panel
    pressed = await sandbox.press(message, sandbox.alice, "again")
    await sandbox.wait_for(lambda: len(pressed.messages) == 2)
    first, second = pressed.messages
    assert (first.content, first.ephemeral) == ("for your eyes only", True)
    assert (second.content, second.ephemeral) == ("and this is for all", False)
    assert first.reply_to is message
    channel = bot.get_channel(sandbox.general.id)
    assert isinstance(channel, discord.TextChannel)
    with pytest.raises(discord.NotFound):
        await channel.fetch_message(first.id)
    assert first.id not in [each.id async for each in channel.history()]


async def test_a_button_that_changes_its_message_later(
    panel: tuple[Panel, Message], sandbox: DiscordSandbox
) -> None:
    _, message = panel
    pressed = await sandbox.press(message, sandbox.alice, "good")
    await sandbox.wait_for(lambda: message.content == "thanks")
    assert (message.buttons, message.menus, pressed.messages) == ([], [], [])


async def test_a_menu_opens_a_form(panel: tuple[Panel, Message], sandbox: DiscordSandbox) -> None:
    view, message = panel
    chosen = await sandbox.choose(message, sandbox.alice, ["c", "a"])
    modal = await sandbox.wait_for(lambda: chosen.modal)
    assert modal is not None
    assert modal["title"] == "Feedback"
    assert view.used == ["c a"]
    await sandbox.submit(chosen, {"why": "because"})
    await sandbox.wait_for(lambda: message.content != "panel")
    assert message.content == "because|"
