"""What one message is to show, how much of an answer a place takes, and the calls that show it. Pure."""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace


class Call(enum.Enum):
    """What a surface can be asked to do."""

    POST = "post"
    EDIT = "edit"
    FILE = "file"
    """A post whose body has a file."""


@dataclass(frozen=True, slots=True)
class File:
    """A text file beside a message: its name, and what is in it, as the model wrote it."""

    name: str
    text: str

    @property
    def data(self) -> bytes:
        """The text in UTF-8."""
        return self.text.encode("utf-8", "replace")


class Offer(enum.Enum):
    """What a button below an answer that is over can do; the value is its name in the button's id."""

    AGAIN = "again"
    """Ask the same prompt once more."""
    CONTINUE = "continue"
    """Have the model go on where its length limit stopped it."""
    GOOD = "good"
    BAD = "bad"
    """Say what one thinks of the answer."""


@dataclass(frozen=True, slots=True)
class Body:
    """What one message is to show: its text in the platform's dialect, and its buttons.

    A live message may carry a Stop button, the last one of an answer that is over some offers. A message with a file is
    posted once and not edited.
    """

    text: str
    stoppable: bool = False
    file: File | None = None
    offers: tuple[Offer, ...] = ()


@dataclass(frozen=True, slots=True)
class Room:
    """How much of an answer a place takes.

    `messages` is how many, those with a file included (2 or more; None: any number), `file` the most bytes of a file
    (0: the place takes none, so that all text has to come in messages).
    """

    messages: int | None = None
    file: int = 0

    def at_most(self, messages: int | None) -> Room:
        """Return this room with no more than so many messages, if a number is given."""
        if messages is None or (self.messages is not None and self.messages <= messages):
            return self
        return replace(self, messages=messages)
