"""How users, user groups, channels and messages look on the wire."""

from __future__ import annotations

import uuid

from tickertape.sandbox.slack.blocks.composition import as_returned
from tickertape.sandbox.slack.blocks.rich_text import rich_text
from tickertape.sandbox.slack.payloads import file_payloads
from tickertape.sandbox.slack.world.models import Channel, ChannelKind, Json, Message, User, UserGroup
from tickertape.sandbox.slack.world.world import World

SLACKBOT = "USLACKBOT"
_MADE = 1_700_000_000
"""When everything was made that has no time of its own, seconds since 1970."""


def user(world: World, person: User, *, locale: bool = False) -> Json:
    """Return the user object of users.info; a deleted user's has neither time zone nor roles."""
    body: Json = {
        "id": person.id,
        "team_id": person.team_id or world.team_id,
        "name": person.name,
        "deleted": person.deleted,
        "real_name": person.real_name,
        "profile": _profile(world, person),
        "is_bot": person.is_bot,
        "is_app_user": False,
        "updated": _MADE,
    }
    if person.deleted:
        return body
    if locale:
        body["locale"] = person.locale
    return body | {
        "tz": person.tz,
        "tz_label": person.tz,
        "tz_offset": person.tz_offset,
        "is_admin": person.is_admin or person.is_owner,
        "is_owner": person.is_owner,
        "is_primary_owner": False,
        "is_restricted": person.is_restricted or person.is_ultra_restricted,
        "is_ultra_restricted": person.is_ultra_restricted,
        # Present for people of other workspaces only.
        **({"is_stranger": True} if person.team_id else {}),
    }


def _profile(world: World, person: User) -> Json:
    return {
        "real_name": person.real_name,
        "real_name_normalized": person.real_name,
        "display_name": person.display_name,
        "display_name_normalized": person.display_name,
        "team": person.team_id or world.team_id,
    }


def user_group(world: World, group: UserGroup) -> Json:
    """Return the usergroup object of usergroups.list, without its members."""
    return {
        "id": group.id,
        "team_id": world.team_id,
        "is_usergroup": True,
        "name": group.name,
        "handle": group.handle,
        "description": "",
        "is_external": False,
        "date_create": _MADE,
        "date_update": _MADE,
        "date_delete": _MADE if group.disabled else 0,
        "auto_type": None,
        "prefs": {"channels": [], "groups": []},
    }


def channel(world: World, place: Channel) -> Json:
    """Return the conversation object of conversations.info."""
    body: Json = {
        "id": place.id,
        "created": _MADE,
        "is_archived": place.archived,
        "is_im": place.kind is ChannelKind.DIRECT,
        "is_mpim": place.kind is ChannelKind.GROUP,
        "is_channel": place.kind is ChannelKind.PUBLIC,
        "is_group": place.kind is ChannelKind.PRIVATE,
        "is_private": place.kind is not ChannelKind.PUBLIC,
        "is_ext_shared": place.is_shared,
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


def message(world: World, sent: Message, *, metadata: bool = False, pushed: bool = False) -> Json:
    """Return a message as chat.postMessage, histories and events show it.

    `pushed` says that it is part of an event, where the files of Slack Connect are not described.
    """
    if sent.tombstone:
        return _tombstone(world, sent)
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
        "blocks": _blocks(sent) or None,
        "attachments": sent.content.attachments or None,
        "files": file_payloads.of_message(world, sent, pushed=pushed) or None,
        "reactions": reactions(sent) or None,
        "metadata": sent.content.metadata if metadata else None,
        "edited": {"user": sent.user, "ts": sent.edited} if sent.edited else None,
        "parent_user_id": _parent(world, sent),
        "root": _broadcast_root(world, sent),
    }
    if sent.content.files:
        body |= {"upload": False, "display_as_bot": False}
    if sent.bot_id:
        body |= {"bot_id": sent.bot_id, "app_id": world.app_id}
    else:
        body["client_msg_id"] = str(uuid.uuid5(uuid.NAMESPACE_OID, sent.channel + sent.ts))
    if sent.bot_id == world.bot_id:
        body["bot_profile"] = bot_profile(world)
    return body | {key: value for key, value in optional.items() if value is not None} | _thread(world, sent)


def _blocks(sent: Message) -> list[Json]:
    """Return the blocks of a message; what a person typed is one of rich text."""
    if sent.bot_id is None and sent.text and not sent.blocks:
        return [rich_text(sent.text)]
    blocks: list[Json] = as_returned(sent.blocks)
    return blocks


def _tombstone(world: World, sent: Message) -> Json:
    """Return what stays of a thread's root after its deletion: user-reported [I]."""
    return {
        "type": "message",
        "subtype": "tombstone",
        "user": SLACKBOT,
        "text": "This message was deleted.",
        "hidden": True,
        "ts": sent.ts,
        **_thread(world, sent),
    }


def _parent(world: World, sent: Message) -> str | None:
    root = world.message(sent.channel, sent.root)
    if root is None or root is sent:
        return None
    return SLACKBOT if root.tombstone else root.user


def _broadcast_root(world: World, sent: Message) -> Json | None:
    """Return the root that a reply shown in the channel carries along."""
    root = world.message(sent.channel, sent.root)
    return message(world, root) if sent.subtype == "thread_broadcast" and root is not None else None


def _thread(world: World, sent: Message) -> Json:
    """Return what Slack adds to a thread's root."""
    if sent.thread_ts not in {None, sent.ts} or sent.ephemeral_to:
        return {}
    replies = [reply for reply in world.thread(world.channels[sent.channel], sent.ts) if reply is not sent]
    if not replies:
        return {}
    authors = sorted({reply.user for reply in replies})
    return {
        "thread_ts": sent.ts,
        "reply_count": len(replies),
        "reply_users_count": len(authors),
        "reply_users": authors,
        "latest_reply": replies[-1].ts,
        "is_locked": False,
    }


def reactions(sent: Message) -> list[Json]:
    """Return the reactions of a message as reactions.get shows them."""
    return [
        {"name": name, "users": users, "count": len(users)} for name, users in sent.reactions.items() if users
    ]
