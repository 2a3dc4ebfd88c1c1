"""Keys of Discord's messages, interactions and channels among all platforms, and back. Pure."""

from __future__ import annotations

from tickertape.prompts.keys import MessageKey, PersonKey, PlaceKey

PLATFORM = "discord"

_INTERACTIONS = PlaceKey(PLATFORM, "interaction")
"""Stands for the place of interactions, which are messages of no channel."""


def message_key(channel_id: int, message_id: int) -> MessageKey:
    """Return the key of a message."""
    return MessageKey(place_of(channel_id), str(message_id))


def interaction_key(interaction_id: int) -> MessageKey:
    """Return the key of a prompt that came as an interaction."""
    return MessageKey(_INTERACTIONS, str(interaction_id))


def original_response() -> MessageKey:
    """Return what stands for the deferred response to an interaction until its key is known."""
    return MessageKey(_INTERACTIONS, "@original")


def is_interaction(key: MessageKey) -> bool:
    """Whether a key is one that `interaction_key` gave."""
    return key.place == _INTERACTIONS


def place_of(channel_id: int) -> PlaceKey:
    """Return the key of a channel, a thread or a direct message."""
    return PlaceKey(PLATFORM, str(channel_id))


def channel_of(place: PlaceKey) -> int:
    """Return the id of the channel of which `place_of` gave the key."""
    return int(place.path)


def person_key(user_id: int) -> PersonKey:
    """Return the key of a person."""
    return PersonKey(PLATFORM, str(user_id))


def rule_id(snowflake: int) -> str:
    """Return the id of a channel, a role or a server as an owner writes it into rules."""
    return f"{PLATFORM}:{snowflake}"


def snowflake_of(key: MessageKey) -> int:
    """Return the id of the message or interaction that a prompt's key tells of, also of one that is asked again."""
    return int(key.id)


def ids_of(key: MessageKey) -> tuple[int, int]:
    """Return channel id and message id of a key that `message_key` gave."""
    return channel_of(key.place), int(key.id)
