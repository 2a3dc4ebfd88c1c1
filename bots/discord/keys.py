"""Names of Discord's messages, interactions and channels among all platforms, and back. Pure."""

from __future__ import annotations

from core.surface import MessageKey


def message_key(channel_id: int, message_id: int) -> MessageKey:
    """Return the key of a message."""
    return f"discord:{channel_id}/{message_id}"


def interaction_key(interaction_id: int) -> MessageKey:
    """Return the key of a prompt that came as an interaction."""
    return f"discord:interaction/{interaction_id}"


def place_of(channel_id: int) -> str:
    """Return the name of a channel as a prompt's place."""
    return f"discord:{channel_id}"


def ids_of(key: MessageKey) -> tuple[int, int]:
    """Return channel id and message id of a key that `message_key` gave."""
    channel, message = key.removeprefix("discord:").split("/")
    return int(channel), int(message)
