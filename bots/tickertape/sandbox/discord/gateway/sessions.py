"""A gateway session, pure: which events it gets, and what it keeps for a resume."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from tickertape.sandbox.discord.world.entities import Json
from tickertape.sandbox.discord.world.events import Event, visible_data
from tickertape.sandbox.discord.world.people import User

DISPATCH = 0
"""Opcode of an event."""


@dataclass(slots=True, eq=False)
class Session:
    """What an IDENTIFY began. `send` writes to its connection, None while there is none.

    `kept` are the newest frames with their sequence numbers; `lost_at` is when the connection was lost (seconds).
    """

    id: str
    intents: int
    shard: int
    shards: int
    keeps: int
    seq: int = 0
    kept: deque[tuple[int, str]] = field(default_factory=deque)
    send: Callable[[str], None] | None = None
    lost_at: float | None = None

    def has_guild(self, guild: int | None) -> bool:
        """Tell whether a guild's events are this shard's; direct messages (None) are shard 0's."""
        return self.shard == (0 if guild is None else (guild >> 22) % self.shards)

    def wants(self, event: Event) -> bool:
        """Tell whether the session gets an event."""
        return self.has_guild(event.guild) and (not event.intent or bool(event.intent & self.intents))

    def deliver(self, event: Event, bot: User) -> None:
        """Number an event, keep it, and send it if there is a connection."""
        self.dispatch(event.name, visible_data(event, self.intents, bot))

    def dispatch(self, name: str, data: Json) -> None:
        """Do the same for an event that is for this session alone."""
        self.seq += 1
        frame = json.dumps({"op": DISPATCH, "t": name, "s": self.seq, "d": data})
        self.kept.append((self.seq, frame))
        if len(self.kept) > self.keeps:
            self.kept.popleft()
        if self.send is not None:
            self.send(frame)

    def missed(self, seq: int) -> list[str] | None:
        """Return the frames after `seq`; None if they are not all kept any more."""
        oldest = self.kept[0][0] if self.kept else self.seq + 1
        if seq + 1 < oldest:
            return None
        return [frame for number, frame in self.kept if number > seq]
