"""The gateway: its connections, and what a test can do to them."""

from __future__ import annotations

from aiohttp import web

from tickertape.sandbox.discord.gateway.connection import Connection
from tickertape.sandbox.discord.gateway.session_store import SessionStore
from tickertape.sandbox.discord.world.world import World


class Gateway:
    """All connections of the bot. `latency` is a round trip in seconds, of which an event takes half."""

    def __init__(self, world: World, token: str, latency: float) -> None:
        self._world = world
        self._token = token
        self._latency = latency
        self._sessions = SessionStore(world)
        self._connections: set[Connection] = set()

    @property
    def connections(self) -> int:
        """How many sockets are open."""
        return len(self._connections)

    @property
    def identifies(self) -> int:
        """How many sessions have begun."""
        return self._sessions.identifies

    @property
    def resumes(self) -> int:
        """How often a session went on over a new connection."""
        return self._sessions.resumes

    @property
    def ready(self) -> bool:
        """Whether any session is connected."""
        return self._sessions.connected

    def welcomed(self, sessions: int) -> bool:
        """Whether that many sessions have begun since the start, and the newest one is connected."""
        return self._sessions.welcomed(sessions)

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        """GET /gateway: serve one connection until it ends."""
        connection = Connection(self._world, self._sessions, self._token, self._latency, request)
        self._connections.add(connection)
        try:
            return await connection.run()
        finally:
            self._connections.discard(connection)
            self._world.notify()

    def drop(self, *, resumable: bool = True) -> None:
        """Cut every socket in mid-stream; without `resumable` the sessions are gone as well."""
        if not resumable:
            self._sessions.clear()
        for connection in list(self._connections):
            connection.cut()

    def ask_reconnect(self) -> None:
        """Send opcode 7: every client is to reconnect and resume."""
        for connection in self._connections:
            connection.send_op(7, None)

    def invalidate(self, *, resumable: bool = False) -> None:
        """Send opcode 9: the sessions are invalid, or with `resumable` to be resumed on a new connection."""
        if not resumable:
            self._sessions.clear()
        for connection in self._connections:
            connection.send_op(9, resumable)

    async def close(self) -> None:
        """Close every connection, as a server that goes away."""
        for connection in list(self._connections):
            await connection.close(1001, "going away")
