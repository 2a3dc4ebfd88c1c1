"""Finds the response to an interaction that shows a question, after the process has ended that sent it."""

from __future__ import annotations

import asyncio

import structlog

from tickertape.discord.http.lost_messages import find_message
from tickertape.discord.http.response import Json, Response
from tickertape.discord.http.rest import Request, Rest
from tickertape.discord.keys import ids_of
from tickertape.discord.restart.places import ThreadPlace
from tickertape.screen.outcome import Refused, Shown

_log = structlog.get_logger(__name__)

_PAUSES = (0.5, 1.0, 2.0, 4.0, 0.0)
"""Seconds after each look that found nothing out, because Discord did not answer."""


async def find_question(rest: Rest, place: ThreadPlace) -> int | None:
    """Return the id of the message; None if it was never sent, was deleted, or cannot be found."""
    return await _by_token(rest, place) or await _in_channel(rest, place)


async def _by_token(rest: Rest, place: ThreadPlace) -> int | None:
    """Ask for the response, which Discord tells while the token lives."""
    request = Request("GET", f"/webhooks/{place.application_id}/{place.token}/messages/@original")
    answer = await rest.call(request)
    if isinstance(answer, Response) and answer.ok and "id" in answer.fields:
        return int(answer.fields["id"])
    return None


async def _in_channel(rest: Rest, place: ThreadPlace) -> int | None:
    """Look for the response among the channel's messages."""

    def is_ours(message: Json) -> bool:
        origin = message.get("interaction_metadata") or {}
        return str(origin.get("id")) == str(place.interaction_id)

    for pause in _PAUSES:
        found = await find_message(rest, place.channel_id, place.interaction_id, is_ours)
        if isinstance(found, Shown):
            return ids_of(found.message)[1]
        if isinstance(found, Refused):
            return None
        _log.warning("question_not_found_yet", channel=place.channel_id, outcome=repr(found))
        await asyncio.sleep(pause)
    return None
