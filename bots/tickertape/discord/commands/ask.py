"""What the commands /ask and /stop do, “Ask about this” in a message's menu, and the Stop button."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import discord

from tickertape.answer.answering import Answering
from tickertape.answer.preparation import PromptRefused
from tickertape.discord import words
from tickertape.discord.commands.about import AboutForm, prompt_about
from tickertape.discord.commands.responses import defer, in_time, language_of, reply
from tickertape.discord.gateway.attachments import attachments_from
from tickertape.discord.gateway.conversations import conversation_of_interaction
from tickertape.discord.gateway.origins import origin_of_interaction
from tickertape.discord.gateway.stops import Stops
from tickertape.discord.keys import interaction_key, person_key, place_of
from tickertape.discord.showing.asking import Asking
from tickertape.memory.catalogue import UnknownName
from tickertape.memory.models import Models
from tickertape.prompts.prompt import Prompt

Interaction = discord.Interaction[Any]


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody asks by a command: the text, and what the options say."""

    text: str
    files: Sequence[discord.Attachment] = ()
    model: str = ""
    thread: bool = False
    private: bool = False


class Commands:
    """Answers and stops by interactions.

    With `models`, of which each question can name one, there is a memory, and each question is part of a conversation.
    """

    def __init__(self, answering: Answering, asking: Asking, stops: Stops, models: Models | None) -> None:
        self._answering = answering
        self._asking = asking
        self._stops = stops
        self._models = models

    async def ask(self, interaction: Interaction, question: Question) -> None:
        """Answer a question: refuse it in private, or defer the response within 3 s and stream into it."""
        try:
            prompt = self._prompt(interaction, question)
            await in_time(self._answering.admit(prompt))
            if question.thread:
                await self._asking.in_thread(interaction, prompt)
            else:
                await self._asking.in_response(interaction, prompt, private=question.private)
        except PromptRefused as refusal:
            await reply(interaction, refusal.sentence)

    async def ask_about(self, interaction: Interaction, message: discord.Message) -> None:
        """Open a form for a question about `message`."""

        async def ask(submitted: Interaction, text: str) -> None:
            await self.ask(submitted, Question(prompt_about(message, text), message.attachments))

        await interaction.response.send_modal(AboutForm(ask, language_of(interaction)))

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

    def _prompt(self, interaction: Interaction, question: Question) -> Prompt:
        """Return the prompt; raise `PromptRefused` for options that cannot be fulfilled."""
        if question.thread and question.private:
            raise PromptRefused(words.THREAD_OR_PRIVATE)
        conversation = conversation_of_interaction(interaction, private=question.private)
        return Prompt(
            key=interaction_key(interaction.id),
            text=question.text,
            asker=person_key(interaction.user.id),
            place=place_of(interaction.channel_id or 0),
            conversation=conversation if self._models is not None else None,
            origin=origin_of_interaction(interaction),
            attachments=attachments_from(question.files),
            model=self._model(question.model),
        )

    def _model(self, name: str) -> str:
        """Return the model of this name as the owner writes it, empty if none is named."""
        if not name or self._models is None:
            return ""
        try:
            return self._models.pick(name)[0].name
        except UnknownName as unknown:
            raise PromptRefused(unknown.sentence) from unknown
