"""Names of Discord's messages, interactions and channels among all platforms, and back. Pure."""

from __future__ import annotations

from tickertape.prompts.keys import MessageKey


def message_key(channel_id: int, message_id: int) -> MessageKey:
    """Return the key of a message."""
    return f"discord:{channel_id}/{message_id}"


def interaction_key(interaction_id: int) -> MessageKey:
    """Return the key of a prompt that came as an interaction."""
    return f"discord:interaction/{interaction_id}"


def place_of(channel_id: int) -> str:
    """Return the name of a channel as a prompt's place."""
    return f"discord:{channel_id}"


def person_key(user_id: int) -> str:
    """Return the name of a person among those of all platforms."""
    return f"discord:{user_id}"


def role_key(role_id: int) -> str:
    """Return the name of a role."""
    return f"discord:{role_id}"


def server_key(server_id: int) -> str:
    """Return the name of a server."""
    return f"discord:{server_id}"


def snowflake_of(key: MessageKey) -> int:
    """Return the id of the message or interaction that a prompt's key tells of, also of one that is asked again."""
    return int(key.partition("#")[0].rpartition("/")[2])


def ids_of(key: MessageKey) -> tuple[int, int]:
    """Return channel id and message id of a key that `message_key` gave."""
    channel, message = key.removeprefix("discord:").split("/")
    return int(channel), int(message)
