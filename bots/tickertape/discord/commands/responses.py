"""The first response to an interaction, which Discord wants within 3 s: a sentence in private, or a deferral.

No database keeps it waiting. What is only read, to find out whether something may be done, is given up after
`PATIENCE`; what people want to have written is waited for behind a deferral (`respond`), so that they hear what really
came of it.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Any, Protocol

import discord
import structlog

from tickertape.answer.preparation import PromptRefused
from tickertape.discord.http.errors import CALL_ERRORS, CONNECTION_ERRORS
from tickertape.discord.http.outcomes import UNKNOWN_INTERACTION
from tickertape.discord.showing.dialect import MAX_CONTENT
from tickertape.languages import Language, Languages, Lines, Sentence
from tickertape.screen.body import File

_log = structlog.get_logger(__name__)

_DEFERRALS = 2
"""Times that a deferral is tried if its connection breaks."""

_AT_ONCE = 1.0
"""Seconds that a response waits for its sentence before it is deferred."""

PATIENCE = 2.0
"""Seconds that reading may take before the first response: Discord waits 3 s for that (API documentation,
interactions)."""

Interaction = discord.Interaction[Any]


@dataclass(frozen=True, slots=True)
class Deferral:
    """A deferred response, as far as is known; `message_id` is None where its reply was lost."""

    message_id: int | None


@dataclass(frozen=True, slots=True)
class Reply:
    """What a person is told in private: a sentence or several, and perhaps a file."""

    said: Sentence | Lines
    file: File | None = None

    @property
    def files(self) -> list[discord.File]:
        """The file as discord.py takes it."""
        return [] if self.file is None else [discord.File(io.BytesIO(self.file.data), self.file.name)]


class Speaks(Protocol):
    """What a response needs of the client: the languages that it is said in."""

    @property
    def languages(self) -> Languages:
        """The languages that there are, and the one for people of whom none is known."""


def language_of(interaction: Interaction) -> Language:
    """Return the language of whoever used a command or a button."""
    client: Speaks = interaction.client
    return client.languages.of(interaction.locale.value)


async def respond(interaction: Interaction, saying: Awaitable[Reply | Sentence | Lines]) -> None:
    """Tell the person in private what `saying` comes to, a refusal included; it is never cancelled.

    If that takes a while, the response is deferred meanwhile.
    """
    task = asyncio.ensure_future(_said(saying))
    await asyncio.wait({task}, timeout=_AT_ONCE)
    if task.done():
        await _reply(interaction, task.result())
    else:
        await defer(interaction, thinking=True, private=True)
        await _respond_late(interaction, await task)


async def _said(saying: Awaitable[Reply | Sentence | Lines]) -> Reply:
    said: Reply | Sentence | Lines
    try:
        said = await saying
    except PromptRefused as refusal:
        said = refusal.sentence
    return said if isinstance(said, Reply) else Reply(said)


async def reply(interaction: Interaction, said: Sentence | Lines) -> None:
    """Respond with what only the person sees, in their language."""
    await _reply(interaction, Reply(said))


async def _reply(interaction: Interaction, said: Reply) -> None:
    text, files = _text(interaction, said), said.files
    try:
        await interaction.response.send_message(text, ephemeral=True, files=files, suppress_embeds=not files)
    except CALL_ERRORS as error:
        _log.warning("reply_failed", interaction=interaction.id, error=str(error))


async def respond_late(interaction: Interaction, sentence: Sentence) -> None:
    """Replace the response that the interaction has already."""
    await _respond_late(interaction, Reply(sentence))


async def _respond_late(interaction: Interaction, said: Reply) -> None:
    try:
        await interaction.edit_original_response(content=_text(interaction, said), attachments=said.files)
    except CALL_ERRORS as error:
        _log.warning("reply_failed", interaction=interaction.id, error=str(error))


def _text(interaction: Interaction, said: Reply) -> str:
    return language_of(interaction).say(said.said)[:MAX_CONTENT]


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
