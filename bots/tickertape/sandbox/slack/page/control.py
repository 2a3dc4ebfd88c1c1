"""A small HTTP API below `/sandbox/` by which anybody can drive a running stand-in, e.g. with curl.

Arguments are JSON or form fields, as in the Web API; answers are JSON.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import web

from tickertape.sandbox.slack.page.actions import ACTIONS, Action
from tickertape.sandbox.slack.page.state import state
from tickertape.sandbox.slack.people import People
from tickertape.sandbox.slack.web_api.arguments import read
from tickertape.sandbox.slack.web_api.errors import ApiError

PEOPLE = web.AppKey("people", People)
PAUSE = 0.2
"""Seconds between two notes of change to one listener."""


def add_routes(app: web.Application, people: People) -> None:
    """Add the control API to the server."""
    app[PEOPLE] = people
    app.router.add_get("/sandbox/state", _state)
    app.router.add_get("/sandbox/changes", _changes)
    for name, action in ACTIONS.items():
        app.router.add_post(f"/sandbox/{name}", _handler(action))


def _handler(action: Action) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def handle(request: web.Request) -> web.Response:
        if not _is_own(request):
            return _refuse(403, "another site's page may not drive the sandbox")
        try:
            return web.json_response({"ok": True, **await action(request.app[PEOPLE], await read(request))})
        except (ApiError, LookupError) as error:
            return _refuse(400, str(error))

    return handle


def _is_own(request: web.Request) -> bool:
    """Tell whether a request comes from no web page, or from this server's own."""
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.host


def _refuse(status: int, error: str) -> web.Response:
    return web.json_response({"ok": False, "error": error}, status=status)


async def _state(request: web.Request) -> web.Response:
    return web.json_response(state(request.app[PEOPLE].world))


async def _changes(request: web.Request) -> web.StreamResponse:
    """Send a server-sent event whenever something has changed, until the listener or the server leaves."""
    world = request.app[PEOPLE].world
    stream = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
    await stream.prepare(request)
    seen = -1
    while not world.closed:
        seen = world.version
        try:
            await stream.write(f"data: {seen}\n\n".encode())
        except ConnectionError:
            break
        await asyncio.sleep(PAUSE)
        await world.next_version(seen)
    return stream
