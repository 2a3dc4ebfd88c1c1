"""Where files are sent and fetched: the upload URL and `url_private`."""

from __future__ import annotations

from aiohttp import web

from bots.sandbox.slack.models import File
from bots.sandbox.slack.web_api.dispatch import bearer
from bots.sandbox.slack.world import World

_WORLD = web.AppKey("world", World)
_TOKEN = web.AppKey("token", str)
_LOGIN = "<!DOCTYPE html><title>Slack</title><p>Sign in to see this file.</p>"


def add_routes(app: web.Application, world: World, token: str) -> None:
    """Add the addresses of files to the server; `token` is the bot's."""
    app[_WORLD], app[_TOKEN] = world, token
    app.router.add_post("/upload/v1/{file}", _upload)
    app.router.add_get("/files-pri/{place}/{name:.+}", _download)


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


async def _download(request: web.Request) -> web.Response:
    """Give a file to the bot; anyone else gets the login page, with status 200."""
    held: File | None = request.app[_WORLD].files.get(request.match_info["place"].rpartition("-")[2])
    if held is None:
        return web.Response(status=404)
    if bearer(request) != request.app[_TOKEN]:
        return web.Response(text=_LOGIN, content_type="text/html")
    return web.Response(body=held.content, content_type="text/plain")
