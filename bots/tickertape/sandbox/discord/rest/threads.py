"""REST routes of threads: starting, changing and listing them, and who is in them."""

from __future__ import annotations

from aiohttp import web

from tickertape.sandbox.discord.changes import thread_starts, threads
from tickertape.sandbox.discord.changes.body import Body
from tickertape.sandbox.discord.errors import ApiError, Code, invalid
from tickertape.sandbox.discord.payloads import payloads
from tickertape.sandbox.discord.rest.access import channel_of, guild_of, member_of, message_of, need
from tickertape.sandbox.discord.rest.bodies import no_content, read_body, reply
from tickertape.sandbox.discord.world.entities import Channel, Json, Message, Thread
from tickertape.sandbox.discord.world.kinds import ChannelType
from tickertape.sandbox.discord.world.permissions import Permission
from tickertape.sandbox.discord.world.world import World


class ThreadRoutes:
    """Handlers of threads."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[web.RouteDef]:
        """Return the routes, relative to the API's root."""
        channel = "/channels/{channel_id}"
        members = channel + "/thread-members"
        return [
            web.patch(channel, self.change),
            web.post(channel + "/threads", self.start),
            web.post(channel + "/messages/{message_id}/threads", self.start_from_message),
            web.get(channel + "/threads/archived/public", self.archived),
            web.get("/guilds/{guild_id}/threads/active", self.active),
            web.get(members, self.members),
            web.put(members + "/@me", self.join),
            web.delete(members + "/@me", self.leave),
            web.get(members + "/{user_id}", self.member),
            web.put(members + "/{user_id}", self.add),
            web.delete(members + "/{user_id}", self.remove),
        ]

    async def start(self, request: web.Request) -> web.Response:
        """POST /channels/{id}/threads; without a type it is a private one, as the documentation says."""
        body = await read_body(request)
        kind = body.fields.get("type", int(ChannelType.PRIVATE_THREAD))
        if kind not in {ChannelType.PUBLIC_THREAD, ChannelType.PRIVATE_THREAD}:
            raise invalid("type", "BASE_TYPE_CHOICES", "Value must be one of {10, 11, 12}.")
        return self._start(channel_of(self._world, request), body, ChannelType(kind))

    async def start_from_message(self, request: web.Request) -> web.Response:
        """POST /channels/{id}/messages/{id}/threads."""
        body = await read_body(request)
        parent = channel_of(self._world, request)
        return self._start(parent, body, ChannelType.PUBLIC_THREAD, message_of(request, parent))

    def _start(
        self, parent: Channel, body: Body, kind: ChannelType, message: Message | None = None
    ) -> web.Response:
        thread_starts.check_place(parent)
        private = kind is ChannelType.PRIVATE_THREAD
        creating = Permission.CREATE_PRIVATE_THREADS if private else Permission.CREATE_PUBLIC_THREADS
        need(self._world, parent, creating)
        if message is not None:
            thread_starts.check_message(message)
        thread_starts.check_count(self._world, parent)
        thread = thread_starts.start(
            self._world,
            parent,
            _name(body.fields.get("name")),
            self._world.bot,
            message=message,
            kind=kind,
            auto_archive=_minutes(body.fields.get("auto_archive_duration") or 1440),
        )
        return reply(payloads.channel_for(thread, self._world.bot), 201)

    async def change(self, request: web.Request) -> web.Response:
        """PATCH /channels/{id}: a thread's name, `archived`, `locked` and time to its archiving; nothing else here."""
        body = await read_body(request)
        channel, about = self._thread(request)
        fields = body.fields
        archived = bool(fields.get("archived", channel.archived))
        self._check_may_change(channel, fields)
        threads.change(
            self._world,
            channel,
            archived=archived,
            locked=bool(fields.get("locked", channel.locked)),
            name=_name(fields.get("name", channel.name)),
            auto_archive=_minutes(fields.get("auto_archive_duration", about.auto_archive)),
        )
        return reply(payloads.channel_for(channel, self._world.bot))

    def _check_may_change(self, channel: Channel, fields: Json) -> None:
        """Raise 50083 or 50013: opening takes the right to write, the owner may change most, moderators all of it."""
        if channel.archived and fields.get("archived", True):
            raise ApiError(Code.ARCHIVED_THREAD)
        if "locked" in fields or channel.locked:
            need(self._world, channel, Permission.MANAGE_THREADS)
        elif set(fields) == {"archived"} and not fields["archived"]:
            need(self._world, channel, Permission.SEND_MESSAGES_IN_THREADS)
        elif channel.owner is not self._world.bot:
            need(self._world, channel, Permission.MANAGE_THREADS)

    async def archived(self, request: web.Request) -> web.Response:
        """GET /channels/{id}/threads/archived/public, the last archived first; all of them at once."""
        parent = channel_of(self._world, request, Permission.READ_MESSAGE_HISTORY)
        found = [
            (each.thread.changed_wall, each)
            for each in self._world.channels.values()
            if each.thread and each.parent is parent and each.archived and _is_public(each)
        ]
        newest_first = sorted(found, key=lambda pair: pair[0], reverse=True)
        return reply(self._listed([each for _, each in newest_first]) | {"has_more": False})

    async def active(self, request: web.Request) -> web.Response:
        """GET /guilds/{id}/threads/active: those that the bot sees."""
        guild = guild_of(self._world, request)
        found = threads.active_in(self._world, guild.id)
        return reply(self._listed([each for each in found if payloads.bot_sees(self._world, each)]))

    def _listed(self, found: list[Channel]) -> Json:
        mine = [payloads.thread_member(each, self._world.bot) for each in found]
        return {
            "threads": [payloads.channel(each) for each in found],
            "members": [each for each in mine if each is not None],
        }

    async def members(self, request: web.Request) -> web.Response:
        """GET …/thread-members."""
        channel, about = self._thread(request)
        users = [self._world.users[each] for each in about.joined]
        return reply([payloads.thread_member(channel, user) for user in users])

    async def member(self, request: web.Request) -> web.Response:
        """GET …/thread-members/{user}."""
        channel, _ = self._thread(request)
        found = payloads.thread_member(channel, member_of(request, channel))
        if found is None:
            raise ApiError(Code.UNKNOWN_MEMBER)
        return reply(found)

    async def join(self, request: web.Request) -> web.Response:
        """PUT …/thread-members/@me."""
        threads.join(self._world, self._open_thread(request), self._world.bot)
        return no_content()

    async def leave(self, request: web.Request) -> web.Response:
        """DELETE …/thread-members/@me."""
        threads.leave(self._world, self._open_thread(request), self._world.bot)
        return no_content()

    async def add(self, request: web.Request) -> web.Response:
        """PUT …/thread-members/{user}."""
        channel = self._open_thread(request)
        need(self._world, channel, Permission.SEND_MESSAGES_IN_THREADS)
        threads.join(self._world, channel, member_of(request, channel))
        return no_content()

    async def remove(self, request: web.Request) -> web.Response:
        """DELETE …/thread-members/{user}: by moderators, or by the owner of a private thread."""
        channel = self._open_thread(request)
        if _is_public(channel) or channel.owner is not self._world.bot:
            need(self._world, channel, Permission.MANAGE_THREADS)
        threads.leave(self._world, channel, member_of(request, channel))
        return no_content()

    def _thread(self, request: web.Request) -> tuple[Channel, Thread]:
        """Return the request's thread; raise 50024 for another kind of channel."""
        channel = channel_of(self._world, request)
        if channel.thread is None:
            raise ApiError(Code.WRONG_CHANNEL_TYPE)
        return channel, channel.thread

    def _open_thread(self, request: web.Request) -> Channel:
        """Return the request's thread; raise 50083 for an archived one."""
        channel, _ = self._thread(request)
        if channel.archived:
            raise ApiError(Code.ARCHIVED_THREAD)
        return channel


def _is_public(channel: Channel) -> bool:
    return channel.type is ChannelType.PUBLIC_THREAD


def _name(raw: object) -> str:
    name = str(raw or "").strip()
    if not 1 <= len(name) <= 100:
        raise invalid("name", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.")
    return name


def _minutes(raw: object) -> int:
    if isinstance(raw, int) and raw in threads.ARCHIVE_CHOICES:
        return raw
    raise invalid(
        "auto_archive_duration", "BASE_TYPE_CHOICES", "Value must be one of {60, 1440, 4320, 10080}."
    )
