"""Reads what was said before from Discord, within its limits: the messages of a place, and one that is replied to."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import discord
import structlog

from tickertape.discord.gateway import permissions
from tickertape.discord.gateway.past_messages import past_message
from tickertape.discord.http.lost_messages import search_in
from tickertape.discord.http.response import Response
from tickertape.discord.http.rest import Request, Rest
from tickertape.discord.keys import channel_of, ids_of, snowflake_of
from tickertape.inbound.past_message import PastMessage
from tickertape.prompts.keys import MessageKey
from tickertape.prompts.prompt import Prompt
from tickertape.screen.budget import Urgency

_log = structlog.get_logger(__name__)

_PATIENCE = 5.0
"""Seconds that an answer waits for what was said before; then it is given without."""

_LOOK = 0.25
"""Longest pause in seconds before a budget is asked again: it does not say when replies that are due will come."""

_PAGE = 100
"""Messages that one call lists at most (API documentation, get channel messages)."""


class DiscordHistory:
    """Implements `tickertape.inbound.history.MessageHistory`, and reads the messages that others reply to.

    Messages whose text Discord does not show (without the message content intent: those that neither mention the bot
    nor are a direct message) have none.
    """

    def __init__(self, client: discord.Client, rest: Rest) -> None:
        self._client = client
        self._rest = rest

    async def before(self, prompt: Prompt, most: int) -> Sequence[PastMessage] | None:
        """Return what was said in a thread or a direct message before the prompt, oldest first."""
        channel_id = channel_of(prompt.place)
        if prompt.conversation is None or prompt.conversation.root or not self._may_read(channel_id):
            return ()
        return await self._list(channel_id, snowflake_of(prompt.key), min(most, _PAGE))

    async def read(self, key: MessageKey) -> PastMessage | None:
        """Return one message; None if it cannot be read."""
        channel_id, message_id = ids_of(key)
        if not self._may_read(channel_id):
            return None
        answer = await self._get(Request("GET", f"/channels/{channel_id}/messages/{message_id}"))
        return past_message(answer.fields, self._me) if answer is not None else None

    def _may_read(self, channel_id: int) -> bool:
        """Whether the bot may read what was said in a channel, as far as is known."""
        return permissions.may_reply(self._client.get_channel(channel_id))

    async def _list(self, channel_id: int, before: int, most: int) -> list[PastMessage] | None:
        try:
            async with asyncio.timeout(_PATIENCE):
                answer = await self._get(search_in(channel_id), before=str(before), limit=str(most))
        except TimeoutError:
            _log.warning("history_not_read", channel=channel_id, reason="too slow")
            return None
        if answer is None:
            return None
        items = answer.items or []
        return [each for item in reversed(items) if (each := past_message(item, self._me)) is not None]

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


def _now() -> float:
    return asyncio.get_running_loop().time()
