"""What pacing asks of a budget."""

from __future__ import annotations

import enum
from typing import Protocol

from tickertape.prompts.keys import BudgetKey


class Urgency(enum.IntEnum):
    """How a call stands to the others that draw on a budget."""

    PARTIAL = 0
    """It keeps the pace that makes the budget last: the later it leaves, the more text it brings."""
    FULL = 1
    """As much text waits as a message takes. A short window need not be spread for it, as long as ends find a place."""
    NOW = 2
    """It shows an answer's first text, its first message, or its end, and takes any place there is."""


class Budget(Protocol):
    """One counter of a platform. `ready` and `at_rest` are questions: to ask changes nothing."""

    @property
    def key(self) -> BudgetKey:
        """The counter's name, for logs and for sharing it among processes."""
        ...

    def ready(self, now: float, urgency: Urgency) -> float:
        """Return the earliest moment, `now` or later, at which a call may leave; infinity while replies are due."""
        ...

    def claim(self, answers: int) -> None:
        """Take note that so many more answers (fewer, if negative) will need a call for their end."""
        ...

    def begin(self, now: float) -> None:
        """Count a call that leaves now."""
        ...

    def settle(self, now: float) -> None:
        """Take note that a call has come back, however it ended."""
        ...

    def close(self, now: float, retry_after: float) -> None:
        """Allow nothing for `retry_after` seconds: the platform answered 429."""
        ...

    def at_rest(self, now: float) -> bool:
        """Whether forgetting this budget loses nothing."""
        ...
