"""Who asks, where and with which files, as events of Discord tell it: for rules, and for what a model is told."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import discord

from tickertape.discord.keys import PLATFORM, person_key, rule_id
from tickertape.prompts.asker import Asker, direct_messages
from tickertape.prompts.prompt import Origin

Interaction = discord.Interaction[Any]


def origin_of_message(message: discord.Message) -> Origin:
    """Return who wrote `message`, and where."""
    return Origin(
        asker_of(message.author, message.channel),
        message.author.display_name,
        name_of(message.channel),
        locale_of(message.channel),
    )


def origin_of_interaction(interaction: Interaction) -> Origin:
    """Return who used a command or a button, and where."""
    asker = asker_of(
        interaction.user,
        interaction.channel,
        channel_id=interaction.channel_id or 0,
        server_id=interaction.guild_id,
    )
    return Origin(
        asker, interaction.user.display_name, name_of(interaction.channel), interaction.locale.value
    )


def asker_of(
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


def _channels(channel: object, channel_id: int, *, is_direct: bool) -> Iterable[str]:
    yield rule_id(getattr(channel, "id", channel_id))
    if isinstance(channel, discord.Thread):
        yield rule_id(channel.parent_id)
    if is_direct:
        yield direct_messages(PLATFORM)


def _roles(person: discord.abc.User, server_id: int | None) -> frozenset[str] | None:
    """Return the person's roles, @everyone among them; None where the bot does not know the server's roles."""
    if server_id is None:
        return frozenset()
    if not isinstance(person, discord.Member) or not person.roles:
        return None
    return frozenset(rule_id(role.id) for role in person.roles)
