"""Which conversation a question belongs to: its direct message, its thread, or in a channel its chain of replies."""

from __future__ import annotations

from typing import Any

import discord

from tickertape.discord.keys import interaction_key, place_of
from tickertape.prompts.keys import ConversationKey

Interaction = discord.Interaction[Any]


def conversation_of_channel(channel: object, channel_id: int) -> ConversationKey | None:
    """Return the conversation that a whole channel is; None for a server's channel, where many go on at a time."""
    if isinstance(channel, discord.Thread | discord.DMChannel | discord.GroupChannel):
        return ConversationKey(place_of(channel_id))
    return None


def conversation_of_interaction(interaction: Interaction, *, private: bool = False) -> ConversationKey:
    """Return the conversation of a question that comes as a command.

    In a channel it begins one of its own, which a reply to its answer goes on with; so does one that is private, because
    nobody else is to read of it.
    """
    shared = None if private else conversation_of_channel(interaction.channel, interaction.channel_id or 0)
    return shared or ConversationKey.below(interaction_key(interaction.id))
