"""The seam between a prompt and the model: who may ask, which model answers, and what it is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from tickertape.languages import ENGLISH, Sentence
from tickertape.model.api import Model
from tickertape.model.reasoning import ReasoningMode
from tickertape.prompts.prompt import Prompt
from tickertape.prompts.turns import Conversation


class PromptRefused(Exception):
    """The prompt gets no answer. `sentence` is for the asker, privately."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(ENGLISH.say(sentence))
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Prepared:
    """What an answer is made of. `notes` are sentences to show below it, such as what was left out of the question."""

    model: Model
    conversation: Conversation
    notes: tuple[Sentence, ...] = ()
    reasoning: ReasoningMode = ReasoningMode.HIDDEN


class Preparation(Protocol):
    """Gets prompts ready for a model."""

    async def prepare(self, prompt: Prompt) -> Prepared:
        """Return what is needed to answer; raise `PromptRefused` or a `ModelError` if it cannot be answered."""
        ...
