"""One answer, from its prompt to its last message."""

from __future__ import annotations

import asyncio
import secrets

from tickertape.answer.states import ENDED, MOVES, Ending, State
from tickertape.languages import Sentence
from tickertape.model.api import Usage
from tickertape.model.reasoning import ReasoningMode, Thinking
from tickertape.prompts.keys import MessageKey
from tickertape.prompts.prompt import Prompt
from tickertape.screen.body import Offer
from tickertape.screen.draft import Draft
from tickertape.screen.outcome import Refused


def new_id() -> str:
    """Return an id for a new answer: 16 hexadecimal digits."""
    return secrets.token_hex(8)


class Answer:
    """One answer, from the prompt to its last confirmed message.

    `recorded` is set when it survives the process, or when it is known that it will not; `shown` when its first text or
    placeholder is on screen; `done` when nothing more will be sent. `refused` then says why the platform did not take
    it, if it did not.
    """

    def __init__(self, prompt: Prompt, now: float, id: str | None = None) -> None:  # noqa: A002 - what it is
        self.id = id or new_id()
        self.prompt = prompt
        self.draft = Draft()
        self.state = State.WAITING
        self.ending: Ending | None = None
        self.usage: Usage | None = None
        self.notes: tuple[Sentence, ...] = ()
        """Sentences to show below the answer, before how it ended."""
        self.thinking = Thinking(ReasoningMode.HIDDEN)
        self.offers: tuple[Offer, ...] = ()
        """What its last message offers once it is over."""
        self.before: Answer | None = None
        """The answer of its conversation that it waits for, while it does."""
        self.asked_at = now
        self.begun = False
        """Its prompt is on its way to the model."""
        self.ended_at: float | None = None
        self.messages: list[MessageKey] = []
        """The keys of its messages, first page first."""
        self.keys: set[MessageKey] = set()
        """Every key under which the registry finds it."""
        self.refused: Refused | None = None
        self.recorded = asyncio.Event()
        self.shown = asyncio.Event()
        self.done = asyncio.Event()

    @property
    def text(self) -> str:
        """What the model answered so far, without the reasoning that is shown above it."""
        return self.draft.text[self.thinking.quoted :]

    @property
    def over(self) -> bool:
        """Whether no more text will come."""
        return self.state in ENDED

    def append(self, text: str, now: float) -> None:
        """Add text of the model; after the end it is dropped, because its marker is already due."""
        if self.over or not text:
            return
        self.draft.append(text, now)
        self.state = State.STREAMING

    def end(self, ending: Ending, now: float) -> bool:
        """End the answer unless it has ended; return whether this call did."""
        if ending.state not in MOVES.get(self.state, frozenset()):
            return False
        self.state, self.ending, self.ended_at = ending.state, ending, now
        return True
