"""How slash commands, shortcuts, actions, submissions and suggestions look on the wire."""

from __future__ import annotations

from tickertape.sandbox.slack.blocks.composition import as_returned
from tickertape.sandbox.slack.payloads import payloads
from tickertape.sandbox.slack.world.invocations import (
    ButtonPress,
    GlobalShortcut,
    Invocation,
    MessageShortcut,
    SlashCommand,
    Suggestion,
    ViewPress,
    ViewSubmission,
)
from tickertape.sandbox.slack.world.models import Channel, ChannelKind, Json, Message
from tickertape.sandbox.slack.world.world import World


def channel_name(place: Channel) -> str:
    """Return the name that invocations give a conversation: Slack hides those of private ones."""
    return {ChannelKind.DIRECT: "directmessage", ChannelKind.PRIVATE: "privategroup"}.get(
        place.kind, place.name
    )


def slash_command(world: World, used: SlashCommand) -> Json:
    """Return the fields of a slash command. There is neither thread nor locale among them."""
    place = used.channel
    return {
        "token": "verification-token",
        "team_id": world.team_id,
        "team_domain": world.team_domain,
        "channel_id": place.id,
        "channel_name": channel_name(place),
        "user_id": used.user.id,
        "user_name": used.user.name,
        "command": used.command,
        "text": used.text,
        "api_app_id": world.app_id,
        "is_enterprise_install": "false",
        "response_url": used.response_url,
        "trigger_id": used.trigger_id,
    }


def _common(world: World, used: Invocation, kind: str) -> Json:
    """Return what every interaction has."""
    person = used.user
    return {
        "type": kind,
        "user": {"id": person.id, "username": person.name, "name": person.name, "team_id": world.team_id},
        "api_app_id": world.app_id,
        "token": "verification-token",
        "trigger_id": used.trigger_id,
        "team": {"id": world.team_id, "domain": world.team_domain},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def message_action(world: World, used: MessageShortcut) -> Json:
    """Return a shortcut on a message."""
    place, sent = used.channel, used.message
    return _common(world, used, "message_action") | {
        "action_ts": world.clock.ts(),
        "channel": {"id": place.id, "name": channel_name(place)},
        "callback_id": used.callback_id,
        "message_ts": sent.ts,
        "message": payloads.message(world, sent),
        "response_url": used.response_url,
    }


def global_shortcut(world: World, used: GlobalShortcut) -> Json:
    """Return a shortcut without a message."""
    return _common(world, used, "shortcut") | {
        "action_ts": world.clock.ts(),
        "callback_id": used.callback_id,
    }


def block_actions(world: World, used: ButtonPress, block_id: str, action: Json) -> Json:
    """Return what using an element of a message is. An ephemeral message itself is not part of it."""
    sent = used.message
    return _common(world, used, "block_actions") | {
        "container": _container(sent),
        "channel": {"id": sent.channel, "name": channel_name(used.channel)},
        **({} if sent.ephemeral_to else {"message": payloads.message(world, sent)}),
        "state": _state(block_id, action),
        "response_url": used.response_url,
        "actions": [_done(world, block_id, action)],
    }


def _container(sent: Message) -> Json:
    body: Json = {"type": "message", "message_ts": sent.ts, "channel_id": sent.channel}
    body["is_ephemeral"] = sent.ephemeral_to is not None
    return body | ({"thread_ts": sent.thread_ts} if sent.thread_ts else {})


def _done(world: World, block_id: str, action: Json) -> Json:
    return {**as_returned(action), "block_id": block_id, "action_ts": world.clock.ts()}


def _state(block_id: str, action: Json) -> Json:
    """Return what is chosen in the message's menus; only the last choice is known here."""
    if "selected_option" not in action:
        return {"values": {}}
    held = {"type": action["type"], "selected_option": action["selected_option"]}
    return {"values": {block_id: {action["action_id"]: held}}}


def view_actions(world: World, used: ViewPress, block_id: str, action: Json) -> Json:
    """Return what using an element of a view is: no channel, no message, no response_url."""
    return _common(world, used, "block_actions") | {
        "container": {"type": "view", "view_id": used.view["id"]},
        "view": used.view,
        "actions": [_done(world, block_id, action)],
    }


def view_submission(world: World, used: ViewSubmission) -> Json:
    """Return a submitted modal; what was entered stands in `view.state.values`."""
    return _common(world, used, "view_submission") | {"view": used.view, "response_urls": []}


def view_closed(world: World, used: Invocation, view: Json) -> Json:
    """Return the note that a modal was closed."""
    body = _common(world, used, "view_closed") | {"view": view, "is_cleared": False}
    del body["trigger_id"]
    return body


def block_suggestion(world: World, used: Suggestion, container: Json, block_id: str) -> Json:
    """Return the question for the options of a menu; `container` says where it stands."""
    return _common(world, used, "block_suggestion") | {
        **container,
        "action_id": used.action_id,
        "block_id": block_id,
        "value": used.typed,
    }


def message_container(sent: Message, place: Channel) -> Json:
    """Return the container of a menu in a message."""
    return {"container": _container(sent), "channel": {"id": place.id, "name": channel_name(place)}}


def view_container(view: Json) -> Json:
    """Return the container of a menu in a view."""
    return {"container": {"type": "view", "view_id": view["id"]}, "view": view}
