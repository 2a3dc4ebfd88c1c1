"""Slash commands, message menus, buttons and their responses."""
