"""Budgets: how many calls a platform allows, as far as we know. Pure: `now` is passed in, in seconds.

A budget answers one question: when may the next call leave? It counts a call from the moment it leaves until a full
period after it came back, because the platform counts it at some moment in between.

What may leave depends on the call's `Urgency`: an answer's first or last text may take the last place there is, a partial
one keeps the pace that makes the budget last.
"""

from __future__ import annotations

from tickertape.screen.budget.api import Budget, Urgency
from tickertape.screen.budget.by_key import Budgets
from tickertape.screen.budget.sliding import SlidingBudget
from tickertape.screen.budget.window import Reading, WindowBudget

__all__ = ["Budget", "Budgets", "Reading", "SlidingBudget", "Urgency", "WindowBudget"]
