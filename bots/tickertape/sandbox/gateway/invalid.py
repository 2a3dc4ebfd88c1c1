"""A request that a gateway rejects before it answers."""

from __future__ import annotations

from tickertape.sandbox.gateway.chunks import error_of


class Invalid(Exception):
    """A request that a gateway rejects, with the response's status and body."""

    def __init__(
        self, message: str, *, param: str | None = None, status: int = 400, code: str | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.body = error_of(message, "invalid_request_error", code, param)
