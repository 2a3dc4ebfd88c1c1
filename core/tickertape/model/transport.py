"""The client's way to the gateway: httpx2's transport on aiohttp, with a body that can be read without layers.

openai's own aiohttp transport hands each piece of a body through five generators, and knows no way to wait while bytes
gather. Both cost more than decoding: at 50 deltas a second, two thirds of all (`python -m tests.bench cost`).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from urllib.request import getproxies, proxy_bypass

import aiohttp
import httpx2

BODY = "tickertape.body"
"""The key of the `Body` among a response's extensions."""

_DECODED = frozenset({b"content-encoding", b"content-length"})
"""Headers of an encoded body that no longer tell the truth once aiohttp has decoded it."""


class Body(httpx2.AsyncByteStream):
    """The body of one response, decoded."""

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self._response = response

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Yield the body as httpx2 does; for what is read whole."""
        while piece := await self.read():
            yield piece

    async def read(self) -> bytes:
        """Wait for the next bytes and return all that are here, none at the end. Raises aiohttp's errors."""
        return await self._response.content.readany()

    async def gather(self, seconds: float) -> None:
        """Let bytes gather for some seconds where they cost nothing, in the kernel's buffer of the socket."""
        connection = self._response.connection
        socket = connection.transport if connection is not None else None
        if socket is None:  # the body has ended
            return
        socket.pause_reading()  # of aiohttp's own pause the parser takes note, and then gives one piece at a time
        try:
            await asyncio.sleep(seconds)
        finally:
            socket.resume_reading()

    async def aclose(self) -> None:
        """Give the connection back if the body was read to its end, else close it."""
        self._response.release()


class Transport(httpx2.AsyncBaseTransport):
    """Makes requests through one aiohttp session, by the proxies that the environment names, and follows no redirects.

    Raises aiohttp's errors as they are: openai makes connection errors of all that it does not know.
    """

    def __init__(self, *, connections: int, keep_alive: float) -> None:
        self._connections = connections
        self._keep_alive = keep_alive
        self._session: aiohttp.ClientSession | None = None

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send a request and return its response as soon as the headers are here."""
        timeout = request.extensions.get("timeout", {})
        response = await self._open_session().request(
            request.method,
            str(request.url),
            headers=request.headers.multi_items(),
            data=await request.aread() or None,
            allow_redirects=False,
            proxy=_proxy(request.url),
            timeout=aiohttp.ClientTimeout(
                total=None,
                connect=timeout.get("pool"),
                sock_connect=timeout.get("connect"),
                sock_read=timeout.get("read"),
            ),
        )
        body = Body(response)
        return httpx2.Response(
            response.status, headers=_headers(response), stream=body, request=request, extensions={BODY: body}
        )

    async def aclose(self) -> None:
        """Close all connections."""
        if self._session is not None:
            await self._session.close()

    def _open_session(self) -> aiohttp.ClientSession:
        """Return the session; it has to be made within the event loop."""
        if self._session is None:
            connector = aiohttp.TCPConnector(
                limit=self._connections,
                keepalive_timeout=self._keep_alive,
                ssl=httpx2.create_ssl_context(),  # trusts what openai's own transports trust
            )
            self._session = aiohttp.ClientSession(connector=connector)
        return self._session


def _proxy(url: httpx2.URL) -> str | None:
    """Return the proxy for `url` (HTTPS_PROXY and the like, and NO_PROXY), None for the direct way.

    aiohttp's own reading of the environment takes the names in ~/.netrc too, and fails where they meet the API key.
    """
    proxies = getproxies()
    if not proxies or proxy_bypass(url.host):
        return None
    return proxies.get(url.scheme) or proxies.get("all")


def _headers(response: aiohttp.ClientResponse) -> list[tuple[bytes, bytes]]:
    raw = list(response.raw_headers)
    if "Content-Encoding" not in response.headers:
        return raw
    return [(name, value) for name, value in raw if name.lower() not in _DECODED]
