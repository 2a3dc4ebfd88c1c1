"""Erases what is older than its owner wants to keep: at the start, and then once a day."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog

from tickertape.durable.store import Store, StoreError
from tickertape.rules.quota import DAY

_log = structlog.get_logger(__name__)

_FIRST = 60.0
"""Seconds after the start: first come the repairs."""


async def keep_pruned(store: Store, days: int, clock: Callable[[], float]) -> None:
    """Go on until cancelled. `clock` tells Unix time in seconds; 0 days keep everything."""
    pause = _FIRST
    while days:
        await asyncio.sleep(pause)
        pause = DAY
        try:
            erased = await store.prune(clock() - days * DAY)
        except StoreError as error:
            _log.error("retention_failed", error=error.detail)
        else:
            _log.info("retention", turns=erased.turns, answers=erased.answers)
