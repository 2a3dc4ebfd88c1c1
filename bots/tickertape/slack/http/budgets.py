"""What Slack allows: the budgets that messages draw on, and guards for all other calls.

Figures: Slack's "Rate limits" page. Tiers are calls per minute, method, workspace and app; Slack publishes lower
bounds ("50+") and sends no headers, so the published number is taken and a 429 corrects it.
"""

from __future__ import annotations

import asyncio

from aiolimiter import AsyncLimiter

from tickertape.prompts.keys import BudgetKey
from tickertape.screen.budget import Budget, Budgets, SlidingBudget, Urgency
from tickertape.slack.keys import PLATFORM

MINUTE = 60.0
TIER_2 = 20
TIER_3 = 50
TIER_4 = 100
POSTS_PER_WORKSPACE = 300
"""Calls of chat.postMessage a minute. Slack says "several hundred messages per minute per workspace": assumed."""

_TIERS = {
    "users.info": TIER_4,
    "chat.postEphemeral": TIER_4,
    "conversations.replies": TIER_3,
    "conversations.history": TIER_3,
    "conversations.info": TIER_3,
    "agents.sessions.setStatus": TIER_3,
    "usergroups.list": TIER_2,
    "files.info": TIER_4,
    "views.publish": TIER_4,
    "assistant.threads.setSuggestedPrompts": TIER_4,
}


class StreamLimits:
    """The counters of native streams of one workspace, and whether Slack lets this app have any."""

    def __init__(self, team: str) -> None:
        self.starts = SlidingBudget(_key("chat.startStream", team), TIER_2, MINUTE)
        self.appends = SlidingBudget(_key("chat.appendStream", team), TIER_4, MINUTE)
        self.stops = SlidingBudget(_key("chat.stopStream", team), TIER_2, MINUTE)
        self.refused_until = float("-inf")
        """Until when (seconds of the loop's clock) no stream is tried, because the app may not have any."""


class SlackLimits:
    """The counters of one workspace, shared by all its answers.

    With `explores`, the edits of a workspace that has more text than published edits for long find out whether Slack
    allows more: its tiers are lower bounds.
    """

    def __init__(self, team: str, *, explores: bool = False) -> None:
        self._team = team
        self.updates = SlidingBudget(_key("chat.update", team), TIER_3, MINUTE, explores=explores)
        self.posts = SlidingBudget(_key("chat.postMessage", team), POSTS_PER_WORKSPACE, MINUTE)
        self.files = SlidingBudget(_key("files.*", team), TIER_4, MINUTE)
        """A file takes one call each of files.getUploadURLExternal and files.completeUploadExternal."""
        self.streams = StreamLimits(team)
        self._channels = Budgets(lambda key: SlidingBudget(key, 1, 1.0))
        self._guards: dict[str, AsyncLimiter] = {}
        self._looks: dict[str, SlidingBudget] = {}

    def looks(self, method: str) -> Budget:
        """Return what a look for a message by `method` draws on, besides its guard: a 429 closes it."""
        if method not in self._looks:
            self._looks[method] = SlidingBudget(_key(method, self._team), _TIERS[method], MINUTE)
        return self._looks[method]

    def posting(self, channel: str) -> tuple[Budget, ...]:
        """Return what a chat.postMessage draws on: one a second and channel, and the workspace's total."""
        now = asyncio.get_running_loop().time()
        return self._channels.get(_key("chat.postMessage", f"{self._team}/{channel}"), now), self.posts

    def status(self, channel: str) -> Budget:
        """Return what assistant.threads.setStatus draws on: Slack limits it like chat.postMessage."""
        now = asyncio.get_running_loop().time()
        return self._channels.get(_key("assistant.threads.setStatus", f"{self._team}/{channel}"), now)

    async def post_turn(self, channel: str) -> None:
        """Wait until a message outside of the schedule of answers may be posted, and count it."""
        await self.turn(*self.posting(channel))

    @staticmethod
    async def turn(*budgets: Budget) -> None:
        """Wait until a call outside of the schedule of answers may leave that draws on `budgets`, and count it.

        It is counted as settled at once: the schedule does not learn when such a call returns.
        """
        loop = asyncio.get_running_loop()
        while True:
            now = loop.time()
            wait = max(budget.ready(now, Urgency.NOW) for budget in budgets) - now
            if wait <= 0:
                break
            await asyncio.sleep(min(wait, 1.0))  # it is infinite while a call of an answer is under way
        for budget in budgets:
            budget.begin(now)
            budget.settle(now)

    def guard(self, method: str) -> AsyncLimiter:
        """Return the guard of a method that belongs to no answer's schedule.

        A leaky bucket lets its burst through at once and its rate besides: half the tier each keeps every window of
        a minute within the tier.
        """
        if method not in self._guards:
            self._guards[method] = AsyncLimiter(_TIERS[method] / 2, MINUTE)
        return self._guards[method]


def _key(method: str, scope: str) -> BudgetKey:
    """Return the key of what Slack counts for a workspace, or for a channel of it."""
    return BudgetKey(PLATFORM, method, scope)
