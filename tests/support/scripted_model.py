"""A model that plays a script: what it says, when, and how it ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterable, Sequence
from dataclasses import dataclass, field

from tickertape.model.api import Delta, Finish, ModelError, Usage
from tickertape.prompts.turns import Conversation


@dataclass
class Script:
    """One answer: pieces of text, `pause` seconds before each, then a finish or an error; `hold` waits for ever.

    `thoughts` are pieces of reasoning that come before the text, `usage` the tokens that are counted in the end.
    """

    pieces: list[str]
    pause: float = 0.02
    finish: Finish | None = Finish.COMPLETE
    error: ModelError | None = None
    hold: bool = False
    thoughts: Sequence[str] = ()
    usage: Usage | None = None


@dataclass
class ScriptedModel:
    """Plays its scripts one after the other, the last one for every further conversation."""

    scripts: list[Script]
    asked: list[Conversation] = field(default_factory=list)
    closed_at: list[float] = field(default_factory=list)
    """When each stream was closed, however it ended (seconds of the loop's clock)."""

    async def stream(self, conversation: Conversation) -> AsyncGenerator[Delta, None]:
        """Yield the next script's deltas."""
        self.asked.append(conversation)
        script = self.scripts[min(len(self.asked), len(self.scripts)) - 1]
        try:
            for thought in script.thoughts:
                await asyncio.sleep(script.pause)
                yield Delta(reasoning=thought)
            for piece in script.pieces:
                await asyncio.sleep(script.pause)
                yield Delta(text=piece)
            if script.hold:
                await asyncio.Event().wait()
            if script.error is not None:
                raise script.error
            if script.finish is not None:
                yield Delta(finish=script.finish, usage=script.usage)
        finally:
            self.closed_at.append(asyncio.get_running_loop().time())


def pieces_of(text: str, size: int = 4) -> list[str]:
    """Cut `text` into pieces of `size` characters, as tokens would come."""
    return [text[start : start + size] for start in range(0, len(text), size)]


def model_of(text: str, **script: float | bool | Iterable[str] | Usage) -> ScriptedModel:
    """Return a model that answers everything with `text`, 4 characters at a time."""
    return ScriptedModel([Script(pieces_of(text), **script)])  # type: ignore[arg-type]  # keywords of Script
