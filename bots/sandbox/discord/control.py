"""The HTTP control API below /sandbox: the state as JSON, and what people do, for curl and for the page."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from aiohttp import web

from bots.sandbox.discord import page
from bots.sandbox.discord.bodies import read_body, reply
from bots.sandbox.discord.calls import CallLog
from bots.sandbox.discord.entities import Channel, Interaction, Json, Message, User
from bots.sandbox.discord.errors import ApiError, CannotDo
from bots.sandbox.discord.people import People

T = TypeVar("T")

_REFRESH = 0.1
"""Fewest seconds between two notices to a page."""


class Control:
    """Handlers of the control API and of the page; they act through `people`."""

    def __init__(self, people: People, calls: CallLog) -> None:
        self._people = people
        self._world = people.world
        self._calls = calls

    def routes(self) -> list[web.RouteDef]:
        """Return the routes, relative to the server's root."""
        return [
            web.get("/", self.page),
            web.get("/sandbox/channels", self.channels),
            web.get("/sandbox/events", self.events),
            web.get("/sandbox/state", self.state),
            web.post("/sandbox/say", self.say),
            web.post("/sandbox/slash", self.slash),
            web.post("/sandbox/react", self.react),
            web.post("/sandbox/press", self.press),
        ]

    async def page(self, _: web.Request) -> web.Response:
        """GET /: the page that shows the channels."""
        return web.Response(text=page.document(self._world), content_type="text/html")

    async def channels(self, _: web.Request) -> web.Response:
        """GET /sandbox/channels: the changing part of the page."""
        return web.Response(text=page.channels(self._world), content_type="text/html")

    async def events(self, request: web.Request) -> web.StreamResponse:
        """GET /sandbox/events: a server-sent event whenever anything has changed."""
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        )
        await response.prepare(request)
        try:
            while not self._world.stopped:
                await response.write(f"data: {self._world.changes}\n\n".encode())
                await self._world.next_change()
                await asyncio.sleep(_REFRESH)
        except ConnectionResetError:
            pass
        return response

    async def state(self, _: web.Request) -> web.Response:
        """GET /sandbox/state: all channels with their messages, and what the API has counted."""
        return reply(
            {
                "bot": self._world.bot.name,
                "users": [user.name for user in self._world.users.values() if not user.bot],
                "commands": [command["name"] for command in self._world.commands.all()],
                "calls": len(self._calls),
                "rate_limited": self._calls.count(status=429),
                "channels": [_channel_state(channel) for channel in self._world.channels.values()],
            }
        )

    async def say(self, request: web.Request) -> web.Response:
        """POST /sandbox/say {channel, user, text, mention}."""
        fields = await _fields(request)
        message = await _allowed(
            self._people.say(
                self._channel(fields),
                self._user(fields),
                str(fields.get("text", "")),
                mention_bot=bool(fields.get("mention", False)),
            )
        )
        return reply(_message_state(message), 201)

    async def slash(self, request: web.Request) -> web.Response:
        """POST /sandbox/slash {channel, user, name, options}."""
        fields = await _fields(request)
        options = fields.get("options") or {}
        name = str(fields.get("name", "ask"))
        begun = self._people.slash(self._channel(fields), self._user(fields), name, options)
        return reply(_interaction_state(await _allowed(begun)), 201)

    async def react(self, request: web.Request) -> web.Response:
        """POST /sandbox/react {message, user, emoji}."""
        fields = await _fields(request)
        message, emoji = self._message(fields), str(fields.get("emoji", "🛑"))
        await _allowed(self._people.react(message, self._user(fields), emoji))
        return reply(_message_state(message))

    async def press(self, request: web.Request) -> web.Response:
        """POST /sandbox/press {message, user, custom_id}."""
        fields = await _fields(request)
        pressed = self._people.press(self._message(fields), self._user(fields), fields.get("custom_id"))
        return reply(_interaction_state(await _allowed(pressed)), 201)

    def _channel(self, fields: Json) -> Channel:
        """Return a channel by id or name, for "dm" the user's with the bot; without one the first."""
        wanted = str(fields.get("channel") or next(iter(self._world.channels)))
        if wanted == "dm":
            return self._world.dm_with_bot(self._user(fields))
        for channel in self._world.channels.values():
            if wanted.removeprefix("#") in {str(channel.id), channel.name}:
                return channel
        raise _bad(f"there is no channel {wanted!r}")

    def _user(self, fields: Json) -> User:
        """Return a person by id or name; without one the first."""
        people = [user for user in self._world.users.values() if not user.bot]
        wanted = str(fields.get("user") or people[0].id)
        for user in people:
            if wanted in {str(user.id), user.name}:
                return user
        raise _bad(f"there is no user {wanted!r}")

    def _message(self, fields: Json) -> Message:
        wanted = str(fields.get("message"))
        for channel in self._world.channels.values():
            for message in channel.messages.values():
                if str(message.id) == wanted:
                    return message
        raise _bad(f"there is no message {wanted!r}")


async def _fields(request: web.Request) -> Json:
    """Return a JSON body; its type is insisted on, so that no foreign page can post here."""
    if request.content_type != "application/json":
        raise _bad("send JSON, with Content-Type: application/json")
    try:
        return (await read_body(request)).fields
    except ApiError as error:
        raise _bad(str(error)) from error


async def _allowed(doing: Awaitable[T]) -> T:
    """Do what a person wants, and tell them why if the app would not let them."""
    try:
        return await doing
    except (CannotDo, ApiError) as error:
        raise _bad(str(error)) from error


def _bad(reason: str) -> web.HTTPBadRequest:
    return web.HTTPBadRequest(text=reason + "\n")


def _channel_state(channel: Channel) -> Json:
    return {
        "id": str(channel.id),
        "name": page.channel_name(channel),
        "type": channel.type.name.lower(),
        "messages": [_message_state(message) for message in channel.messages.values()],
    }


def _message_state(message: Message) -> Json:
    return {
        "id": str(message.id),
        "channel": str(message.channel.id),
        "author": message.author.name,
        "content": message.content,
        "versions": len(message.versions),
        "loading": message.loading,
        "ephemeral": message.ephemeral,
        "buttons": [button["custom_id"] for button in message.buttons],
        "reactions": {emoji: [user.name for user in users] for emoji, users in message.reactions.items()},
    }


def _interaction_state(interaction: Interaction) -> Json:
    return {
        "id": str(interaction.id),
        "state": interaction.state.value,
        "error": interaction.error,
        "messages": [_message_state(message) for message in interaction.messages],
    }
