"""The budgets of the calls that show answers or look for them, one for each counter that Discord keeps. Pure.

A counter belongs to a method and route together with a top-level resource: the channel, or the interaction's token.
The bucket hash of the headers is no name for it: creates and edits of messages can share a hash and are counted apart
(discord-api-docs#8073, #1442).
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from tickertape.discord.keys import PLATFORM
from tickertape.prompts.keys import BudgetKey
from tickertape.screen.budget import Budget, Budgets, SlidingBudget, WindowBudget


@dataclass(frozen=True, slots=True)
class Guess:
    """What a window is taken for until a response tells: `limit` calls in `period` seconds."""

    limit: int
    period: float


_CHANNEL = Guess(5, 5.0)
"""Reported by users, not published."""

_INTERACTION = Guess(5, 2.0)
"""Reported by users, not published."""

_GLOBAL = 40
"""Calls per second that show answers: Discord allows a bot 50 in all (API documentation, rate limits)."""

_ROUTES = (
    ("GET", "/channels/{}/messages", re.compile(r"/channels/(\d+)/messages")),
    ("GET", "/channels/{}/messages/{}", re.compile(r"/channels/(\d+)/messages/\d+")),
    ("POST", "/channels/{}/messages", re.compile(r"/channels/(\d+)/messages")),
    ("PATCH", "/channels/{}/messages/{}", re.compile(r"/channels/(\d+)/messages/\d+")),
    ("POST", "/webhooks/{}/{}", re.compile(r"/webhooks/(\d+/[^/]+)")),
    ("PATCH", "/webhooks/{}/{}/messages/{}", re.compile(r"/webhooks/(\d+/[^/]+)/messages/[^/]+")),
)
"""Method, template, and the pattern of a path, whose group is the top-level resource."""


class DiscordBudgets:
    """All budgets of a bot."""

    def __init__(self) -> None:
        self._budgets: Budgets[WindowBudget] = Budgets(_make)
        self.everything = SlidingBudget(BudgetKey(PLATFORM, "global"), _GLOBAL, 1.0)
        """What calls to channels may take of the limit that all of the bot's calls share."""

    def costs(self, method: str, path: str, now: float) -> tuple[Budget, ...]:
        """Return all budgets of a call that shows or looks for an answer; those by an interaction's token are no global ones."""
        budget = self.get(method, path, now)
        if budget is None:
            raise ValueError(f"no budget for {method} {path}")
        return (budget,) if path.startswith("/webhooks/") else (budget, self.everything)

    def get(self, method: str, path: str, now: float) -> WindowBudget | None:
        """Return the budget of a call by its path below the API's address, None for all other routes."""
        for route_method, template, pattern in _ROUTES:
            if method == route_method and (match := pattern.fullmatch(path)):
                return self._budgets.get(_key(method, template, match[1]), now)
        return None


def _key(method: str, template: str, top_level: str) -> BudgetKey:
    """Return the key; an interaction's token is a secret and appears in it as a digest."""
    if template.startswith("/webhooks/"):
        top_level = hashlib.blake2b(top_level.encode(), digest_size=8).hexdigest()
    return BudgetKey(PLATFORM, f"{method} {template}", top_level)


def _make(key: BudgetKey) -> WindowBudget:
    guess = _INTERACTION if "/webhooks/" in key.call else _CHANNEL
    return WindowBudget(key, guess.limit, guess.period)
