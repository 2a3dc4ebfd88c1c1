"""What there is in the local Discord: guilds, channels, people, messages, and who may do what."""
