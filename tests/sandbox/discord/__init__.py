"""Tests of the local stand-in of Discord, with discord.py and with plain HTTP."""
