"""Voice, which this bot does not use: discord.py need not say that libraries for it are missing."""

from __future__ import annotations

import discord


def use_no_voice() -> None:
    """Keep the next client from warning; it does so once in a process."""
    discord.VoiceClient.warn_nacl = False
    discord.VoiceClient.warn_dave = False
