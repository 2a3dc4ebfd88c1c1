"""Waiting for a condition that is looked at whenever something changed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class Waiters:
    """Those who wait, woken in the order in which they came."""

    def __init__(self) -> None:
        self._changed: dict[asyncio.Event, None] = {}

    def wake(self) -> None:
        """Look at every condition again."""
        for event in self._changed:
            event.set()

    async def wait_for(self, predicate: Callable[[], T | None], timeout: float | None = None) -> T:  # noqa: ASYNC109 - it becomes the asyncio.timeout inside
        """Return the first true value of `predicate`.

        Raises TimeoutError after `timeout` seconds; None waits for ever.
        """
        event = asyncio.Event()
        self._changed[event] = None
        try:
            async with asyncio.timeout(timeout):
                while not (value := predicate()):
                    event.clear()
                    await event.wait()
                return value
        finally:
            del self._changed[event]
