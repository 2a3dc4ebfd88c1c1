"""Where an answer to a question is to be shown: a platform's own place, of which the core knows no more than this."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, Protocol

from tickertape.answer.answer import Answer
from tickertape.answer.opening import Opening
from tickertape.durable.store.records import AnswerRecord
from tickertape.languages import Sentence
from tickertape.prompts.prompt import Prompt
from tickertape.screen.outcome import Refused
from tickertape.screen.surface import Surface


class Spot(Protocol):
    """One place for one answer."""

    def prepare(self, prompt: Prompt, answer_id: str) -> Opening:
        """Return how the answer to `prompt`, which gets this id, is shown there; may raise `PromptRefused`."""
        ...

    def follow(self, answer: Answer, surface: Surface) -> None:
        """Do what goes with an answer while it is written, such as showing that the bot types."""
        ...

    def watch(self, waiting: Coroutine[Any, Any, None], name: str) -> None:
        """Run what waits for the answer, as long as the platform serves; calls that it makes then are not cut off."""
        ...

    def sorry(self, refused: Refused) -> Sentence:
        """Return what the asker is told where the platform did not take the answer."""
        ...


SpotFinder = Callable[[AnswerRecord], Spot | None]
"""Finds where an earlier answer is shown anew; None if that cannot be told any more."""
