"""What becomes of an answer and of memory when people edit and delete messages."""

from __future__ import annotations

import structlog

from tickertape.answer.answering import Answering
from tickertape.durable.store import Store
from tickertape.durable.store.errors import DatabaseRefuses, StoreError
from tickertape.durable.store.records import AnswerRecord
from tickertape.inbound.asking import Asking
from tickertape.inbound.facts import Edited
from tickertape.memory.tokens import tokens_of
from tickertape.prompts.keys import MessageKey
from tickertape.prompts.prompt import MAX_PROMPT

_log = structlog.get_logger(__name__)


class Changes:
    """Lets answers and memory follow. Nothing is written for messages that memory does not hold.

    A database that refuses a change takes it later.
    """

    def __init__(self, answering: Answering, asking: Asking, store: Store) -> None:
        self._answering = answering
        self._asking = asking
        self._store = store

    async def edited(self, edited: Edited) -> None:
        """Take in a message as it is now. Whoever changed a question that is answered already may have it asked anew."""
        key, text = edited.message, edited.text.strip()
        taken_up = self._asking.edited(key, text)
        if not await self._is_held(key):
            return
        if not text:  # emptied, or hidden from us now that it mentions us no more
            await self._forget(key)
        elif len(text) <= MAX_PROMPT:
            record = await self._answer_to(key)
            await self._edit(key, text)
            if record is not None and record.prompt not in {None, text} and not taken_up:
                await edited.offer(record.id)

    async def deleted(self, key: MessageKey) -> None:
        """Take note that a message is gone: an answer ends whose message or question it was, and its words are forgotten."""
        self._answering.message_deleted(key)
        self._answering.question_deleted(key)
        if await self._is_held(key):
            await self._forget(key)

    async def _is_held(self, key: MessageKey) -> bool:
        """Whether memory may hold a message; where it cannot be read, it may: a change of what it lacks changes nothing."""
        if self._answering.registry.find(key) is not None:
            return True
        try:
            return await self._store.conversations.find(key) is not None
        except StoreError as error:
            _log.error("message_not_found", message=str(key), error=error.detail)
            return True

    async def _answer_to(self, key: MessageKey) -> AnswerRecord | None:
        """Return the answer whose prompt the message `key` is; None as well if that can't be told now."""
        try:
            return await self._store.answers.by_prompt(key)
        except StoreError as error:
            _log.error("answer_not_found", message=str(key), error=error.detail)
            return None

    async def _edit(self, key: MessageKey, text: str) -> None:
        conversations = self._store.conversations
        try:
            await conversations.edit(key, text, tokens_of(text))
        except DatabaseRefuses:
            conversations.edit_later(key, text, tokens_of(text))
        except StoreError as error:
            _log.error("edit_not_remembered", message=str(key), error=error.detail)

    async def _forget(self, key: MessageKey) -> None:
        conversations = self._store.conversations
        try:
            await conversations.delete(key)
        except DatabaseRefuses:
            conversations.delete_later(key)
        except StoreError as error:
            _log.error("deletion_not_remembered", message=str(key), error=error.detail)
