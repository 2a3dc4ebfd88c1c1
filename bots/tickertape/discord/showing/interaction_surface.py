"""Shows an answer as the response to a slash command: through the interaction's token while it lives.

The first message takes the place of the deferred response, the others are follow-ups. A token lives 15 minutes (API
documentation, interactions); shortly before, the answer goes on through the channel's routes where the bot is there.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from tickertape.discord import words
from tickertape.discord.http import outcomes
from tickertape.discord.http.lost_messages import find_message, search_in
from tickertape.discord.http.response import Json, Response
from tickertape.discord.http.rest import Request, Rest
from tickertape.discord.http.upload import MAX_FILE
from tickertape.discord.keys import ids_of, original_response
from tickertape.discord.showing.buttons import AnswerButtons
from tickertape.discord.showing.channel_surface import ChannelSurface, content
from tickertape.discord.showing.dialect import DIALECT
from tickertape.prompts.keys import MessageKey
from tickertape.render.dialect import Dialect
from tickertape.screen.body import Body, Call, File, Room
from tickertape.screen.budget import Budget
from tickertape.screen.outcome import Outcome, Refused, Shown, Unconfirmed

TOKEN_LIFE = 900.0
"""Seconds that an interaction's token lives."""

USER_MESSAGES = 1 + 5
"""Most messages where the app is only installed for the user: the response and five follow-ups, the next gets error
40094 (API documentation, receiving and responding to interactions)."""

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
    """Creates and edits messages through an interaction's token, later through `channel` if the bot is there.

    `user_only` says that the app is installed for the user alone, which limits the messages.

    A follow-up takes no nonce. When it is uncertain whether one was created, the channel is searched for it before it
    is created again. Where the bot is no member (`channel` is None) nobody can look, and it may be there twice.
    """

    def __init__(
        self,
        rest: Rest,
        token: InteractionToken,
        buttons: AnswerButtons,
        channel: ChannelSurface | None,
        *,
        user_only: bool = False,
    ) -> None:
        self._rest = rest
        self._token = token
        self._buttons = buttons
        self._channel = channel
        self._user_only = user_only
        self._files = True
        """Whether the token's route takes files."""
        self._over = False
        """Discord has turned the token away."""
        self._last: MessageKey | None = None
        """The last message created; none before the deferred response was filled."""
        self._unsure = False
        """The last follow-up may have been created without our knowing: to be looked for before anything is."""
        self._beside_last = False
        """There is no follow-up for the file: it goes beside the last message."""

    @property
    def dialect(self) -> Dialect:
        """Discord's way of writing."""
        return DIALECT

    @property
    def room(self) -> Room:
        """Files where none was refused, and any number of messages unless the app is installed for the user alone."""
        takes_files = self._files and (self._channel is None or self._channel.room.file > 0)
        return Room(USER_MESSAGES if self._user_only else None, MAX_FILE if takes_files else 0)

    def bind(self, answer_id: str) -> None:
        """Set the answer that is shown here."""
        self._buttons.answer_id = answer_id

    def resume(self, last: MessageKey | None) -> None:
        """Go on with an answer of an earlier process, whose last known message is `last`.

        The next message may have been created without our knowing; the response itself can be filled once more while
        the token lives.
        """
        self._last = last
        self._unsure = self._channel is not None and (last is not None or self._way_on() is not None)

    def costs(self, call: Call) -> tuple[Budget, ...]:
        """Return the budgets of what `call` does now: search, or create or edit by the token or in the channel."""
        if self._unsure and call is not Call.EDIT:
            return self._rest.costs(search_in(self._token.channel_id))
        if (channel := self._way_on()) is not None:
            return channel.costs(call)
        is_edit = call is Call.EDIT or self._last is None or (call is Call.FILE and self._beside_last)
        return self._rest.costs(self._edit("@original") if is_edit else self._follow_up())

    async def post(self, body: Body, page: int) -> Outcome:
        """Fill the deferred response, or create a follow-up; look for it first if it may be there already."""
        if self._unsure:
            result = await self._look()
        elif (channel := self._way_on()) is not None:
            result = await channel.post(body, page)
        elif self._last is None:
            result = await self._perform(self._edit("@original"), body, original_response())
        elif self._beside_last and body.file is not None:
            result = await self._attach(body.file, self._last)
        else:
            result = await self._post_follow_up(body)
        if isinstance(result, Shown):
            self._last = result.message
        return result

    async def edit(self, message: MessageKey, body: Body) -> Outcome:
        """Replace what `message` shows."""
        if (channel := self._way_on()) is not None:
            return await channel.edit(message, body)
        return await self._perform(self._edit(str(ids_of(message)[1])), body, message)

    async def _post_follow_up(self, body: Body) -> Outcome:
        """Create a follow-up."""
        result = await self._perform(self._follow_up(), body)
        self._unsure = isinstance(result, Unconfirmed) and not self._over and self._channel is not None
        if isinstance(result, Refused) and body.file is not None:
            return self._without_follow_up(result)
        return result

    def _without_follow_up(self, refused: Refused) -> Unconfirmed:
        """Choose how to show a file for which there is no follow-up: in text, or else beside the last message.

        Where text is no way, a follow-up that came to be without our knowing may have taken the place that was left.
        """
        if self._user_only:
            self._beside_last = True
            return Unconfirmed(f"{refused.reason}; the file goes beside the last message")
        self._files = False
        return Unconfirmed(f"{refused.reason}; going on without a file")

    async def _attach(self, file: File, message: MessageKey) -> Outcome:
        """Put a file beside `message`, whose text stays."""
        request = self._edit(str(ids_of(message)[1]))
        payload = {"attachments": [{"id": 0}], "allowed_mentions": {"parse": []}}
        answer = await self._rest.call(request, payload, file)
        return outcomes.outcome(answer, self._rest.budget(request), words.ATTACH)

    async def _perform(self, request: Request, body: Body, message: MessageKey | None = None) -> Outcome:
        payload = content(body) | self._buttons.change(body, message)
        if message is not None:
            self._buttons.forget(message)
        query = {"wait": "true"} if message is None else {}
        file = body.file if message is None else None
        answer = await self._rest.call(request, payload, file, **query)
        if isinstance(answer, Response) and (turned_away := self._turned_away(answer)) is not None:
            return turned_away
        needed = words.SEND if body.file is None else words.ATTACH
        result = outcomes.outcome(answer, self._rest.budget(request), needed)
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

    async def _look(self) -> Outcome:
        """Search the channel for a follow-up that Discord may have created without our knowing.

        It stays uncertain while that is impossible for a time. Where it is refused for good, the follow-up is created
        again all the same.
        """
        after = ids_of(self._last)[1] if self._last is not None else self._token.interaction_id
        found = await find_message(self._rest, self._token.channel_id, after, self._is_ours)
        if isinstance(found, Refused):
            self._unsure = False
            return Unconfirmed(f"{found.reason}; creating it again")
        if isinstance(found, Shown):
            self._unsure = False
        return found

    def _is_ours(self, message: Json) -> bool:
        origin = message.get("interaction_metadata") or {}
        by_token = str(origin.get("id")) == str(self._token.interaction_id)
        return by_token or self._buttons.are_on(message)

    def _way_on(self) -> ChannelSurface | None:
        """Return the channel's surface if the token is not to be used any more and the bot is in the channel."""
        is_late = asyncio.get_running_loop().time() >= self._token.expires - _MARGIN
        return self._channel if self._over or is_late else None

    def _edit(self, message: str) -> Request:
        return Request("PATCH", f"{self._base}/messages/{message}")

    def _follow_up(self) -> Request:
        return Request("POST", self._base)

    @property
    def _base(self) -> str:
        return f"/webhooks/{self._token.application_id}/{self._token.token}"
