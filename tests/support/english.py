"""What the bot says, as most tests read it."""

from __future__ import annotations

from tickertape.languages import ENGLISH, Lines, Sentence


def english(said: Sentence | Lines | None) -> str:
    """Return it in English, nothing for nothing."""
    return "" if said is None else ENGLISH.say(said)
