"""Which exceptions of discord.py and aiohttp mean that a call to Discord failed."""

from __future__ import annotations

import aiohttp
import discord

CONNECTION_ERRORS = (aiohttp.ClientError, OSError, TimeoutError)
"""There was no answer: no connection, or it broke."""

CALL_ERRORS = (discord.HTTPException, *CONNECTION_ERRORS)
"""A call of discord.py's own failed, whatever the reason."""
