"""What calls draw on budgets beside what the schedule counts for them: a call can turn out to be another one."""

from __future__ import annotations

import asyncio

from tickertape.screen.budget import Budget, Urgency


class Spending:
    """The budgets of one answer's next call. `expected` are those that the schedule counts."""

    def __init__(self) -> None:
        self.expected: tuple[Budget, ...] = ()

    def may(self, *budgets: Budget) -> bool:
        """Whether calls that draw on `budgets` may leave: they are expected, or there is room for them."""
        return all(budget in self.expected or is_ready(budget) for budget in budgets)

    def draw(self, *budgets: Budget) -> None:
        """Count calls that leave now, as far as the schedule did not expect them."""
        now = asyncio.get_running_loop().time()
        for budget in budgets:
            if budget not in self.expected:
                budget.begin(now)
                budget.settle(now)


def is_ready(budget: Budget, urgency: Urgency = Urgency.NOW) -> bool:
    """Whether a call that draws on `budget` may leave now."""
    now = asyncio.get_running_loop().time()
    return budget.ready(now, urgency) <= now
