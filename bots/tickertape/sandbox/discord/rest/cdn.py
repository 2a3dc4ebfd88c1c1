"""The host of attachments: another server than the API's, which only serves files and keeps track of who asked how."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass

from aiohttp import web

from tickertape.sandbox.discord.payloads import signed_links
from tickertape.sandbox.discord.world.entities import Attachment
from tickertape.sandbox.discord.world.world import World

_PIECE = 64 * 1024
"""Bytes that are written at a time."""

_SENT = web.RequestKey("sent", int)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Delivery:
    """How a file is handed out.

    `delay` are seconds before the answer begins, `pace` is bytes per second. `surplus` bytes of zeros follow beyond
    what the attachment's `size` says; then no Content-Length is sent. `redirect` is an address to go to instead,
    `status` that of a refusal. The connection is cut after `cut_after` bytes.
    """

    delay: float = 0.0
    pace: float | None = None
    surplus: int = 0
    redirect: str | None = None
    status: int = 200
    cut_after: int | None = None


@dataclass(frozen=True, slots=True)
class Download:
    """One request, when it came (seconds of the loop's clock), and how many bytes of the file were sent.

    `headers` are looked up whatever their case.
    """

    at: float
    method: str
    path: str
    headers: Mapping[str, str]
    status: int
    sent: int


class Cdn:
    """Serves attachments at signed links, by GET alone; `downloads` are all requests that are over, oldest first.

    A deleted message's files, an expired link and one without a signature are not found.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._ordinary = Delivery()
        self._special: dict[str, Delivery] = {}
        self.downloads: list[Download] = []

    def deliver(self, delivery: Delivery, filename: str | None = None) -> None:
        """Hand files out like this from now on: all of them, or those of one name."""
        if filename is None:
            self._ordinary = delivery
        else:
            self._special[filename] = delivery

    def app(self) -> web.Application:
        """Return the application that serves the host."""
        app = web.Application(middlewares=[self._note])
        for folder in ("attachments", "ephemeral-attachments"):
            path = f"/{folder}/{{place}}/{{attachment}}/{{filename}}"
            app.add_routes([web.get(path, self._read, allow_head=False)])
        return app

    @web.middleware
    async def _note(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Keep every request in mind."""
        at, status = self._world.clock.now(), 500
        try:
            response = await handler(request)
            status = response.status
        except web.HTTPException as refusal:
            status = refusal.status
            raise
        finally:
            sent = request.get(_SENT, 0)
            self.downloads.append(Download(at, request.method, request.path, request.headers, status, sent))
            self._world.notify()
        return response

    async def _read(self, request: web.Request) -> web.StreamResponse:
        """GET /attachments/{channel}/{attachment}/{filename}."""
        place, ident, name = (request.match_info[key] for key in ("place", "attachment", "filename"))
        delivery = self._special.get(name, self._ordinary)
        await asyncio.sleep(delivery.delay)
        if delivery.redirect is not None:
            raise web.HTTPFound(delivery.redirect)
        if delivery.status != 200:
            return web.Response(status=delivery.status)
        item = _find(self._world, place, ident)
        world = self._world
        valid = signed_links.is_valid(request.path, request.query, world.link_key, world.clock.wall())
        if item is None or not valid:
            raise web.HTTPNotFound(text="This content is no longer available.")
        return await _send(request, item, delivery)


async def _send(request: web.Request, item: Attachment, delivery: Delivery) -> web.StreamResponse:
    """Write a file as `delivery` says, until it ends or the client has had enough."""
    response = web.StreamResponse(
        headers={
            "Content-Type": item.content_type or "application/octet-stream",
            "Content-Disposition": f'attachment; filename="{item.filename}"',
            "X-Content-Type-Options": "nosniff",
        }
    )
    if not delivery.surplus:
        response.content_length = item.size
    await response.prepare(request)
    request[_SENT] = 0
    for piece in _pieces(item, delivery):
        try:
            await response.write(piece)
        except ConnectionResetError:
            return response
        request[_SENT] += len(piece)
        if delivery.pace:
            await asyncio.sleep(len(piece) / delivery.pace)
    if delivery.cut_after is not None and request.transport is not None:
        request.transport.abort()
        return response
    await response.write_eof()
    return response


def _pieces(item: Attachment, delivery: Delivery) -> Iterator[bytes]:
    """Yield a file piece by piece, zeros where it announces more than it has."""
    end = item.size + delivery.surplus
    if delivery.cut_after is not None:
        end = min(end, delivery.cut_after)
    step = _PIECE if delivery.pace is None else max(1, min(_PIECE, int(delivery.pace / 10)))
    for start in range(0, end, step):
        yield item.data[start : min(start + step, end)].ljust(min(step, end - start), b"\0")


def _find(world: World, place: str, ident: str) -> Attachment | None:
    """Return an attachment that is still there: a deleted message takes its files with it."""
    for item in world.command_files:
        if (str(world.application_id), str(item.id)) == (place, ident):
            return item
    channel = world.channels.get(int(place)) if place.isdecimal() else None
    for message in channel.messages.values() if channel else ():
        for item in message.attachments:
            if str(item.id) == ident:
                return item
    return None
