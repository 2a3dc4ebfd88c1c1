"""Messages that go on with a conversation without mentioning the bot."""

from __future__ import annotations

import discord
import structlog

from tickertape.answer.preparation import PromptRefused
from tickertape.discord.gateway.permissions import missing_to_answer
from tickertape.discord.keys import place_of
from tickertape.durable.store.conversations import Conversations
from tickertape.durable.store.errors import StoreError
from tickertape.prompts.asker import Asker
from tickertape.prompts.keys import ConversationKey
from tickertape.rules.rulebook import Rulebook

_log = structlog.get_logger(__name__)


class FollowUps:
    """Finds them. Only for a bot that can read messages which do not mention it."""

    def __init__(self, conversations: Conversations, rules: Rulebook) -> None:
        self._conversations = conversations
        self._rules = rules

    @staticmethod
    def may_be(message: discord.Message, me: discord.ClientUser) -> bool:
        """Whether `message` can be one: a reply to the bot, or in a thread and addressed to nobody else.

        A reply to a command's answer mentions nobody (discord-api-docs#5395).
        """
        if not (message.content or message.attachments) or missing_to_answer(message.channel) is not None:
            return False
        if (replied_to := _replied_to(message)) is not None:
            return replied_to == me.id
        names_others = message.mentions or message.role_mentions or message.mention_everyone
        return isinstance(message.channel, discord.Thread) and not names_others

    async def are_welcome(self, message: discord.Message, me: discord.ClientUser, asker: Asker) -> bool:
        """Whether the bot takes part where `message` was written and may answer `asker`; nobody is told if not."""
        try:
            self._rules.check(asker)
            return _replied_to(message) == me.id or await self._takes_part(message.channel, me)
        except PromptRefused:
            return False
        except StoreError as error:
            _log.error("follow_up_not_answered", message=message.id, error=error.detail)
            return False

    async def _takes_part(self, channel: object, me: discord.ClientUser) -> bool:
        if not isinstance(channel, discord.Thread):
            return False
        if channel.owner_id == me.id:
            return True
        return bool(await self._conversations.newest(ConversationKey(place_of(channel.id)), 0, 1))


def _replied_to(message: discord.Message) -> int | None:
    """Return the id of the author that a message replies to: None if it is no reply, 0 if that is not known."""
    reference = message.reference
    if message.type is not discord.MessageType.reply or reference is None:
        return None
    return reference.resolved.author.id if isinstance(reference.resolved, discord.Message) else 0
