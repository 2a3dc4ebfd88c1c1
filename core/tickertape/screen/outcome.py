"""What comes of a call on a surface, as data. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from tickertape.languages import Sentence
from tickertape.prompts.keys import MessageKey
from tickertape.screen.budget import Budget


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
