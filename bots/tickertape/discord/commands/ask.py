"""What the commands /ask and /stop do, and “Ask about this” in a message's menu."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import discord

from tickertape.answer.preparation import PromptRefused
from tickertape.discord import words
from tickertape.discord.commands.about import AboutForm, prompt_about
from tickertape.discord.commands.responses import PATIENCE, language_of, reply
from tickertape.discord.gateway.attachments import attachments_from
from tickertape.discord.gateway.conversations import conversation_of_interaction
from tickertape.discord.gateway.senders import InteractionSender
from tickertape.discord.http.notices import Notices
from tickertape.discord.keys import interaction_key, place_of
from tickertape.discord.showing.spots import Spots
from tickertape.inbound.facts import Question
from tickertape.inbound.inbox import Inbox
from tickertape.inbound.spot import Spot

Interaction = discord.Interaction[Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks by a command: the text, and what the options say."""

    text: str
    files: Sequence[discord.Attachment] = ()
    model: str = ""
    thread: bool = False
    private: bool = False


class AskCommands:
    """Asks and stops by interactions."""

    def __init__(self, inbox: Inbox, spots: Spots, notices: Notices) -> None:
        self._inbox = inbox
        self._spots = spots
        self._notices = notices

    async def ask(self, interaction: Interaction, asked: Asked) -> None:
        """Have a question answered, or refuse it in private."""
        try:
            await self._inbox.ask(self._question(interaction, asked))
        except PromptRefused as refusal:
            await reply(interaction, refusal.sentence)

    async def ask_about(self, interaction: Interaction, message: discord.Message) -> None:
        """Open a form for a question about `message`."""

        async def ask(submitted: Interaction, text: str) -> None:
            await self.ask(submitted, Asked(prompt_about(message, text), message.attachments))

        await interaction.response.send_modal(AboutForm(ask, language_of(interaction)))

    async def stop(self, interaction: Interaction) -> None:
        """Stop answers in this channel."""
        place, sender = place_of(interaction.channel_id or 0), InteractionSender(interaction, self._notices)
        await reply(interaction, await self._inbox.stopping.commanded(place, sender))

    def _question(self, interaction: Interaction, asked: Asked) -> Question:
        """Return the question; raise `PromptRefused` for options that exclude each other."""
        return Question(
            key=interaction_key(interaction.id),
            text=asked.text,
            place=place_of(interaction.channel_id or 0),
            conversation=conversation_of_interaction(interaction, private=asked.private),
            sender=InteractionSender(interaction, self._notices),
            spot=self._spot(interaction, asked),
            attachments=attachments_from(asked.files),
            model=asked.model,
            patience=PATIENCE,
        )

    def _spot(self, interaction: Interaction, asked: Asked) -> Spot:
        if not asked.thread:
            return self._spots.in_response(interaction, private=asked.private)
        if asked.private:
            raise PromptRefused(words.THREAD_OR_PRIVATE)
        return self._spots.in_thread(interaction)
