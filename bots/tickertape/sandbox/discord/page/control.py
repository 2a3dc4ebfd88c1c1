"""The HTTP control API below /sandbox: the state as JSON, and what people do, for curl and for the page."""

from __future__ import annotations

import asyncio
import base64
import binascii
from collections.abc import Awaitable
from typing import TypeVar

from aiohttp import web

from tickertape.sandbox.discord.errors import ApiError, CannotDo
from tickertape.sandbox.discord.page import page
from tickertape.sandbox.discord.page.views import channel_state, interaction_state, message_state
from tickertape.sandbox.discord.people.people import People
from tickertape.sandbox.discord.rest.bodies import read_body, reply
from tickertape.sandbox.discord.rest.calls import CallLog
from tickertape.sandbox.discord.world.attachments import File
from tickertape.sandbox.discord.world.entities import Channel, Interaction, Json, Message
from tickertape.sandbox.discord.world.people import User

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
            web.post("/sandbox/edit", self.edit),
            web.post("/sandbox/delete", self.delete),
            web.post("/sandbox/thread", self.thread),
            web.post("/sandbox/react", self.react),
            web.post("/sandbox/unreact", self.unreact),
            web.post("/sandbox/slash", self.slash),
            web.post("/sandbox/suggest", self.suggest),
            web.post("/sandbox/message_command", self.message_command),
            web.post("/sandbox/press", self.press),
            web.post("/sandbox/choose", self.choose),
            web.post("/sandbox/submit", self.submit),
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
                "channels": [channel_state(self._world, each) for each in self._world.channels.values()],
            }
        )

    async def say(self, request: web.Request) -> web.Response:
        """POST /sandbox/say {channel, user, text, mention, reply_to, files: [{filename, content_type, base64}]}."""
        fields = await _fields(request)
        said = self._people.say(
            self._channel(fields),
            self._user(fields),
            str(fields.get("text", "")),
            mention_bot=bool(fields.get("mention", False)),
            reply_to=self._message(fields, "reply_to") if fields.get("reply_to") else None,
            files=[_file(each) for each in fields.get("files") or []],
        )
        return self._shown(await _allowed(said), 201)

    async def edit(self, request: web.Request) -> web.Response:
        """POST /sandbox/edit {message, text}."""
        fields = await _fields(request)
        message = self._message(fields)
        await _allowed(self._people.edit(message, str(fields.get("text", ""))))
        return self._shown(message)

    async def delete(self, request: web.Request) -> web.Response:
        """POST /sandbox/delete {message, user}."""
        fields = await _fields(request)
        message = self._message(fields)
        user = self._user(fields) if fields.get("user") else None
        await _allowed(self._people.delete(message, user))
        return self._shown(message)

    async def thread(self, request: web.Request) -> web.Response:
        """POST /sandbox/thread {channel, user, name, message}."""
        fields = await _fields(request)
        message = self._message(fields) if fields.get("message") else None
        place = message.channel if message else self._channel(fields)
        name = str(fields.get("name") or "Thread")
        started = self._people.start_thread(place, self._user(fields), name, message=message)
        return reply(channel_state(self._world, await _allowed(started)), 201)

    async def react(self, request: web.Request) -> web.Response:
        """POST /sandbox/react {message, user, emoji}."""
        fields = await _fields(request)
        message, emoji = self._message(fields), str(fields.get("emoji", "🛑"))
        await _allowed(self._people.react(message, self._user(fields), emoji))
        return self._shown(message)

    async def unreact(self, request: web.Request) -> web.Response:
        """POST /sandbox/unreact {message, user, emoji}."""
        fields = await _fields(request)
        message, emoji = self._message(fields), str(fields.get("emoji", "🛑"))
        await _allowed(self._people.unreact(message, self._user(fields), emoji))
        return self._shown(message)

    async def slash(self, request: web.Request) -> web.Response:
        """POST /sandbox/slash {channel, user, name, options}; a file is {filename, content_type, base64}."""
        fields = await _fields(request)
        name, given = str(fields.get("name", "ask")), fields.get("options") or {}
        options = {key: _file(each) if isinstance(each, dict) else each for key, each in given.items()}
        begun = self._people.slash(self._channel(fields), self._user(fields), name, options)
        return self._begun(await _allowed(begun))

    async def suggest(self, request: web.Request) -> web.Response:
        """POST /sandbox/suggest {channel, user, name, option, text, options}; the answer comes once there is one."""
        fields = await _fields(request)
        begun = await _allowed(
            self._people.suggest(
                self._channel(fields),
                self._user(fields),
                str(fields.get("name", "ask")),
                str(fields.get("option")),
                str(fields.get("text", "")),
                fields.get("options") or {},
            )
        )
        await self._people.wait_for(lambda: begun.responded_at is not None or begun.error is not None)
        return self._begun(begun)

    async def message_command(self, request: web.Request) -> web.Response:
        """POST /sandbox/message_command {message, user, name}."""
        fields = await _fields(request)
        name = str(fields.get("name"))
        begun = self._people.message_command(self._message(fields), self._user(fields), name)
        return self._begun(await _allowed(begun))

    async def press(self, request: web.Request) -> web.Response:
        """POST /sandbox/press {message, user, custom_id}."""
        fields = await _fields(request)
        pressed = self._people.press(self._message(fields), self._user(fields), fields.get("custom_id"))
        return self._begun(await _allowed(pressed))

    async def choose(self, request: web.Request) -> web.Response:
        """POST /sandbox/choose {message, user, values, custom_id}."""
        fields = await _fields(request)
        values = [str(each) for each in fields.get("values") or []]
        message, user = self._message(fields), self._user(fields)
        return self._begun(
            await _allowed(self._people.choose(message, user, values, fields.get("custom_id")))
        )

    async def submit(self, request: web.Request) -> web.Response:
        """POST /sandbox/submit {interaction, values}: send the form that an interaction's response has opened."""
        fields = await _fields(request)
        ident = str(fields.get("interaction"))
        opener = self._world.interactions.get(int(ident) if ident.isdecimal() else 0)
        if opener is None:
            raise _bad(f"there is no interaction {ident!r}")
        return self._begun(await _allowed(self._people.submit(opener, fields.get("values") or {})))

    def _shown(self, message: Message, status: int = 200) -> web.Response:
        return reply(message_state(self._world, message), status)

    def _begun(self, interaction: Interaction) -> web.Response:
        return reply(interaction_state(self._world, interaction), 201)

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

    def _message(self, fields: Json, name: str = "message") -> Message:
        wanted = str(fields.get(name))
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


def _file(raw: object) -> File:
    """Return a file that is given as JSON."""
    fields = raw if isinstance(raw, dict) else {}
    try:
        data = base64.b64decode(str(fields.get("base64", "")), validate=True)
    except binascii.Error as error:
        raise _bad(str(error)) from error
    return File(str(fields.get("filename") or "file"), data, fields.get("content_type"))
