"""Turns mentions and direct messages into prompts, and has them answered in their channel."""

from __future__ import annotations

import re

import discord

from bots.discord import permissions, words
from bots.discord.channel_surface import ChannelSurface
from bots.discord.keys import message_key, place_of
from bots.discord.notices import Notices
from bots.discord.rest import Rest
from bots.discord.stop_button import StopButtons
from bots.discord.tasks import Tasks
from bots.discord.typing_indicator import show_typing
from core.answering import Answering
from core.preparation import PromptRefused
from core.prompt import Prompt

_SAID = frozenset({discord.MessageType.default, discord.MessageType.reply})
"""Types of message that a person wrote; all others are notices of Discord's own."""


class Prompts:
    """Answers messages that are meant for the bot."""

    def __init__(self, answering: Answering, rest: Rest, notices: Notices, tasks: Tasks) -> None:
        self._answering = answering
        self._rest = rest
        self._notices = notices
        self._tasks = tasks

    def take(self, message: discord.Message, me: discord.ClientUser) -> None:
        """Begin to answer `message` if it is meant for the bot, who is `me`."""
        if is_for(message, me):
            self._tasks.start(self._answer(message, question_of(message, me)), f"prompt {message.id}")

    async def _answer(self, message: discord.Message, question: str) -> None:
        channel = message.channel
        if (lacking := permissions.missing_to_answer(channel)) is not None:
            await self._notices.tell_cannot_write(message.author, channel, lacking)
            return
        try:
            self._ask(message, question)
        except PromptRefused as refusal:
            was_hidden = not message.content and message.role_mentions
            await self._notices.tell(message, words.ROLE_MENTIONED if was_hidden else refusal.sentence)

    def _ask(self, message: discord.Message, question: str) -> None:
        surface = self._surface(message)
        answer = self._answering.ask(_prompt(message, question), surface)
        if answer is None:
            return
        surface.bind(answer.id)
        self._tasks.watch(show_typing(answer, message.channel, self._tasks), f"typing {answer.id}")
        watch = self._notices.tell_when_refused(answer, message.author, message.channel)
        self._tasks.watch(watch, f"refusal {answer.id}")

    def _surface(self, message: discord.Message) -> ChannelSurface:
        return ChannelSurface(
            self._rest,
            message.channel.id,
            StopButtons(),
            reply_to=message.id if permissions.may_reply(message.channel) else None,
            send_permission=permissions.send_permission(message.channel),
            files=permissions.may_attach(message.channel),
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


def _prompt(message: discord.Message, question: str) -> Prompt:
    channel_id = message.channel.id
    return Prompt(message_key(channel_id, message.id), question, str(message.author.id), place_of(channel_id))
