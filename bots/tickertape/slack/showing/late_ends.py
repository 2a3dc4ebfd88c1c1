"""Ends native streams when it is their turn: their text is complete, which is what people wait for."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import structlog

from tickertape.slack.http.budgets import SlackLimits
from tickertape.slack.http.web import CallFailed, CallRateLimited, CallRefused
from tickertape.slack.showing.native_calls import NativeCalls
from tickertape.tasks import Tasks

_log = structlog.get_logger(__name__)

Block = Mapping[str, Any]

END_TRIES = 3
"""Calls that are made to end a stream whose text is complete."""


class LateEnds:
    """The streams of one place that are still to be ended."""

    def __init__(self, calls: NativeCalls, limits: SlackLimits, tasks: Tasks) -> None:
        self._calls = calls
        self._limits = limits
        self._tasks = tasks

    def add(self, ts: str, metadata: Block, blocks: Sequence[Block] = (), tries: int = END_TRIES) -> None:
        """End the stream `ts`, with `blocks` below its text, when a call is left for it."""
        self._tasks.watch(self._take_turn(ts, metadata, blocks, tries), f"await end of stream {ts}")

    async def _take_turn(self, ts: str, metadata: Block, blocks: Sequence[Block], tries: int) -> None:
        await self._limits.turn(self._limits.streams.stops)
        self._tasks.start(self._end(ts, metadata, blocks, tries), f"end stream {ts}")

    async def _end(self, ts: str, metadata: Block, blocks: Sequence[Block], tries: int) -> None:
        try:
            await self._calls.stop(ts, metadata=metadata, blocks=blocks)
        except CallFailed as failed:
            _log.warning("stream_not_ended", ts=ts, reason=str(failed), tries=tries)
            if isinstance(failed, CallRateLimited):
                self._limits.streams.stops.close(asyncio.get_running_loop().time(), failed.retry_after)
            if not isinstance(failed, CallRefused) and tries > 1:
                self.add(ts, metadata, blocks, tries - 1)
