"""The JSON views of messages and interactions, as the API and the gateway give them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bots.sandbox.discord import payloads
from bots.sandbox.discord.clock import timestamp
from bots.sandbox.discord.entities import Attachment, Channel, Interaction, Json, Message, MessageFlag
from bots.sandbox.discord.events import Intent, content_is_open, without_content
from bots.sandbox.discord.mentions import PingKind
from bots.sandbox.discord.permissions import ALL

if TYPE_CHECKING:
    from bots.sandbox.discord.world import World


def attachment(world: World, place: Channel, item: Attachment) -> Json:
    """Return an attachment object; its address is on this server."""
    url = f"{world.base_url}/attachments/{place.id}/{item.id}/{item.filename}"
    data: Json = {
        "id": str(item.id),
        "filename": item.filename,
        "size": len(item.data),
        "url": url,
        "proxy_url": url,
        "content_type": item.content_type,
    }
    return data | ({"description": item.description} if item.description else {})


def message(world: World, item: Message) -> Json:
    """Return a message object with its content."""
    data: Json = {
        "id": str(item.id),
        "channel_id": str(item.channel.id),
        "type": int(item.type),
        "author": payloads.user(item.author),
        "content": item.content,
        "timestamp": timestamp(item.created_wall),
        "edited_timestamp": timestamp(item.edited_wall) if item.edited_wall is not None else None,
        "tts": False,
        "pinned": False,
        "flags": int(item.flags),
        "embeds": [] if MessageFlag.SUPPRESS_EMBEDS in item.flags else item.embeds,
        "components": item.components,
        "attachments": [attachment(world, item.channel, each) for each in item.attachments],
    }
    return data | _mentions(world, item) | _references(world, item) | _origin(item) | _reactions(world, item)


def message_for_bot(world: World, item: Message) -> Json:
    """Return a message object as the REST API gives it to this application."""
    data = message(world, item)
    enabled = world.privileged_intents & Intent.MESSAGE_CONTENT
    return data if enabled or content_is_open(item, world.bot) else without_content(data)


def _mentions(world: World, item: Message) -> Json:
    kinds = {ping.kind for ping in item.pings}
    people = {ping.target for ping in item.pings if ping.kind in {PingKind.USER, PingKind.REPLY}}
    named = [ping.target for ping in item.pings if ping.kind is PingKind.ROLE]
    return {
        "mentions": [payloads.user(world.users[each]) for each in people if each is not None],
        "mention_roles": [str(each) for each in named],
        "mention_everyone": bool(kinds & {PingKind.EVERYONE, PingKind.HERE}),
    }


def _references(world: World, item: Message) -> Json:
    data: Json = {}
    if item.reply_to is not None:
        place = item.reply_to.channel
        data["message_reference"] = {
            "type": 0,
            "message_id": str(item.reply_to.id),
            "channel_id": str(place.id),
        } | ({"guild_id": str(place.guild.id)} if place.guild else {})
        gone = item.reply_to.deleted or item.reply_to.reply_to is not None
        data["referenced_message"] = None if gone else message_for_bot(world, item.reply_to)
    if item.thread is not None:
        data["thread"] = payloads.channel(item.thread)
    return data


def _origin(item: Message) -> Json:
    data: Json = {} if item.nonce is None else {"nonce": item.nonce}
    asked = item.interaction
    if asked is None:
        return data
    return data | {
        "application_id": str(item.author.id),
        "webhook_id": str(item.author.id),
        "interaction_metadata": {
            "id": str(asked.id),
            "type": int(asked.kind),
            "user": payloads.user(asked.user),
            "authorizing_integration_owners": asked.owners,
        },
    }


def _reactions(world: World, item: Message) -> Json:
    if not item.reactions:
        return {}
    return {
        "reactions": [
            {
                "emoji": emoji(name),
                "count": len(people),
                "count_details": {"burst": 0, "normal": len(people)},
                "me": world.bot in people,
                "me_burst": False,
                "burst_colors": [],
            }
            for name, people in item.reactions.items()
        ]
    }


def emoji(name: str) -> Json:
    """Return an emoji object of a Unicode emoji, or of a custom one written `name:id`."""
    text, _, ident = name.partition(":")
    return {"id": ident or None, "name": text, "animated": False} if ident else {"id": None, "name": name}


def interaction(world: World, item: Interaction) -> Json:
    """Return an interaction object as INTERACTION_CREATE carries it."""
    place = item.channel
    data: Json = {
        "id": str(item.id),
        "application_id": str(world.application_id),
        "type": int(item.kind),
        "data": item.data,
        "token": item.token,
        "version": 1,
        "channel_id": str(place.id),
        "channel": payloads.channel(place) | {"permissions": str(world.permissions(item.user, place))},
        "locale": "en-US",
        "context": int(item.context),
        "authorizing_integration_owners": item.owners,
        "app_permissions": str(app_permissions(world, place)),
        "entitlements": [],
        "entitlement_sku_ids": [],
        "attachment_size_limit": 10 * 1024 * 1024,
    }
    if item.source is not None:
        data["message"] = message(world, item.source)
    return data | _asker(world, item)


def _asker(world: World, item: Interaction) -> Json:
    place = item.channel.guild
    if place is None:
        return {"user": payloads.user(item.user)}
    allowed = {"permissions": str(world.permissions(item.user, item.channel))}
    return {
        "guild_id": str(place.id),
        "guild": {"id": str(place.id), "locale": "en-US", "features": []},
        "guild_locale": "en-US",
        "member": payloads.member(place.members[item.user.id]) | allowed,
    }


def app_permissions(world: World, place: Channel) -> int:
    """Return the application's permission bits; where the bot is no member they are those of @everyone."""
    bits = world.permissions(world.bot, place)
    if bits or place.guild is None:
        return bits or int(ALL)
    return int(place.guild.everyone)
