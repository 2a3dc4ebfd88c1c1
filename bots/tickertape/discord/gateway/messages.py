"""Messages of Discord as facts: what somebody says, for whom it is, and what it goes on with."""

from __future__ import annotations

import re

import discord

from tickertape.discord import words
from tickertape.discord.gateway import permissions
from tickertape.discord.gateway.attachments import attachments_from
from tickertape.discord.gateway.conversations import conversation_of_channel
from tickertape.discord.gateway.senders import MessageSender
from tickertape.discord.http.notices import Notices
from tickertape.discord.keys import message_key, place_of
from tickertape.discord.restart.places import ChannelPlace
from tickertape.discord.showing.spots import Spots
from tickertape.inbound.facts import Addressed, Follows, Question, Said
from tickertape.languages import Sentence
from tickertape.languages.words import PROMPT_EMPTY
from tickertape.prompts.keys import MessageKey

_SAID = frozenset({discord.MessageType.default, discord.MessageType.reply})
"""Types of message that a person wrote; all others are notices of Discord's own."""

_UNKNOWN = 0
"""Stands for the author of a message that Discord does not show with a reply to it."""


class Messages:
    """Reads messages."""

    def __init__(self, spots: Spots, notices: Notices) -> None:
        self._spots = spots
        self._notices = notices

    def said(self, message: discord.Message, me: discord.ClientUser) -> Said | None:
        """Return what a person said to whom, who may be the bot `me`; None for notices, and for other apps."""
        if message.author.bot or message.webhook_id is not None or message.type not in _SAID:
            return None
        return Said(
            question=self._question(message, me),
            addressed=_addressed(message, me),
            follows=_follows(message, me),
            lacking=_lacking(message.channel),
        )

    def _question(self, message: discord.Message, me: discord.ClientUser) -> Question:
        channel = message.channel
        was_hidden = not message.content and message.role_mentions
        return Question(
            key=message_key(channel.id, message.id),
            text=text_of(message, me),
            place=place_of(channel.id),
            conversation=conversation_of_channel(channel, channel.id),
            sender=MessageSender(message, self._notices),
            spot=self._spots.in_channel(ChannelPlace(channel.id, message.id), channel),
            attachments=attachments_from(message.attachments),
            replies_to=_replies_to(message),
            if_empty=words.ROLE_MENTIONED if was_hidden else PROMPT_EMPTY,
        )


def text_of(message: discord.Message, me: discord.ClientUser) -> str:
    """Return the message's text without the mention of the bot; other people's mentions become their names."""
    text = re.sub(rf"<@!?{me.id}>", "", message.content)
    if message.guild is not None and (role := message.guild.self_role) is not None:
        text = text.replace(role.mention, "")
    for person in message.mentions:
        text = re.sub(rf"<@!?{person.id}>", lambda _, name=person.display_name: f"@{name}", text)  # type: ignore[misc]  # mypy infers no type for the default
    return text.strip()


def _addressed(message: discord.Message, me: discord.ClientUser) -> Addressed:
    """Return for whom a message is. A reply to a command's answer mentions nobody (discord-api-docs#5395)."""
    server = message.guild
    if server is None or me in message.mentions or server.self_role in message.role_mentions:
        return Addressed.US
    replied_to = _author_replied_to(message)
    if replied_to is not None:
        return Addressed.NOBODY if replied_to == me.id else Addressed.OTHERS
    names_others = message.mentions or message.role_mentions or message.mention_everyone
    return Addressed.OTHERS if names_others else Addressed.NOBODY


def _follows(message: discord.Message, me: discord.ClientUser) -> Follows:
    channel = message.channel
    in_ours = isinstance(channel, discord.Thread) and channel.owner_id == me.id
    if in_ours or _author_replied_to(message) == me.id:
        return Follows.OURS
    return Follows.THREAD if isinstance(channel, discord.Thread) else Follows.NOTHING


def _lacking(channel: object) -> Sentence | None:
    """Return the sentence that the bot may not write in `channel`, None if it may."""
    permission = permissions.missing_to_answer(channel)
    return None if permission is None else words.cannot_write(getattr(channel, "mention", None), permission)


def _replies_to(message: discord.Message) -> MessageKey | None:
    reference = message.reference
    if message.type is not discord.MessageType.reply or reference is None or reference.message_id is None:
        return None
    return message_key(message.channel.id, reference.message_id)


def _author_replied_to(message: discord.Message) -> int | None:
    """Return the id of the author that a message replies to: None if it is no reply."""
    reference = message.reference
    if message.type is not discord.MessageType.reply or reference is None:
        return None
    return reference.resolved.author.id if isinstance(reference.resolved, discord.Message) else _UNKNOWN
