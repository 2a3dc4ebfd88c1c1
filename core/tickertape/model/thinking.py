"""A model whose reasoning comes apart from its text, made of one that may leave it in think tags."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing

from tickertape.model.api import Delta, Model, ModelError
from tickertape.model.think_tags import ThinkTags
from tickertape.prompts.turns import Conversation


class SeparateReasoning:
    """Answers as `model` does; implements `tickertape.model.api.Model`."""

    def __init__(self, model: Model) -> None:
        self._model = model

    async def stream(self, conversation: Conversation) -> AsyncGenerator[Delta, None]:
        """Yield the answer's deltas; no text is lost to an error."""
        tags = ThinkTags()
        try:
            async with aclosing(self._model.stream(conversation)) as deltas:
                async for delta in deltas:
                    if (sorted_out := tags.take(delta)) != _NOTHING:
                        yield sorted_out
        except ModelError:
            if (rest := tags.close()) != _NOTHING:
                yield rest
            raise
        if (rest := tags.close()) != _NOTHING:
            yield rest


_NOTHING = Delta()
