"""A file host on loopback that behaves as it is told, over real HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Self

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class FileHost:
    """Serves each path by its handler and remembers the requests."""

    def __init__(self) -> None:
        self.handlers: dict[str, Handler] = {}
        self.requests: list[web.Request] = []
        self._runner: web.AppRunner | None = None
        self._port = 0

    @property
    def host(self) -> str:
        """What an allow list names it."""
        return f"127.0.0.1:{self._port}"

    def url(self, path: str) -> str:
        """Return the address of `path`."""
        return f"http://{self.host}{path}"

    def serve(
        self, path: str, body: bytes, content_type: str = "application/octet-stream", **more: str
    ) -> str:
        """Serve `body` at `path`, with further headers, and return the address."""
        headers = {"Content-Type": content_type} | {
            name.replace("_", "-"): value for name, value in more.items()
        }

        async def answer(_: web.Request) -> web.Response:
            return web.Response(body=body, headers=headers)

        self.handlers[path] = answer
        return self.url(path)

    def refuse(self, path: str, status: int, **headers: str) -> str:
        """Answer `path` by a status, and return the address."""

        async def answer(_: web.Request) -> web.Response:
            return web.Response(status=status, headers=headers)

        self.handlers[path] = answer
        return self.url(path)

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self.requests.append(request)
        return await self.handlers[request.path](request)

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_get("/{path:.*}", self._answer)
        self._runner = web.AppRunner(app, handler_cancellation=True, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self._port = self._runner.addresses[0][1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._runner is not None:
            await self._runner.cleanup()


async def hang() -> None:
    """Wait for the request to be given up."""
    await asyncio.Event().wait()
