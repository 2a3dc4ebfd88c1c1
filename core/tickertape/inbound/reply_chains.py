"""The conversation that a reply goes on with: its chain is followed to what is remembered, or to its beginning."""

from __future__ import annotations

import asyncio
from typing import Protocol

import structlog

from tickertape.durable.store.conversations import Conversations
from tickertape.durable.store.errors import StoreError
from tickertape.inbound.history import Witness, turn
from tickertape.inbound.past_message import PastMessage
from tickertape.prompts.asker import Asker
from tickertape.prompts.keys import ConversationKey, MessageKey

_log = structlog.get_logger(__name__)

_PATIENCE = 5.0
"""Seconds that an answer waits for what was said before; then it is given without."""

_MOST_REPLIES = 20
"""Replies that a chain is followed back: each one is a call."""


class MessageReader(Protocol):
    """A platform where messages reply to others."""

    async def read(self, key: MessageKey) -> PastMessage | None:
        """Return one message; None if it cannot be read."""
        ...


class ReplyChains:
    """Finds conversations. `readers` read the messages of each platform that has replies, by its name."""

    def __init__(self, conversations: Conversations, witness: Witness, *, reads_history: bool) -> None:
        self._conversations = conversations
        self._witness = witness
        self._reads_history = reads_history
        self.readers: dict[str, MessageReader] = {}

    async def conversation(
        self, message: MessageKey, replies_to: MessageKey | None, asker: Asker
    ) -> ConversationKey:
        """Return the conversation of a message; what it replies to becomes part of that. Never raises."""
        own = ConversationKey.below(message)
        if replies_to is None:
            return own
        unknown: list[PastMessage] = []
        try:
            async with asyncio.timeout(_PATIENCE):
                known = await self._follow(replies_to, unknown)
            conversation = known or (ConversationKey.below(unknown[-1].key) if unknown else own)
            for each in reversed(unknown):
                if self._witness.counts(each, asker, pointed_at=each.key == replies_to):
                    await self._conversations.add(turn(each, conversation))
        except (StoreError, TimeoutError) as error:
            _log.warning("replies_not_followed", message=str(message), reason=str(error) or "too slow")
            return own
        return conversation

    async def _follow(self, message: MessageKey | None, unknown: list[PastMessage]) -> ConversationKey | None:
        """Go back from reply to reply; add those that are not remembered to `unknown`, newest first."""
        while message is not None:
            record = await self._conversations.find(message)
            if record is not None and record.conversation:
                return record.conversation
            reader = self.readers.get(message.platform) if self._reads_history else None
            if reader is None or len(unknown) == _MOST_REPLIES:
                return None
            found = await reader.read(message)
            if found is None:
                return None
            unknown.append(found)
            message = found.replies_to
        return None
