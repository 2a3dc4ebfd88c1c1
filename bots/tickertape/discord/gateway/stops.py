"""Stops answers: by a reaction, by the Stop button, by a command, and by deletion of their messages."""

from __future__ import annotations

import asyncio
from typing import Any

import discord

from tickertape.answer.answer import Answer
from tickertape.answer.answering import Answering
from tickertape.discord import words as discord_words
from tickertape.discord.gateway import permissions
from tickertape.discord.http.notices import Person
from tickertape.discord.keys import message_key, person_key, place_of
from tickertape.discord.tasks import Tasks
from tickertape.languages import Sentence, words

_VARIATION_SELECTOR = "\ufe0f"
"""Says that an emoji is to be drawn in colour. Clients send some emojis with it, some without."""

_MOST_EARLY = 100
"""Reactions on unknown messages that are kept at a time."""

_LOOKS = 20
_PAUSE = 0.25
"""Such a reaction is kept for 5 s, and looked at four times a second."""


class Stops:
    """Finds out what is to be stopped, and whether this person may: the asker, or who can manage messages there."""

    def __init__(self, answering: Answering, emojis: tuple[str, ...], tasks: Tasks) -> None:
        self._answering = answering
        self._tasks = tasks
        self._early = 0
        """Reactions that wait for their message to become known."""
        self._emojis = frozenset(_plain(emoji) for emoji in emojis)

    def reacted(self, event: discord.RawReactionActionEvent, channel: object) -> None:
        """Take in a reaction; `channel` is where, as far as it is cached. Nothing is fetched for it."""
        if _plain(str(event.emoji)) not in self._emojis:
            return
        registry = self._answering.registry
        answer = registry.find(message_key(event.channel_id, event.message_id))
        if answer is not None:
            self._react(answer, event, channel)
        elif self._early < _MOST_EARLY and registry.running(place=place_of(event.channel_id)):
            self._tasks.watch(self._react_early(event, channel), f"reaction on {event.message_id}")

    async def _react_early(self, event: discord.RawReactionActionEvent, channel: object) -> None:
        """Look for a while whether the message is an answer's: people can be faster than the reply to its create."""
        self._early += 1
        try:
            for _ in range(_LOOKS):
                await asyncio.sleep(_PAUSE)
                answer = self._answering.registry.find(message_key(event.channel_id, event.message_id))
                if answer is not None:
                    self._react(answer, event, channel)
                    return
        finally:
            self._early -= 1

    def _react(self, answer: Answer, event: discord.RawReactionActionEvent, channel: object) -> None:
        if answer.prompt.asker == person_key(event.user_id):
            self._answering.stop(answer)
        elif event.member is not None and permissions.moderates(channel, event.member):
            self._answering.stop(answer, by=event.member.display_name)

    def pressed(self, answer_id: str, person: Person, *, moderates: bool) -> Sentence | None:
        """Take in a press of a Stop button; return what to tell the person in private, None if nothing."""
        answer = self._answering.registry.by_id(answer_id)
        if answer is None or answer.over:
            return words.NOT_RUNNING
        if not (moderates or _asked(answer, person)):
            return words.NOT_YOURS
        self._stop(answer, person)
        return None

    def commanded(self, interaction: discord.Interaction[Any]) -> Sentence:
        """Stop the person's answers in this channel, all of them for a moderator; return what to tell them."""
        person = interaction.user
        asker = None if interaction.permissions.manage_messages else person_key(person.id)
        answers = self._answering.registry.running(place=place_of(interaction.channel_id or 0), asker=asker)
        count = sum(self._stop(answer, person) for answer in answers)
        return discord_words.stopped(count) if count else words.NOTHING_RUNNING

    def deleted(self, channel_id: int, message_id: int) -> None:
        """Take note that a message was deleted: of an answer, which then ends as it is, or one that asked."""
        key = message_key(channel_id, message_id)
        self._answering.message_deleted(key)
        self._answering.question_deleted(key)

    def _stop(self, answer: Answer, person: Person) -> bool:
        return self._answering.stop(answer, by=None if _asked(answer, person) else person.display_name)


def _asked(answer: Answer, person: Person) -> bool:
    return answer.prompt.asker == person_key(person.id)


def _plain(emoji: str) -> str:
    return emoji.replace(_VARIATION_SELECTOR, "")
