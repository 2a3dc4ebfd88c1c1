"""The seam between the streaming core and a platform: where messages are created and edited.

A surface stands for one place in which one answer is shown (a Discord channel, a Discord interaction, a Slack
thread). It performs calls (`tickertape.screen.body`); when they are made is decided by `tickertape.screen.pacing`. What
comes of a call is data (`tickertape.screen.outcome`). A surface never raises for what a platform can answer, and never cancels a call that it has begun.
"""

from __future__ import annotations

from typing import Protocol

from tickertape.prompts.keys import MessageKey
from tickertape.render.dialect import Dialect
from tickertape.screen.body import Body, Call, Room
from tickertape.screen.budget import Budget
from tickertape.screen.outcome import Outcome


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
