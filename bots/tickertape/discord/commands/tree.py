"""The commands as Discord shows them: their names, options and places."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands

from tickertape.discord import words
from tickertape.discord.commands.ask import AskCommands, Asked
from tickertape.discord.commands.further import FurtherCommands, further_commands
from tickertape.discord.commands.translations import Text, name
from tickertape.durable.store.records import Choice
from tickertape.languages.words import QUESTION_LABEL
from tickertape.prompts.prompt import MAX_PROMPT
from tickertape.tasks import Tasks

Interaction = discord.Interaction[Any]
Command = app_commands.Command[Any, ..., None] | app_commands.ContextMenu


def add_commands(
    tree: app_commands.CommandTree[Any], asks: AskCommands, further: FurtherCommands, tasks: Tasks, text: Text
) -> None:
    """Register the commands; all can be installed for a guild or a user, and used in every kind of place.

    `text` makes their texts.
    """
    commands = [_stop(asks, tasks, text), _ask(asks, further, tasks, text), _about(asks, tasks)]
    for command in (*commands, *further_commands(further, tasks, text)):
        command.allowed_installs = app_commands.AppInstallationType(guild=True, user=True)
        command.allowed_contexts = app_commands.AppCommandContext(
            guild=True, dm_channel=True, private_channel=True
        )
        tree.add_command(command)


def _ask(asks: AskCommands, further: FurtherCommands, tasks: Tasks, text: Text) -> Command:
    """Return /ask with all its options."""

    @app_commands.command(name="ask", description=text(words.ASK_DESCRIPTION))
    @app_commands.describe(
        prompt=text(QUESTION_LABEL),
        file=text(words.FILE_DESCRIPTION),
        second_file=text(words.SECOND_FILE_DESCRIPTION),
        model=text(words.ASK_MODEL_DESCRIPTION),
        thread=text(words.THREAD_DESCRIPTION),
        private=text(words.PRIVATE_DESCRIPTION),
    )
    async def ask(
        interaction: Interaction,
        prompt: app_commands.Range[str, 1, MAX_PROMPT],
        file: discord.Attachment | None = None,
        second_file: discord.Attachment | None = None,
        model: str = "",
        thread: bool = False,
        private: bool = False,
    ) -> None:
        files = [each for each in (file, second_file) if each is not None]
        asked = Asked(prompt, files, model, thread, private)
        await tasks.protect(asks.ask(interaction, asked), f"ask {interaction.id}")

    @ask.autocomplete("model")
    async def suggest(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return further.suggest(interaction, Choice.MODEL, typed)

    return ask


def _about(asks: AskCommands, tasks: Tasks) -> Command:
    """Return the entry of a message's menu."""

    @app_commands.context_menu(name=name(words.ABOUT))
    async def about(interaction: Interaction, message: discord.Message) -> None:
        await tasks.protect(asks.ask_about(interaction, message), f"about {interaction.id}")

    return about


def _stop(asks: AskCommands, tasks: Tasks, text: Text) -> Command:
    @app_commands.command(name="stop", description=text(words.STOP_DESCRIPTION))
    async def stop(interaction: Interaction) -> None:
        await tasks.protect(asks.stop(interaction), f"stop {interaction.id}")

    return stop
