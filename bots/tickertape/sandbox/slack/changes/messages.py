"""What happens to messages, whoever does it: each change is recorded and published as Slack's events."""

from __future__ import annotations

from dataclasses import replace

from tickertape.sandbox.slack.changes.agent_view import app_context
from tickertape.sandbox.slack.payloads import payloads
from tickertape.sandbox.slack.world import mentions
from tickertape.sandbox.slack.world.events import MESSAGE_SUBSCRIPTIONS, Event
from tickertape.sandbox.slack.world.models import (
    Channel,
    Content,
    Json,
    Message,
    NativeStream,
    StreamState,
    User,
    Version,
)
from tickertape.sandbox.slack.world.visible import visible_text
from tickertape.sandbox.slack.world.world import World

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
    mentions_app: bool = True,
) -> Message:
    """Put a message into a channel and publish it; without `mentions_app` a mention in it is no event of its own."""
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
    for held in content.files:
        world.files[held["id"]].channels.add(channel.id)
    _announce(world, channel, sent, mentions_app=mentions_app)
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
    """Replace what a message holds. `marked` says whether it shows "(edited)" from now on.

    A person's edit of a message that mentions the app tells it so again, as an `app_mention` with `edited`:
    user-reported [I] (bolt-js issue 960, bolt-python issue 925).
    """
    before = payloads.message(world, sent, pushed=True)
    stamp = world.clock.ts()
    sent.content = content
    if sent.stream is not None and sent.stream.state is StreamState.LIVE:
        sent.stream.state = StreamState.ENDED
    if marked:
        sent.edited = _whole_seconds(stamp)
    _show(world, sent)
    if sent.ephemeral_to is None:
        _changed(world, sent, before, stamp)
    if marked and sent.bot_id is None:
        _mention(world, world.channels[sent.channel], sent, stamp)
    world.changed()


def _whole_seconds(stamp: str) -> str:
    """Return the ts of an edit, which Slack rounds: two edits in one second have the same one [I]."""
    return f"{stamp.partition('.')[0]}.000000"


def unfurl(world: World, sent: Message, attachments: list[Json]) -> None:
    """Add previews of links, as Slack does by itself: a `message_changed` with the same text and no `edited`."""
    before = payloads.message(world, sent, pushed=True)
    sent.content = replace(sent.content, attachments=attachments)
    _changed(world, sent, before, world.clock.ts())
    world.changed()


def extend(world: World, sent: Message, content: Content) -> None:
    """Show more of a native stream: no event until it ends."""
    sent.content = content
    _show(world, sent)
    world.changed()


def delete(world: World, sent: Message) -> None:
    """Remove a message from everyone's screen. It stays known, marked as deleted.

    The root of a thread that goes on becomes a tombstone, for which Slack sends `message_changed` [I].
    """
    before = payloads.message(world, sent, pushed=True)
    others = [each for each in world.thread(world.channels[sent.channel], sent.ts) if each is not sent]
    sent.deleted = True
    sent.deleted_at = world.clock.now()
    sent.tombstone = bool(others) and sent.ephemeral_to is None
    stamp = world.clock.ts()
    if sent.tombstone:
        _changed(world, sent, before, stamp)
    elif sent.ephemeral_to is None:
        body = {"deleted_ts": sent.ts, "previous_message": before}
        _publish(world, sent, "message_deleted", body, stamp)
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


def _announce(world: World, channel: Channel, sent: Message, *, mentions_app: bool) -> None:
    """Publish a new message, and the mention of the app in it as a second event."""
    if world.bot.id not in channel.members:
        return
    body = payloads.message(world, sent, metadata=True, pushed=True) | {
        "channel": channel.id,
        "channel_type": channel.kind.value,
        "event_ts": sent.ts,
    }
    context = app_context(world, sent.user) if channel.is_direct else None
    if context is not None:
        body["app_context"] = context
    world.publish(Event(MESSAGE_SUBSCRIPTIONS[channel.kind.value], body))
    if mentions_app:
        _mention(world, channel, sent, sent.ts)


def _mention(world: World, channel: Channel, sent: Message, stamp: str) -> None:
    """Publish the mention of the app in a message, if there is one. Direct messages have none."""
    if channel.is_direct or sent.user == world.bot.id or f"<@{world.bot.id}>" not in sent.text:
        return
    body = payloads.message(world, sent, pushed=True) | {"channel": channel.id, "event_ts": stamp}
    if body.get("subtype") == "file_share":
        # An `app_mention` with files has them without the subtype: user-reported [I].
        del body["subtype"]
    if world.bot.id in channel.members:
        world.publish(Event("app_mention", body | {"type": "app_mention"}))


def _changed(world: World, sent: Message, before: Json, stamp: str) -> None:
    after = payloads.message(world, sent, pushed=True)
    _publish(world, sent, "message_changed", {"message": after, "previous_message": before}, stamp)


def refresh_files(world: World, sent: Message, before: Json) -> None:
    """Publish that the files of a message are not what they were in `before`: `message_changed` is assumed."""
    _changed(world, sent, before, world.clock.ts())


def _publish(world: World, sent: Message, subtype: str, body: Json, stamp: str) -> None:
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
