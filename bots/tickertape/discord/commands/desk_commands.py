"""The commands beside asking: /model, /persona, /usage, /forget and /help. All answer in private."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import discord
from discord import app_commands

from tickertape.discord import words
from tickertape.discord.commands.responses import Said, reply, respond
from tickertape.discord.commands.translations import Text
from tickertape.discord.gateway.conversations import conversation_of_channel
from tickertape.discord.gateway.origins import origin_of_interaction
from tickertape.discord.keys import interaction_key, person_key, place_of
from tickertape.discord.tasks import Tasks
from tickertape.durable.store.records import Choice
from tickertape.inbound.desk import Desk
from tickertape.prompts.asker import Asker
from tickertape.prompts.prompt import Prompt

Interaction = discord.Interaction[Any]


class DeskCommands:
    """What the commands do."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def choose(self, interaction: Interaction, choice: Choice, name: str, *, channel: bool) -> None:
        """Choose a model or a persona, or list those that there are."""
        prompt = _here(interaction)
        if not name:
            await respond(interaction, self._desk.choices(choice, prompt))
            return
        if channel and isinstance(interaction.channel, discord.Thread):
            prompt = replace(prompt, place=place_of(interaction.channel.parent_id))
        moderates = interaction.permissions.manage_messages
        await respond(
            interaction,
            self._desk.choose(choice, name, prompt, whole_channel=channel, moderates=moderates),
        )

    def suggest(self, interaction: Interaction, choice: Choice, typed: str) -> list[app_commands.Choice[str]]:
        """Return what goes on as the person is typing."""
        asker = origin_of_interaction(interaction).asker
        names = self._desk.suggest(choice, asker, typed)
        return [app_commands.Choice(name=name, value=name) for name in names]

    async def usage(self, interaction: Interaction, *, everyone: bool, export: bool) -> None:
        """Show figures, to admins those of all, and as a file."""
        asker = origin_of_interaction(interaction).asker
        if export:
            await respond(interaction, self._export(asker))
        else:
            await respond(
                interaction, self._desk.usage_of_all(asker) if everyone else self._desk.usage(asker)
            )

    async def _export(self, asker: Asker) -> Said:
        return Said(words.EXPORTED, await self._desk.export(asker))

    async def forget(self, interaction: Interaction, *, everything: bool) -> None:
        """Erase the conversation, or all that the person ever said."""
        if everything:
            await respond(interaction, self._desk.forget_person(origin_of_interaction(interaction).asker))
            return
        moderates = interaction.permissions.manage_messages
        await respond(interaction, self._desk.forget(_here(interaction), moderates=moderates))


def _here(interaction: Interaction) -> Prompt:
    """Return what stands for the place of a command: in a channel there is no conversation without a question."""
    channel_id = interaction.channel_id or 0
    return Prompt(
        key=interaction_key(interaction.id),
        text="",
        asker=person_key(interaction.user.id),
        place=place_of(channel_id),
        conversation=conversation_of_channel(interaction.channel, channel_id),
        origin=origin_of_interaction(interaction),
    )


def desk_commands(desk: DeskCommands, tasks: Tasks, text: Text) -> list[app_commands.Command[Any, ..., None]]:
    """Return the commands for Discord's list."""

    @app_commands.command(name="model", description=text(words.MODEL_DESCRIPTION))
    @app_commands.describe(name=text(words.MODEL_NAME_DESCRIPTION), channel=text(words.CHANNEL_DESCRIPTION))
    async def model(interaction: Interaction, name: str = "", channel: bool = False) -> None:
        await tasks.protect(
            desk.choose(interaction, Choice.MODEL, name, channel=channel), f"model {interaction.id}"
        )

    @model.autocomplete("name")
    async def suggest_models(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return desk.suggest(interaction, Choice.MODEL, typed)

    @app_commands.command(name="persona", description=text(words.PERSONA_DESCRIPTION))
    @app_commands.describe(name=text(words.PERSONA_NAME_DESCRIPTION), channel=text(words.CHANNEL_DESCRIPTION))
    async def persona(interaction: Interaction, name: str = "", channel: bool = False) -> None:
        await tasks.protect(
            desk.choose(interaction, Choice.PERSONA, name, channel=channel), f"persona {interaction.id}"
        )

    @persona.autocomplete("name")
    async def suggest_personas(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return desk.suggest(interaction, Choice.PERSONA, typed)

    @app_commands.command(name="usage", description=text(words.USAGE_DESCRIPTION))
    @app_commands.describe(everyone=text(words.EVERYONE_DESCRIPTION), export=text(words.EXPORT_DESCRIPTION))
    async def usage(interaction: Interaction, everyone: bool = False, export: bool = False) -> None:
        await tasks.protect(
            desk.usage(interaction, everyone=everyone, export=export), f"usage {interaction.id}"
        )

    @app_commands.command(name="forget", description=text(words.FORGET_DESCRIPTION))
    @app_commands.describe(everything=text(words.EVERYTHING_DESCRIPTION))
    async def forget(interaction: Interaction, everything: bool = False) -> None:
        await tasks.protect(desk.forget(interaction, everything=everything), f"forget {interaction.id}")

    @app_commands.command(name="help", description=text(words.HELP_DESCRIPTION))
    async def help_(interaction: Interaction) -> None:
        await tasks.protect(reply(interaction, words.HELP), f"help {interaction.id}")

    return [model, persona, usage, forget, help_]
