"""Slash commands, shortcuts, the app's home, and their responses."""
