"""A local stand-in of Discord: REST, gateway, interactions, reactions, with Discord's limits enforced."""

from __future__ import annotations

from bots.sandbox.discord.attachments import File
from bots.sandbox.discord.calls import ApiCall, CallLog, Drop, Fault
from bots.sandbox.discord.cdn import Cdn, Delivery, Download
from bots.sandbox.discord.entities import (
    Attachment,
    Channel,
    ChannelType,
    Guild,
    Member,
    Message,
    MessageType,
    Role,
    User,
    Version,
)
from bots.sandbox.discord.errors import CannotDo
from bots.sandbox.discord.events import Intent
from bots.sandbox.discord.interaction_entities import Interaction, InteractionKind, InteractionState
from bots.sandbox.discord.limits import Budget, Limits
from bots.sandbox.discord.mentions import Ping, PingKind
from bots.sandbox.discord.permissions import Overwrite, Permission
from bots.sandbox.discord.server import TOKEN, DiscordSandbox

__all__ = [
    "TOKEN",
    "ApiCall",
    "Attachment",
    "Budget",
    "CallLog",
    "CannotDo",
    "Cdn",
    "Channel",
    "ChannelType",
    "Delivery",
    "DiscordSandbox",
    "Download",
    "Drop",
    "Fault",
    "File",
    "Guild",
    "Intent",
    "Interaction",
    "InteractionKind",
    "InteractionState",
    "Limits",
    "Member",
    "Message",
    "MessageType",
    "Overwrite",
    "Permission",
    "Ping",
    "PingKind",
    "Role",
    "User",
    "Version",
]
