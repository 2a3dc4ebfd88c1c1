"""Socket Mode: the sockets of the app, their frames, and the acknowledgements that come back.

Frames as in Slack's "Using Socket Mode": `hello`, `disconnect`, and envelopes that are acknowledged by their id.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import Any

from aiohttp import WSCloseCode, WSMsgType, web

from tickertape.sandbox.slack.delivery.delivery import ACK_DEADLINE, Ack, Attempt, Delivery, Failure, Kind
from tickertape.sandbox.slack.world.models import Json
from tickertape.sandbox.slack.world.world import World

MAX_SOCKETS = 10
WARNING = 10.0
"""Seconds between a `warning` or `refresh_requested` and the end of the connection (Slack's guide)."""
PING_INTERVAL = 30.0
"""Seconds between the server's pings: assumed."""


class Socket:
    """One connection of the app. A deaf one stays open and answers pings, but gets no envelopes."""

    def __init__(self, number: int, stream: web.WebSocketResponse, request: web.Request) -> None:
        self.number = number
        self.deaf = False
        self.leaving = False
        self._stream = stream
        self._request = request

    async def send(self, frame: Json) -> bool:
        """Send a frame; False if the connection is gone."""
        try:
            await self._stream.send_json(frame)
        except ConnectionError:
            return False
        return True

    async def close(self) -> None:
        """Close the connection properly."""
        await self._stream.close(code=WSCloseCode.GOING_AWAY)

    def drop(self) -> None:
        """Cut the connection without a closing handshake."""
        if self._request.transport is not None:
            self._request.transport.abort()


@dataclass(slots=True, eq=False)
class _Pending:
    attempt: Attempt
    answer: asyncio.Future[Any]


class SocketMode:
    """The Socket Mode transport. `sockets` are those open now, oldest first; `count` were opened in all."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._tickets: set[str] = set()
        self._pending: dict[str, _Pending] = {}
        self._turn = 0
        self.count = 0
        self._closing: set[asyncio.Task[None]] = set()
        self.sockets: list[Socket] = []

    def ticket(self) -> str:
        """Return a ticket for one connection."""
        ticket = self._world.new_id("ticket-").lower()
        self._tickets.add(ticket)
        return ticket

    async def connect(self, request: web.Request) -> web.StreamResponse:
        """Serve one connection until it ends."""
        if request.query.get("ticket", "") not in self._tickets:
            return web.Response(status=403, text="invalid ticket")
        self._tickets.discard(request.query["ticket"])
        stream = web.WebSocketResponse(heartbeat=PING_INTERVAL)
        await stream.prepare(request)
        self.count += 1
        socket = Socket(self.count, stream, request)
        if len(self.sockets) >= MAX_SOCKETS:
            await self._refuse(socket)
            return stream
        await self._serve(socket, stream)
        return stream

    async def _refuse(self, socket: Socket) -> None:
        await socket.send(self._disconnect("too_many_websockets"))
        await socket.close()

    async def _serve(self, socket: Socket, stream: web.WebSocketResponse) -> None:
        self.sockets.append(socket)
        try:
            await socket.send(self._hello())
            self._world.changed()
            async for frame in stream:
                if frame.type is WSMsgType.TEXT:
                    self._receive(frame.data)
        finally:
            self.sockets.remove(socket)
            self._world.changed()

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self.sockets),
            "connection_info": {"app_id": self._world.app_id},
            "debug_info": {
                "host": "applink-sandbox",
                "build_number": 1,
                "approximate_connection_time": 18_060,
            },
        }

    def _disconnect(self, reason: str) -> Json:
        return {"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-sandbox"}}

    def _receive(self, data: str) -> None:
        """Take a frame of the app, which can only be an acknowledgement."""
        try:
            frame = json.loads(data)
        except ValueError:
            return
        pending = (
            self._pending.pop(str(frame.get("envelope_id", "")), None) if isinstance(frame, dict) else None
        )
        if pending is None:
            return
        pending.attempt.acked_at = self._world.clock.now()
        if not pending.answer.done():
            pending.answer.set_result(frame.get("payload"))
        self._world.changed()

    async def deliver(self, delivery: Delivery, attempt: Attempt) -> Ack | Failure:
        """Send an envelope to one of the sockets, in turn, and wait for its acknowledgement."""
        socket = self._next()
        if socket is None:
            return Failure("connection_failed")
        attempt.socket = socket.number
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._pending[attempt.envelope_id] = _Pending(attempt, answer)
        if not socket.deaf and not await socket.send(_envelope(delivery, attempt)):
            del self._pending[attempt.envelope_id]
            return Failure("connection_failed")
        try:
            async with asyncio.timeout(ACK_DEADLINE):
                return Ack(await answer)
        except TimeoutError:
            return Failure("timeout")

    def _next(self) -> Socket | None:
        staying = [socket for socket in self.sockets if not socket.leaving]
        if not staying:
            return None
        self._turn += 1
        return staying[self._turn % len(staying)]

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Send every socket a `disconnect`; those with notice are closed `WARNING` seconds later, others at once."""
        for socket in tuple(self.sockets):
            socket.leaving = True
            await socket.send(self._disconnect(reason))
            wait = WARNING if reason in {"warning", "refresh_requested"} else 0.0
            task = asyncio.get_running_loop().create_task(_close_later(socket, wait))
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)

    def drop(self) -> None:
        """Cut every connection at once."""
        for socket in tuple(self.sockets):
            socket.drop()

    def deafen(self) -> None:
        """Let the sockets that are open now stay open, but get nothing any more."""
        for socket in self.sockets:
            socket.deaf = True

    async def stop(self) -> None:
        """Close every connection."""
        for task in tuple(self._closing):
            task.cancel()
        for socket in tuple(self.sockets):
            await socket.close()


async def _close_later(socket: Socket, wait: float) -> None:
    await asyncio.sleep(wait)
    await socket.close()


def _envelope(delivery: Delivery, attempt: Attempt) -> Json:
    envelope: Json = {
        "envelope_id": attempt.envelope_id,
        "type": delivery.kind.value,
        "payload": delivery.payload,
        "accepts_response_payload": delivery.kind is not Kind.EVENT,
    }
    if delivery.kind is Kind.EVENT:
        envelope |= {"retry_attempt": attempt.number, "retry_reason": attempt.reason}
    return envelope
