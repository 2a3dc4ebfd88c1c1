"""Shows that the bot is typing until an answer's first text is on screen, where nothing better needs the calls."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import discord
import structlog

from tickertape.answer.answer import Answer
from tickertape.discord.http.errors import CALL_ERRORS
from tickertape.discord.http.global_limit import GlobalLimit, Permit
from tickertape.discord.http.trace import held_permit
from tickertape.tasks import Tasks

_log = structlog.get_logger(__name__)

REFRESH = 8.0
"""Seconds between two notices; one is shown for 10 s (API documentation, trigger typing indicator)."""

_LATER = 0.25
"""Seconds after which a notice is tried that had to yield to other calls; the text may be there by then."""


async def show_typing(
    answer: Answer, channel: discord.abc.Messageable, tasks: Tasks, limit: GlobalLimit
) -> None:
    """Send typing notices while `answer` has nothing to show; a failure ends them and is only logged."""
    while not (answer.shown.is_set() or answer.over):
        permit = limit.acquire_spare()
        if permit is not None:
            try:
                await tasks.protect(_type_once(channel, permit), "typing")
            except CALL_ERRORS as error:
                _log.info("typing_failed", error=str(error))
                return
        with suppress(TimeoutError):
            async with asyncio.timeout(_LATER if permit is None else REFRESH):
                await answer.shown.wait()


async def _type_once(channel: discord.abc.Messageable, permit: Permit) -> None:
    held_permit.set(permit)  # in the context of this task alone
    try:
        await channel.typing()
    finally:
        permit.release()
