"""All sessions of the gateway: begun, found again for a resume, and given the events that they want."""

from __future__ import annotations

import secrets

from tickertape.sandbox.discord.gateway.sessions import Session
from tickertape.sandbox.discord.world.events import Event
from tickertape.sandbox.discord.world.world import World


class SessionStore:
    """All sessions of the bot, connected or waiting for a resume."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._sessions: dict[str, Session] = {}
        self._newest: Session | None = None
        self.identifies = 0
        self.resumes = 0
        world.listeners.append(self.publish)

    @property
    def connected(self) -> bool:
        """Whether any session has a connection."""
        return any(session.send is not None for session in self._sessions.values())

    def welcomed(self, sessions: int) -> bool:
        """Whether that many sessions have begun since the start, and the newest one is connected."""
        newest = self._newest
        return self.identifies >= sessions and newest is not None and newest.send is not None

    def publish(self, event: Event) -> None:
        """Deliver an event to every session that wants it."""
        self._forget_lost()
        for session in self._sessions.values():
            if session.wants(event):
                session.deliver(event, self._world.bot)

    def begin(self, intents: int, shard: int, shards: int) -> Session:
        """Begin a session after an IDENTIFY that was found good."""
        keeps = self._world.limits.session_events
        session = Session(secrets.token_hex(16), intents, shard, shards, keeps)
        self._sessions[session.id] = self._newest = session
        self.identifies += 1
        return session

    def resumed(self, session: Session) -> None:
        """Take note that a session goes on over a new connection, and tell it so."""
        session.dispatch("RESUMED", {"_trace": []})
        self.resumes += 1
        self._world.notify()

    def find(self, ident: str) -> Session | None:
        """Return a session that can be resumed."""
        self._forget_lost()
        return self._sessions.get(ident)

    def forget(self, session: Session) -> None:
        """Drop a session: it cannot be resumed."""
        self._sessions.pop(session.id, None)

    def clear(self) -> None:
        """Drop all sessions."""
        self._sessions.clear()

    def _forget_lost(self) -> None:
        """Drop the sessions that were disconnected for too long."""
        life, now = self._world.limits.session_life, self._world.clock.now()
        for session in list(self._sessions.values()):
            if session.lost_at is not None and now - session.lost_at > life:
                self.forget(session)
