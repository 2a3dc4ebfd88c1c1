"""Who did something and where, as events of Discord tell it: for rules, and for what a model is told."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import discord

from tickertape.discord.gateway import permissions
from tickertape.discord.keys import person_key, rule_id
from tickertape.inbound.facts import Caller
from tickertape.prompts.asker import Asker, direct_messages
from tickertape.prompts.prompt import Origin

Interaction = discord.Interaction[Any]


def caller_of_message(message: discord.Message) -> Caller:
    """Return who wrote `message`, and where."""
    author, channel = message.author, message.channel
    origin = Origin(_asker(author, channel), author.display_name, name_of(channel), locale_of(channel))
    return Caller(origin, permissions.moderates(channel, author), author.bot)


def caller_of_interaction(interaction: Interaction) -> Caller:
    """Return who used a command or a button, and where."""
    user, channel = interaction.user, interaction.channel
    asker = _asker(user, channel, channel_id=interaction.channel_id or 0, server_id=interaction.guild_id)
    origin = Origin(asker, user.display_name, name_of(channel), interaction.locale.value)
    return Caller(origin, interaction.permissions.manage_messages, user.bot)


def caller_of_reaction(event: discord.RawReactionActionEvent, channel: object) -> Caller:
    """Return who put a reaction on a message; in a direct message Discord tells no more than the id."""
    member, locale = event.member, locale_of(channel)
    if member is None:
        channels = frozenset({rule_id(event.channel_id), direct_messages("discord")})
        asker = Asker(person_key(event.user_id), channels, roles=None)
        return Caller(Origin(asker, "", name_of(channel), locale))
    asker = _asker(member, channel, channel_id=event.channel_id, server_id=event.guild_id)
    origin = Origin(asker, member.display_name, name_of(channel), locale)
    return Caller(origin, permissions.moderates(channel, member), member.bot)


def name_of(channel: object) -> str:
    """Return what people call a channel, empty for a direct message."""
    return getattr(channel, "name", None) or ""


def locale_of(channel: object) -> str:
    """Return the language of the people in a channel, empty if it is not known: messages do not tell their authors'.

    That of a server counts only if it is a community: others cannot choose, and all are said to be American.
    """
    server = getattr(channel, "guild", None)
    if server is None or "COMMUNITY" not in server.features:
        return ""
    return str(server.preferred_locale.value)


def _asker(
    person: discord.abc.User, channel: object, *, channel_id: int = 0, server_id: int | None = None
) -> Asker:
    """Return a person in a channel; the ids stand in for what a channel that is not known does not tell."""
    server = getattr(channel, "guild", None)
    server_id = server.id if server is not None else server_id
    return Asker(
        user=person_key(person.id),
        channels=frozenset(_channels(channel, channel_id, is_direct=server_id is None)),
        roles=_roles(person, server_id),
        workspace=None if server_id is None else rule_id(server_id),
    )


def _channels(channel: object, channel_id: int, *, is_direct: bool) -> Iterable[str]:
    yield rule_id(getattr(channel, "id", channel_id))
    if isinstance(channel, discord.Thread):
        yield rule_id(channel.parent_id)
    if is_direct:
        yield direct_messages("discord")


def _roles(person: discord.abc.User, server_id: int | None) -> frozenset[str] | None:
    """Return the person's roles, @everyone among them; None where they are not told, as in a direct message."""
    if server_id is None or not isinstance(person, discord.Member) or not person.roles:
        return None
    return frozenset(rule_id(role.id) for role in person.roles)
