"""Starts a thread for an answer, from a message that shows the question."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import discord
import structlog

from tickertape.discord import words
from tickertape.discord.gateway import permissions
from tickertape.discord.http.errors import CALL_ERRORS, CONNECTION_ERRORS
from tickertape.discord.keys import place_of, rule_id
from tickertape.prompts.keys import ConversationKey
from tickertape.prompts.prompt import Prompt

_log = structlog.get_logger(__name__)

_NAME = 100
"""Characters of a thread's name (API documentation, start thread from message)."""

_EXISTS = 160004
"""A thread has been started from this message already (API documentation, JSON error codes)."""

_TRIES = 3
_PAUSE = 1.0
"""Times that a thread is tried to be started if the connection breaks, and seconds between them."""

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
    except CALL_ERRORS as error:
        _log.warning("thread_not_started", channel=channel.id, error=str(error))
        return None
    return await start_from(channel, shown.id, question)


async def start_from(channel: discord.TextChannel, message_id: int, question: str) -> discord.Thread | None:
    """Return the thread of a message that shows the question, started now if there is none; None if Discord refuses.

    A thread has the id of the message from which it was started (API documentation, start thread from message).
    """
    for _ in range(_TRIES):
        try:
            return await channel.get_partial_message(message_id).create_thread(name=_name(question))
        except discord.HTTPException as error:
            if error.code == _EXISTS:
                return await _existing(channel, message_id)
            _log.warning("thread_not_started", channel=channel.id, error=str(error))
            return None
        except CONNECTION_ERRORS as error:  # it may be there all the same
            _log.warning("thread_start_broke", channel=channel.id, error=str(error))
            await asyncio.sleep(_PAUSE)
    return None


async def _existing(channel: discord.TextChannel, thread_id: int) -> discord.Thread | None:
    try:
        found = channel.get_thread(thread_id) or await channel.guild.fetch_channel(thread_id)
    except CALL_ERRORS as error:
        _log.warning("thread_not_found", channel=channel.id, error=str(error))
        return None
    return found if isinstance(found, discord.Thread) else None


def moved(prompt: Prompt, thread_id: int) -> Prompt:
    """Return a prompt of a channel as one of the thread that was started there."""
    place, origin = place_of(thread_id), prompt.origin
    if origin is not None:
        asker = replace(origin.asker, channels=origin.asker.channels | {rule_id(thread_id)})
        origin = replace(origin, asker=asker)
    conversation = None if prompt.conversation is None else ConversationKey(place)
    return replace(prompt, place=place, conversation=conversation, origin=origin)


def _name(question: str) -> str:
    """Return the question in one line, as far as a name takes it."""
    line = " ".join(question.split())
    return line if len(line) <= _NAME else line[: _NAME - 1] + "…"
