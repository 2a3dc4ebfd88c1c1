"""Shows that the bot is typing until an answer's first text is on screen."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import discord
import structlog

from bots.discord.errors import CALL_ERRORS
from bots.discord.tasks import Tasks
from core.answer import Answer

_log = structlog.get_logger(__name__)

REFRESH = 8.0
"""Seconds between two notices; one is shown for 10 s (API documentation, trigger typing indicator)."""


async def show_typing(answer: Answer, channel: discord.abc.Messageable, tasks: Tasks) -> None:
    """Send typing notices while `answer` has nothing to show; a failure ends them and is only logged."""
    while not (answer.shown.is_set() or answer.over):
        try:
            await tasks.protect(_type_once(channel), "typing")
        except CALL_ERRORS as error:
            _log.info("typing_failed", error=str(error))
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(REFRESH):
                await answer.shown.wait()


async def _type_once(channel: discord.abc.Messageable) -> None:
    await channel.typing()
