"""Prompts for tests of the core: made in one place, because a prompt has many fields and a test cares for few."""

from __future__ import annotations

from tickertape.prompts.prompt import Prompt


def prompt(
    key: str = "fake:prompt",
    text: str = "Why?",
    *,
    asker: str = "alice",
    place: str = "fake:general",
    conversation: str = "",
) -> Prompt:
    """Return a prompt of alice's that nothing is known about but what is given."""
    return Prompt(key, text, asker, place, conversation)
