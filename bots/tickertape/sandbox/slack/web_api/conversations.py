"""conversations.* and users.conversations: what the bot may know about channels and their messages."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import TypeVar

from tickertape.sandbox.slack.payloads import payloads
from tickertape.sandbox.slack.web_api.errors import ApiError
from tickertape.sandbox.slack.web_api.method import FAMILIES, Context, method
from tickertape.sandbox.slack.world.events import Event
from tickertape.sandbox.slack.world.models import Channel, ChannelKind, Json, Message

MAX_PAGE = 999
T = TypeVar("T")

_TYPES = {
    ChannelKind.PUBLIC: "public_channel",
    ChannelKind.PRIVATE: "private_channel",
    ChannelKind.DIRECT: "im",
    ChannelKind.GROUP: "mpim",
}


def page(ctx: Context, items: Sequence[T], default: int = 100) -> tuple[Sequence[T], Json]:
    """Return the page of `items` that `cursor` and `limit` ask for, and the metadata that leads to the next."""
    limit = ctx.args.number("limit", default)
    if not 1 <= limit <= MAX_PAGE:
        raise ApiError("invalid_limit")
    limit = min(limit, ctx.world.page_cap)
    start = _offset(ctx.args.text("cursor"))
    end = start + limit
    following = base64.b64encode(f"next:{end}".encode()).decode() if end < len(items) else ""
    return items[start:end], {"response_metadata": {"next_cursor": following}}


def _offset(cursor: str) -> int:
    try:
        return int(base64.b64decode(cursor).decode().removeprefix("next:")) if cursor else 0
    except (ValueError, binascii.Error):
        raise ApiError("invalid_cursor") from None


def _within(ctx: Context, sent: Message) -> bool:
    """Tell whether a message lies between `oldest` and `latest`."""
    oldest, latest = ctx.args.text("oldest", "0"), ctx.args.text("latest") or "9999999999.999999"
    if not ctx.args.flag("inclusive") and sent.ts in {oldest, latest}:
        return False
    return float(oldest) <= float(sent.ts) <= float(latest)


def _shown(ctx: Context, sent: Sequence[Message]) -> list[Json]:
    metadata = bool(ctx.args.flag("include_all_metadata"))
    return [payloads.message(ctx.world, message, metadata=metadata) for message in sent]


def _readable(ctx: Context) -> Channel:
    channel = ctx.channel()
    ctx.need_for(channel, "history")
    return ctx.joined_channel()


def _is_in_history(ctx: Context, channel: Channel, sent: Message) -> bool:
    """Tell whether a message stands in the channel itself. A tombstone stays as long as its thread goes on."""
    if sent.deleted:
        return sent.tombstone and bool(ctx.world.thread(channel, sent.ts))
    return sent.thread_ts in {None, sent.ts} or sent.subtype == "thread_broadcast"


@method("conversations.history")
def history(ctx: Context) -> Json:
    """Return a channel's messages without replies, newest first."""
    channel = _readable(ctx)
    found = [
        message
        for message in reversed(channel.messages.values())
        if _is_in_history(ctx, channel, message) and _within(ctx, message)
    ]
    items, metadata = page(ctx, found)
    more = bool(metadata["response_metadata"]["next_cursor"])
    return {"messages": _shown(ctx, items), "has_more": more, "pin_count": 0, **(metadata if more else {})}


@method("conversations.replies")
def replies(ctx: Context) -> Json:
    """Return a thread, oldest first; its root comes whatever `oldest` says."""
    channel = _readable(ctx)
    ctx.args.required("ts")
    root = ctx.thread(channel, "ts") or ""
    replies = [message for message in ctx.world.thread(channel, root) if message.ts != root]
    found = [channel.messages[root], *(message for message in replies if _within(ctx, message))]
    items, metadata = page(ctx, found, 1000 - 1)
    more = bool(metadata["response_metadata"]["next_cursor"])
    return {"messages": _shown(ctx, items), "has_more": more, **(metadata if more else {})}


@method("conversations.info")
def info(ctx: Context) -> Json:
    """Return a channel."""
    channel = ctx.channel()
    ctx.need_for(channel, "read")
    return {"channel": payloads.channel(ctx.world, channel)}


@method("conversations.members")
def members(ctx: Context) -> Json:
    """Return the ids of a channel's members."""
    channel = ctx.channel()
    ctx.need_for(channel, "read")
    items, metadata = page(ctx, sorted(channel.members))
    return {"members": list(items), **metadata}


@method("conversations.join", "channels:join")
def join(ctx: Context) -> Json:
    """Make the bot a member of a public channel."""
    channel, world = ctx.channel(), ctx.world
    if channel.kind is not ChannelKind.PUBLIC:
        raise ApiError("method_not_supported_for_channel_type")
    if channel.archived:
        raise ApiError("is_archived")
    if world.bot.id in channel.members:
        return {"channel": payloads.channel(world, channel), "warning": "already_in_channel"}
    channel.members.add(world.bot.id)
    body = {
        "type": "member_joined_channel",
        "user": world.bot.id,
        "channel": channel.id,
        "team": world.team_id,
    }
    world.publish(Event("member_joined_channel", body | {"event_ts": world.clock.ts()}))
    world.changed()
    return {"channel": payloads.channel(world, channel)}


@method("conversations.open", "im:write")
def open_conversation(ctx: Context) -> Json:
    """Open the direct messages with one user."""
    if ctx.args.text("channel"):
        return {"channel": {"id": ctx.channel().id}}
    names = [name for name in ctx.args.text("users").split(",") if name]
    if not names:
        raise ApiError("users_list_not_supplied")
    users = [ctx.world.users.get(name) for name in names]
    user = users[0]
    if user is None or None in users:
        raise ApiError("user_not_found")
    if len(users) > 1:
        raise ApiError("method_not_supported_for_channel_type")
    known = {channel.id for channel in ctx.world.channels.values()}
    channel = ctx.world.open_direct(user)
    seen = {"already_open": True, "no_op": True} if channel.id in known else {}
    return {"channel": {"id": channel.id}, **seen}


@method("users.conversations")
def mine(ctx: Context) -> Json:
    """Return the channels that the bot, or `user`, is a member of."""
    wanted = set((ctx.args.text("types") or "public_channel").split(","))
    for kind in (kind for kind, name in _TYPES.items() if name in wanted):
        ctx.need(f"{FAMILIES[kind]}:read")
    who = ctx.args.text("user") or ctx.world.bot.id
    found = [
        channel
        for channel in ctx.world.channels.values()
        if {who, ctx.world.bot.id} <= channel.members and _TYPES[channel.kind] in wanted
    ]
    items, metadata = page(ctx, found)
    return {"channels": [payloads.channel(ctx.world, channel) for channel in items], **metadata}
