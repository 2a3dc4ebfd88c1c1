"""A small HTTP API below `/sandbox/` by which anybody can drive a running stand-in, e.g. with curl.

Arguments are JSON or form fields, as in the Web API; answers are JSON.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import web

from bots.sandbox.slack.models import Channel, Invocation, Json, Message
from bots.sandbox.slack.people import People
from bots.sandbox.slack.web_api.arguments import Arguments, read
from bots.sandbox.slack.web_api.errors import ApiError
from bots.sandbox.slack.web_api.reactions import is_name
from bots.sandbox.slack.world import World

PEOPLE = web.AppKey("people", People)
PAUSE = 0.2
"""Seconds between two notes of change to one listener."""

Action = Callable[[People, Arguments], Awaitable[Json]]


def add_routes(app: web.Application, people: People) -> None:
    """Add the control API to the server."""
    app[PEOPLE] = people
    app.router.add_get("/sandbox/state", _state)
    app.router.add_get("/sandbox/changes", _changes)
    for name, action in _ACTIONS.items():
        app.router.add_post(f"/sandbox/{name}", _handler(action))


def _handler(action: Action) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def handle(request: web.Request) -> web.Response:
        if not _is_own(request):
            return _refuse(403, "another site's page may not drive the sandbox")
        try:
            return web.json_response({"ok": True, **await action(request.app[PEOPLE], await read(request))})
        except (ApiError, LookupError) as error:
            return _refuse(400, str(error))

    return handle


def _is_own(request: web.Request) -> bool:
    """Tell whether a request comes from no web page, or from this server's own."""
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.host


def _refuse(status: int, error: str) -> web.Response:
    return web.json_response({"ok": False, "error": error}, status=status)


async def _say(people: People, args: Arguments) -> Json:
    sent = await people.say(
        args.required("channel"),
        args.text("user", "alice"),
        args.required("text"),
        thread_ts=args.text("thread_ts") or None,
        mention_bot=bool(args.flag("mention_bot")),
    )
    return {"message": message(sent)}


async def _dm(people: People, args: Arguments) -> Json:
    user = args.text("user", "alice")
    channel = await people.open_dm(user)
    return {"message": message(await people.say(channel, user, args.required("text")))}


async def _slash(people: People, args: Arguments) -> Json:
    used = await people.slash(
        args.required("channel"), args.text("user", "alice"), args.text("command", "/ask"), args.text("text")
    )
    return _outcome(used)


async def _press(people: People, args: Arguments) -> Json:
    pressed = await people.press(
        _target(people.world, args), args.text("user", "alice"), args.text("action_id") or None
    )
    return _outcome(pressed)


async def _react(people: People, args: Arguments) -> Json:
    name = _reaction(args)
    return {"changed": await people.react(_target(people.world, args), args.text("user", "alice"), name)}


async def _unreact(people: People, args: Arguments) -> Json:
    name = _reaction(args)
    return {"changed": await people.unreact(_target(people.world, args), args.text("user", "alice"), name)}


async def _edit(people: People, args: Arguments) -> Json:
    await people.edit(_target(people.world, args), args.required("text"))
    return {}


async def _delete(people: People, args: Arguments) -> Json:
    await people.delete(_target(people.world, args))
    return {}


_ACTIONS: dict[str, Action] = {
    "say": _say,
    "dm": _dm,
    "slash": _slash,
    "press": _press,
    "react": _react,
    "unreact": _unreact,
    "edit": _edit,
    "delete": _delete,
}


def _reaction(args: Arguments) -> str:
    name = args.text("name", "octagonal_sign").strip(":")
    if not is_name(name):
        raise ApiError("invalid_name")
    return name


def _target(world: World, args: Arguments) -> Message:
    """Return the message that `channel` and `ts` name, ephemeral ones too."""
    channel, ts = world.channel(args.required("channel")), args.required("ts")
    shown = (sent for sent in world.ephemerals if sent.channel == channel.id and sent.ts == ts)
    found = channel.messages.get(ts) or next(shown, None)
    if found is None or found.deleted:
        raise LookupError(f"no message {ts} in {channel.id}")
    return found


def _outcome(used: Invocation) -> Json:
    return {"acked": used.acked_at is not None, "shown_error": used.error}


def message(sent: Message) -> Json:
    """Return a message as the control API shows it."""
    return {
        "channel": sent.channel,
        "ts": sent.ts,
        "thread_ts": sent.thread_ts,
        "user": sent.user,
        "text": sent.visible,
        "blocks": sent.blocks,
        "reactions": {name: users for name, users in sent.reactions.items() if users},
        "ephemeral_to": sent.ephemeral_to,
        "edited": sent.edited is not None,
        "deleted": sent.deleted,
        "versions": len(sent.versions),
        "pings": sent.pings,
    }


def _channel(channel: Channel) -> Json:
    return {
        "id": channel.id,
        "name": channel.name,
        "kind": channel.kind.value,
        "members": sorted(channel.members),
        "messages": [message(sent) for sent in channel.messages.values()],
    }


async def _state(request: web.Request) -> web.Response:
    world = request.app[PEOPLE].world
    state = {
        "team": world.team_id,
        "bot": world.bot.id,
        "users": {user.id: user.name for user in world.users.values()},
        "channels": [_channel(channel) for channel in world.channels.values()],
        "ephemerals": [message(sent) for sent in world.ephemerals],
    }
    return web.json_response(state)


async def _changes(request: web.Request) -> web.StreamResponse:
    """Send a server-sent event whenever something has changed, until the listener or the server leaves."""
    world = request.app[PEOPLE].world
    stream = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
    await stream.prepare(request)
    seen = -1
    while not world.closed:
        seen = world.version
        try:
            await stream.write(f"data: {seen}\n\n".encode())
        except ConnectionError:
            break
        await asyncio.sleep(PAUSE)
        await world.next_version(seen)
    return stream
