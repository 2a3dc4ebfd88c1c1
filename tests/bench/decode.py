"""CPU per delta of our way through the client, beside the openai client's typed stream, for the same bytes.

    python -m tests.bench.decode

A child process sends a prepared answer; only this process's CPU time is counted, server excluded.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import sys
import time
from collections.abc import Awaitable, Callable
from multiprocessing.connection import Connection

import openai

from core.model.client import ChatModel
from core.model.reader import Reader
from core.model.settings import ChatSettings
from core.prompt import Role, Turn

CHUNKS = 5000
RUNS = 3


def body() -> bytes:
    """Return an answer of `CHUNKS` chunks of about 200 bytes, as gateways send them."""
    head = {"id": "chatcmpl-bench", "object": "chat.completion.chunk", "created": 1, "model": "bench"}
    choices = [{"index": 0, "delta": {"content": " tok"}, "logprobs": None, "finish_reason": None}]
    last = [{"index": 0, "delta": {}, "logprobs": None, "finish_reason": "stop"}]
    events = [json.dumps({**head, "choices": choices})] * CHUNKS + [
        json.dumps({**head, "choices": last}),
        "[DONE]",
    ]
    return "".join(f"data: {event}\n\n" for event in events).encode()


def serve(ready: Connection) -> None:
    """Answer every request by the prepared body; tell the port through `ready`."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        await reader.readexactly(int(length.split(b":")[1]))
        writer.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n" + answered
        )
        await writer.drain()
        writer.close()

    async def run() -> None:
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        ready.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    answered = body()
    asyncio.run(run())


async def ours(url: str) -> int:
    """Read the answer our way; return the number of deltas."""
    model = ChatModel(ChatSettings(model="bench", api_key="sk-bench", base_url=url))
    count = 0
    async for delta in model.stream((Turn(Role.USER, "go"),)):
        count += bool(delta.text)
    await model.close()
    return count


async def typed(url: str) -> int:
    """Read the answer by the typed stream; return the number of deltas."""
    count = 0
    async with openai.AsyncOpenAI(api_key="sk-bench", base_url=url) as client:
        stream = await client.chat.completions.create(
            model="bench", messages=[{"role": "user", "content": "go"}], stream=True
        )
        async for chunk in stream:
            count += bool(chunk.choices and chunk.choices[0].delta.content)
    return count


def measure(read: Callable[[str], Awaitable[int]], url: str) -> float:
    """Return the CPU microseconds per delta, the best of some runs."""

    async def once() -> float:
        start = time.process_time()
        count = await read(url)
        if count != CHUNKS:
            raise AssertionError(f"{count} deltas of {CHUNKS}")
        return (time.process_time() - start) / count * 1e6

    return min(asyncio.run(once()) for _ in range(RUNS))


def measure_pure(size: int) -> float:
    """Return the CPU microseconds per delta of the reader alone, fed by pieces of `size` bytes."""
    data = body()
    pieces = [data[start : start + size] for start in range(0, len(data), size)]
    start = time.process_time()
    reader = Reader()
    count = sum(len(reader.feed(piece)) for piece in pieces)
    return (time.process_time() - start) / count * 1e6


def main() -> None:
    """Measure and print."""
    ready, theirs = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(theirs,), daemon=True)
    server.start()
    url = f"http://127.0.0.1:{ready.recv()}/v1"
    mine, other = measure(ours, url), measure(typed, url)
    server.terminate()
    server.join()
    sys.stdout.write(
        f"reader alone, 16 kB pieces: {measure_pure(16384):6.2f} µs CPU per delta\n"
        f"reader alone, 50 B pieces:  {measure_pure(50):6.2f} µs CPU per delta\n"
        f"ours, whole path in burst:  {mine:6.2f} µs CPU per delta\n"
        f"typed stream of openai:     {other:6.2f} µs CPU per delta\n"
        f"ratio:                      {mine / other:6.3f}\n"
    )


if __name__ == "__main__":
    main()
