"""What the control API lets people do, by name: the arguments are read, and `People` does it."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Awaitable, Callable, Mapping

from tickertape.sandbox.slack.page.state import message
from tickertape.sandbox.slack.people import People, Upload
from tickertape.sandbox.slack.web_api.arguments import Arguments
from tickertape.sandbox.slack.web_api.errors import ApiError
from tickertape.sandbox.slack.web_api.reactions import is_name
from tickertape.sandbox.slack.world.invocations import Invocation
from tickertape.sandbox.slack.world.models import Json, Message
from tickertape.sandbox.slack.world.world import World

Action = Callable[[People, Arguments], Awaitable[Json]]


def _user(args: Arguments) -> str:
    return args.text("user", "alice")


async def _say(people: People, args: Arguments) -> Json:
    sent = await people.say(
        args.required("channel"),
        _user(args),
        args.required("text"),
        thread_ts=args.text("thread_ts") or None,
        mention_bot=bool(args.flag("mention_bot")),
        broadcast=bool(args.flag("broadcast")),
    )
    return {"message": message(sent)}


async def _dm(people: People, args: Arguments) -> Json:
    channel = await people.open_dm(_user(args))
    return {"message": message(await people.say(channel, _user(args), args.required("text")))}


async def _share(people: People, args: Arguments) -> Json:
    sent = await people.share(
        args.required("channel"),
        _user(args),
        Upload(args.required("name"), _data(args)),
        text=args.text("text"),
        thread_ts=args.text("thread_ts") or None,
        mention_bot=bool(args.flag("mention_bot")),
    )
    return {"message": message(sent)}


def _data(args: Arguments) -> bytes:
    """Return the bytes of a file: `content` as text, or `base64`."""
    try:
        return base64.b64decode(args.text("base64"), validate=True) or args.text("content").encode()
    except binascii.Error:
        raise ApiError("invalid_arguments", "base64 is none") from None


async def _slash(people: People, args: Arguments) -> Json:
    command = args.text("command", "/ask")
    return _outcome(await people.slash(args.required("channel"), _user(args), command, args.text("text")))


async def _press(people: People, args: Arguments) -> Json:
    positive = args.flag("positive") is not False
    action_id = args.text("action_id") or None
    if not args.given("ts"):
        view = _view(people.world, args)
        return _outcome(await people.press_in_view(view, _user(args), action_id, positive=positive))
    target = _target(people.world, args)
    return _outcome(await people.press(target, _user(args), action_id, positive=positive))


async def _choose(people: People, args: Arguments) -> Json:
    action_id, value = args.required("action_id"), args.required("value")
    if not args.given("ts"):
        view = _view(people.world, args)
        return _outcome(await people.choose_in_view(view, _user(args), action_id, value))
    return _outcome(await people.choose(_target(people.world, args), _user(args), action_id, value))


async def _shortcut(people: People, args: Arguments) -> Json:
    """Use a message shortcut if a message is named, else a global one."""
    callback_id = args.required("callback_id")
    if not args.given("ts"):
        return _outcome(await people.use_global_shortcut(_user(args), callback_id))
    return _outcome(await people.use_shortcut(_target(people.world, args), _user(args), callback_id))


async def _home(people: People, args: Arguments) -> Json:
    return {"view": await people.open_home(_user(args))}


async def _messages(people: People, args: Arguments) -> Json:
    return {"prompts": await people.open_messages(_user(args))}


async def _submit(people: People, args: Arguments) -> Json:
    """Submit the open modal with `values`, a JSON object of texts by action_id."""
    values = args.json("values") or {}
    if not isinstance(values, dict):
        raise ApiError("invalid_arguments", "values must be an object")
    used = await people.submit(_user(args), {name: str(value) for name, value in values.items()})
    return {**_outcome(used), "errors": used.errors}


async def _react(people: People, args: Arguments) -> Json:
    target, name = _target(people.world, args), _reaction(args)
    return {"changed": await people.react(target, _user(args), name)}


async def _unreact(people: People, args: Arguments) -> Json:
    target, name = _target(people.world, args), _reaction(args)
    return {"changed": await people.unreact(target, _user(args), name)}


async def _edit(people: People, args: Arguments) -> Json:
    mention_bot = bool(args.flag("mention_bot"))
    await people.edit(_target(people.world, args), args.required("text"), mention_bot=mention_bot)
    return {}


async def _delete(people: People, args: Arguments) -> Json:
    await people.delete(_target(people.world, args))
    return {}


ACTIONS: Mapping[str, Action] = {
    "say": _say,
    "dm": _dm,
    "share": _share,
    "slash": _slash,
    "press": _press,
    "choose": _choose,
    "shortcut": _shortcut,
    "home": _home,
    "messages": _messages,
    "submit": _submit,
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


def _view(world: World, args: Arguments) -> Json:
    """Return what the user has before them without a message: the topmost modal, else the home."""
    view = world.modal_of(_user(args)) or world.home_of(_user(args))
    if view is None:
        raise LookupError("neither a message nor a view to use")
    return view


def _outcome(used: Invocation) -> Json:
    return {"acked": used.acked_at is not None, "shown_error": used.error}
