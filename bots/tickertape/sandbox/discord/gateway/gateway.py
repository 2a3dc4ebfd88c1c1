"""The gateway: its sessions, who gets which event, and what a test can do to its connections."""

from __future__ import annotations

import secrets

from aiohttp import web

from tickertape.sandbox.discord.gateway.connection import Connection
from tickertape.sandbox.discord.gateway.events import Event, Intent
from tickertape.sandbox.discord.gateway.sessions import Session
from tickertape.sandbox.discord.rest.app import application_flags
from tickertape.sandbox.discord.world import payloads
from tickertape.sandbox.discord.world.entities import Guild, Json
from tickertape.sandbox.discord.world.world import World


class Gateway:
    """All sessions of the bot, connected or waiting for a resume."""

    def __init__(self, world: World, token: str, latency: float) -> None:
        self.world = world
        self.token = token
        self.latency = latency
        self._sessions: dict[str, Session] = {}
        self._newest: Session | None = None
        self._connections: set[Connection] = set()
        self.identifies = 0
        self.resumes = 0
        world.listeners.append(self.publish)

    @property
    def connections(self) -> int:
        """How many sockets are open."""
        return len(self._connections)

    @property
    def ready(self) -> bool:
        """Whether any session is connected."""
        return any(session.send is not None for session in self._sessions.values())

    def welcomed(self, sessions: int) -> bool:
        """Whether that many sessions have begun since the start, and the newest one is connected."""
        newest = self._newest
        return self.identifies >= sessions and newest is not None and newest.send is not None

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        """GET /gateway: serve one connection until it ends."""
        connection = Connection(self, request)
        self._connections.add(connection)
        try:
            return await connection.run()
        finally:
            self._connections.discard(connection)
            self.world.notify()

    def publish(self, event: Event) -> None:
        """Deliver an event to every session that wants it."""
        self._forget_lost()
        for session in self._sessions.values():
            if session.wants(event):
                session.deliver(event, self.world.bot)

    def begin(self, intents: int, shard: int, shards: int) -> Session:
        """Begin a session after an IDENTIFY that was found good."""
        keeps = self.world.limits.session_events
        session = Session(secrets.token_hex(16), intents, shard, shards, keeps)
        self._sessions[session.id] = self._newest = session
        self.identifies += 1
        return session

    def welcome(self, session: Session) -> None:
        """Send READY, then every guild of the shard."""
        guilds = [
            guild
            for guild in self.world.guilds.values()
            if self.world.bot.id in guild.members and session.has_guild(guild.id)
        ]
        session.dispatch("READY", self._ready(session, guilds))
        if session.intents & Intent.GUILDS:
            everyone = bool(session.intents & Intent.GUILD_MEMBERS)
            for guild in guilds:
                data = payloads.guild_with_channels(self.world, guild, all_members=everyone)
                session.dispatch("GUILD_CREATE", data)
        self.world.notify()

    def _ready(self, session: Session, guilds: list[Guild]) -> Json:
        me = {"verified": True, "mfa_enabled": True, "email": None}
        return {
            "v": 10,
            "user": payloads.user(self.world.bot) | me,
            "guilds": [{"id": str(guild.id), "unavailable": True} for guild in guilds],
            "private_channels": [],
            "session_id": session.id,
            "resume_gateway_url": self.world.gateway_url,
            "shard": [session.shard, session.shards],
            "application": {"id": str(self.world.application_id), "flags": application_flags(self.world)},
        }

    def members_chunk(self, session: Session, asked: Json) -> None:
        """Answer a request for guild members (opcode 8)."""
        guild = self.world.guilds.get(int(asked.get("guild_id", 0)))
        if guild is None:
            return
        wanted = asked.get("user_ids") or []
        ids = {int(each) for each in (wanted if isinstance(wanted, list) else [wanted])}
        query = str(asked.get("query") or "")
        found = [
            member
            for member in guild.members.values()
            if (member.user.id in ids if ids else member.user.name.startswith(query))
        ]
        data: Json = {
            "guild_id": str(guild.id),
            "members": [payloads.member(member) for member in found],
            "chunk_index": 0,
            "chunk_count": 1,
            "not_found": [str(each) for each in ids - guild.members.keys()],
        }
        session.dispatch(
            "GUILD_MEMBERS_CHUNK", data | ({"nonce": asked["nonce"]} if "nonce" in asked else {})
        )

    def find(self, ident: str) -> Session | None:
        """Return a session that can be resumed."""
        self._forget_lost()
        return self._sessions.get(ident)

    def forget(self, session: Session) -> None:
        """Drop a session: it cannot be resumed."""
        self._sessions.pop(session.id, None)

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

    def _forget_lost(self) -> None:
        """Drop the sessions that were disconnected for too long."""
        life, now = self.world.limits.session_life, self.world.clock.now()
        for session in list(self._sessions.values()):
            if session.lost_at is not None and now - session.lost_at > life:
                self.forget(session)
