"""Whether a message that mentions nobody goes on with a conversation of the bot's."""

from __future__ import annotations

import structlog

from tickertape.durable.store.conversations import Conversations
from tickertape.durable.store.errors import StoreError
from tickertape.inbound.facts import Follows, Said
from tickertape.prompts.keys import ConversationKey
from tickertape.rules.rulebook import Rulebook

_log = structlog.get_logger(__name__)


class Participation:
    """Knows where the bot takes part. `follow_ups` says whether such messages are answered at all."""

    def __init__(self, conversations: Conversations, rules: Rulebook, *, follow_ups: bool) -> None:
        self._conversations = conversations
        self._rules = rules
        self._follow_ups = follow_ups

    def may_follow(self, said: Said) -> bool:
        """Whether a message can be a follow-up, as far as can be told at once."""
        has_words = bool(said.question.text.strip() or said.question.attachments)
        follows = said.follows is not Follows.NOTHING
        return self._follow_ups and follows and has_words and said.lacking is None

    async def welcomes(self, said: Said) -> bool:
        """Whether the bot takes part where a message was written, and may answer whoever wrote it. Never raises.

        Most messages of threads are between others: who wrote those is not asked of the platform.
        """
        question = said.question
        try:
            if said.follows is not Follows.OURS and not await self._takes_part(question.conversation):
                return False
            return self._rules.allows((await question.sender.caller()).asker)
        except StoreError as error:
            _log.error("follow_up_not_answered", message=str(question.key), error=error.detail)
            return False

    async def _takes_part(self, thread: ConversationKey | None) -> bool:
        """Whether something was ever asked in a thread, even if that has been forgotten."""
        if thread is None:
            return False
        conversations = self._conversations
        return bool(await conversations.newest(thread, 0, 1)) or await conversations.history_read(thread)
