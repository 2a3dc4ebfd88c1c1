"""Serves the files of messages at the addresses that their attachments name."""

from __future__ import annotations

from aiohttp import web

from bots.sandbox.discord.world import World


class AttachmentRoutes:
    """Handlers of attachments; like Discord's they need no token."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[web.RouteDef]:
        """Return the routes, relative to the server's root."""
        return [web.get("/attachments/{channel_id}/{attachment_id}/{filename}", self.read)]

    async def read(self, request: web.Request) -> web.Response:
        """GET /attachments/{channel}/{attachment}/{filename}; a browser is told to save it, never to show it."""
        place, wanted = request.match_info["channel_id"], request.match_info["attachment_id"]
        for channel in self._world.channels.values():
            for message in channel.messages.values() if str(channel.id) == place else ():
                for item in message.attachments:
                    if str(item.id) == wanted:
                        return _file(item.data)
        raise web.HTTPNotFound


def _file(data: bytes) -> web.Response:
    return web.Response(
        body=data,
        content_type="application/octet-stream",
        headers={"Content-Disposition": "attachment", "X-Content-Type-Options": "nosniff"},
    )
