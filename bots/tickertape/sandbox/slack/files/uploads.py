"""Where files are sent: the upload URL."""

from __future__ import annotations

from aiohttp import web

from tickertape.sandbox.slack.world.world import World

_WORLD = web.AppKey("world", World)


def add_routes(app: web.Application, world: World) -> None:
    """Add the address of uploads to the server."""
    app[_WORLD] = world
    app.router.add_post("/upload/v1/{file}", _upload)


async def _upload(request: web.Request) -> web.Response:
    """Take a file's bytes, as the body or as the first part of a form."""
    held = request.app[_WORLD].files.get(request.match_info["file"])
    if held is None:
        return web.Response(status=404, text="file not found")
    data = await _body(request)
    if len(data) != held.length:
        return web.Response(status=400, text="length does not match")
    held.content, held.uploaded = data, True
    return web.Response(text=f"OK - {len(data)}")


async def _body(request: web.Request) -> bytes:
    if not request.content_type.startswith("multipart/"):
        return await request.read()
    part = next(iter((await request.post()).values()), "")
    return part.file.read() if isinstance(part, web.FileField) else str(part).encode()
