"""The kinds of things in Discord's world, by the numbers that its API has for them. Pure."""

from __future__ import annotations

import enum


class ChannelType(enum.IntEnum):
    """The types of channel that the stand-in has."""

    TEXT = 0
    DM = 1
    GROUP_DM = 3
    PUBLIC_THREAD = 11
    PRIVATE_THREAD = 12


class MessageFlag(enum.IntFlag):
    """Message flags that matter here."""

    SUPPRESS_EMBEDS = 1 << 2
    HAS_THREAD = 1 << 5
    EPHEMERAL = 1 << 6
    LOADING = 1 << 7
    SUPPRESS_NOTIFICATIONS = 1 << 12
    COMPONENTS_V2 = 1 << 15


NO_FLAGS = MessageFlag(0)


class MessageType(enum.IntEnum):
    """Message types that matter here."""

    DEFAULT = 0
    THREAD_CREATED = 18
    REPLY = 19
    COMMAND_RESPONSE = 20
    THREAD_STARTER = 21
    CONTEXT_MENU_RESPONSE = 23


SYSTEM_MESSAGES = {MessageType.THREAD_CREATED, MessageType.THREAD_STARTER}
"""Types of message that Discord itself writes."""


class Context(enum.IntEnum):
    """Where an interaction happens (`contexts` of a command)."""

    GUILD = 0
    BOT_DM = 1
    PRIVATE_CHANNEL = 2


class InteractionKind(enum.IntEnum):
    """Types of interaction."""

    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4
    MODAL_SUBMIT = 5


class InteractionState(enum.Enum):
    """How far the bot came with an interaction."""

    WAITING = "waiting"
    DEFERRED = "deferred"
    ANSWERED = "answered"
    FAILED = "failed"
