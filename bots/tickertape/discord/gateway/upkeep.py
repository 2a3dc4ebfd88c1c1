"""What becomes of memory when people edit and delete messages."""

from __future__ import annotations

import discord
import structlog

from tickertape.answer.answering import Answering
from tickertape.discord.gateway import permissions
from tickertape.discord.gateway.prompts import question_of
from tickertape.discord.http.errors import CALL_ERRORS
from tickertape.discord.keys import message_key
from tickertape.discord.tasks import Tasks
from tickertape.durable.store.conversations import Conversations
from tickertape.durable.store.errors import StoreError
from tickertape.inbound.desk import Desk
from tickertape.prompts.keys import MessageKey

_log = structlog.get_logger(__name__)

AGAIN = "\N{CLOCKWISE RIGHTWARDS AND LEFTWARDS OPEN CIRCLE ARROWS}"
"""The reaction that has a prompt answered once more."""


class Upkeep:
    """Lets memory follow. Nothing is written for messages that it does not hold."""

    def __init__(self, desk: Desk, conversations: Conversations, answering: Answering, tasks: Tasks) -> None:
        self._desk = desk
        self._conversations = conversations
        self._answering = answering
        self._tasks = tasks

    def edited(self, message: discord.Message, me: discord.ClientUser) -> None:
        """Take in a message as it is now; Discord also sends those that only got a link's preview."""
        if message.edited_at is not None and not message.author.bot:
            self._tasks.start(self._edit(message, me), f"edit of {message.id}")

    def deleted(self, channel_id: int, message_id: int) -> None:
        """Take note that a message is gone."""
        self._tasks.start(self._delete(message_key(channel_id, message_id)), f"deletion of {message_id}")

    async def _edit(self, message: discord.Message, me: discord.ClientUser) -> None:
        key, text = message_key(message.channel.id, message.id), question_of(message, me)
        taken_up = self._answering.question_edited(key, text)
        if not await self._is_held(key):
            return
        if not text:  # emptied, or hidden from us now that it mentions us no more
            await self._desk.deleted(key)
            return
        if await self._desk.edited(key, text) is not None and not taken_up:
            await self._offer(message)

    async def _delete(self, key: MessageKey) -> None:
        if await self._is_held(key):
            await self._desk.deleted(key)

    async def _is_held(self, key: MessageKey) -> bool:
        """Whether memory may hold a message; where it cannot be read, it may: a change of what it lacks changes nothing."""
        if self._answering.registry.find(key) is not None:
            return True
        try:
            return await self._conversations.find(key) is not None
        except StoreError as error:
            _log.error("message_not_found", message=str(key), error=error.detail)
            return True

    async def _offer(self, message: discord.Message) -> None:
        """Put the reaction below an edited prompt that has it answered once more, where the bot may."""
        if not permissions.may_react(message.channel):
            return
        try:
            await message.add_reaction(AGAIN)
        except CALL_ERRORS as error:
            _log.info("reaction_failed", message=message.id, error=str(error))
