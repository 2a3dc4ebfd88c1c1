"""The commands as Discord shows them: their names, options and places."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands

from bots.discord import words
from bots.discord.commands import Commands
from bots.discord.desk_commands import DeskCommands, desk_commands
from bots.discord.tasks import Tasks
from core.prompt import MAX_PROMPT

Interaction = discord.Interaction[Any]


def add_commands(
    tree: app_commands.CommandTree[Any], commands: Commands, tasks: Tasks, desk: DeskCommands | None = None
) -> None:
    """Register the commands; all can be installed for a guild or a user, and used in every kind of place."""

    @app_commands.command(name="ask", description=words.ASK_DESCRIPTION)
    @app_commands.describe(prompt=words.PROMPT_DESCRIPTION)
    async def ask(interaction: Interaction, prompt: app_commands.Range[str, 1, MAX_PROMPT]) -> None:
        await tasks.protect(commands.ask(interaction, prompt), f"ask {interaction.id}")

    @app_commands.command(name="stop", description=words.STOP_DESCRIPTION)
    async def stop(interaction: Interaction) -> None:
        await tasks.protect(commands.stop(interaction), f"stop {interaction.id}")

    more = [] if desk is None else desk_commands(desk, tasks)
    all_commands: list[app_commands.Command[Any, ..., None]] = [ask, stop, *more]
    for command in all_commands:
        command.allowed_installs = app_commands.AppInstallationType(guild=True, user=True)
        command.allowed_contexts = app_commands.AppCommandContext(
            guild=True, dm_channel=True, private_channel=True
        )
        tree.add_command(command)
