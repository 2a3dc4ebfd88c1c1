"""The workspace as the control API shows it, as JSON."""

from __future__ import annotations

from tickertape.sandbox.slack.world.models import Channel, Json, Message
from tickertape.sandbox.slack.world.world import World


def message(sent: Message) -> Json:
    """Return a message as the control API shows it."""
    return {
        "channel": sent.channel,
        "ts": sent.ts,
        "thread_ts": sent.thread_ts,
        "user": sent.user,
        "text": sent.visible,
        "blocks": sent.blocks,
        "files": [{"id": held["id"], "name": held.get("name")} for held in sent.content.files],
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


def state(world: World) -> Json:
    """Return everything that people see."""
    people = [user for user in world.users.values() if not user.is_bot]
    homes = {user.id: world.home_of(user) for user in people}
    modals = {user.id: world.modal_of(user) for user in people}
    return {
        "team": world.team_id,
        "bot": world.bot.id,
        "users": {user.id: user.name for user in world.users.values()},
        "channels": [_channel(channel) for channel in world.channels.values()],
        "ephemerals": [message(sent) for sent in world.ephemerals],
        "homes": {user: view for user, view in homes.items() if view},
        "modals": {user: view for user, view in modals.items() if view},
    }
