"""Rate limits, pure: fixed windows that start at their first request, and the headers that tell of them."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Hashable
from dataclasses import dataclass

from tickertape.sandbox.discord.limits import Budget

_TIDY_ABOVE = 1000


@dataclass(frozen=True, slots=True)
class Grant:
    """The answer to one request: whether it may pass, and how its window stands after it."""

    allowed: bool
    limit: int
    remaining: int
    reset_after: float
    """Seconds until the window ends, rounded up to milliseconds so that waiting for it is enough."""


@dataclass(slots=True)
class _Window:
    """One counter: it is spent by `used` calls, and void from `ends` on."""

    ends: float
    used: int = 0
    closed: bool = False


class FixedWindows:
    """Counters of calls by key. A refused call is not counted. All times are seconds of one clock."""

    def __init__(self) -> None:
        self._windows: dict[Hashable, _Window] = {}

    def take(self, key: Hashable, budget: Budget, now: float) -> Grant:
        """Count one call, if its window has room for it."""
        window = self._current(key, budget, now)
        allowed = not window.closed and window.used < budget.calls
        window.used += allowed
        remaining = 0 if window.closed else max(0, budget.calls - window.used)
        return Grant(allowed, budget.calls, remaining, round_up(window.ends - now))

    def close(self, key: Hashable, until: float) -> None:
        """Refuse every call of `key` until then, as after a 429 that came out of the blue."""
        self._windows[key] = _Window(ends=until, closed=True)

    def remaining(self, key: Hashable, budget: Budget, now: float) -> int:
        """Return how many calls are left without counting one."""
        window = self._windows.get(key)
        if window is None or now >= window.ends:
            return budget.calls
        return 0 if window.closed else max(0, budget.calls - window.used)

    def reset_after(self, key: Hashable, now: float) -> float:
        """Return the seconds until the window of `key` ends, 0 when none is open."""
        window = self._windows.get(key)
        return max(0.0, window.ends - now) if window else 0.0

    def _current(self, key: Hashable, budget: Budget, now: float) -> _Window:
        window = self._windows.get(key)
        if window is None or now >= window.ends:
            self._tidy(now)
            window = self._windows[key] = _Window(ends=now + budget.seconds)
        return window

    def _tidy(self, now: float) -> None:
        """Forget windows that have ended, once there are many."""
        if len(self._windows) > _TIDY_ABOVE:
            self._windows = {key: window for key, window in self._windows.items() if window.ends > now}


def round_up(seconds: float) -> float:
    """Return `seconds` rounded up to whole milliseconds."""
    return math.ceil(seconds * 1000) / 1000


def bucket_hash(name: str) -> str:
    """Return an opaque name of 32 hexadecimal digits, as Discord gives its buckets."""
    return hashlib.blake2b(name.encode(), digest_size=16).hexdigest()


def headers(grant: Grant, bucket: str, wall: float) -> dict[str, str]:
    """Return the headers that every answer carries; `wall` is the time in Unix seconds."""
    return {
        "X-RateLimit-Limit": str(grant.limit),
        "X-RateLimit-Remaining": str(grant.remaining),
        "X-RateLimit-Reset": f"{round_up(wall + grant.reset_after):.3f}",
        "X-RateLimit-Reset-After": f"{grant.reset_after:.3f}",
        "X-RateLimit-Bucket": bucket,
    }


def refusal_headers(scope: str, retry_after: float) -> dict[str, str]:
    """Return the further headers of a 429; `scope` is `user`, `global` or `shared`.

    Discord's answers come through a proxy and so carry `Via`; discord.py takes a 429 without it for a ban.
    """
    extra = {"X-RateLimit-Scope": scope, "Retry-After": str(math.ceil(retry_after)), "Via": "1.1 google"}
    if scope == "global":
        extra["X-RateLimit-Global"] = "true"
    return extra
