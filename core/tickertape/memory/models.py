"""The models that people can choose from, each with what the rest of the program has to know about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tickertape.languages import Sentence, words
from tickertape.memory.catalogue import Catalogue, UnknownName
from tickertape.model.api import Model
from tickertape.model.reasoning import ReasoningMode
from tickertape.rules.costs import Prices


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """What is known about a model. `name` is what people call it here, not the gateway's id.

    `context` is the most tokens of conversation and answer together, `max_tokens` the most of an answer; None if the
    owner has not said. `vision` says whether it takes images.
    """

    name: str
    description: str = ""
    context: int | None = None
    max_tokens: int | None = None
    vision: bool = False
    reasoning: ReasoningMode = ReasoningMode.SUMMARY
    prices: Prices | None = None


class UnknownModel(UnknownName):
    """There is no model of this name."""

    @property
    def sentence(self) -> Sentence:
        """What to tell who typed it."""
        return words.no_such_model(self.nearest)


class Models(Catalogue[tuple[ModelInfo, Model]]):
    """All models; `pick` returns one with what is known about it.

    Whether somebody may use a model is for `tickertape.rules.access` to say.
    """

    error = UnknownModel

    def __init__(self, models: Sequence[tuple[ModelInfo, Model]], default: str) -> None:
        super().__init__({info.name: (info, model) for info, model in models}, default)
