"""REST routes of messages: create, read, list, edit, delete."""

from __future__ import annotations

from collections.abc import Callable

from aiohttp import web

from tickertape.sandbox.discord.changes import messages
from tickertape.sandbox.discord.changes.body import Body
from tickertape.sandbox.discord.changes.validation import check_message
from tickertape.sandbox.discord.errors import ApiError, Code, invalid
from tickertape.sandbox.discord.payloads import message_payloads
from tickertape.sandbox.discord.rest.access import (
    channel_of,
    message_of,
    need,
    refuse_archived,
    refuse_frozen,
    refuse_locked,
    writable_channel,
)
from tickertape.sandbox.discord.rest.bodies import no_content, read_body, reply, snowflake
from tickertape.sandbox.discord.world.entities import Channel, Message
from tickertape.sandbox.discord.world.kinds import MessageFlag, MessageType
from tickertape.sandbox.discord.world.permissions import Permission
from tickertape.sandbox.discord.world.world import World


class MessageRoutes:
    """Handlers of messages in channels."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[web.RouteDef]:
        """Return the routes, relative to the API's root."""
        path = "/channels/{channel_id}/messages"
        one = path + "/{message_id}"
        return [
            web.get(path, self.listing),
            web.post(path, self.create),
            web.get(one, self.read),
            web.patch(one, self.edit),
            web.delete(one, self.delete),
        ]

    async def create(self, request: web.Request) -> web.Response:
        """POST /channels/{id}/messages."""
        body = await read_body(request)
        world, channel = self._world, writable_channel(self._world, request)
        self._count_write(channel)
        check_message(body.fields)
        self._need_for(channel, body)
        if earlier := self._by_nonce(channel, body):
            return self._shown(earlier)
        reply_to = self._reply_target(channel, body)
        kind = MessageType.REPLY if reply_to else MessageType.DEFAULT
        message = messages.write(world, channel, world.bot, body, kind=kind, reply_to=reply_to)
        self._remember_nonce(channel, body, message)
        return self._shown(message)

    async def read(self, request: web.Request) -> web.Response:
        """GET /channels/{id}/messages/{id}."""
        channel = channel_of(self._world, request, Permission.READ_MESSAGE_HISTORY)
        return self._shown(message_of(request, channel))

    async def listing(self, request: web.Request) -> web.Response:
        """GET /channels/{id}/messages with `limit`, `before`, `after`, `around`; newest first."""
        channel = channel_of(self._world, request)
        if not self._world.bot_may(channel, Permission.READ_MESSAGE_HISTORY):
            return reply([])
        limit = _limit(request)
        _check_one_border(request)
        found = [message for message in channel.messages.values() if not message.ephemeral]
        chosen = _page(sorted(found, key=lambda message: message.id), request, limit)
        return reply([message_payloads.message_for_bot(self._world, each) for each in reversed(chosen)])

    async def edit(self, request: web.Request) -> web.Response:
        """PATCH /channels/{id}/messages/{id}."""
        body = await read_body(request)
        channel = channel_of(self._world, request)
        message = message_of(request, channel)
        if message.author is not self._world.bot:
            raise ApiError(Code.NOT_THE_AUTHOR)
        if message.is_system:
            raise ApiError(Code.SYSTEM_MESSAGE)
        refuse_archived(channel)
        refuse_locked(self._world, channel)
        self._count_old_edit(message)
        self._count_write(channel)
        check_message(body.fields, v2=MessageFlag.COMPONENTS_V2 in message.flags)
        self._need_for(channel, body)
        messages.edit(self._world, message, body)
        return self._shown(message)

    async def delete(self, request: web.Request) -> web.Response:
        """DELETE /channels/{id}/messages/{id}."""
        channel = channel_of(self._world, request)
        message = message_of(request, channel)
        if message.author is not self._world.bot:
            need(self._world, channel, Permission.MANAGE_MESSAGES)
        if message.type is MessageType.THREAD_STARTER:
            raise ApiError(Code.SYSTEM_MESSAGE)
        refuse_frozen(self._world, channel)
        messages.delete(self._world, message)
        return no_content()

    def _shown(self, message: Message) -> web.Response:
        return reply(message_payloads.message_for_bot(self._world, message))

    def _need_for(self, channel: Channel, body: Body) -> None:
        if body.files:
            need(self._world, channel, Permission.ATTACH_FILES)
        if body.fields.get("embeds"):
            need(self._world, channel, Permission.EMBED_LINKS)

    def _count_write(self, channel: Channel) -> None:
        """Count a write to a channel; raise error 20028 over the limit."""
        if (budget := self._world.limits.channel_writes) is None:
            return
        grant = self._world.windows.take(("writes", channel.id), budget, self._world.clock.now())
        if not grant.allowed:
            raise ApiError(Code.CHANNEL_WRITES, retry_after=grant.reset_after)

    def _count_old_edit(self, message: Message) -> None:
        """Count an edit of a message that is old; raise error 30046 over the limit."""
        world, now = self._world, self._world.clock.now()
        if now - message.created_at < world.limits.old_message:
            return
        grant = world.windows.take(("old edits", message.id), world.limits.old_edits, now)
        if not grant.allowed:
            raise ApiError(Code.OLD_EDITS, retry_after=grant.reset_after)

    def _by_nonce(self, channel: Channel, body: Body) -> Message | None:
        """Return the message that an enforced nonce has already made."""
        nonce = body.fields.get("nonce")
        if nonce is None or not body.fields.get("enforce_nonce"):
            return None
        made_at, message = self._world.nonces.get((channel.id, str(nonce)), (0.0, None))
        if message is None or self._world.clock.now() - made_at > self._world.limits.nonce_memory:
            return None
        return message

    def _remember_nonce(self, channel: Channel, body: Body, message: Message) -> None:
        nonce = body.fields.get("nonce")
        if nonce is not None:
            self._world.nonces[channel.id, str(nonce)] = (message.created_at, message)

    def _reply_target(self, channel: Channel, body: Body) -> Message | None:
        """Return the message replied to; raise 160002, or 50035 where it is gone and the body insists on it."""
        reference = body.fields.get("message_reference")
        if not reference:
            return None
        if not self._world.bot_may(channel, Permission.READ_MESSAGE_HISTORY):
            raise ApiError(Code.REPLY_NEEDS_HISTORY)
        target = channel.messages.get(snowflake(reference.get("message_id"), "message_reference"))
        if target is not None and target.is_system:
            raise invalid(
                "message_reference",
                "REPLIES_CANNOT_REPLY_TO_SYSTEM_MESSAGE",
                "Cannot reply to a system message",
            )
        if target is not None and not target.ephemeral:
            return target
        if reference.get("fail_if_not_exists", True):
            raise invalid("message_reference", "REPLIES_UNKNOWN_MESSAGE", "Unknown message")
        return None


def _limit(request: web.Request) -> int:
    raw = request.query.get("limit", "50")
    if raw.isdecimal() and 1 <= int(raw) <= 100:
        return int(raw)
    raise invalid("limit", "NUMBER_TYPE_MAX", "int value should be between 1 and 100.")


def _check_one_border(request: web.Request) -> None:
    """Raise error 50035 for more than one of `before`, `after` and `around`, which exclude each other."""
    if len({"before", "after", "around"} & request.query.keys()) > 1:
        raise invalid("_root", "BASE_TYPE_CHOICES", "before, after and around are mutually exclusive.")


def _page(found: list[Message], request: web.Request, limit: int) -> list[Message]:
    """Return up to `limit` messages, oldest first, on the side of an id that the query names."""

    def cut(name: str, keep: Callable[[int, int], bool]) -> list[Message]:
        border = snowflake(request.query[name], name)
        return [message for message in found if keep(message.id, border)]

    if "after" in request.query:
        return cut("after", lambda each, border: each > border)[:limit]
    if "around" in request.query:
        older = cut("around", lambda each, border: each <= border)[-(limit // 2 + 1) :]
        newer = cut("around", lambda each, border: each > border)
        return (older + newer)[:limit]
    if "before" in request.query:
        return cut("before", lambda each, border: each < border)[-limit:]
    return found[-limit:]
