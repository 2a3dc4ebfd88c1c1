"""The seam between the streaming core and a platform: where messages are created and edited.

A surface stands for one place in which one answer is shown (a Discord channel, a Discord interaction, a Slack
thread). It performs calls; when they are made is decided by `core.pacing`. What comes of a call is data: one of the
outcomes below. A surface never raises for what a platform can answer, and never cancels a call that it has begun.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from core.budget import Budget

MessageKey = str
"""Names one message among all platforms, e.g. `discord:<channel>/<message>` or `slack:<team>/<channel>/<ts>`."""

BudgetKey = str
"""Names one counter of a platform, e.g. `discord PATCH /channels/{}/messages 42` or `slack chat.update T1`."""


class Call(enum.Enum):
    """What a surface can be asked to do."""

    POST = "post"
    EDIT = "edit"


@dataclass(frozen=True, slots=True)
class Body:
    """What one message is to show: its text in the platform's dialect, and whether it carries a Stop button."""

    text: str
    stoppable: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """The platform confirmed the call at `at` (seconds of the loop's clock): the body is on screen."""

    message: MessageKey
    at: float


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
    permission: str | None = None


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


class Surface(Protocol):
    """One place that shows one answer."""

    @property
    def dialect(self) -> Dialect:
        """The platform's way of writing, and its limit of characters per message."""
        ...

    def costs(self, call: Call) -> tuple[Budget, ...]:
        """Return the budgets that `call` draws on now, most specific first."""
        ...

    async def post(self, body: Body, page: int) -> Outcome:
        """Create the answer's message number `page` (0 is the first) and return what came of it."""
        ...

    async def edit(self, message: MessageKey, body: Body) -> Outcome:
        """Replace all of `message`, a key that `post` gave, with `body`."""
        ...
