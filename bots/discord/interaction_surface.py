"""Shows an answer as the response to a slash command: through the interaction's token while it lives.

The first message takes the place of the deferred response, the others are follow-ups. A token lives 15 minutes (API
documentation, interactions); shortly before, the answer goes on through the channel's routes where the bot is there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bots.discord import outcomes, words
from bots.discord.channel_surface import ChannelSurface, content
from bots.discord.dialect import DIALECT
from bots.discord.keys import ids_of, message_key
from bots.discord.response import Response
from bots.discord.rest import Request, Rest
from bots.discord.stop_button import StopButtons
from core.budget import Budget
from core.surface import Body, Call, Dialect, MessageKey, Outcome, Refused, Shown, Unconfirmed

TOKEN_LIFE = 900.0
"""Seconds that an interaction's token lives."""

_MARGIN = 30.0
"""Seconds before its end from which the token is not used any more where there is another way."""


@dataclass(frozen=True, slots=True)
class InteractionToken:
    """An interaction as far as it is a place to write to; `expires` is in seconds of the loop's clock."""

    interaction_id: int
    application_id: int
    channel_id: int
    expires: float
    token: str = field(repr=False)


class InteractionSurface:
    """Creates and edits messages through an interaction's token, later through `channel` if the bot is there."""

    def __init__(
        self, rest: Rest, token: InteractionToken, buttons: StopButtons, channel: ChannelSurface | None
    ) -> None:
        self._rest = rest
        self._token = token
        self._buttons = buttons
        self._channel = channel
        self._over = False
        """Discord has turned the token away."""
        self._last: MessageKey | None = None
        """The last message created; none before the deferred response was filled."""
        self._last_text = ""
        self._unsure = False
        """The last follow-up may have been created without our knowing."""

    @property
    def dialect(self) -> Dialect:
        """Discord's way of writing."""
        return DIALECT

    def bind(self, answer_id: str) -> None:
        """Set the answer that is shown here."""
        self._buttons.answer_id = answer_id

    def costs(self, call: Call) -> tuple[Budget, ...]:
        """Return the budget of the token's creates or edits, or the channel's once that is the way."""
        if (channel := self._way_on()) is not None:
            return channel.costs(call)
        is_create = call is Call.POST and self._last is not None
        return self._rest.costs(self._follow_up() if is_create else self._edit("@original"))

    async def post(self, body: Body, page: int) -> Outcome:
        """Fill the deferred response, or create a follow-up."""
        if (channel := self._way_on()) is not None:
            result = await channel.post(body, page)
        elif self._last is None:
            result = await self._perform(self._edit("@original"), body, self._original)
        else:
            result = await self._post_follow_up(body)
        if isinstance(result, Shown):
            self._last, self._last_text = result.message, body.text
        return result

    async def edit(self, message: MessageKey, body: Body) -> Outcome:
        """Replace what `message` shows."""
        if message == self._last:
            self._last_text = body.text
        if (channel := self._way_on()) is not None:
            return await channel.edit(message, body)
        return await self._perform(self._edit(str(ids_of(message)[1])), body, message)

    async def _post_follow_up(self, body: Body) -> Outcome:
        """Create a follow-up. It takes no nonce, so after an uncertain try the channel is searched for it first."""
        if self._unsure:
            found = await self._find_unconfirmed()
            self._unsure = False
            if found is not None:
                return await self.edit(found, body)
        result = await self._perform(self._follow_up(), body)
        if isinstance(result, Refused):
            await self._say_that_more_is_missing()
        self._unsure = isinstance(result, Unconfirmed) and not self._over
        return result

    async def _say_that_more_is_missing(self) -> None:
        """End the last message that there can be with a line that says so, in place of some of its text if need be."""
        if self._last is None:
            return
        line = "\n\n" + DIALECT.marker(words.NO_MORE_MESSAGES)
        text = self._last_text
        while DIALECT.size(text + line) > DIALECT.page:
            text = text[:-1]
        await self._perform(self._edit(str(ids_of(self._last)[1])), Body(text + line), self._last)

    async def _perform(self, request: Request, body: Body, message: MessageKey | None = None) -> Outcome:
        payload = content(body) | self._buttons.change(body, message)
        if message is not None:
            self._buttons.forget(message)
        query = {"wait": "true"} if message is None else {}
        answer = await self._rest.call(request, payload, **query)
        if isinstance(answer, Response) and (turned_away := self._turned_away(answer)) is not None:
            return turned_away
        result = outcomes.outcome(answer, self._rest.budget(request), words.SEND)
        if isinstance(result, Shown):
            self._buttons.confirm(result.message, body)
        return result

    def _turned_away(self, answer: Response) -> Outcome | None:
        """Return what follows if the token cannot do this any more; None if it can.

        Error 40094 limits the follow-ups where the app is installed for the user alone.
        """
        if answer.code not in outcomes.TOKEN_EXPIRED | {outcomes.TOO_MANY_FOLLOW_UPS}:
            return None
        self._over = True
        if self._channel is None:
            return Refused(
                f"{answer.problem}; the bot is not in this channel and has no other way to write there"
            )
        return Unconfirmed(f"{answer.problem}; going on through the channel")

    async def _find_unconfirmed(self) -> MessageKey | None:
        """Look in the channel for a follow-up that Discord created without our knowing."""
        if self._channel is None or self._last is None:
            return None
        request = Request("GET", f"/channels/{self._token.channel_id}/messages")
        answer = await self._rest.call(request, after=str(ids_of(self._last)[1]), limit="50")
        if isinstance(answer, Unconfirmed) or not answer.ok:
            return None
        ours = [int(message["id"]) for message in answer.items if self._is_ours(message)]
        return message_key(self._token.channel_id, min(ours)) if ours else None

    def _is_ours(self, message: Mapping[str, Any]) -> bool:
        origin = message.get("interaction_metadata") or {}
        return str(origin.get("id")) == str(self._token.interaction_id)

    def _way_on(self) -> ChannelSurface | None:
        """Return the channel's surface if the token is not to be used any more and the bot is in the channel."""
        is_late = asyncio.get_running_loop().time() >= self._token.expires - _MARGIN
        return self._channel if self._over or is_late else None

    @property
    def _original(self) -> MessageKey:
        """What stands for the deferred response until its key is known."""
        return "discord:@original"

    def _edit(self, message: str) -> Request:
        return Request("PATCH", f"{self._base}/messages/{message}")

    def _follow_up(self) -> Request:
        return Request("POST", self._base)

    @property
    def _base(self) -> str:
        return f"/webhooks/{self._token.application_id}/{self._token.token}"
