"""Turns mentions and direct messages into prompts, and has them answered in their channel."""

from __future__ import annotations

import re
from dataclasses import replace

import discord

from tickertape.answer.answering import Answering
from tickertape.answer.preparation import PromptRefused
from tickertape.discord import words
from tickertape.discord.gateway import permissions
from tickertape.discord.gateway.attachments import attachments_from
from tickertape.discord.gateway.conversations import conversation_of_channel
from tickertape.discord.gateway.follow_ups import FollowUps
from tickertape.discord.gateway.history import ReplyChains
from tickertape.discord.gateway.origins import locale_of, origin_of_message
from tickertape.discord.http.notices import Notices
from tickertape.discord.keys import message_key, person_key, place_of
from tickertape.discord.restart.places import ChannelPlace
from tickertape.discord.showing.asking import Asking
from tickertape.discord.tasks import Tasks
from tickertape.prompts.prompt import Prompt

_SAID = frozenset({discord.MessageType.default, discord.MessageType.reply})
"""Types of message that a person wrote; all others are notices of Discord's own."""


class Prompts:
    """Answers messages that are meant for the bot.

    With `chains` each is part of a conversation, with `follow_ups` those that go on with one need no mention.
    """

    def __init__(
        self,
        answering: Answering,
        asking: Asking,
        notices: Notices,
        tasks: Tasks,
        *,
        chains: ReplyChains | None = None,
        follow_ups: FollowUps | None = None,
    ) -> None:
        self._answering = answering
        self._asking = asking
        self._notices = notices
        self._tasks = tasks
        self._chains = chains
        self._follow_ups = follow_ups

    def take(self, message: discord.Message, me: discord.ClientUser) -> None:
        """Begin to answer `message` if it is meant for the bot, who is `me`."""
        if is_said(message) and (is_for(message, me) or self._may_follow(message, me)):
            self._tasks.start(self._take(message, me), f"prompt {message.id}")

    def _may_follow(self, message: discord.Message, me: discord.ClientUser) -> bool:
        return self._follow_ups is not None and self._follow_ups.may_be(message, me)

    async def _take(self, message: discord.Message, me: discord.ClientUser) -> None:
        """Have `message` answered, as it is when its turn comes: people correct what they have just written."""
        with self._answering.expecting(message_key(message.channel.id, message.id)):
            if is_for(message, me) or await self._follows(message, me):
                await self._answer(message, question_of(message, me))

    async def _follows(self, message: discord.Message, me: discord.ClientUser) -> bool:
        asker = origin_of_message(message).asker
        return self._follow_ups is not None and await self._follow_ups.are_welcome(message, me, asker)

    async def _answer(self, message: discord.Message, question: str) -> None:
        channel = message.channel
        if (lacking := permissions.missing_to_answer(channel)) is not None:
            await self._notices.tell_cannot_write(message.author, channel, lacking, locale_of(channel))
            return
        prompt = self._prompt(message, question)
        try:
            await self._answering.admit(prompt)
            prompt = await self._in_conversation(prompt, message)
            self._asking.in_channel(prompt, ChannelPlace(channel.id, message.id), channel, message.author)
        except PromptRefused as refusal:
            was_hidden = not message.content and message.role_mentions
            await self._notices.tell(message, words.ROLE_MENTIONED if was_hidden else refusal.sentence)

    def _prompt(self, message: discord.Message, question: str) -> Prompt:
        channel_id = message.channel.id
        return Prompt(
            key=message_key(channel_id, message.id),
            text=question,
            asker=person_key(message.author.id),
            place=place_of(channel_id),
            conversation=conversation_of_channel(message.channel, channel_id)
            if self._chains is not None
            else None,
            origin=origin_of_message(message),
            attachments=attachments_from(message.attachments) if self._chains is not None else (),
        )

    async def _in_conversation(self, prompt: Prompt, message: discord.Message) -> Prompt:
        """Return the prompt as part of its conversation: in a channel, that of the chain of replies."""
        if self._chains is None or prompt.conversation or prompt.origin is None:
            return prompt
        return replace(prompt, conversation=await self._chains.conversation(message, prompt.origin.asker))


def is_said(message: discord.Message) -> bool:
    """Whether a person wrote `message`."""
    return not message.author.bot and message.webhook_id is None and message.type in _SAID


def is_for(message: discord.Message, me: discord.ClientUser) -> bool:
    """Whether `message` is written to the bot: directly, or with a mention of it or of its own role."""
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
