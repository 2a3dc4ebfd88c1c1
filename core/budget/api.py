"""What pacing asks of a budget."""

from __future__ import annotations

from typing import Protocol

from core.surface import BudgetKey


class Budget(Protocol):
    """One counter of a platform."""

    @property
    def key(self) -> BudgetKey:
        """The counter's name, for logs and for sharing it among processes."""
        ...

    def ready(self, now: float, *, urgent: bool) -> float:
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
