"""The log of Web API calls, and the faults that a test injects into them."""

from __future__ import annotations

import enum
from collections import defaultdict, deque
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


class Drop(enum.Enum):
    """When a call's connection breaks: before it takes effect, or after, so that the client cannot know."""

    BEFORE = "before"
    AFTER = "after"


@dataclass(slots=True, eq=False)
class Call:
    """One Web API call. Times are loop seconds; `done_at` is None while it is under way.

    `error` is Slack's error code; `status` the HTTP status, 0 if the connection was dropped. `retry_after` is that of a 429, seconds.
    """

    method: str
    arguments: Json
    at: float
    done_at: float | None = None
    status: int = 0
    error: str | None = None
    retry_after: int | None = None

    @property
    def ok(self) -> bool:
        """Whether Slack answered that the call took effect."""
        return self.status == 200 and self.error is None

    @property
    def rate_limited(self) -> bool:
        """Whether the call earned a 429."""
        return self.status == 429


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens to a call: see `Faults.fail_next`."""

    error: str | None = None
    status: int | None = None
    drop: Drop | None = None
    retry_after: int = 1
    delay: float = 0.0


class Faults:
    """Faults waiting for the next calls of their methods."""

    def __init__(self) -> None:
        self._waiting: defaultdict[str, deque[Fault]] = defaultdict(deque)

    def fail_next(
        self,
        method: str,
        *,
        error: str | None = None,
        status: int | None = None,
        drop: Drop | str | None = None,
        retry_after: int = 1,
        delay: float = 0.0,
        times: int = 1,
    ) -> None:
        """Let the next `times` calls of `method` (`*`: of any) fail.

        `error` answers that code without effect (`ratelimited`: a 429 with `retry_after` seconds); `status` answers
        an HTML page with that HTTP status; `drop` ("before" or "after") cuts the connection; `delay` holds the call
        up for that many seconds, and is all there is if nothing else is given.
        """
        fault = Fault(error, status, Drop(drop) if drop else None, retry_after, delay)
        self._waiting[method].extend([fault] * times)

    def take(self, method: str) -> Fault:
        """Return the fault for this call of `method`, which may be none at all."""
        for key in (method, "*"):
            if self._waiting[key]:
                return self._waiting[key].popleft()
        return Fault()
