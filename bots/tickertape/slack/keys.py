"""Keys of Slack's messages, channels and people among all platforms, and back. Pure.

They are made of the bot's own team, never of an event's: Slack Connect lets strangers in.
"""

from __future__ import annotations

from tickertape.prompts.keys import ConversationKey, MessageKey, PersonKey, PlaceKey

PLATFORM = "slack"


def message_key(team: str, channel: str, ts: str) -> MessageKey:
    """Return the key of a message; `ts` may also be the id of a shared file, of whose message Slack tells no ts."""
    return MessageKey(place_of(team, channel), ts)


def place_of(team: str, channel: str) -> PlaceKey:
    """Return the key of a channel or a direct message."""
    return PlaceKey(PLATFORM, f"{team}/{channel}")


def channel_of(place: PlaceKey) -> str:
    """Return the id of the channel of which `place_of` gave the key."""
    return place.path.rpartition("/")[2]


def conversation_of(team: str, channel: str, root: str) -> ConversationKey:
    """Return the conversation of a message whose thread begins with the one at `root`: a direct message is one as a whole."""
    return ConversationKey(place_of(team, channel), "" if is_direct(channel) else root)


def person_key(user: str) -> PersonKey:
    """Return the key of a person, or of another app."""
    return PersonKey(PLATFORM, user)


def rule_id(slack_id: str) -> str:
    """Return the id of a channel, a usergroup or a workspace as an owner writes it into rules."""
    return f"{PLATFORM}:{slack_id}"


def is_direct(channel: str) -> bool:
    """Whether a channel's id is that of a direct message."""
    return channel.startswith("D")


def timestamp(key: MessageKey) -> str:
    """Return the ts of a message."""
    return key.id


def is_file(key: MessageKey) -> bool:
    """Whether a key stands for a shared file, of which Slack tells the id but no ts."""
    return key.id.startswith("F")
