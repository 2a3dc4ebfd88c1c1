"""Edits of messages, and what comes of them."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.support.keys import key
from tickertape.inbound.facts import Edited


@dataclass
class Edits:
    """Edits of messages of the general channel, and the answers that were offered to be written anew."""

    offered: list[str] = field(default_factory=list)

    def of(self, number: int, text: str) -> Edited:
        """Return an edit, after which a message says `text`."""
        return Edited(key(f"fake:general/{number}"), text, self._offer)

    async def _offer(self, answer: str) -> None:
        self.offered.append(answer)
