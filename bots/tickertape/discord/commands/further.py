"""The commands beside asking: /model, /persona, /usage, /forget and /help. All answer in private."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands

from tickertape.discord import words
from tickertape.discord.commands.responses import Reply, reply, respond
from tickertape.discord.commands.translations import Text
from tickertape.discord.gateway.callers import caller_of_interaction
from tickertape.discord.gateway.conversations import conversation_of_channel
from tickertape.discord.keys import person_key, place_of
from tickertape.durable.store.records import Choice
from tickertape.inbound.commands import Commands
from tickertape.inbound.facts import Here
from tickertape.prompts.asker import Asker
from tickertape.tasks import Tasks

Interaction = discord.Interaction[Any]


class FurtherCommands:
    """What the commands do."""

    def __init__(self, commands: Commands) -> None:
        self._commands = commands

    async def choose(self, interaction: Interaction, choice: Choice, name: str, *, channel: bool) -> None:
        """Choose a model or a persona, or list those that there are."""
        if not name:
            await respond(interaction, self._commands.choices(choice, _here(interaction)))
            return
        here = _here(interaction, whole_channel=channel)
        await respond(interaction, self._commands.choose(choice, name, here, whole_channel=channel))

    def suggest(self, interaction: Interaction, choice: Choice, typed: str) -> list[app_commands.Choice[str]]:
        """Return what goes on as the person is typing."""
        names = self._commands.suggest(choice, caller_of_interaction(interaction).asker, typed)
        return [app_commands.Choice(name=name, value=name) for name in names]

    async def usage(self, interaction: Interaction, *, everyone: bool, export: bool) -> None:
        """Show figures, to admins those of all, and as a file."""
        asker = caller_of_interaction(interaction).asker
        if export:
            await respond(interaction, self._export(asker))
        else:
            usage = self._commands.usage_of_all if everyone else self._commands.usage
            await respond(interaction, usage(asker))

    async def _export(self, asker: Asker) -> Reply:
        return Reply(words.EXPORTED, await self._commands.export(asker))

    async def forget(self, interaction: Interaction, *, everything: bool) -> None:
        """Erase the conversation, or all that the person ever said."""
        if everything:
            await respond(interaction, self._commands.forget_person(person_key(interaction.user.id)))
        else:
            await respond(interaction, self._commands.forget(_here(interaction)))


def _here(interaction: Interaction, *, whole_channel: bool = False) -> Here:
    """Return where a command is used, for the whole channel that of a thread; a channel is no conversation."""
    channel, channel_id = interaction.channel, interaction.channel_id or 0
    conversation = conversation_of_channel(channel, channel_id)
    if whole_channel and isinstance(channel, discord.Thread):
        channel_id = channel.parent_id
    return Here(caller_of_interaction(interaction), place_of(channel_id), conversation)


def further_commands(
    further: FurtherCommands, tasks: Tasks, text: Text
) -> list[app_commands.Command[Any, ..., None]]:
    """Return the commands for Discord's list."""

    @app_commands.command(name="model", description=text(words.MODEL_DESCRIPTION))
    @app_commands.describe(name=text(words.MODEL_NAME_DESCRIPTION), channel=text(words.CHANNEL_DESCRIPTION))
    async def model(interaction: Interaction, name: str = "", channel: bool = False) -> None:
        await tasks.protect(
            further.choose(interaction, Choice.MODEL, name, channel=channel), f"model {interaction.id}"
        )

    @model.autocomplete("name")
    async def suggest_models(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return further.suggest(interaction, Choice.MODEL, typed)

    @app_commands.command(name="persona", description=text(words.PERSONA_DESCRIPTION))
    @app_commands.describe(name=text(words.PERSONA_NAME_DESCRIPTION), channel=text(words.CHANNEL_DESCRIPTION))
    async def persona(interaction: Interaction, name: str = "", channel: bool = False) -> None:
        await tasks.protect(
            further.choose(interaction, Choice.PERSONA, name, channel=channel), f"persona {interaction.id}"
        )

    @persona.autocomplete("name")
    async def suggest_personas(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return further.suggest(interaction, Choice.PERSONA, typed)

    @app_commands.command(name="usage", description=text(words.USAGE_DESCRIPTION))
    @app_commands.describe(everyone=text(words.EVERYONE_DESCRIPTION), export=text(words.EXPORT_DESCRIPTION))
    async def usage(interaction: Interaction, everyone: bool = False, export: bool = False) -> None:
        await tasks.protect(
            further.usage(interaction, everyone=everyone, export=export), f"usage {interaction.id}"
        )

    @app_commands.command(name="forget", description=text(words.FORGET_DESCRIPTION))
    @app_commands.describe(everything=text(words.EVERYTHING_DESCRIPTION))
    async def forget(interaction: Interaction, everything: bool = False) -> None:
        await tasks.protect(further.forget(interaction, everything=everything), f"forget {interaction.id}")

    @app_commands.command(name="help", description=text(words.HELP_DESCRIPTION))
    async def help_(interaction: Interaction) -> None:
        await tasks.protect(reply(interaction, words.HELP), f"help {interaction.id}")

    return [model, persona, usage, forget, help_]
