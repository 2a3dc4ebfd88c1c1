"""One gateway connection: hello, identify or resume, heartbeats, and what breaks the rules."""

from __future__ import annotations

import asyncio
import enum
import json

from aiohttp import WSMsgType, web

from tickertape.sandbox.discord.gateway.dispatches import members_chunk, welcome
from tickertape.sandbox.discord.gateway.session_store import SessionStore
from tickertape.sandbox.discord.gateway.sessions import Session
from tickertape.sandbox.discord.limits import Budget
from tickertape.sandbox.discord.rate_limits import FixedWindows
from tickertape.sandbox.discord.world.entities import Json
from tickertape.sandbox.discord.world.events import KNOWN_BITS, PRIVILEGED
from tickertape.sandbox.discord.world.world import World


class Opcode(enum.IntEnum):
    """What a payload is (API documentation, gateway opcodes)."""

    HEARTBEAT = 1
    IDENTIFY = 2
    PRESENCE_UPDATE = 3
    VOICE_STATE_UPDATE = 4
    RESUME = 6
    REQUEST_GUILD_MEMBERS = 8
    INVALID_SESSION = 9
    HELLO = 10
    HEARTBEAT_ACK = 11


_NORMAL_CLOSES = {1000, 1001}
"""A client that closes with one of these gives its session up (API documentation, gateway)."""


class CloseError(Exception):
    """A broken rule that ends the connection with a close code (API documentation, gateway close codes)."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class Connection:
    """A client's socket; what is sent to it arrives half a round trip (`latency`, seconds) later, in order."""

    def __init__(
        self, world: World, sessions: SessionStore, token: str, latency: float, request: web.Request
    ) -> None:
        self._world = world
        self._sessions = sessions
        self._token = token
        self._latency = latency
        self._request = request
        self._socket = web.WebSocketResponse(autoping=True, timeout=1.0)
        self._outgoing: asyncio.Queue[tuple[float, str]] = asyncio.Queue()
        self._windows = FixedWindows()
        self._session: Session | None = None
        self._heard_at = world.clock.now()

    async def run(self) -> web.WebSocketResponse:
        """Serve the connection until either side ends it."""
        await self._socket.prepare(self._request)
        interval = int(self._world.limits.heartbeat * 1000)
        self.send_op(Opcode.HELLO, {"heartbeat_interval": interval, "_trace": []})
        tasks = [asyncio.create_task(self._write()), asyncio.create_task(self._watch())]
        try:
            await self._read()
        except CloseError as error:
            await self.close(error.code, error.reason)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self._part()
        return self._socket

    def send_op(self, op: int, data: object) -> None:
        """Send a payload that is no event."""
        self._send(json.dumps({"op": op, "d": data, "s": None, "t": None}))

    def cut(self) -> None:
        """Cut the socket without a close frame, as a network does."""
        self._detach()
        if self._request.transport is not None:
            self._request.transport.abort()

    async def close(self, code: int, reason: str) -> None:
        """Close the socket with a close frame."""
        await self._socket.close(code=code, message=reason.encode())

    def _send(self, frame: str) -> None:
        due = self._world.clock.now() + self._latency / 2
        self._outgoing.put_nowait((due, frame))

    async def _write(self) -> None:
        """Send what is queued, each frame when it is due."""
        while True:
            due, frame = await self._outgoing.get()
            await asyncio.sleep(max(0.0, due - self._world.clock.now()))
            try:
                await self._socket.send_str(frame)
            except ConnectionResetError:
                return

    async def _watch(self) -> None:
        """Ask for a heartbeat when one is overdue, and give a client up that does not even answer that.

        Discord asks too (opcode 1). It also keeps clients alive whose heartbeats run on another clock.
        """
        clock, interval = self._world.clock, self._world.limits.heartbeat
        while True:
            heard = self._heard_at
            await asyncio.sleep(max(0.0, heard + interval - clock.now()))
            if self._heard_at != heard:
                continue
            self.send_op(Opcode.HEARTBEAT, None)
            await asyncio.sleep(interval / 2)
            if self._heard_at == heard:
                await self.close(4009, "Session timed out.")
                return

    async def _read(self) -> None:
        async for message in self._socket:
            if message.type is WSMsgType.TEXT:
                self._receive(message.data)
            elif message.type is WSMsgType.BINARY:
                raise CloseError(4002, "Error while decoding payload.")

    def _receive(self, raw: str) -> None:
        """Take one payload of the client; raises CloseError for what breaks a rule."""
        limits, now = self._world.limits, self._world.clock.now()
        if not self._windows.take("sends", limits.gateway_sends, now).allowed:
            raise CloseError(4008, "Rate limited.")
        if len(raw.encode()) > limits.gateway_payload:
            raise CloseError(4002, "Error while decoding payload.")
        try:
            payload = json.loads(raw)
            op, data = payload["op"], payload.get("d")
        except (ValueError, TypeError, KeyError):
            raise CloseError(4002, "Error while decoding payload.") from None
        self._heard_at = now
        self._perform(op, data)

    def _perform(self, op: int, data: object) -> None:
        match op:
            case Opcode.HEARTBEAT:
                self.send_op(Opcode.HEARTBEAT_ACK, None)
            case Opcode.IDENTIFY:
                self._identify(_dictionary(data))
            case Opcode.RESUME:
                self._resume(_dictionary(data))
            case Opcode.PRESENCE_UPDATE | Opcode.VOICE_STATE_UPDATE:
                self._authenticated()
            case Opcode.REQUEST_GUILD_MEMBERS:
                members_chunk(self._world, self._authenticated(), _dictionary(data))
            case _:
                raise CloseError(4001, "Unknown opcode.")

    def _authenticated(self) -> Session:
        if self._session is None:
            raise CloseError(4003, "Not authenticated.")
        return self._session

    def _identify(self, data: Json) -> None:
        if self._session is not None:
            raise CloseError(4005, "Already authenticated.")
        self._check_token(data)
        intents = self._checked_intents(data)
        shard, shards = self._checked_shard(data)
        if not self._may_identify(shard):
            self.send_op(Opcode.INVALID_SESSION, data=False)
            return
        session = self._sessions.begin(intents, shard, shards)
        self._attach(session)
        welcome(self._world, session)

    def _resume(self, data: Json) -> None:
        self._check_token(data)
        session = self._sessions.find(str(data.get("session_id")))
        seq = data.get("seq")
        if session is None or not isinstance(seq, int):
            self.send_op(Opcode.INVALID_SESSION, data=False)
            return
        if seq > session.seq:
            self._sessions.forget(session)
            raise CloseError(4007, "Invalid seq.")
        missed = session.missed(seq)
        if missed is None:
            self._sessions.forget(session)
            self.send_op(Opcode.INVALID_SESSION, data=False)
            return
        self._attach(session)
        for frame in missed:
            self._send(frame)
        self._sessions.resumed(session)

    def _check_token(self, data: Json) -> None:
        token = str(data.get("token", "")).removeprefix("Bot ")
        if token != self._token:
            raise CloseError(4004, "Authentication failed.")

    def _checked_intents(self, data: Json) -> int:
        intents = data.get("intents")
        if not isinstance(intents, int) or intents & ~KNOWN_BITS:
            raise CloseError(4013, "Invalid intent(s).")
        if intents & PRIVILEGED & ~self._world.privileged_intents:
            raise CloseError(4014, "Disallowed intent(s).")
        return intents

    def _checked_shard(self, data: Json) -> tuple[int, int]:
        limits = self._world.limits
        try:
            shard, shards = map(int, data.get("shard", [0, 1]))
        except (TypeError, ValueError):
            raise CloseError(4010, "Invalid shard.") from None
        if not 0 <= shard < shards:
            raise CloseError(4010, "Invalid shard.")
        if limits.require_sharding and shards < limits.shards:
            raise CloseError(4011, "Sharding required.")
        return shard, shards

    def _may_identify(self, shard: int) -> bool:
        """Count an IDENTIFY against the day's and against those of its concurrency key."""
        world = self._world
        now, limits = world.clock.now(), world.limits
        key = ("identify", shard % limits.identifies.calls)
        one = Budget(1, limits.identifies.seconds)
        return (
            world.windows.take(key, one, now).allowed
            and world.windows.take("identifies", limits.identifies_a_day, now).allowed
        )

    def _attach(self, session: Session) -> None:
        self._session = session
        session.send = self._send
        session.lost_at = None

    def _detach(self) -> None:
        """Leave the session without a connection: it keeps its events for a resume."""
        session = self._session
        if session is not None and session.send == self._send:
            session.send = None
            session.lost_at = self._world.clock.now()

    def _part(self) -> None:
        """End the session with the connection if the client gave it up."""
        self._detach()
        if self._session is not None and self._socket.close_code in _NORMAL_CLOSES:
            self._sessions.forget(self._session)


def _dictionary(data: object) -> Json:
    if not isinstance(data, dict):
        raise CloseError(4002, "Error while decoding payload.")
    return data
