"""What happens to messages, whoever does it: each change is recorded and published as Slack's events."""

from __future__ import annotations

from dataclasses import replace

from bots.sandbox.slack import mentions, payloads
from bots.sandbox.slack.blocks import visible_text
from bots.sandbox.slack.events import MESSAGE_SUBSCRIPTIONS, Event
from bots.sandbox.slack.models import (
    Channel,
    Content,
    Json,
    Message,
    NativeStream,
    StreamState,
    User,
    Version,
)
from bots.sandbox.slack.world import World

MAX_TEXT = 40_000
"""Characters after which chat.postMessage cuts `text` (Slack's reference)."""


def post(
    world: World,
    channel: Channel,
    author: User,
    content: Content,
    *,
    thread_ts: str | None = None,
    bot_id: str | None = None,
    subtype: str | None = None,
    stream: NativeStream | None = None,
) -> Message:
    """Put a message into a channel and publish it."""
    sent = Message(
        channel=channel.id,
        ts=world.clock.ts(),
        user=author.id,
        content=replace(content, text=content.text[:MAX_TEXT]),
        thread_ts=thread_ts,
        bot_id=world.bot_id if author is world.bot else bot_id,
        subtype=subtype,
        stream=stream,
    )
    _show(world, sent)
    sent.pings = list(sent.mentions)
    channel.messages[sent.ts] = sent
    world.statuses.pop((channel.id, sent.root), None)
    _announce(world, channel, sent)
    world.changed()
    return sent


def post_ephemeral(
    world: World, channel: Channel, to: User, content: Content, thread_ts: str | None = None
) -> Message:
    """Show a message of the app to one user only. No event is sent."""
    sent = Message(
        channel=channel.id,
        ts=world.clock.ts(),
        user=world.bot.id,
        content=content,
        thread_ts=thread_ts,
        bot_id=world.bot_id,
        ephemeral_to=to.id,
    )
    _show(world, sent)
    sent.pings = list(sent.mentions)
    world.ephemerals.append(sent)
    world.changed()
    return sent


def edit(world: World, sent: Message, content: Content, *, marked: bool) -> None:
    """Replace what a message holds. `marked` says whether it shows "(edited)" from now on."""
    before = payloads.message(world, sent)
    stamp = world.clock.ts()
    sent.content = content
    if sent.stream is not None and sent.stream.state is StreamState.LIVE:
        sent.stream.state = StreamState.ENDED
    if marked:
        sent.edited = stamp
    _show(world, sent)
    if sent.ephemeral_to is None:
        after = payloads.message(world, sent)
        _changed(world, sent, "message_changed", {"message": after, "previous_message": before}, stamp)
    world.changed()


def extend(world: World, sent: Message, content: Content) -> None:
    """Show more of a native stream: no event until it ends."""
    sent.content = content
    _show(world, sent)
    world.changed()


def delete(world: World, sent: Message) -> None:
    """Remove a message from everyone's screen. It stays known, marked as deleted."""
    before = payloads.message(world, sent)
    sent.deleted = True
    sent.deleted_at = world.clock.now()
    if sent.ephemeral_to is None:
        body = {"deleted_ts": sent.ts, "previous_message": before}
        _changed(world, sent, "message_deleted", body, world.clock.ts())
    world.changed()


def react(world: World, sent: Message, user: User, name: str, *, on: bool) -> bool:
    """Add or take away a reaction; False if it was so already."""
    users = sent.reactions.setdefault(name, [])
    if (user.id in users) is on:
        return False
    (users.append if on else users.remove)(user.id)
    kind = "reaction_added" if on else "reaction_removed"
    body = {
        "type": kind,
        "user": user.id,
        "reaction": name,
        "item_user": sent.user,
        "item": {"type": "message", "channel": sent.channel, "ts": sent.ts},
        "event_ts": world.clock.ts(),
    }
    if world.bot.id in world.channels[sent.channel].members:
        world.publish(Event(kind, body))
    world.changed()
    return True


def _show(world: World, sent: Message) -> None:
    """Record a new version and the mentions in it."""
    content = sent.content
    visible = visible_text(content.text, content.blocks)
    sent.versions.append(Version(world.clock.now(), content.text, content.blocks, visible))
    names = (user.name for user in world.users.values())
    sent.mentions.extend(
        mentions.in_message(content.text, content.blocks, names=names, link_names=content.link_names)
    )


def _announce(world: World, channel: Channel, sent: Message) -> None:
    """Publish a new message, and the mention of the app in it as a second event."""
    if world.bot.id not in channel.members:
        return
    body = payloads.message(world, sent, metadata=True) | {
        "channel": channel.id,
        "channel_type": channel.kind.value,
        "event_ts": sent.ts,
    }
    world.publish(Event(MESSAGE_SUBSCRIPTIONS[channel.kind.value], body))
    if f"<@{world.bot.id}>" in sent.text and sent.user != world.bot.id and not channel.is_direct:
        mention = {key: value for key, value in body.items() if key not in {"channel_type", "subtype"}}
        world.publish(Event("app_mention", mention | {"type": "app_mention"}))


def _changed(world: World, sent: Message, subtype: str, body: Json, stamp: str) -> None:
    channel = world.channels[sent.channel]
    if world.bot.id not in channel.members:
        return
    kind = channel.kind.value
    event = {
        "type": "message",
        "subtype": subtype,
        "hidden": True,
        "channel": channel.id,
        "channel_type": kind,
        "ts": stamp,
        "event_ts": stamp,
        **body,
    }
    world.publish(Event(MESSAGE_SUBSCRIPTIONS[kind], event))
