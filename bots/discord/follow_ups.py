"""Messages that go on with a conversation in a thread without mentioning the bot."""

from __future__ import annotations

import discord
import structlog

from bots.discord.keys import place_of
from bots.discord.permissions import missing_to_answer
from core.access import Asker
from core.preparation import PromptRefused
from core.rules import Rulebook
from core.store.conversations import Conversations
from core.store.errors import StoreError

_log = structlog.get_logger(__name__)


class FollowUps:
    """Finds them. Only for a bot that can read messages which do not mention it."""

    def __init__(self, conversations: Conversations, rules: Rulebook) -> None:
        self._conversations = conversations
        self._rules = rules

    @staticmethod
    def may_be(message: discord.Message, me: discord.ClientUser) -> bool:
        """Whether `message` can be one: in a thread where the bot can answer, and addressed to nobody else."""
        if not isinstance(message.channel, discord.Thread) or missing_to_answer(message.channel) is not None:
            return False
        if message.mentions or message.role_mentions or message.mention_everyone:
            return False
        return _answers_only(message, me)

    async def are_welcome(self, thread: discord.Thread, me: discord.ClientUser, asker: Asker) -> bool:
        """Whether the bot takes part in `thread` and may answer `asker` there; nobody is told if not."""
        try:
            self._rules.check(asker)
            if thread.owner_id == me.id:
                return True
            return bool(await self._conversations.newest(place_of(thread.id), 0, 1))
        except PromptRefused:
            return False
        except StoreError as error:
            _log.error("follow_up_not_answered", thread=thread.id, error=error.detail)
            return False


def _answers_only(message: discord.Message, me: discord.ClientUser) -> bool:
    """Whether a message is no reply, or one to the bot."""
    reference = message.reference
    if message.type is not discord.MessageType.reply or reference is None:
        return True
    return isinstance(reference.resolved, discord.Message) and reference.resolved.author.id == me.id
