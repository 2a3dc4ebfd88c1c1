"""REST routes of places and people: channels, direct messages, guilds, members, users."""

from __future__ import annotations

from aiohttp import web

from tickertape.sandbox.discord.errors import ApiError, Code
from tickertape.sandbox.discord.payloads import payloads
from tickertape.sandbox.discord.rest.access import channel_of, guild_of
from tickertape.sandbox.discord.rest.bodies import ident, read_body, reply, snowflake
from tickertape.sandbox.discord.world.world import World


class ChannelRoutes:
    """Handlers of channels, guilds and users."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[web.RouteDef]:
        """Return the routes, relative to the API's root."""
        return [
            web.get("/channels/{channel_id}", self.channel),
            web.post("/users/@me/channels", self.open_dm),
            web.get("/users/{user_id}", self.user),
            web.get("/guilds/{guild_id}", self.guild),
            web.get("/guilds/{guild_id}/channels", self.channels),
            web.get("/guilds/{guild_id}/roles", self.roles),
            web.get("/guilds/{guild_id}/members/{user_id}", self.member),
        ]

    async def channel(self, request: web.Request) -> web.Response:
        """GET /channels/{id}."""
        return reply(payloads.channel_for(channel_of(self._world, request), self._world.bot))

    async def open_dm(self, request: web.Request) -> web.Response:
        """POST /users/@me/channels; that someone takes no messages shows only when one is sent."""
        body = await read_body(request)
        user = self._world.users.get(snowflake(body.fields.get("recipient_id"), "recipient_id"))
        if user is None:
            raise ApiError(Code.UNKNOWN_USER)
        if user.bot:
            raise ApiError(Code.CANNOT_MESSAGE_USER)
        return reply(payloads.channel(self._world.dm_with_bot(user)))

    async def user(self, request: web.Request) -> web.Response:
        """GET /users/{id}."""
        user = self._world.users.get(ident(request, "user_id"))
        if user is None:
            raise ApiError(Code.UNKNOWN_USER)
        return reply(payloads.user(user))

    async def guild(self, request: web.Request) -> web.Response:
        """GET /guilds/{id}."""
        return reply(payloads.guild(guild_of(self._world, request)))

    async def channels(self, request: web.Request) -> web.Response:
        """GET /guilds/{id}/channels: all but threads."""
        guild = guild_of(self._world, request)
        places = [
            each for each in self._world.channels.values() if each.guild is guild and not each.is_thread
        ]
        return reply([payloads.channel(each) for each in places])

    async def roles(self, request: web.Request) -> web.Response:
        """GET /guilds/{id}/roles."""
        return reply(payloads.roles(guild_of(self._world, request)))

    async def member(self, request: web.Request) -> web.Response:
        """GET /guilds/{id}/members/{id}."""
        member = guild_of(self._world, request).members.get(ident(request, "user_id"))
        if member is None:
            raise ApiError(Code.UNKNOWN_MEMBER)
        return reply(payloads.member(member))
