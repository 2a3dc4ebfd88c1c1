from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator

import httpx2
import pytest
from aiohttp import web

from tickertape.model.gathering import seconds_to_gather
from tickertape.model.transport import BODY, Body, Transport

PIECES = [b"first ", b"second ", b"third"]


class Pieces:
    """A server whose body comes piece by piece, each when the test says so."""

    def __init__(self) -> None:
        self.released = asyncio.Semaphore(0)
        self.written = asyncio.Semaphore(0)
        self.encoded = False
        self.requests: list[web.Request] = []

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.requests.append(request)
        if self.encoded:
            headers = {"Content-Encoding": "gzip"}
            return web.Response(body=gzip.compress(b"".join(PIECES)), headers=headers)
        response = web.StreamResponse()
        await response.prepare(request)
        for piece in PIECES:
            await self.released.acquire()
            await response.write(piece)
            self.written.release()
        return response

    def release(self, pieces: int = 1) -> None:
        for _ in range(pieces):
            self.released.release()


@pytest.fixture
async def pieces() -> Pieces:
    return Pieces()


@pytest.fixture
async def url(pieces: Pieces) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_post("/{path:.*}", pieces.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/chat"
    await runner.cleanup()


@pytest.fixture
async def client() -> AsyncIterator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(transport=Transport(connections=5, keep_alive=5.0)) as client:
        yield client


def body_of(response: httpx2.Response) -> Body:
    body = response.extensions[BODY]
    assert isinstance(body, Body)
    return body


async def test_a_body_is_read_as_it_comes(client: httpx2.AsyncClient, url: str, pieces: Pieces) -> None:
    async with client.stream("POST", url) as response:
        body = body_of(response)
        for piece in PIECES:
            pieces.release()
            assert await body.read() == piece
        assert await body.read() == b""
        await body.gather(0.0)  # nothing is left that could be held back


async def test_what_gathers_comes_in_one_read(client: httpx2.AsyncClient, url: str, pieces: Pieces) -> None:
    async with client.stream("POST", url) as response:
        body = body_of(response)
        pieces.release()
        assert await body.read() == PIECES[0]
        await pieces.written.acquire()
        gathering = asyncio.create_task(body.gather(60.0))
        pieces.release(2)
        for _ in PIECES[1:]:
            await pieces.written.acquire()
        gathering.cancel()
        assert await body.read() == b"".join(PIECES[1:])


async def test_an_encoded_body_is_decoded_once(client: httpx2.AsyncClient, url: str, pieces: Pieces) -> None:
    pieces.encoded = True
    response = await client.post(url)
    assert response.content == b"".join(PIECES)


async def test_a_proxy_of_the_environment_is_used(
    client: httpx2.AsyncClient, url: str, pieces: Pieces, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", url.removesuffix("/chat"))
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    pieces.encoded = True
    await client.post("http://gateway.invalid/chat")
    assert str(pieces.requests[0].url) == "http://gateway.invalid/chat"
    await client.post(url)
    assert pieces.requests[1].raw_path == "/chat"


@pytest.mark.parametrize(("streams", "seconds"), [(1, 0.0), (100, 0.0), (200, 0.04), (2000, 0.2)])
def test_few_streams_are_read_at_once_and_many_in_turn(streams: int, seconds: float) -> None:
    assert seconds_to_gather(streams) == pytest.approx(seconds)
