"""REST routes of reactions and of typing."""

from __future__ import annotations

from aiohttp import web

from tickertape.sandbox.discord.changes import messages
from tickertape.sandbox.discord.changes.validation import MAX_REACTIONS
from tickertape.sandbox.discord.errors import ApiError, Code, invalid
from tickertape.sandbox.discord.payloads import payloads
from tickertape.sandbox.discord.rest.access import (
    channel_of,
    message_of,
    need,
    refuse_archived,
    writable_channel,
)
from tickertape.sandbox.discord.rest.bodies import ident, no_content, reply, snowflake
from tickertape.sandbox.discord.world.emojis import is_emoji
from tickertape.sandbox.discord.world.entities import Message
from tickertape.sandbox.discord.world.people import User
from tickertape.sandbox.discord.world.permissions import Permission
from tickertape.sandbox.discord.world.world import World


class ReactionRoutes:
    """Handlers of reactions."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[web.RouteDef]:
        """Return the routes, relative to the API's root."""
        path = "/channels/{channel_id}/messages/{message_id}/reactions"
        return [
            web.put(path + "/{emoji}/@me", self.add),
            web.delete(path + "/{emoji}/@me", self.remove_own),
            web.delete(path + "/{emoji}/{user_id}", self.remove),
            web.get(path + "/{emoji}", self.people),
            web.delete(path + "/{emoji}", self.clear_emoji),
            web.delete(path, self.clear),
            web.post("/channels/{channel_id}/typing", self.typing),
        ]

    async def add(self, request: web.Request) -> web.Response:
        """PUT …/reactions/{emoji}/@me; an emoji that is there already needs no ADD_REACTIONS."""
        message, emoji = self._message(request), _emoji(request)
        need(self._world, message.channel, Permission.READ_MESSAGE_HISTORY)
        refuse_archived(message.channel)
        if emoji not in message.reactions:
            need(self._world, message.channel, Permission.ADD_REACTIONS)
            if len(message.reactions) >= MAX_REACTIONS:
                raise ApiError(Code.TOO_MANY_REACTIONS)
        messages.add_reaction(self._world, message, self._world.bot, emoji)
        return no_content()

    async def remove_own(self, request: web.Request) -> web.Response:
        """DELETE …/reactions/{emoji}/@me."""
        message = self._message(request)
        refuse_archived(message.channel)
        messages.remove_reaction(self._world, message, self._world.bot, _emoji(request))
        return no_content()

    async def remove(self, request: web.Request) -> web.Response:
        """DELETE …/reactions/{emoji}/{user}: someone else's needs MANAGE_MESSAGES."""
        message, emoji, user = self._message(request), _emoji(request), self._user(request)
        if user is not self._world.bot:
            need(self._world, message.channel, Permission.MANAGE_MESSAGES)
        refuse_archived(message.channel)
        messages.remove_reaction(self._world, message, user, emoji)
        return no_content()

    async def people(self, request: web.Request) -> web.Response:
        """GET …/reactions/{emoji}: up to `limit` people (25), those after the user `after`."""
        message = self._message(request)
        after = snowflake(request.query.get("after", "0"), "after")
        limit = snowflake(request.query.get("limit", "25"), "limit")
        if not 1 <= limit <= 100:
            raise invalid("limit", "NUMBER_TYPE_MAX", "int value should be between 1 and 100.")
        people = sorted(message.reactions.get(_emoji(request), []), key=lambda user: user.id)
        return reply([payloads.user(user) for user in people if user.id > after][:limit])

    async def clear_emoji(self, request: web.Request) -> web.Response:
        """DELETE …/reactions/{emoji}: everybody's."""
        return self._clear(request, _emoji(request))

    async def clear(self, request: web.Request) -> web.Response:
        """DELETE …/reactions: everybody's, of every emoji."""
        return self._clear(request)

    async def typing(self, request: web.Request) -> web.Response:
        """POST /channels/{id}/typing."""
        messages.type_in(self._world, writable_channel(self._world, request), self._world.bot)
        return no_content()

    def _clear(self, request: web.Request, emoji: str | None = None) -> web.Response:
        message = self._message(request)
        need(self._world, message.channel, Permission.MANAGE_MESSAGES)
        refuse_archived(message.channel)
        messages.clear_reactions(self._world, message, emoji)
        return no_content()

    def _message(self, request: web.Request) -> Message:
        return message_of(request, channel_of(self._world, request))

    def _user(self, request: web.Request) -> User:
        user = self._world.users.get(ident(request, "user_id"))
        if user is None:
            raise ApiError(Code.UNKNOWN_USER)
        return user


def _emoji(request: web.Request) -> str:
    """Return the emoji of a path: Unicode, or custom as `name:id`; raise error 10014 for other text."""
    emoji = request.match_info["emoji"]
    if not is_emoji(emoji):
        raise ApiError(Code.UNKNOWN_EMOJI)
    return emoji
