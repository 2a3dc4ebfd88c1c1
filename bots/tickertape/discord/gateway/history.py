"""Reads what was said before from Discord, within its limits: the messages of a place, and chains of replies."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import discord
import structlog

from tickertape.answer.preparation import PromptRefused
from tickertape.discord.gateway import permissions
from tickertape.discord.gateway.said import Said, said
from tickertape.discord.http.lost_messages import search_in
from tickertape.discord.http.response import Response
from tickertape.discord.http.rest import Request, Rest
from tickertape.discord.keys import channel_of, message_key, snowflake_of
from tickertape.durable.store.conversations import Conversations
from tickertape.durable.store.errors import StoreError
from tickertape.durable.store.records import NewTurn
from tickertape.prompts.asker import Asker
from tickertape.prompts.keys import ConversationKey
from tickertape.prompts.prompt import Prompt
from tickertape.rules.rulebook import Rulebook
from tickertape.screen.budget import Urgency

_log = structlog.get_logger(__name__)

_PATIENCE = 5.0
"""Seconds that an answer waits for what was said before; then it is given without."""

_LOOK = 0.25
"""Longest pause in seconds before a budget is asked again: it does not say when replies that are due will come."""

_MOST_REPLIES = 20
"""Replies that a chain is followed back: each one is a call."""

_PAGE = 100
"""Messages that one call lists at most (API documentation, get channel messages)."""


class DiscordHistory:
    """Implements `tickertape.memory.memory.History`. What people said who may not ask here is left out.

    Messages whose text Discord does not show (without the message content intent: those that neither mention the bot
    nor are a direct message) are left out too.
    """

    def __init__(self, client: discord.Client, rest: Rest, rules: Rulebook) -> None:
        self._client = client
        self._rest = rest
        self._rules = rules

    async def before(self, prompt: Prompt, most: int) -> Sequence[NewTurn] | None:
        """Return what was said in a thread or a direct message before the prompt, oldest first."""
        whole = ConversationKey(prompt.place)
        if prompt.conversation != whole or prompt.origin is None:
            return ()
        channel_id = channel_of(prompt.place)
        if not self.may_read(channel_id):
            return ()
        found = await self._list(channel_id, snowflake_of(prompt.key), min(most, _PAGE))
        if found is None:
            return None
        return [each.turn(whole) for each in found if self.counts(each, prompt.origin.asker)]

    def may_read(self, channel_id: int) -> bool:
        """Whether the bot may read what was said in a channel, as far as is known."""
        return permissions.may_reply(self._client.get_channel(channel_id))

    def counts(self, message: Said, asker: Asker) -> bool:
        """Whether a message is to be remembered in a conversation with `asker`."""
        if not message.text or message.is_foreign:
            return False
        if message.is_ours or message.author == asker.user:
            return True
        try:
            self._rules.check(replace(asker, user=message.author, roles=None))
        except PromptRefused:
            return False
        return True

    async def read(self, channel_id: int, message_id: int) -> Said | None:
        """Return one message; None if it cannot be read."""
        answer = await self._get(Request("GET", f"/channels/{channel_id}/messages/{message_id}"))
        return said(answer.fields, self._me) if answer is not None else None

    async def _list(self, channel_id: int, before: int, most: int) -> list[Said] | None:
        try:
            async with asyncio.timeout(_PATIENCE):
                answer = await self._get(search_in(channel_id), before=str(before), limit=str(most))
        except TimeoutError:
            _log.warning("history_not_read", channel=channel_id, reason="too slow")
            return None
        if answer is None:
            return None
        items = answer.items or []
        return [each for item in reversed(items) if (each := said(item, self._me)) is not None]

    async def _get(self, request: Request, **query: str) -> Response | None:
        """Make a call when its budgets allow it; None if Discord did not do it."""
        budgets = self._rest.costs(request)
        while (at := max(each.ready(_now(), Urgency.NOW) for each in budgets)) > _now():  # noqa: ASYNC110 - waits for a time, which can be put off
            await asyncio.sleep(min(at - _now(), _LOOK))
        for budget in budgets:
            budget.begin(_now())
        try:
            answer = await self._rest.call(request, None, None, **query)
        finally:
            for budget in budgets:
                budget.settle(_now())
        if isinstance(answer, Response) and answer.ok:
            return answer
        _log.warning("history_not_read", path=request.path, reason=getattr(answer, "problem", str(answer)))
        return None

    @property
    def _me(self) -> int:
        return self._client.user.id if self._client.user is not None else 0


class ReplyChains:
    """Finds the conversation that a reply in a channel goes on with."""

    def __init__(self, history: DiscordHistory, conversations: Conversations, *, reads_history: bool) -> None:
        self._history = history
        self._conversations = conversations
        self._reads_history = reads_history

    async def conversation(self, message: discord.Message, asker: Asker) -> ConversationKey:
        """Return the conversation of a message in a channel; what it replies to becomes part of that.

        A chain is followed to the next message that is remembered, or to its beginning. Never raises.
        """
        own = ConversationKey.below(message_key(message.channel.id, message.id))
        replied_to = (
            message.reference.message_id
            if message.type is discord.MessageType.reply and message.reference
            else None
        )
        if replied_to is None:
            return own
        unknown: list[Said] = []
        try:
            async with asyncio.timeout(_PATIENCE):
                known = await self._follow(message.channel.id, replied_to, unknown)
            first = message_key(message.channel.id, unknown[-1].id) if unknown else None
            key = known or (ConversationKey.below(first) if first else own)
            for each in reversed(unknown):
                if self._history.counts(each, asker):
                    await self._conversations.add(each.turn(key))
        except (StoreError, TimeoutError) as error:
            _log.warning("replies_not_followed", message=message.id, reason=str(error) or "too slow")
            return own
        return key

    async def _follow(
        self, channel_id: int, message_id: int | None, unknown: list[Said]
    ) -> ConversationKey | None:
        """Go back from reply to reply; add those that are not remembered to `unknown`, newest first."""
        while message_id is not None:
            record = await self._conversations.find(message_key(channel_id, message_id))
            if record is not None and record.conversation is not None:
                return record.conversation
            if len(unknown) == _MOST_REPLIES or not (
                self._reads_history and self._history.may_read(channel_id)
            ):
                return None
            found = await self._history.read(channel_id, message_id)
            if found is None:
                return None
            unknown.append(found)
            message_id = found.replied_to
        return None


def _now() -> float:
    return asyncio.get_running_loop().time()
