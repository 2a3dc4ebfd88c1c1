"""Which of our errors a gateway means by a status, an error's body, or an error within the stream. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from tickertape.model.api import (
    BadCredentials,
    BadRequest,
    BalanceUsedUp,
    ModelError,
    ModelNotFound,
    NotAStream,
    ServerFailed,
    TooManyRequests,
)
from tickertape.model.redact import excerpt

_CODES = {
    "insufficient_quota": 402,
    "insufficient_balance": 402,
    "billing_hard_limit_reached": 402,
    "invalid_api_key": 401,
    "authentication_error": 401,
    "permission_error": 403,
    "model_not_found": 404,
    "rate_limit_exceeded": 429,
    "rate_limit_error": 429,
    "invalid_request_error": 400,
}
"""Statuses that stand behind the codes and types of errors that come without one."""


class Unsettled(BadRequest):
    """A 408 or 409: the gateway may well accept the same request when it is made again."""


_STATUSES: dict[int, Callable[[str], ModelError]] = {
    401: BadCredentials,
    402: BalanceUsedUp,
    403: BadCredentials,
    404: ModelNotFound,
    408: Unsettled,
    409: Unsettled,
}


@dataclass(frozen=True, slots=True)
class Complaint:
    """What a gateway said about an error, as far as it can be read."""

    message: str = ""
    codes: tuple[str, ...] = ()
    """Its code, type and, if that is a number, its status."""

    @property
    def quota(self) -> bool:
        """Whether it says that the account has no money left, which comes as a 429 as well."""
        return any(_CODES.get(code) == 402 for code in self.codes)

    @property
    def status(self) -> int:
        """The status that it stands for; 500 when it does not say."""
        for code in self.codes:
            if code.isdecimal() and 400 <= int(code) <= 599:
                return int(code)
        return next((_CODES[code] for code in self.codes if code in _CODES), 500)


def complaint(body: object) -> Complaint:
    """Read an error's body: an object under `error`, a text there, a `detail`, or anything else."""
    if isinstance(body, Mapping):
        inner = body if body.get("error") is None else body["error"]
        if isinstance(inner, Mapping):
            codes = tuple(
                str(inner[name]) for name in ("code", "type", "status") if inner.get(name) is not None
            )
            return Complaint(_message(inner), codes)
        return Complaint(_words(inner))
    return Complaint(_words(body))


def _message(error: Mapping[str, object]) -> str:
    for name in ("message", "detail", "error", "msg"):
        if error.get(name):
            return _words(error[name])
    return _words(error) if error else ""


def _words(value: object) -> str:
    return excerpt(value if isinstance(value, str) else repr(value)) if value else ""


def error_for(status: int, said: Complaint, retry_after: float | None = None) -> ModelError:
    """Return the error for a response's `status` that is none of a success.

    `retry_after` is in seconds, None if the gateway does not say.
    """
    detail = f"{status}: {said.message or 'no message'}"
    if said.quota and status == 429:
        return BalanceUsedUp(detail)
    if status == 429:
        return TooManyRequests(detail, retry_after)
    if status in _STATUSES:
        return _STATUSES[status](detail)
    if status < 400:
        return NotAStream(f"{status}: the base URL looks wrong, the gateway redirects to another address")
    return BadRequest(detail) if status < 500 else ServerFailed(detail, retry_after)


def error_in_stream(body: object) -> ModelError:
    """Return the error for an error object that came within a stream."""
    said = complaint(body)
    return error_for(
        said.status, Complaint(f"{said.message or 'an error without a message'} (in the stream)", said.codes)
    )


def seconds_to_wait(headers: Mapping[str, str], now: datetime) -> float | None:
    """Return what `Retry-After` says in seconds, never below 0; None if it is absent or cannot be read.

    It holds seconds or an HTTP date (RFC 9110, section 10.2.3); a date is compared with the response's own `Date`,
    so that the clocks need not agree. `now` stands in when that is missing. `headers` has lower-case names.
    """
    value = headers.get("retry-after", "").strip()
    if not value:
        return None
    try:
        return max(float(value), 0.0) if float(value) < float("inf") else None
    except ValueError:
        date = _date(value)
    if date is None:
        return None
    return max((date - (_date(headers.get("date", "")) or now)).total_seconds(), 0.0)


def _date(value: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(value)
    except (ValueError, TypeError):
        return None
    return date if date.tzinfo is not None else date.replace(tzinfo=UTC)
