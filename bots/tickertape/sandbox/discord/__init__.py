"""A local stand-in of Discord: REST, gateway, interactions, reactions, with Discord's limits enforced."""

from __future__ import annotations

from tickertape.sandbox.discord.errors import CannotDo
from tickertape.sandbox.discord.limits import Budget, Limits
from tickertape.sandbox.discord.rest.calls import ApiCall, CallLog, Drop, Fault
from tickertape.sandbox.discord.rest.cdn import Cdn, Delivery, Download
from tickertape.sandbox.discord.server import TOKEN, DiscordSandbox
from tickertape.sandbox.discord.world.attachments import File
from tickertape.sandbox.discord.world.entities import Attachment, Channel, Interaction, Message, Version
from tickertape.sandbox.discord.world.events import Intent
from tickertape.sandbox.discord.world.kinds import ChannelType, InteractionKind, InteractionState, MessageType
from tickertape.sandbox.discord.world.mentions import Ping, PingKind
from tickertape.sandbox.discord.world.people import Guild, Member, Role, User
from tickertape.sandbox.discord.world.permissions import Overwrite, Permission

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
