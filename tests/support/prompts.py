"""Prompts as tests ask them."""

from __future__ import annotations

from tests.support import keys
from tickertape.prompts.prompt import Origin, Prompt


def prompt(
    text: str = "Why?",
    *,
    key: str = "fake:prompt",
    asker: str = "fake:alice",
    place: str = "fake:general",
    conversation: str = "",
    origin: Origin | None = None,
) -> Prompt:
    """Return a prompt that stands alone, if no conversation is given; keys are told as `tests.support.keys` reads them."""
    return Prompt(
        key=keys.key(key),
        text=text,
        asker=keys.person(asker),
        place=keys.place(place),
        conversation=keys.conversation(conversation) if conversation else None,
        origin=origin,
    )
