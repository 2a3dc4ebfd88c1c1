"""How the place of an answer comes to be: at once, or after the platform has opened it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from tickertape.answer.answer import Answer
from tickertape.durable.journal import SurfaceJson
from tickertape.prompts.prompt import Prompt
from tickertape.screen.streamer import Placeholder
from tickertape.screen.surface import Surface


@dataclass(frozen=True, slots=True)
class Moved:
    """A place that was not known before it was opened: how it is written down, and what a prompt is there."""

    place: SurfaceJson
    prompt: Callable[[Prompt], Prompt]


@dataclass(frozen=True, slots=True)
class Opened:
    """A place that a platform has opened; `moved` if it is another one than was written down."""

    moved: Moved | None = None


Opener = Callable[[Answer], Awaitable[Opened | None]]
"""Opens the place of an answer; None if there is none to show it in."""


@dataclass(frozen=True, slots=True)
class Opening:
    """Where one answer is shown: by which surface, and what another process needs to find it again (`place`).

    The placeholder, if there is one, is posted when no text has come in time. With an `opener`, nothing is shown before
    that has opened the place.
    """

    surface: Surface
    place: SurfaceJson = field(default_factory=dict)
    placeholder: Placeholder | None = None
    opener: Opener | None = None
