"""One streamed response on its connection: written in chunks or raw, split anywhere, ended, cut or reset."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Iterator, Mapping
from typing import NoReturn

from aiohttp import web

_STREAM = {"Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-cache"}


class Connection:
    """A response that is being streamed. `raw` delimits the body by the end of the connection, without chunks."""

    def __init__(self, request: web.Request, headers: Mapping[str, str], *, raw: bool = False) -> None:
        self._request = request
        self._raw = raw
        self.response = web.StreamResponse(headers={**_STREAM, **headers})

    async def open(self) -> None:
        """Send status and headers."""
        if not self._raw:
            await self.response.prepare(self._request)
            return
        lines = [f"{name}: {value}" for name, value in self.response.headers.items()]
        head = "\r\n".join(["HTTP/1.1 200 OK", *lines, "Connection: close", "", ""])
        _transport(self._request).write(head.encode())

    async def send(self, data: bytes, split: int) -> None:
        """Write `data`, in writes of `split` bytes unless that is 0."""
        for part in _parts(data, split):
            if self._raw:
                _transport(self._request).write(part)
            else:
                await self.response.write(part)
            if split:
                await asyncio.sleep(0)

    async def end(self) -> None:
        """End the body properly."""
        await self.response.write_eof()


async def cut(request: web.Request) -> NoReturn:
    """Close the connection once everything written is out; ends by being cancelled."""
    _transport(request).close()
    await hang()


async def reset(request: web.Request) -> NoReturn:
    """Reset the connection (TCP RST); ends by being cancelled."""
    transport = _transport(request)
    connection = transport.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
    await hang()


async def hang() -> NoReturn:
    """Wait until the connection is lost, which cancels the request's handler."""
    while True:
        await asyncio.Event().wait()


def _transport(request: web.Request) -> asyncio.WriteTransport:
    """Return the connection's transport; raise ConnectionResetError when the client has left."""
    transport = request.transport
    if transport is None:
        raise ConnectionResetError
    if not isinstance(transport, asyncio.WriteTransport):
        raise TypeError(f"cannot write to {transport!r}")
    return transport


def _parts(data: bytes, size: int) -> Iterator[bytes]:
    if not size:
        yield data
        return
    for start in range(0, len(data), size):
        yield data[start : start + size]
