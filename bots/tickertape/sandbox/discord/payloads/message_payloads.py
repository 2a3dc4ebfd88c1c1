"""The JSON views of messages and their attachments, as the API and the gateway give them."""

from __future__ import annotations

from tickertape.sandbox.discord.payloads import payloads, signed_links
from tickertape.sandbox.discord.world.clock import timestamp
from tickertape.sandbox.discord.world.emojis import emoji_object
from tickertape.sandbox.discord.world.entities import Attachment, Channel, Interaction, Json, Message
from tickertape.sandbox.discord.world.events import Intent, redacted
from tickertape.sandbox.discord.world.kinds import InteractionKind, MessageFlag, MessageType
from tickertape.sandbox.discord.world.mentions import PingKind
from tickertape.sandbox.discord.world.world import World


def attachment(world: World, place: Channel, item: Attachment) -> Json:
    """Return an attachment object with a fresh link; Discord's proxy is another host, here both are one."""
    life = world.limits.attachment_links
    url = world.cdn_url + signed_links.signed(
        signed_links.path_of(world.application_id, place, item), world.link_key, world.clock.wall(), life
    )
    data: Json = {
        "id": str(item.id),
        "filename": item.filename,
        "size": item.size,
        "url": url,
        "proxy_url": url,
    }
    if item.ephemeral:
        data["ephemeral"] = True
    known = ("content_type", "width", "height", "description", "title")
    return data | {name: value for name in known if (value := getattr(item, name)) is not None}


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
    return data if enabled else redacted(data, item, world.bot)


def message_in_interaction(world: World, item: Message) -> Json:
    """Return a message as an interaction shows it: with its content, whatever the intents.

    The stand-in assumes that the message which it replies to is not shown with it.
    """
    data = message(world, item)
    data.pop("referenced_message", None)
    return data


def _mentions(world: World, item: Message) -> Json:
    kinds = {ping.kind for ping in item.mentions}
    people = {ping.target: None for ping in item.mentions if ping.kind in {PingKind.USER, PingKind.REPLY}}
    named = [ping.target for ping in item.mentions if ping.kind is PingKind.ROLE]
    return {
        "mentions": [payloads.user(world.users[each]) for each in people if each is not None],
        "mention_roles": [str(each) for each in named],
        "mention_everyone": bool(kinds & {PingKind.EVERYONE, PingKind.HERE}),
    }


def _references(world: World, item: Message) -> Json:
    """Return what a message refers to; a message referred to comes without the one that it refers to itself.

    It has neither `guild_id` nor `member` (discord-api-docs#3595).
    """
    data: Json = {}
    if item.about is not None:
        data["message_reference"] = {"type": 0} | _place(item.about)
    if item.reply_to is not None:
        place = _place(item.reply_to.channel)
        data["message_reference"] = {"type": 0, "message_id": str(item.reply_to.id)} | place
        data["referenced_message"] = None
        if not item.reply_to.deleted:
            nested = message(world, item.reply_to)
            nested.pop("referenced_message", None)
            data["referenced_message"] = nested
    if item.thread is not None:
        data["thread"] = payloads.channel_for(item.thread, world.bot)
    return data


def _place(channel: Channel) -> Json:
    return {"channel_id": str(channel.id)} | ({"guild_id": str(channel.guild.id)} if channel.guild else {})


def _origin(item: Message) -> Json:
    """Return what a response tells of the interaction that it answers."""
    data: Json = {} if item.nonce is None else {"nonce": item.nonce}
    asked = item.interaction
    if asked is None:
        return data
    data |= {"application_id": str(item.author.id), "webhook_id": str(item.author.id)}
    data["interaction_metadata"] = _metadata(asked)
    if asked.original is not None and item is not asked.original:
        data["interaction_metadata"]["original_response_message_id"] = str(asked.original.id)
    if asked.kind is InteractionKind.COMMAND and item.type is not MessageType.REPLY:
        data["interaction"] = _base(asked) | {"name": asked.data["name"]}
    return data


def _base(asked: Interaction) -> Json:
    return {"id": str(asked.id), "type": int(asked.kind), "user": payloads.user(asked.user)}


def _metadata(asked: Interaction) -> Json:
    data = _base(asked) | {"authorizing_integration_owners": asked.owners}
    if asked.target is not None:
        data["target_message_id"] = str(asked.target.id)
    if asked.opener is not None:
        data["triggering_interaction_metadata"] = _metadata(asked.opener)
    elif asked.source is not None:
        data["interacted_message_id"] = str(asked.source.id)
    return data


def _reactions(world: World, item: Message) -> Json:
    if not item.reactions:
        return {}
    return {
        "reactions": [
            {
                "emoji": emoji_object(name),
                "count": len(people),
                "count_details": {"burst": 0, "normal": len(people)},
                "me": world.bot in people,
                "me_burst": False,
                "burst_colors": [],
            }
            for name, people in item.reactions.items()
        ]
    }
