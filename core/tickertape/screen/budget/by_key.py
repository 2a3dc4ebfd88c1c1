"""The budgets of one kind, found by their key. Pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from tickertape.prompts.keys import BudgetKey
from tickertape.screen.budget.api import Budget

MAX_IDLE_BUDGETS = 10_000
"""Budgets kept before those that are at rest are forgotten."""

B = TypeVar("B", bound=Budget)


class Budgets(Generic[B]):
    """The budgets of one kind by key; those at rest are forgotten when there are many."""

    def __init__(self, make: Callable[[BudgetKey], B]) -> None:
        self._make = make
        self._by_key: dict[BudgetKey, B] = {}

    def get(self, key: BudgetKey, now: float) -> B:
        """Return the budget of `key`, a new one if it is not known."""
        budget = self._by_key.get(key)
        if budget is None:
            self._make_room(now)
            budget = self._by_key[key] = self._make(key)
        return budget

    def _make_room(self, now: float) -> None:
        if len(self._by_key) >= MAX_IDLE_BUDGETS:
            self._by_key = {key: budget for key, budget in self._by_key.items() if not budget.at_rest(now)}
