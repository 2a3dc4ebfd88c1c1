"""The way back to whoever wrote a message, used a command or reacted; implements `tickertape.inbound.facts.Sender`."""

from __future__ import annotations

from typing import Any

import discord

from tickertape.discord.gateway.callers import caller_of_interaction, caller_of_message, caller_of_reaction
from tickertape.discord.http.notices import Notices
from tickertape.discord.keys import person_key
from tickertape.inbound.facts import Caller
from tickertape.languages import Sentence
from tickertape.prompts.asker import Asker
from tickertape.prompts.keys import PersonKey
from tickertape.prompts.prompt import Origin, Prompt

Interaction = discord.Interaction[Any]


class MessageSender:
    """Who wrote a message. They are told in a direct message or, if they take none, in a reply."""

    def __init__(self, message: discord.Message, notices: Notices) -> None:
        self._message = message
        self._notices = notices

    @property
    def key(self) -> PersonKey:
        """Who it is."""
        return person_key(self._message.author.id)

    async def caller(self) -> Caller:
        """Return what the message tells of them."""
        return caller_of_message(self._message)

    async def tell(self, sentence: Sentence) -> None:
        """Tell them as privately as Discord allows."""
        await self._notices.tell_author(self._message, sentence)


class InteractionSender:
    """Who used a command or a button. They are told in a response that only they see, or later in a direct message."""

    def __init__(self, interaction: Interaction, notices: Notices) -> None:
        self._interaction = interaction
        self._notices = notices

    @property
    def key(self) -> PersonKey:
        """Who it is."""
        return person_key(self._interaction.user.id)

    async def caller(self) -> Caller:
        """Return what the interaction tells of them."""
        return caller_of_interaction(self._interaction)

    async def tell(self, sentence: Sentence) -> None:
        """Tell them in private. By now the response is an answer's, so it is a direct message."""
        user, locale = self._interaction.user, self._interaction.locale.value
        await self._notices.tell_person(user, sentence, locale)


class ReactionSender:
    """Who put a reaction on a message in `channel`. A reaction has no private reply, so they are told in a direct message."""

    def __init__(self, event: discord.RawReactionActionEvent, channel: object, notices: Notices) -> None:
        self._event = event
        self._channel = channel
        self._notices = notices

    @property
    def key(self) -> PersonKey:
        """Who it is."""
        return person_key(self._event.user_id)

    async def caller(self) -> Caller:
        """Return what the reaction tells of them."""
        return caller_of_reaction(self._event, self._channel)

    async def tell(self, sentence: Sentence) -> None:
        """Tell them in a direct message."""
        caller = await self.caller()
        await self._notices.tell_known(self._event.user_id, sentence, caller.origin.locale)


class AskerSender:
    """Who asked what an earlier process began to answer. They are told in a direct message."""

    def __init__(self, prompt: Prompt, notices: Notices) -> None:
        self._prompt = prompt
        self._notices = notices

    @property
    def key(self) -> PersonKey:
        """Who it is."""
        return self._prompt.asker

    async def caller(self) -> Caller:
        """Return what was written down of them."""
        origin = self._prompt.origin or Origin(Asker(self.key, frozenset(), roles=None))
        return Caller(origin)

    async def tell(self, sentence: Sentence) -> None:
        """Tell them."""
        await self._notices.tell_known(int(self.key.id), sentence, self._prompt.locale)
