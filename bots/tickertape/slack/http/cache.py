"""What Slack is asked about people and channels: each once in a while, and by all who wonder at the same time once."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from typing import Any, Generic, TypeVar

T = TypeVar("T")

KEPT_SECONDS = 600.0
"""How long an answer is believed: an admin who is dismissed loses the right to stop in that time."""

KEPT = 5_000
"""Answers kept, the latest ones."""


class Cache(Generic[T]):
    """Answers by id. `ask` gets one from Slack, None if that has to be tried again; `method` names the tasks."""

    def __init__(self, method: str, ask: Callable[[str], Coroutine[Any, Any, T | None]]) -> None:
        self._method = method
        self._ask = ask
        self._known: OrderedDict[str, tuple[float, T]] = OrderedDict()
        self._asking: dict[str, asyncio.Task[T | None]] = {}

    async def find(self, key: str) -> T | None:
        """Return what is known of `key`. Whoever waits no longer leaves the answer to those who come later."""
        kept = self._known.get(key)
        if kept is not None and kept[0] > _now():
            return kept[1]
        asking = self._asking.get(key)
        if asking is None:
            asking = self._asking[key] = asyncio.create_task(self._look(key), name=f"{self._method} {key}")
            asking.add_done_callback(lambda _: self._asking.pop(key, None))
        return await asyncio.shield(asking)

    async def _look(self, key: str) -> T | None:
        found = await self._ask(key)
        if found is not None:
            self._known[key] = _now() + KEPT_SECONDS, found
            self._known.move_to_end(key)
            while len(self._known) > KEPT:
                self._known.popitem(last=False)
        return found


def _now() -> float:
    return asyncio.get_running_loop().time()
