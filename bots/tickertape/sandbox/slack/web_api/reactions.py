"""reactions.add, reactions.remove, reactions.get."""

from __future__ import annotations

import re

from tickertape.sandbox.slack.changes import messages
from tickertape.sandbox.slack.payloads import payloads
from tickertape.sandbox.slack.web_api.errors import ApiError
from tickertape.sandbox.slack.web_api.method import Context, method
from tickertape.sandbox.slack.world.models import Channel, Json, Message

MAX_REACTIONS = 50
"""Different reactions of a message: assumed (Slack documents `too_many_reactions` without a figure)."""

_NAME = re.compile(r"[a-z0-9_+'-]+(?:::skin-tone-[2-6])?")
_FOREIGN_NAMES = frozenset(
    {
        "stop_button",
        "stop_sign",
        "pause_button",
        "play_button",
        "cross_mark",
        "check_mark_button",
        "hourglass_done",
        "red_square",
    }
)
"""Names of other catalogues that Slack does not know: user-reported for `stop_button` [I], the rest assumed."""


def is_name(name: str) -> bool:
    """Tell whether Slack takes `name` for a reaction."""
    return _NAME.fullmatch(name) is not None and name not in _FOREIGN_NAMES


def _target(ctx: Context) -> tuple[Channel, Message]:
    channel = ctx.joined_channel()
    if not ctx.args.given("timestamp"):
        raise ApiError("no_item_specified")
    return channel, ctx.message(channel, "timestamp")


def _name(ctx: Context) -> str:
    name = ctx.args.required("name").strip(":")
    if not is_name(name):
        raise ApiError("invalid_name")
    return name


@method("reactions.add", "reactions:write")
def add(ctx: Context) -> Json:
    """React as the bot."""
    name = _name(ctx)
    channel, sent = _target(ctx)
    if channel.archived:
        raise ApiError("is_archived")
    if name not in sent.reactions and len(payloads.reactions(sent)) >= MAX_REACTIONS:
        raise ApiError("too_many_reactions")
    if not messages.react(ctx.world, sent, ctx.world.bot, name, on=True):
        raise ApiError("already_reacted")
    return {}


@method("reactions.remove", "reactions:write")
def remove(ctx: Context) -> Json:
    """Take the bot's reaction away."""
    name = _name(ctx)
    _, sent = _target(ctx)
    if not messages.react(ctx.world, sent, ctx.world.bot, name, on=False):
        raise ApiError("no_reaction")
    return {}


@method("reactions.get", "reactions:read")
def get(ctx: Context) -> Json:
    """Return a message with its reactions."""
    channel, sent = _target(ctx)
    return {"type": "message", "channel": channel.id, "message": payloads.message(ctx.world, sent)}
