"""The seam between the streaming core and a platform: where messages are created and edited.

A surface stands for one place in which one answer is shown (a Discord channel, a Discord interaction, a Slack
thread). It performs calls; when they are made is decided by `tickertape.screen.pacing`. What comes of a call is data: one of the
outcomes below. A surface never raises for what a platform can answer, and never cancels a call that it has begun.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace
from typing import Protocol, runtime_checkable

from tickertape.languages import Sentence
from tickertape.prompts.keys import MessageKey
from tickertape.screen.budget import Budget


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


@dataclass(frozen=True, slots=True)
class Shown:
    """The platform confirmed the call at `at` (seconds of the loop's clock): the message is on screen.

    It shows the body, unless `certain` is False: then an earlier try of the same create has made it, perhaps with the
    text of then, or an edit could not be made in this way and can in another. An edit is due, at what it costs now.
    """

    message: MessageKey
    at: float
    certain: bool = True


@dataclass(frozen=True, slots=True)
class RateLimited:
    """A 429: nothing was shown, and `budget` is closed for `retry_after` seconds from now."""

    budget: Budget
    retry_after: float


@dataclass(frozen=True, slots=True)
class Gone:
    """The message or its channel no longer exists: somebody deleted it."""


@dataclass(frozen=True, slots=True)
class Refused:
    """The platform will not do this however often it is asked.

    `reason` is for the operator's log. `permission` names what the bot lacks, if that is why.
    """

    reason: str
    permission: Sentence | None = None


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """A transport or server failure: it is unknown whether the call took effect. The core tries again.

    An edit carries its whole text and can be repeated. A surface makes its creates repeatable (a nonce, or a look
    for the message before it is posted again).
    """

    reason: str


Outcome = Shown | RateLimited | Gone | Refused | Unconfirmed


class Dialect(Protocol):
    """How a platform writes text: pure, used by the renderer for every page."""

    @property
    def page(self) -> int:
        """Most characters of one message, as `size` counts them."""
        ...

    def size(self, shown: str) -> int:
        """Return the length of `shown` (a result of `show`) in the unit in which the platform limits it."""
        ...

    def show(self, text: str) -> str:
        """Return `text` with everything neutralised that the platform would take for a mention or a command.

        Works on any slice of an answer, may only insert characters, and adds nothing at a slice's ends.
        """
        ...

    def marker(self, sentence: str) -> str:
        """Return one closing line, e.g. why an answer ended, in the platform's small print; without newlines."""
        ...


@runtime_checkable
class AppendOnlyDialect(Dialect, Protocol):
    """The dialect of a place where a live message can only be added to (Slack's native streams).

    There every live frame of a page is a beginning of the page's next frame and of its last one.
    """

    def settled(self, text: str) -> int:
        """Return the length of the longest beginning of `text` that looks the same whatever follows.

        For that beginning b, `show(b)` is a beginning of `show(b + more)` for any `more`.
        """
        ...


class Surface(Protocol):
    """One place that shows one answer."""

    @property
    def dialect(self) -> Dialect:
        """The platform's way of writing, and its limit of characters per message."""
        ...

    @property
    def room(self) -> Room:
        """How much of an answer this place takes, as far as is known now; it never grows."""
        ...

    def costs(self, call: Call) -> tuple[Budget, ...]:
        """Return the budgets that `call` draws on now, most specific first."""
        ...

    async def post(self, body: Body, page: int) -> Outcome:
        """Create the answer's message number `page` (0 is the first) and return what came of it.

        Where a file is refused for good and there is `room` for messages, `room.file` becomes 0 and the outcome is
        `Unconfirmed`: the text then comes in messages.
        """
        ...

    async def edit(self, message: MessageKey, body: Body) -> Outcome:
        """Replace all of `message`, a key that `post` gave, with `body`."""
        ...
