"""Answering without a store, for simulations and measurements of pacing and costs, into which a database would enter.

Everything else composes the real service: see `tests.support.services`.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from tickertape.answer.answer import Answer
from tickertape.answer.answering import Answering
from tickertape.answer.preparation import Preparation, Prepared
from tickertape.answer.registry import Registry
from tickertape.answer.running import SecondPrompt
from tickertape.durable.journal import Journal, SurfaceJson
from tickertape.languages import Languages
from tickertape.model.api import Model
from tickertape.prompts.keys import MessageKey
from tickertape.prompts.prompt import Prompt
from tickertape.prompts.turns import Role, Turn
from tickertape.screen.streamer import Streamer


class SinglePrompts:
    """A preparation with one model; every prompt stands alone."""

    def __init__(self, model: Model) -> None:
        self._model = model

    async def prepare(self, prompt: Prompt) -> Prepared:
        return Prepared(self._model, (Turn(Role.USER, prompt.text.strip()),))


@dataclass
class Notes:
    """A journal in memory, which can take its `seconds` for each note, and knows some prompts already."""

    known: set[MessageKey] = field(default_factory=set)
    seconds: float = 0.0
    text: str = ""
    """What was written down last of an answer's text."""
    events: list[str] = field(default_factory=list)

    async def begin(self, answer: Answer, place: SurfaceJson) -> bool:
        await asyncio.sleep(self.seconds)
        self.events.append(f"begin {place.get('channel')}")
        return answer.prompt.key not in self.known

    def moved(self, answer: Answer, place: SurfaceJson) -> None:
        self.events.append(f"moved {place['channel']} {answer.prompt.conversation}")

    async def before_call(self, answer: Answer) -> None:
        await asyncio.sleep(self.seconds)
        self.text = answer.draft.text

    def posted(self, answer: Answer, message: MessageKey) -> None:
        self.events.append(f"posted {message in answer.messages}")

    def ended(self, answer: Answer) -> None:
        self.events.append(f"ended {answer.ending and answer.ending.state.value}")

    def delivered(self, answer: Answer) -> None:
        self.events.append(f"delivered {answer.draft.waiting}")


class NothingNoted(Notes):
    """A journal that costs nothing, for measurements of everything else."""

    async def begin(self, answer: Answer, place: SurfaceJson) -> bool:  # noqa: ARG002 - the seam's signature
        return True

    async def before_call(self, answer: Answer) -> None:
        """Hold nothing up."""

    def posted(self, answer: Answer, message: MessageKey) -> None:
        """Keep nothing."""

    def ended(self, answer: Answer) -> None:
        """Keep nothing."""

    def delivered(self, answer: Answer) -> None:
        """Keep nothing."""


def streamer() -> Streamer:
    """Return a streamer whose journal costs nothing."""
    return Streamer(NothingNoted(), Registry(), Languages())


def answering_on(
    model: Model,
    journal: Journal | None = None,
    second_prompt: SecondPrompt = SecondPrompt.QUEUE,
) -> Answering:
    """Return what answers each prompt by itself; its journal costs nothing, if none is given."""
    preparation: Preparation = SinglePrompts(model)
    journal, registry = journal or NothingNoted(), Registry()
    shell = Streamer(journal, registry, Languages())
    return Answering(preparation, shell, journal, registry, Languages(), second_prompt)
