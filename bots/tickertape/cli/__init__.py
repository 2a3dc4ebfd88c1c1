"""The command line: what runs, checks and demonstrates the bot."""
