"""A local stand-in of Discord: REST, gateway, interactions, reactions, with Discord's limits enforced."""

from __future__ import annotations

from bots.sandbox.discord.calls import ApiCall, CallLog, Drop, Fault
from bots.sandbox.discord.entities import (
    Channel,
    ChannelType,
    Guild,
    Interaction,
    InteractionState,
    Message,
    User,
    Version,
)
from bots.sandbox.discord.errors import CannotDo
from bots.sandbox.discord.events import Intent
from bots.sandbox.discord.limits import Budget, Limits
from bots.sandbox.discord.mentions import Ping, PingKind
from bots.sandbox.discord.permissions import Overwrite, Permission
from bots.sandbox.discord.server import TOKEN, DiscordSandbox

__all__ = [
    "TOKEN",
    "ApiCall",
    "Budget",
    "CallLog",
    "CannotDo",
    "Channel",
    "ChannelType",
    "DiscordSandbox",
    "Drop",
    "Fault",
    "Guild",
    "Intent",
    "Interaction",
    "InteractionState",
    "Limits",
    "Message",
    "Overwrite",
    "Permission",
    "Ping",
    "PingKind",
    "User",
    "Version",
]
