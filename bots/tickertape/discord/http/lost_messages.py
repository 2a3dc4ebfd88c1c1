"""Looks in a channel for a message that Discord may have created without our knowing."""

from __future__ import annotations

from collections.abc import Callable

from tickertape.discord.http.response import Json, Response
from tickertape.discord.http.rest import Request, Rest
from tickertape.discord.keys import message_key
from tickertape.screen.outcome import Outcome, RateLimited, Refused, Shown, Unconfirmed

_PAGE = "100"
"""Messages that one call lists at most (API documentation, get channel messages)."""


def search_in(channel_id: int) -> Request:
    """Return the call that lists a channel's messages."""
    return Request("GET", f"/channels/{channel_id}/messages")


async def find_message(rest: Rest, channel_id: int, after: int, is_ours: Callable[[Json], bool]) -> Outcome:
    """Return the oldest message after the one with the id `after` that is ours, as `Shown`, but not certain.

    `Refused`: it is not there, or nobody may look. What else may come says that it could not be found out now.
    """
    request = search_in(channel_id)
    answer = await rest.call(request, after=str(after), limit=_PAGE)
    if not isinstance(answer, Response):
        return answer
    if answer.status == 429:
        return RateLimited(rest.budget(request), answer.retry_after)
    if answer.status >= 500 or (answer.ok and answer.items is None):
        return Unconfirmed(f"cannot look for the message: {answer.problem}")
    ours = [int(message["id"]) for message in answer.items or () if is_ours(message)]
    if not ours:
        return Refused("the message is not there")
    return Shown(message_key(channel_id, min(ours)), answer.at, certain=False)
