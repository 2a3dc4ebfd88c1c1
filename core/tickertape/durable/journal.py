"""The seam to what survives a crash: answers are written down while they are shown, so that a new process can end them.

The order is that of a write-ahead log: text is written down before it is shown, a message as soon as its key is known,
the end before its marker goes out. What a restart finds is then never behind the screen by more than one call.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from tickertape.answer.answer import Answer
from tickertape.prompts.keys import MessageKey

SurfaceJson = Mapping[str, Any]
"""What a platform needs to find an answer's messages again, as JSON values.

Its prompt stands under `tickertape.prompts.stored.PROMPT`, as that module writes it. Whatever else in it tells of people
or files stands under the names below, at any depth: it is erased as well when the question is forgotten or deleted, and a
platform can do without it.
"""

ENDED = "ended"
"""How an answer ended whose last text was still to be shown: what `tickertape.answer.answer.Ending` says, and the answer's `notes`."""

NOTES = "notes"
"""Sentences below the answer, which may name files: a list."""


class Journal(Protocol):
    """Takes notes of answers. None of its methods raises: an answer goes on when nothing can be written."""

    async def begin(self, answer: Answer, place: SurfaceJson) -> bool:
        """Write down a new answer before it is shown; False if its prompt was taken before, by this process or another."""
        ...

    def moved(self, answer: Answer, place: SurfaceJson) -> None:
        """Write down that the answer is shown in another place than it was begun for; its prompt is one of there."""
        ...

    async def before_call(self, answer: Answer) -> None:
        """Write down all text so far, and return when it is safe or when waiting is no longer worth it."""
        ...

    def posted(self, answer: Answer, message: MessageKey) -> None:
        """Write down that `message` is the answer's next one."""
        ...

    def ended(self, answer: Answer) -> None:
        """Write down how the answer ended; its last text may still have to be shown."""
        ...

    def delivered(self, answer: Answer) -> None:
        """Write down that nothing more will be shown of the answer: there is nothing left to repair."""
        ...
