"""The server's side of the cost figures, in a process of its own: streams of chunks, and a stand-in of Discord.

The token server does nothing but write prepared bytes, so that its core carries more streams than any client's. The
path says what a stream is like: `/burst/v1/…` sends a whole answer at once, `/paced/v1/…` sends a chunk every 20 ms
until the client leaves, `/once/v1/…` sends 500 chunks at once and then nothing more.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import multiprocessing
from dataclasses import dataclass
from multiprocessing.connection import Connection as Pipe
from types import TracebackType
from typing import Self

from tickertape.sandbox.discord import Budget, DiscordSandbox, Limits
from tickertape.sandbox.slack import UNLIMITED, SlackSandbox

CHUNKS = 5000
"""Chunks of an answer that comes in a burst."""

PACE = 50.0
"""Chunks a second of an answer that is paced."""

TOKEN = " tok"

_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
_PLENTY = Budget(1_000_000, 1.0)


def chunk(delta: dict[str, str], finish: str | None = None) -> bytes:
    """Return one event of about 200 bytes, as gateways send it."""
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
    head = {"id": "chatcmpl-bench", "object": "chat.completion.chunk", "created": 1, "model": "bench"}
    return b"data: " + json.dumps({**head, "choices": [choice]}).encode() + b"\n\n"


EVENT = chunk({"content": TOKEN})
ENDING = chunk({}, "stop") + b"data: [DONE]\n\n"


def body() -> bytes:
    """Return a whole answer."""
    return EVENT * CHUNKS + ENDING


def _framed(data: bytes) -> bytes:
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"


class _Stream(asyncio.Protocol):
    """One connection, which carries one answer."""

    _spread = itertools.count()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.received = b""
        self.timer: asyncio.TimerHandle | None = None

    def data_received(self, data: bytes) -> None:
        self.received += data
        head, separator, rest = self.received.partition(b"\r\n\r\n")
        if not separator or len(rest) < _content_length(head):
            return
        kind = head.split(b"/")[1]
        self.received = b""
        self.transport.write(_HEAD)
        if kind == b"burst":
            self.transport.write(_framed(body()) + _framed(b"")[:-2] + b"\r\n")
        elif kind == b"once":
            self.transport.write(_framed(EVENT * 500))
        else:
            loop = asyncio.get_running_loop()
            phase = next(self._spread) * 0.618 % 1.0 / PACE  # evenly spread, however many there are
            self._tick(loop, loop.time() + phase)

    def _tick(self, loop: asyncio.AbstractEventLoop, at: float) -> None:
        if self.transport.is_closing():
            return
        if self.timer is not None:
            self.transport.write(_framed(EVENT))
        self.timer = loop.call_at(at + 1 / PACE, self._tick, loop, at + 1 / PACE)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        if self.timer is not None:
            self.timer.cancel()


def _content_length(head: bytes) -> int:
    lines = head.lower().split(b"\r\n")
    return int(next(line for line in lines if line.startswith(b"content-length:")).split(b":")[1])


@dataclass(frozen=True, slots=True)
class Where:
    """The addresses of the servers. `channels` are Discord channels, one for each answer that there may be."""

    tokens: str
    discord: str
    discord_token: str
    channels: tuple[int, ...]
    slack: str
    slack_token: str
    slack_channel: str

    def stream(self, kind: str) -> str:
        """Return the base URL of streams of a kind: burst, paced or once."""
        return f"{self.tokens}/{kind}/v1"


async def _serve(pipe: Pipe, channels: int, *, limited: bool) -> None:
    loop = asyncio.get_running_loop()
    limits = Limits() if limited else Limits(posts=_PLENTY, edits=_PLENTY, everything=_PLENTY)
    server = await loop.create_server(_Stream, "127.0.0.1", 0, backlog=4096)
    async with server, DiscordSandbox(limits=limits) as discord, SlackSandbox(UNLIMITED) as slack:
        places = [discord.add_channel(discord.guild, f"bench-{n}") for n in range(channels)]
        room = await slack.add_channel("bench", "alice")
        port = server.sockets[0].getsockname()[1]
        pipe.send(
            Where(
                f"http://127.0.0.1:{port}", discord.api_url, discord.token, tuple(place.id for place in places),
                slack.api_url, slack.bot_token, room.id,
            )
        )  # fmt: skip
        await loop.run_in_executor(None, pipe.recv)


def _main(pipe: Pipe, channels: int, limited: bool) -> None:
    asyncio.run(_serve(pipe, channels, limited=limited))


class Servers:
    """The process, seen from the parent: a context whose value says where the servers are."""

    def __init__(self, channels: int = 1, *, limited: bool = True) -> None:
        self._pipe, theirs = multiprocessing.Pipe()
        self._process = multiprocessing.get_context("spawn").Process(
            target=_main, args=(theirs, channels, limited), daemon=True
        )
        self._process.start()
        theirs.close()
        self.where: Where = self._pipe.recv()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pipe.send(None)
        self._process.join(10)
        self._process.kill()
        self._pipe.close()
