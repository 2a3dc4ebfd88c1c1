"""What the commands /ask and /stop do, and the Stop button."""

from __future__ import annotations

from typing import Any

import discord

from bots.discord.asking import Asking
from bots.discord.conversations import conversation_of_interaction
from bots.discord.keys import interaction_key, place_of
from bots.discord.origins import files_of, origin_of_interaction
from bots.discord.responses import defer, reply
from bots.discord.stops import Stops
from core.answering import Answering
from core.preparation import PromptRefused
from core.prompt import Prompt

Interaction = discord.Interaction[Any]


class Commands:
    """Answers and stops by interactions; with `remembers`, each question is part of a conversation."""

    def __init__(self, answering: Answering, asking: Asking, stops: Stops, *, remembers: bool) -> None:
        self._answering = answering
        self._asking = asking
        self._stops = stops
        self._remembers = remembers

    async def ask(self, interaction: Interaction, text: str, file: discord.Attachment | None = None) -> None:
        """Answer a question: refuse it in private, or defer the response within 3 s and stream into it."""
        prompt = self._prompt(interaction, text, [file] if file is not None and self._remembers else [])
        try:
            await self._answering.admit(prompt)
            await self._asking.in_response(interaction, prompt)
        except PromptRefused as refusal:
            await reply(interaction, refusal.sentence)

    async def stop(self, interaction: Interaction) -> None:
        """Stop answers in this channel."""
        await reply(interaction, self._stops.commanded(interaction))

    async def press(self, interaction: Interaction, answer_id: str) -> None:
        """Take in a press of an answer's Stop button. If it worked, the answer itself shows it."""
        moderates = interaction.permissions.manage_messages
        sentence = self._stops.pressed(answer_id, interaction.user, moderates=moderates)
        if sentence is not None:
            await reply(interaction, sentence)
        else:
            await defer(interaction)

    def _prompt(self, interaction: Interaction, text: str, files: list[discord.Attachment]) -> Prompt:
        return Prompt(
            interaction_key(interaction.id),
            text,
            str(interaction.user.id),
            place_of(interaction.channel_id or 0),
            conversation_of_interaction(interaction) if self._remembers else "",
            origin_of_interaction(interaction),
            files_of(files),
        )
