"""The Discord adapter, on discord.py: events in, answers out. `bot.DiscordBot` is its front door."""
