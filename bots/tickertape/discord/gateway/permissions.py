"""Who may do what, as far as discord.py's cache knows; nothing is fetched."""

from __future__ import annotations

import discord

from tickertape.discord import words
from tickertape.languages import Sentence

ServerChannel = discord.abc.GuildChannel | discord.Thread
"""A channel whose permissions can be computed."""


def own(channel: object) -> discord.Permissions | None:
    """Return what the bot may do in `channel`, None where that is unknown or meaningless (direct messages)."""
    if not isinstance(channel, ServerChannel):
        return None
    me = channel.guild.me
    try:
        return channel.permissions_for(me)
    except discord.ClientException:  # a thread whose parent is not known
        return None


def send_permission(channel: object) -> Sentence:
    """Return the name of the permission that writing in `channel` needs."""
    return words.SEND_IN_THREAD if isinstance(channel, discord.Thread) else words.SEND


def missing_to_answer(channel: object, permissions: discord.Permissions | None = None) -> Sentence | None:
    """Return the name of the permission that the bot lacks to answer in `channel`, None if it lacks none.

    `permissions` are what the bot may do there, if that was told; else the cache is asked.
    """
    allowed = permissions or own(channel)
    if allowed is None:
        return None
    in_thread = isinstance(channel, discord.Thread)
    may_send = allowed.send_messages_in_threads if in_thread else allowed.send_messages
    if not allowed.view_channel:
        return words.VIEW
    return None if may_send else send_permission(channel)


def may_attach(channel: object) -> bool:
    """Whether the bot may post files in `channel`, as far as the cache knows."""
    permissions = own(channel)
    return permissions is None or permissions.attach_files


def may_reply(channel: object) -> bool:
    """Whether a message can refer to the prompt as its reply, which needs Read Message History."""
    permissions = own(channel)
    return permissions is None or permissions.read_message_history


def may_react(channel: object) -> bool:
    """Whether the bot may add a reaction, which needs Read Message History as well."""
    permissions = own(channel)
    return permissions is None or (permissions.add_reactions and permissions.read_message_history)


def moderates(channel: object, member: object) -> bool:
    """Whether `member` may manage messages in `channel`, as far as the cache knows."""
    if not isinstance(channel, ServerChannel) or not isinstance(member, discord.Member):
        return False
    try:
        return channel.permissions_for(member).manage_messages
    except discord.ClientException:  # a thread whose parent is not known
        return False
