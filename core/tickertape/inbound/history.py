"""Whose words count of what was said before, and under whose name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from tickertape.durable.store.records import NewTurn
from tickertape.inbound.past_message import PastMessage
from tickertape.memory.tokens import tokens_of
from tickertape.prompts.asker import Asker
from tickertape.prompts.keys import ConversationKey
from tickertape.prompts.prompt import Prompt
from tickertape.prompts.turns import Role
from tickertape.rules.rulebook import Rulebook


class MessageHistory(Protocol):
    """A platform's own history of its places."""

    async def before(self, prompt: Prompt, most: int) -> Sequence[PastMessage] | None:
        """Return messages of the prompt's conversation from before it, oldest first: those are enough that give `most`.

        None if they cannot be read now: the next prompt tries again. Takes five seconds at most, and never raises.
        """
        ...


class Witness:
    """Says whose words a model is told: the bot's own, the asker's, and those of people who may ask there.

    What denied people said is left out. So is what other apps said, unless somebody points at it: by a reply, or by asking
    in the thread that began with it. An app has to be in no allow list for that, but a deny list keeps it out.
    """

    def __init__(self, rules: Rulebook) -> None:
        self._rules = rules

    def counts(self, message: PastMessage, asker: Asker, *, pointed_at: bool = False) -> bool:
        """Whether a message is to be remembered in a conversation with `asker`, who may have pointed at it."""
        if not message.text:
            return False
        if message.is_app and not (pointed_at or message.is_root):
            return False
        if message.author is None or message.author == asker.user:
            return True
        author = replace(asker, user=message.author, roles=message.roles)
        return not self._rules.denies(author) if message.is_app else self._rules.allows(author)


class History:
    """Implements `tickertape.memory.memory.History` on what a platform tells."""

    def __init__(self, messages: MessageHistory, witness: Witness) -> None:
        self._messages = messages
        self._witness = witness

    async def before(self, prompt: Prompt, most: int) -> Sequence[NewTurn] | None:
        """Return what was said before the prompt, oldest first, as far as it counts."""
        if prompt.conversation is None or prompt.origin is None:
            return ()
        found = await self._messages.before(prompt, most)
        if found is None:
            return None
        asker = prompt.origin.asker
        counting = [each for each in found if self._witness.counts(each, asker)]
        return [turn(each, prompt.conversation) for each in counting[-most:]]


def turn(message: PastMessage, conversation: ConversationKey) -> NewTurn:
    """Return a message as a turn of a conversation: the bot's own is the model's, all others' say who spoke."""
    ours = message.author is None
    return NewTurn(
        conversation,
        Role.ASSISTANT if ours else Role.USER,
        message.text,
        tokens_of(message.text),
        message.at,
        keys=(message.key,),
        author=message.author,
        author_name="" if ours else message.name,
    )
