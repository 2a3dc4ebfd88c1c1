"""Keys by their text, as tests write them: `discord:1/2`. What is left out does not matter to a test."""

from __future__ import annotations

from tickertape.prompts.keys import BudgetKey, ConversationKey, MessageKey, PersonKey, PlaceKey


def key(text: str) -> MessageKey:
    """Return the key of a message: `discord:1/2`, or of some place `fake:2`, or of some platform `m2`."""
    platform, rest = _split(text)
    return MessageKey.parse(f"{platform}:{rest if '/' in rest else f'general/{rest}'}")


def person(text: str) -> PersonKey:
    """Return the key of a person: `discord:1`, or of some platform `alice`."""
    return PersonKey(*_split(text))


def place(text: str) -> PlaceKey:
    """Return the key of a place: `discord:1`."""
    return PlaceKey.parse(text)


def conversation(text: str) -> ConversationKey:
    """Return the conversation that is a whole place, `discord:1`, or goes on below a message of one, `discord:1/2`."""
    return ConversationKey.below(key(text)) if "/" in text else ConversationKey(place(text))


def budget(call: str) -> BudgetKey:
    """Return the key of the budget of a call."""
    return BudgetKey("fake", call)


def _split(text: str) -> tuple[str, str]:
    platform, _, rest = text.rpartition(":")
    return platform or "discord", rest
