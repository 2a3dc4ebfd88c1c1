"""Starts a thread for an answer, from a message that shows the question."""

from __future__ import annotations

from typing import Any

import discord
import structlog

from bots.discord import permissions, words
from bots.discord.errors import CALL_ERRORS

_log = structlog.get_logger(__name__)

_NAME = 100
"""Characters of a thread's name (API documentation, start thread from message)."""

Interaction = discord.Interaction[Any]


def can_start(interaction: Interaction) -> bool:
    """Whether a thread can begin where the interaction is: in a server's channel, with the permissions for it."""
    may = interaction.app_permissions
    if not isinstance(interaction.channel, discord.TextChannel) or interaction.guild is None:
        return False
    if permissions.missing_to_answer(interaction.channel, may) is not None:
        return False
    is_there = interaction.client.get_guild(interaction.guild.id) is not None
    return is_there and may.create_public_threads and may.send_messages_in_threads


async def start(interaction: Interaction, question: str) -> discord.Thread | None:
    """Respond with the question for everybody to see, and start a thread from that; None if Discord did not do it."""
    channel = interaction.channel
    if not isinstance(channel, discord.TextChannel):
        return None
    try:
        await interaction.response.send_message(words.quoted(question), suppress_embeds=True)
        shown = await interaction.original_response()
        return await channel.get_partial_message(shown.id).create_thread(name=_name(question))
    except CALL_ERRORS as error:
        _log.warning("thread_not_started", channel=channel.id, error=str(error))
        return None


def _name(question: str) -> str:
    """Return the question in one line, as far as a name takes it."""
    line = " ".join(question.split())
    return line if len(line) <= _NAME else line[: _NAME - 1] + "…"
