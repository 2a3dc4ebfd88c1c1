"""Slack's rate limits: sliding windows per method, workspace and app. Pure: the caller passes `now`.

Figures: Slack's "Rate limits" page (tiers are per minute, per workspace, per app). Slack publishes lower bounds
("50+ per minute") and no figure for the special tiers; the stand-in enforces the published number exactly, and what it
assumes beyond is marked so.
"""

from __future__ import annotations

import math
from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass

TIER_2 = 20
TIER_3 = 50
TIER_4 = 100
POSTS_PER_WORKSPACE = 300
"""Calls a minute of chat.postMessage. Slack says "several hundred"; the number is assumed."""


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `calls` calls in any `window` seconds, counted per workspace or per channel of it."""

    calls: int
    window: float = 60.0
    per_channel: bool = False


Limits = Mapping[str, tuple[Limit, ...]]
"""The limits of each Web API method; the entry `*` is for methods without one of their own."""

_CHANNEL_POSTS = Limit(5, window=5.0, per_channel=True)
"""One post a second and channel; the burst of five is assumed ("short bursts" in Slack's words)."""

_POSTING = (_CHANNEL_POSTS, Limit(POSTS_PER_WORKSPACE))


def _tier(calls: int, *methods: str) -> dict[str, tuple[Limit, ...]]:
    return {method: (Limit(calls),) for method in methods}


DEFAULT_LIMITS: Limits = {
    "*": (Limit(TIER_3),),
    "chat.postMessage": _POSTING,
    "assistant.threads.setStatus": _POSTING,
    **_tier(TIER_2, "chat.startStream", "chat.stopStream", "reactions.remove"),
    **_tier(
        TIER_3,
        "chat.update",
        "chat.delete",
        "reactions.add",
        "reactions.get",
        "agents.sessions.setStatus",
        "agents.sessions.rename",
    ),
    **_tier(
        TIER_3, "conversations.replies", "conversations.history", "conversations.info", "conversations.open"
    ),
    **_tier(TIER_3, "conversations.join", "users.conversations", "bots.info", "team.info"),
    **_tier(TIER_4, "chat.appendStream", "chat.postEphemeral", "users.info", "conversations.members"),
    **_tier(TIER_4, "views.open", "views.publish", "views.push", "views.update"),
    **_tier(TIER_4, "assistant.threads.setSuggestedPrompts", "assistant.threads.setTitle"),
    **_tier(TIER_2, "usergroups.list", "usergroups.users.list"),
    **_tier(TIER_4, "files.getUploadURLExternal", "files.completeUploadExternal", "files.info"),
    # Published as tier 1 (1+ a minute), which no reconnecting client could keep: assumed.
    **_tier(TIER_2, "apps.connections.open"),
    # "Hundreds of requests a minute" in Slack's words: assumed.
    **_tier(300, "auth.test", "chat.getPermalink"),
}

COMMERCIAL_LIMITS: Limits = {
    **DEFAULT_LIMITS,
    **_tier(1, "conversations.replies", "conversations.history"),
}
"""For new, commercially distributed apps outside the Marketplace (since 2025-05-29)."""

UNLIMITED: Limits = {"*": ()}


class RateLimiter:
    """Counts calls against `limits`, which may be replaced at any time."""

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        self.limits = limits
        self._admitted: defaultdict[tuple[str, str, str, Limit], deque[float]] = defaultdict(deque)

    def admit(self, method: str, workspace: str, channel: str, now: float) -> int:
        """Count a call of `method` at `now` (seconds), or return the whole seconds to wait. 0 means admitted.

        A refused call is not counted. `channel` may be empty for methods without one.
        """
        windows = [
            (limit, self._admitted[method, workspace, channel if limit.per_channel else "", limit])
            for limit in self.limits.get(method, self.limits.get("*", ()))
        ]
        wait = max((_wait(limit, window, now) for limit, window in windows), default=0.0)
        if wait > 0:
            return max(1, math.ceil(wait))
        for _, window in windows:
            window.append(now)
        return 0


def _wait(limit: Limit, window: deque[float], now: float) -> float:
    """Forget what left the window and return the seconds until there is room."""
    while window and window[0] + limit.window <= now:
        window.popleft()
    if len(window) < limit.calls:
        return 0.0
    return window[-limit.calls] + limit.window - now if limit.calls else limit.window
