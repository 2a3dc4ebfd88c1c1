"""What was said before: a prompt becomes the newest turn of its conversation, and the model is given those that fit."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import structlog

from tickertape.durable.store.conversations import Conversations
from tickertape.durable.store.errors import DatabaseUnreachable, StoreError
from tickertape.durable.store.records import NewTurn, TurnRecord
from tickertape.languages import Sentence, words
from tickertape.memory.tokens import estimate_tokens
from tickertape.prompts.keys import ConversationKey, PersonKey
from tickertape.prompts.prompt import Prompt
from tickertape.prompts.turns import Conversation, Role, Turn

_log = structlog.get_logger(__name__)


_PATIENCE = 8.0
"""Seconds that an answer waits for the memory of its conversation, before it begins without."""

_EARLIER = 2.0
"""Seconds that it then waits for earlier turns alone: a database that takes no writes can often be read."""


@dataclass(frozen=True, slots=True)
class MemorySettings:
    """How much of a conversation a model is given.

    `tokens` is the most for earlier turns and the prompt together where the model's context is not known, or for every
    model if it is `limited` so; `turns` the most turns. `read_history` says whether a platform is asked for what was
    said before the bot came.
    """

    tokens: int = 16_000
    limited: bool = False
    turns: int = 100
    read_history: bool = True


@dataclass(frozen=True, slots=True)
class Recalled:
    """What a model is given of a conversation, the prompt last. `notes` say what is wrong with the memory, if anything."""

    turns: Conversation
    notes: tuple[Sentence, ...] = ()


class History(Protocol):
    """A platform's own history of its conversations."""

    async def before(self, prompt: Prompt, most: int) -> Sequence[NewTurn] | None:
        """Return at most `most` turns that were said in the prompt's conversation before it, oldest first.

        None if they cannot be read now: the next prompt tries again. Takes five seconds at most, and never raises.
        """
        ...


class Memory:
    """The turns of all conversations. A database that fails costs the memory, never the answer."""

    def __init__(
        self, conversations: Conversations, settings: MemorySettings, clock: Callable[[], float]
    ) -> None:
        self._conversations = conversations
        self.settings = settings
        self._clock = clock
        self.histories: dict[str, History] = {}
        """How to read a platform's own history, by the platform's name in keys."""

    async def recall(self, prompt: Prompt, turn: Turn, tokens: int) -> Recalled:
        """Keep `turn`, which is what the prompt comes to, and return it behind the earlier turns that fit.

        All turns together take at most about `tokens`; the prompt itself always stays, and so does each turn as a whole.
        """
        key = prompt.conversation
        if key is None:
            return Recalled((turn,))
        try:
            async with asyncio.timeout(_PATIENCE):
                await self._import(key, prompt)
                records = await self._keep(self._new(key, prompt, turn), tokens)
        except (StoreError, TimeoutError) as error:
            detail = getattr(error, "detail", "too slow")
            _log.error("conversation_not_remembered", conversation=str(key), error=detail)
            earlier = await self._earlier(key, prompt, tokens - estimate_tokens(turn))
            return Recalled((*_turns(earlier, prompt), turn), (words.not_remembered(_sentence(error)),))
        return Recalled((*_turns(records[:-1], prompt), turn))

    async def _keep(self, turn: NewTurn, tokens: int) -> Sequence[TurnRecord]:
        """Store the prompt and return the turns up to it; none but itself if it was deleted meanwhile."""
        record = await self._conversations.add(turn)
        if record is None:
            return ()
        most = self.settings.turns + 1
        return await self._conversations.newest(record.conversation, tokens, most, until=record.position)

    async def _earlier(self, key: ConversationKey, prompt: Prompt, tokens: int) -> Sequence[TurnRecord]:
        """Return the turns before a prompt that could not be stored, as far as they can be read and fit."""
        try:
            async with asyncio.timeout(_EARLIER):
                known = await self._conversations.find(prompt.source)
                itself = None if known is None else known.turn  # it is there if it is asked again
                until, own = (None, 0) if itself is None else (itself.position, itself.tokens)
                most = self.settings.turns + (itself is not None)
                records = await self._conversations.newest(key, tokens + own, most, until=until)
        except (StoreError, TimeoutError):
            return ()
        earlier = [each for each in records if each.position != until]  # it may have been erased meanwhile
        return earlier if sum(each.tokens for each in earlier) <= tokens else ()

    async def _import(self, key: ConversationKey, prompt: Prompt) -> None:
        """Read the platform's history into the conversation, once."""
        history = self.histories.get(prompt.platform)
        if history is None or not self.settings.read_history:
            return
        if not await self._conversations.history_read(key):
            older = await history.before(prompt, self.settings.turns)
            if older is not None:
                await self._conversations.add_older(key, older)

    def _new(self, key: ConversationKey, prompt: Prompt, turn: Turn) -> NewTurn:
        origin = prompt.origin
        return NewTurn(
            key,
            Role.USER,
            turn.text,
            estimate_tokens(turn),
            self._clock(),
            keys=(prompt.source,),
            author=prompt.asker if origin is None else origin.asker.user,
            author_name="" if origin is None else origin.name,
            attachments=tuple({"name": one.label, "type": one.content_type} for one in prompt.attachments),
        )


def _sentence(error: StoreError | TimeoutError) -> Sentence:
    return error.sentence if isinstance(error, StoreError) else DatabaseUnreachable.sentence


def _turns(records: Sequence[TurnRecord], prompt: Prompt) -> Sequence[Turn]:
    """Return earlier turns as a model is given them; where several people spoke, each of theirs says who."""
    people: Mapping[PersonKey | None, str] = {
        each.author: each.author_name for each in records if each.role is Role.USER
    }
    several = len({*people, prompt.asker if prompt.origin is None else prompt.origin.asker.user}) > 1
    return [
        Turn(each.role, f"{people[each.author]}: {each.text}")
        if several and each.role is Role.USER and each.author_name
        else Turn(each.role, each.text)
        for each in records
    ]
