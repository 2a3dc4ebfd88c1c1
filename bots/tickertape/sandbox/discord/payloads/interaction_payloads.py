"""The JSON view of interactions, as INTERACTION_CREATE carries it."""

from __future__ import annotations

from tickertape.sandbox.discord.payloads import message_payloads, payloads
from tickertape.sandbox.discord.world.entities import Attachment, Channel, Interaction, Json
from tickertape.sandbox.discord.world.people import Role, User
from tickertape.sandbox.discord.world.permissions import ALL
from tickertape.sandbox.discord.world.world import World


def interaction(world: World, item: Interaction) -> Json:
    """Return an interaction object."""
    place = item.channel
    allowed = str(world.permissions(item.user, place))
    data: Json = {
        "id": str(item.id),
        "application_id": str(world.application_id),
        "type": int(item.kind),
        "data": item.data,
        "token": item.token,
        "version": 1,
        "channel_id": str(place.id),
        "channel": payloads.channel_for(place, world.bot) | {"permissions": allowed},
        "locale": item.user.locale,
        "context": int(item.context),
        "authorizing_integration_owners": item.owners,
        "app_permissions": str(app_permissions(world, place)),
        "entitlements": [],
        "entitlement_sku_ids": [],
        "attachment_size_limit": item.user.largest_file,
    }
    if item.source is not None:
        data["message"] = message_payloads.message_in_interaction(world, item.source)
    return data | _asker(item, allowed)


def _asker(item: Interaction, allowed: str) -> Json:
    place = item.channel.guild
    if place is None:
        return {"user": payloads.user(item.user)}
    return {
        "guild_id": str(place.id),
        "guild": {"id": str(place.id), "locale": place.locale, "features": list(place.features)},
        "guild_locale": place.locale,
        "member": payloads.member(place.members[item.user.id]) | {"permissions": allowed},
    }


def app_permissions(world: World, place: Channel) -> int:
    """Return the application's permission bits; where the bot is no member they are those of @everyone."""
    bits = world.permissions(world.bot, place)
    if bits or place.guild is None:
        return bits or int(ALL)
    return int(place.guild.everyone)


def resolved(world: World, place: Channel, asker: User, values: list[object]) -> Json:
    """Return what the ids among a command's options stand for, as `asker` sees it."""
    data: Json = {}
    for value in values:
        for name, ident, entry in _entries(world, place, asker, value):
            data.setdefault(name, {})[str(ident)] = entry
    return data


def _entries(world: World, place: Channel, asker: User, value: object) -> list[tuple[str, int, Json]]:
    """Return the parts of the resolved data that one value needs: their kind, id and content."""
    if isinstance(value, Attachment):
        return [("attachments", value.id, message_payloads.attachment(world, place, value))]
    if isinstance(value, Channel):
        allowed = {"permissions": str(world.permissions(asker, value))}
        return [("channels", value.id, payloads.channel(value) | allowed)]
    if isinstance(value, Role):
        return [("roles", value.id, payloads.role(value, 1))]
    if isinstance(value, User):
        return [("users", value.id, payloads.user(value)), *_member_entry(world, place, value)]
    return []


def _member_entry(world: World, place: Channel, user: User) -> list[tuple[str, int, Json]]:
    """Return the member that a user is in a guild, without the fields that the documentation leaves out there."""
    found = place.guild.members.get(user.id) if place.guild else None
    if found is None:
        return []
    kept = {key: part for key, part in payloads.partial_member(found).items() if key not in {"deaf", "mute"}}
    return [("members", user.id, kept | {"permissions": str(world.permissions(user, place))})]
