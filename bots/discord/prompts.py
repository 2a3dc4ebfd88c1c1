"""Turns mentions and direct messages into prompts, and has them answered in their channel."""

from __future__ import annotations

import re

import discord

from bots.discord import permissions, words
from bots.discord.asking import Asking
from bots.discord.conversations import conversation_begun_by
from bots.discord.keys import message_key, place_of
from bots.discord.notices import Notices
from bots.discord.origins import origin_of_message
from bots.discord.places import ChannelPlace
from bots.discord.tasks import Tasks
from core.answering import Answering
from core.preparation import PromptRefused
from core.prompt import Prompt

_SAID = frozenset({discord.MessageType.default, discord.MessageType.reply})
"""Types of message that a person wrote; all others are notices of Discord's own."""


class Prompts:
    """Answers messages that are meant for the bot; with `remembers`, each is part of a conversation."""

    def __init__(
        self, answering: Answering, asking: Asking, notices: Notices, tasks: Tasks, *, remembers: bool
    ) -> None:
        self._answering = answering
        self._asking = asking
        self._notices = notices
        self._tasks = tasks
        self._remembers = remembers

    def take(self, message: discord.Message, me: discord.ClientUser) -> None:
        """Begin to answer `message` if it is meant for the bot, who is `me`."""
        if is_for(message, me):
            self._tasks.start(self._answer(message, question_of(message, me)), f"prompt {message.id}")

    async def _answer(self, message: discord.Message, question: str) -> None:
        channel = message.channel
        if (lacking := permissions.missing_to_answer(channel)) is not None:
            await self._notices.tell_cannot_write(message.author, channel, lacking)
            return
        prompt = self._prompt(message, question)
        try:
            await self._answering.admit(prompt)
            self._asking.in_channel(prompt, ChannelPlace(channel.id, message.id), channel, message.author)
        except PromptRefused as refusal:
            was_hidden = not message.content and message.role_mentions
            await self._notices.tell(message, words.ROLE_MENTIONED if was_hidden else refusal.sentence)

    def _prompt(self, message: discord.Message, question: str) -> Prompt:
        channel_id = message.channel.id
        return Prompt(
            message_key(channel_id, message.id),
            question,
            str(message.author.id),
            place_of(channel_id),
            conversation_begun_by(message) if self._remembers else "",
            origin_of_message(message),
        )


def is_for(message: discord.Message, me: discord.ClientUser) -> bool:
    """Whether a person wrote `message` to the bot: directly, or with a mention of it or of its own role."""
    if message.author.bot or message.webhook_id is not None or message.type not in _SAID:
        return False
    if message.guild is None:
        return True
    return me in message.mentions or message.guild.self_role in message.role_mentions


def question_of(message: discord.Message, me: discord.ClientUser) -> str:
    """Return the message's text without the mention of the bot; other people's mentions become their names."""
    text = re.sub(rf"<@!?{me.id}>", "", message.content)
    if message.guild is not None and (role := message.guild.self_role) is not None:
        text = text.replace(role.mention, "")
    for person in message.mentions:
        text = re.sub(rf"<@!?{person.id}>", lambda _, name=person.display_name: f"@{name}", text)  # type: ignore[misc]  # mypy infers no type for the default
    return text.strip()
