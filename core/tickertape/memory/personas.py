"""Personas: named system prompts with placeholders. Pure.

A placeholder is a word in braces: `{date}`, `{time}`, `{user}`, `{channel}`, `{platform}`. Any other word in braces is
an error when the persona is made, because it is more likely a slip than meant; doubled braces stand for single ones
around a word (`{{name}}` becomes `{name}`). All other braces are text: JSON, code, `{}`, `{{ name }}`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tickertape.languages import Sentence, words
from tickertape.memory.catalogue import Catalogue, UnknownName
from tickertape.prompts import names

PLACEHOLDERS = ("date", "time", "user", "channel", "platform")

_WORD = re.compile(r"\{(\{[A-Za-z_]\w*\})\}|\{([A-Za-z_]\w*)\}", re.ASCII)


class UnknownPlaceholder(ValueError):
    """A prompt holds `{name}`, which stands for nothing. `nearest` is the placeholder most like it, None if none is."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name
        self.nearest = names.nearest(name, PLACEHOLDERS)


@dataclass(frozen=True, slots=True)
class Persona:
    """A system prompt with a name. An empty `prompt` tells the model nothing; `model` names the one that goes with it.

    Raises `UnknownPlaceholder`.
    """

    name: str
    prompt: str
    description: str = ""
    model: str | None = None

    def __post_init__(self) -> None:
        check_placeholders(self.prompt)

    def holds(self, placeholder: str) -> bool:
        """Whether the prompt holds this placeholder."""
        return any(found[2] == placeholder for found in _WORD.finditer(self.prompt))


@dataclass(frozen=True, slots=True)
class Facts:
    """What placeholders stand for. `now` is in the time zone that the people there live by.

    `user` and `channel` are names that anybody may have chosen; `platform` is ours.
    """

    now: datetime
    user: str
    channel: str
    platform: str


class UnknownPersona(UnknownName):
    """There is no persona of this name."""

    @property
    def sentence(self) -> Sentence:
        """What to tell who typed it."""
        return words.no_such_persona(self.nearest)


class Personas(Catalogue[Persona]):
    """All personas; `pick` returns one."""

    error = UnknownPersona

    def __init__(self, personas: Sequence[Persona], default: str) -> None:
        super().__init__({persona.name: persona for persona in personas}, default)


def check_placeholders(prompt: str) -> None:
    """Raise `UnknownPlaceholder` for the first word in braces that is none."""
    for found in _WORD.finditer(prompt):
        if found[2] is not None and found[2] not in PLACEHOLDERS:
            raise UnknownPlaceholder(found[2])


def render(persona: Persona, facts: Facts) -> str:
    """Return the persona's prompt with its placeholders filled in, in one pass: what a name holds is not filled in again.

    Dates are `Wednesday, 2026-11-25`, times `21:31 CET`. Names are made one short line, so that nobody can put lines
    of instructions into a prompt by taking them for a name.
    """
    values = {
        "date": f"{facts.now:%A, %Y-%m-%d}",
        "time": f"{facts.now:%H:%M %Z}".rstrip(),
        "user": names.one_line(facts.user),
        "channel": names.one_line(facts.channel),
        "platform": facts.platform,
    }
    return _WORD.sub(lambda found: found[1] or values[found[2]], persona.prompt)
