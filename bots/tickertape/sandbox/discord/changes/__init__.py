"""What becomes of the things of the local Discord, whoever does it: each change is announced to the bot."""
