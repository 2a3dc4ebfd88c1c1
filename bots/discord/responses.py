"""The first response to an interaction, which Discord wants within 3 s: a sentence in private, or a deferral."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import discord
import structlog

from bots.discord.dialect import MAX_CONTENT
from bots.discord.errors import CALL_ERRORS, CONNECTION_ERRORS
from bots.discord.outcomes import UNKNOWN_INTERACTION
from core.languages import Language, Lines, Sentence

if TYPE_CHECKING:
    from bots.discord.client import TickertapeClient

_log = structlog.get_logger(__name__)

_DEFERRALS = 2
"""Times that a deferral is tried if its connection breaks."""

Interaction = discord.Interaction[Any]


@dataclass(frozen=True, slots=True)
class Deferral:
    """A deferred response, as far as is known; `message_id` is None where its reply was lost."""

    message_id: int | None


def language_of(interaction: Interaction) -> Language:
    """Return the language of whoever used a command or a button."""
    client: TickertapeClient = interaction.client
    return client.languages.of(interaction.locale.value)


async def reply(interaction: Interaction, said: Sentence | Lines, file: discord.File | None = None) -> None:
    """Respond with what only the person sees, in their language, and a file if one is given."""
    text = language_of(interaction).say(said)[:MAX_CONTENT]
    files = [] if file is None else [file]
    try:
        await interaction.response.send_message(text, ephemeral=True, files=files, suppress_embeds=not files)
    except CALL_ERRORS as error:
        _log.warning("reply_failed", interaction=interaction.id, error=str(error))


async def respond_late(interaction: Interaction, sentence: Sentence) -> None:
    """Replace the response that the interaction has already."""
    try:
        await interaction.edit_original_response(content=language_of(interaction).say(sentence))
    except CALL_ERRORS as error:
        _log.warning("reply_failed", interaction=interaction.id, error=str(error))


async def defer(
    interaction: Interaction, *, thinking: bool = False, private: bool = False
) -> Deferral | None:
    """Acknowledge the interaction; None if Discord does not know it any more (after 3 s).

    A command's response, and that to a button if `thinking`, is a new message that says that the bot is thinking.

    A broken connection is tried again once. Whatever else fails may have taken effect all the same, or fail because
    it has (40060, after a repetition); if not, that shows when the response is to be filled.
    """
    for _ in range(_DEFERRALS):
        try:
            callback = await interaction.response.defer(thinking=thinking, ephemeral=private)
            return Deferral(callback.message_id if callback is not None else None)
        except discord.HTTPException as error:
            _log.warning("defer_failed", interaction=interaction.id, error=str(error))
            return None if error.code == UNKNOWN_INTERACTION else Deferral(None)
        except CONNECTION_ERRORS as error:
            _log.warning("defer_broke", interaction=interaction.id, error=str(error))
    return Deferral(None)
