"""What the Discord bot is told, and the error of a wrong set-up. Imports no discord.py, so that reading it is cheap."""

from __future__ import annotations

from dataclasses import dataclass, field

from tickertape.finding import SetupError

DISCORD_API = "https://discord.com/api/v10"

FILE_HOSTS = ("cdn.discordapp.com", "media.discordapp.net")
"""Where Discord keeps attachments (API documentation, reference, signed attachment CDN URLs)."""

STOP_EMOJIS = ("🛑", "⏹️", "❌")
"""Reactions that stop an answer unless others are set."""


class DiscordSetupError(SetupError):
    """Discord cannot be used as it is set up: `problem` says why, `fix` what the owner can do about it."""


@dataclass(frozen=True, slots=True)
class DiscordSettings:
    """Credentials and choices.

    `api_url` is the REST API's address without a slash at its end; the gateway's address is asked there. With
    `message_content` the privileged intent of that name is requested: Discord shows the text of direct messages and of
    mentions without it, but not what else was said in a conversation (API documentation, gateway, message content
    intent). Attachments are fetched from `file_hosts` alone.
    """

    token: str = field(repr=False)
    api_url: str = DISCORD_API
    stop_emojis: tuple[str, ...] = STOP_EMOJIS
    message_content: bool = False
    file_hosts: tuple[str, ...] = FILE_HOSTS
