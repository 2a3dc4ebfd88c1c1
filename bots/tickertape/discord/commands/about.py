"""“Ask about this” in a message's menu: a form for the question, which is asked with the message's text and files."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import discord

from tickertape.discord import words
from tickertape.languages import Language
from tickertape.languages.words import QUESTION_LABEL

_QUESTION = 1000
"""Characters of the question: with a message of 4,000, the longest, it stays below a prompt's limit."""

Interaction = discord.Interaction[Any]
Ask = Callable[[Interaction, str], Awaitable[None]]


class AboutForm(discord.ui.Modal):
    """Asks for the question, in `language`, and hands it to `ask`."""

    def __init__(self, ask: Ask, language: Language) -> None:
        super().__init__(title=language.say(words.ABOUT))
        self._ask = ask
        self._question: discord.ui.TextInput[AboutForm] = discord.ui.TextInput(
            style=discord.TextStyle.paragraph,
            default=language.say(words.ABOUT_QUESTION),
            max_length=_QUESTION,
        )
        self.add_item(discord.ui.Label(text=language.say(QUESTION_LABEL), component=self._question))

    async def on_submit(self, interaction: Interaction) -> None:
        """Ask."""
        await self._ask(interaction, self._question.value)


def prompt_about(message: discord.Message, question: str) -> str:
    """Return the question with the text of the message that it is about."""
    said = message.content.strip()
    if not said:
        return question
    quoted = "\n".join(f"> {line}" for line in said.splitlines())
    return f"{message.author.display_name} wrote:\n{quoted}\n\n{question}"
