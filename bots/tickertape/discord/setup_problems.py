"""Turns what Discord answers to a wrong set-up into a problem and what to do about it."""

from __future__ import annotations

import discord

from tickertape.discord.http.errors import CONNECTION_ERRORS
from tickertape.discord.settings import DISCORD_API, DiscordSetupError

SETUP_ERRORS = (discord.DiscordException, *CONNECTION_ERRORS)
"""What logging in and connecting can raise."""

TOKEN_PROBLEM = "Discord does not accept DISCORD_TOKEN."  # noqa: S105 - a sentence, no token
TOKEN_FIX = (
    "Copy the token from the Bot page of your application (discord.com/developers) into DISCORD_TOKEN."  # noqa: S105 - a sentence, no token
)
INTENT_PROBLEM = "The application may not read message content."
INTENT_FIX = (
    "Enable Message Content Intent on the Bot page of your application, or turn off "
    "TICKERTAPE_DISCORD_MESSAGE_CONTENT: nothing needs it."
)

_AUTHENTICATION_FAILED = 4004
_INTENT_REFUSED = frozenset({4013, 4014})
"""Close codes of the gateway (API documentation, opcodes and status codes)."""


def setup_error(error: Exception, api_url: str) -> DiscordSetupError | None:
    """Return what `error`, raised while logging in or connecting, means for the owner; None if it is no such thing."""
    if isinstance(error, discord.LoginFailure):
        return DiscordSetupError(TOKEN_PROBLEM, TOKEN_FIX)
    if isinstance(error, discord.PrivilegedIntentsRequired):
        return DiscordSetupError(INTENT_PROBLEM, INTENT_FIX)
    if isinstance(error, discord.ConnectionClosed):
        return _closed(error)
    if isinstance(error, (discord.GatewayNotFound, *CONNECTION_ERRORS)):
        return DiscordSetupError(f"Discord cannot be reached at {api_url}.", _reach(api_url), may_pass=True)
    if isinstance(error, discord.HTTPException):
        return DiscordSetupError(
            f"Discord answers {error.status} at {api_url}: {error.text[:200]}",
            _reach(api_url),
            may_pass=error.status >= 500 or error.status == 429,
        )
    return None


def _closed(error: discord.ConnectionClosed) -> DiscordSetupError | None:
    if error.code == _AUTHENTICATION_FAILED:
        return DiscordSetupError(TOKEN_PROBLEM, TOKEN_FIX)
    if error.code in _INTENT_REFUSED:
        return DiscordSetupError(INTENT_PROBLEM, INTENT_FIX)
    return None


def _reach(api_url: str) -> str:
    if api_url == DISCORD_API:
        return (
            "See whether this machine reaches discord.com, and whether discordstatus.com tells of an outage."
        )
    return "Correct DISCORD_API_URL, or see whether that server runs."
