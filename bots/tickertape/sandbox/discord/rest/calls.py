"""The log of all calls to the API, and faults that a test can put in their way."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator
from dataclasses import dataclass


def plain_route(route: str) -> str:
    """Return a route with every parameter written `{}`, so that the parameters' names do not matter."""
    return re.sub(r"\{[^}]*\}", "{}", route.removeprefix("/api/v10"))


@dataclass(frozen=True, slots=True)
class ApiCall:
    """One call, when it came and when it was answered (seconds of the loop's clock).

    `route` has `{}` for its parameters, `resource` is the top-level one that the call is counted for. `code` is the
    JSON code of a refusal, else 0; `scope` is set on a 429. `status` 0 means that the connection was cut.
    """

    at: float
    answered_at: float
    method: str
    route: str
    path: str
    resource: str
    status: int
    code: int = 0
    scope: str | None = None


class CallLog:
    """All calls, oldest first."""

    def __init__(self) -> None:
        self._calls: list[ApiCall] = []

    def __iter__(self) -> Iterator[ApiCall]:
        return iter(self._calls)

    def __len__(self) -> int:
        return len(self._calls)

    def add(self, call: ApiCall) -> None:
        """Note one call."""
        self._calls.append(call)

    def select(
        self, method: str | None = None, route: str | None = None, status: int | None = None
    ) -> list[ApiCall]:
        """Return the calls that agree with everything given."""
        wanted = None if route is None else plain_route(route)
        return [
            call
            for call in self._calls
            if method in {None, call.method}
            and wanted in {None, call.route}
            and status in {None, call.status}
        ]

    def count(self, method: str | None = None, route: str | None = None, status: int | None = None) -> int:
        """Return how many calls agree with everything given."""
        return len(self.select(method, route, status))


class Drop(enum.Enum):
    """When the connection of a call is cut without an answer."""

    BEFORE = "before it takes effect"
    AFTER = "after it took effect"


@dataclass(slots=True)
class Fault:
    """What goes wrong with the next `times` calls of a route.

    With `drop` the connection is cut. Otherwise the call is answered with `status`; a 429 carries `retry_after`
    (seconds) and `scope` (`user`, `global` or `shared`), and closes its budget for that long. `delay` holds the
    call up before anything else, in seconds.
    """

    method: str
    route: str
    status: int = 0
    code: int = 0
    message: str = ""
    retry_after: float | None = None
    scope: str = "user"
    drop: Drop | None = None
    delay: float = 0.0
    times: int = 1


class Faults:
    """Faults that wait for their calls."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Let a fault happen to the next calls of its route."""
        fault.route = plain_route(fault.route)
        self._faults.append(fault)

    def take(self, method: str, route: str) -> Fault | None:
        """Return the oldest fault for a call and use it up once."""
        for fault in self._faults:
            if (fault.method, fault.route) == (method, route):
                fault.times -= 1
                if fault.times <= 0:
                    self._faults.remove(fault)
                return fault
        return None
