"""Remembers what has been handled, because Slack delivers things again and one post as two events."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable

REMEMBERED = 20_000
"""Keys kept. Slack's last retry comes some 6 minutes after the first delivery (Events API reference)."""


class Seen:
    """The latest keys, oldest forgotten first."""

    def __init__(self, most: int = REMEMBERED) -> None:
        self._most = most
        self._keys: OrderedDict[Hashable, None] = OrderedDict()

    def first(self, key: Hashable) -> bool:
        """Whether `key` comes for the first time; it is known from now on."""
        if key in self._keys:
            return False
        self._keys[key] = None
        if len(self._keys) > self._most:
            self._keys.popitem(last=False)
        return True
