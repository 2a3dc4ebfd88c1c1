"""REST routes of places and people: channels, threads, direct messages, guilds, members, users."""

from __future__ import annotations

from aiohttp import web

from bots.sandbox.discord import announce, payloads
from bots.sandbox.discord.access import channel_of, guild_of, message_of, need
from bots.sandbox.discord.bodies import Body, ident, read_body, reply, snowflake
from bots.sandbox.discord.entities import ChannelType, Message
from bots.sandbox.discord.errors import ApiError, Code, invalid
from bots.sandbox.discord.permissions import Permission
from bots.sandbox.discord.world import World


class ChannelRoutes:
    """Handlers of channels, threads, guilds and users."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[web.RouteDef]:
        """Return the routes, relative to the API's root."""
        return [
            web.get("/channels/{channel_id}", self.channel),
            web.patch("/channels/{channel_id}", self.change_channel),
            web.post("/channels/{channel_id}/threads", self.thread),
            web.post("/channels/{channel_id}/messages/{message_id}/threads", self.thread_of_message),
            web.post("/users/@me/channels", self.open_dm),
            web.get("/users/{user_id}", self.user),
            web.get("/guilds/{guild_id}", self.guild),
            web.get("/guilds/{guild_id}/channels", self.channels),
            web.get("/guilds/{guild_id}/roles", self.roles),
            web.get("/guilds/{guild_id}/members/{user_id}", self.member),
        ]

    async def channel(self, request: web.Request) -> web.Response:
        """GET /channels/{id}."""
        return reply(payloads.channel(channel_of(self._world, request)))

    async def change_channel(self, request: web.Request) -> web.Response:
        """PATCH /channels/{id}: a thread's name, `archived` and `locked`; no other channel can be changed here."""
        body = await read_body(request)
        channel = channel_of(self._world, request)
        if not channel.is_thread:
            raise ApiError(Code.WRONG_CHANNEL_TYPE)
        if channel.owner is not self._world.bot:
            need(self._world, channel, Permission.MANAGE_THREADS)
        channel.name = str(body.fields.get("name", channel.name))
        channel.archived = bool(body.fields.get("archived", channel.archived))
        channel.locked = bool(body.fields.get("locked", channel.locked))
        self._world.publish(announce.channel(self._world, "THREAD_UPDATE", channel))
        return reply(payloads.channel(channel))

    async def thread(self, request: web.Request) -> web.Response:
        """POST /channels/{id}/threads; without a type it is a private one, as the documentation says."""
        body = await read_body(request)
        private = int(body.fields.get("type", ChannelType.PRIVATE_THREAD)) == ChannelType.PRIVATE_THREAD
        return self._start_thread(request, body, ChannelType.PRIVATE_THREAD if private else _PUBLIC)

    async def thread_of_message(self, request: web.Request) -> web.Response:
        """POST /channels/{id}/messages/{id}/threads."""
        body = await read_body(request)
        message = message_of(request, channel_of(self._world, request))
        if message.thread is not None:
            raise ApiError(Code.THREAD_EXISTS)
        return self._start_thread(request, body, _PUBLIC, message)

    def _start_thread(
        self, request: web.Request, body: Body, kind: ChannelType, start: Message | None = None
    ) -> web.Response:
        private = kind is ChannelType.PRIVATE_THREAD
        needed = Permission.CREATE_PRIVATE_THREADS if private else Permission.CREATE_PUBLIC_THREADS
        parent = channel_of(self._world, request)
        if parent.is_private or parent.is_thread:
            raise ApiError(Code.WRONG_CHANNEL_TYPE)
        need(self._world, parent, needed)
        name = str(body.fields.get("name") or "")
        if not 1 <= len(name) <= 100:
            raise invalid("name", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.")
        thread = self._world.add_thread(parent, name, self._world.bot, start=start, kind=kind)
        return reply(payloads.channel(thread), 201)

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


_PUBLIC = ChannelType.PUBLIC_THREAD
