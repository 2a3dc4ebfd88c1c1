"""What Discord answered to one call, taken apart. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from tickertape.screen.budget import Reading

Json = dict[str, Any]
"""A JSON object."""

UNEXPLAINED_PAUSE = 60.0
"""Seconds to wait after a 429 that does not say how long; Cloudflare's bans look like that."""


@dataclass(frozen=True)
class Response:
    """Status, headers and body of an answer; `at` is when it arrived, in seconds of the loop's clock."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    at: float

    @cached_property
    def fields(self) -> Json:
        """The body as a JSON object, empty if it is none: errors of a proxy come as HTML."""
        return self._parsed if isinstance(self._parsed, dict) else {}

    @property
    def items(self) -> list[Json] | None:
        """The body as a JSON array of objects, None if it is no array."""
        return self._parsed if isinstance(self._parsed, list) else None

    @property
    def ok(self) -> bool:
        """Whether Discord did what it was asked."""
        return 200 <= self.status < 300

    @property
    def code(self) -> int:
        """Discord's error code, 0 if there is none."""
        return int(self.fields.get("code", 0))

    @property
    def problem(self) -> str:
        """The error in one line for the operator's log."""
        errors = self.fields.get("errors")
        detail = f" {json.dumps(errors)[:300]}" if errors else ""
        return f"{self.status} {self.fields.get('message', 'without an explanation')} ({self.code}){detail}"

    @property
    def retry_after(self) -> float:
        """Seconds that a 429 asks to wait. The body has fractions, the header is rounded up."""
        said = self.fields.get("retry_after") or self.headers.get("Retry-After")
        return UNEXPLAINED_PAUSE if said is None else float(said)

    @property
    def is_global(self) -> bool:
        """Whether a 429 concerns every call: the global limit, or a ban of this address, which comes without JSON."""
        return self.fields.get("global", True) is True

    @property
    def reading(self) -> Reading | None:
        """What the headers say of the call's window, None if they don't; those of a 429 may tell of another one."""
        try:
            limit = int(self.headers["X-RateLimit-Limit"])
            remaining = int(self.headers["X-RateLimit-Remaining"])
            reset_after = float(self.headers["X-RateLimit-Reset-After"])
        except KeyError:
            return None
        return Reading(limit, remaining, reset_after) if self.status != 429 else None

    @cached_property
    def _parsed(self) -> object:
        try:
            return json.loads(self.body)
        except ValueError:
            return None
