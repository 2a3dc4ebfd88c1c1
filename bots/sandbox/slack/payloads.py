"""How users, channels, messages, slash commands and button presses look on the wire."""

from __future__ import annotations

from bots.sandbox.slack.models import (
    ButtonPress,
    Channel,
    ChannelKind,
    File,
    Json,
    Message,
    SlashCommand,
    User,
)
from bots.sandbox.slack.world import World


def user(world: World, person: User) -> Json:
    """Return the user object of users.info."""
    return {
        "id": person.id,
        "team_id": world.team_id,
        "name": person.name,
        "deleted": False,
        "real_name": person.real_name,
        "tz": "Etc/UTC",
        "profile": {"real_name": person.real_name, "display_name": person.name, "team": world.team_id},
        "is_admin": person.is_admin,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": False,
        "is_ultra_restricted": False,
        "is_bot": person.is_bot,
        "is_app_user": False,
        "updated": 1_700_000_000,
    }


def channel(world: World, place: Channel) -> Json:
    """Return the conversation object of conversations.info."""
    body: Json = {
        "id": place.id,
        "created": 1_700_000_000,
        "is_archived": place.archived,
        "is_im": place.kind is ChannelKind.DIRECT,
        "is_mpim": place.kind is ChannelKind.GROUP,
        "is_channel": place.kind is ChannelKind.PUBLIC,
        "is_group": place.kind is ChannelKind.PRIVATE,
        "is_private": place.kind is not ChannelKind.PUBLIC,
        "context_team_id": world.team_id,
    }
    if place.is_direct:
        return body | {"user": next(iter(place.members - {world.bot.id}), world.bot.id)}
    return body | {
        "name": place.name,
        "name_normalized": place.name,
        "is_member": world.bot.id in place.members,
    }


def bot_profile(world: World) -> Json:
    """Return the bot_profile that Slack adds to the app's messages."""
    return {
        "id": world.bot_id,
        "app_id": world.app_id,
        "name": world.bot.real_name,
        "team_id": world.team_id,
        "deleted": False,
    }


def message(world: World, sent: Message, *, metadata: bool = False) -> Json:
    """Return a message as chat.postMessage, histories and events show it."""
    body: Json = {
        "type": "message",
        "user": sent.user,
        "ts": sent.ts,
        "text": sent.text,
        "team": world.team_id,
    }
    optional: Json = {
        "subtype": sent.subtype,
        "thread_ts": sent.thread_ts,
        "blocks": sent.blocks or None,
        "attachments": sent.content.attachments or None,
        "files": sent.content.files or None,
        "reactions": reactions(sent) or None,
        "metadata": sent.content.metadata if metadata else None,
        "edited": {"user": sent.user, "ts": sent.edited} if sent.edited else None,
        "parent_user_id": _parent(world, sent),
    }
    if sent.bot_id:
        body |= {"bot_id": sent.bot_id, "app_id": world.app_id}
    if sent.bot_id == world.bot_id:
        body["bot_profile"] = bot_profile(world)
    return body | {key: value for key, value in optional.items() if value is not None} | _thread(world, sent)


def _parent(world: World, sent: Message) -> str | None:
    root = world.message(sent.channel, sent.root)
    return root.user if root and root is not sent else None


def _thread(world: World, sent: Message) -> Json:
    """Return what Slack adds to a thread's root."""
    replies = (
        world.thread(world.channels[sent.channel], sent.ts)[1:] if sent.thread_ts in {None, sent.ts} else []
    )
    if not replies or sent.ephemeral_to:
        return {}
    return {
        "thread_ts": sent.ts,
        "reply_count": len(replies),
        "reply_users": sorted({reply.user for reply in replies}),
        "latest_reply": replies[-1].ts,
    }


def reactions(sent: Message) -> list[Json]:
    """Return the reactions of a message as reactions.get shows them."""
    return [
        {"name": name, "users": users, "count": len(users)} for name, users in sent.reactions.items() if users
    ]


def file(world: World, held: File) -> Json:
    """Return the file object of files.info."""
    return {
        "id": held.id,
        "created": int(world.clock.wall()),
        "name": held.name,
        "title": held.title or held.name,
        "mimetype": "text/plain",
        "filetype": held.name.rpartition(".")[2] or "text",
        "user": held.user,
        "size": len(held.content),
        "url_private": f"{world.base_url}/files-pri/{world.team_id}-{held.id}/{held.name}",
        "url_private_download": f"{world.base_url}/files-pri/{world.team_id}-{held.id}/download/{held.name}",
    }


def slash_command(world: World, used: SlashCommand) -> Json:
    """Return the fields of a slash command."""
    place = used.channel
    return {
        "token": "verification-token",
        "team_id": world.team_id,
        "team_domain": world.team_domain,
        "channel_id": place.id,
        "channel_name": place.name or "directmessage",
        "user_id": used.user.id,
        "user_name": used.user.name,
        "command": used.command,
        "text": used.text,
        "api_app_id": world.app_id,
        "is_enterprise_install": "false",
        "response_url": used.response_url,
        "trigger_id": used.trigger_id,
    }


def block_actions(world: World, pressed: ButtonPress, block_id: str, button: Json) -> Json:
    """Return the interaction that a press of `button` is. An ephemeral message itself is not part of it."""
    sent, person = pressed.message, pressed.user
    return {
        "type": "block_actions",
        "user": {"id": person.id, "username": person.name, "name": person.name, "team_id": world.team_id},
        "api_app_id": world.app_id,
        "token": "verification-token",
        "container": _container(sent),
        "trigger_id": pressed.trigger_id,
        "team": {"id": world.team_id, "domain": world.team_domain},
        "enterprise": None,
        "is_enterprise_install": False,
        "channel": {"id": sent.channel, "name": pressed.channel.name or "directmessage"},
        **({} if sent.ephemeral_to else {"message": message(world, sent)}),
        "state": {"values": {}},
        "response_url": pressed.response_url,
        "actions": [{**button, "block_id": block_id, "action_ts": world.clock.ts()}],
    }


def _container(sent: Message) -> Json:
    body: Json = {"type": "message", "message_ts": sent.ts, "channel_id": sent.channel}
    body["is_ephemeral"] = sent.ephemeral_to is not None
    return body | ({"thread_ts": sent.thread_ts} if sent.thread_ts else {})
