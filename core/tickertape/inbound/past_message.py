"""A message from before, as a fact. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from tickertape.prompts.keys import MessageKey, PersonKey


@dataclass(frozen=True, slots=True)
class PastMessage:
    """A message from before. `author` is None for the bot's own; `roles` is None where they are not known.

    `at` is Unix time in seconds. `is_root` says that its thread began with it. `text` is what a person reads, without the bot's small print.
    """

    key: MessageKey
    author: PersonKey | None
    name: str
    text: str
    at: float
    is_app: bool = False
    is_root: bool = False
    roles: frozenset[str] | None = None
    replies_to: MessageKey | None = None
