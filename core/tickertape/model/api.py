"""The seam of the model: what a stream yields, how it can end, and what can go wrong.

Anything with a `stream` method of this shape can stand in the gateway's place: an agent framework, a test's script.
A stream that ends without an error and without a `finish` is taken for complete.

Errors, all with a `detail` for the operator's log and never for the chat:

    ModelError
    ├── BadCredentials       401, 403
    ├── BalanceUsedUp        402, or a 429 that says insufficient_quota
    ├── ModelNotFound        404
    ├── TooManyRequests      429
    ├── BadRequest           any other 4xx
    ├── ServerFailed         5xx, or an error object in mid-stream
    ├── Unreachable          no connection, or it broke before the first byte of the answer
    ├── TimedOut             no first event in time, a stall between events, or the whole answer took too long
    ├── CutOff               the stream ended or broke without saying that it was finished
    ├── NotAStream           a 2xx that is no event stream: HTML, one JSON document, an empty body, a redirect
    ├── EmptyAnswer          the stream finished properly and held no text
    └── Busy                 the bot's own admission limit, when waiting for it took too long
"""

from __future__ import annotations

import enum
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Protocol

from tickertape.prompts.turns import Conversation


class Finish(enum.Enum):
    """Why a stream ended that did not fail."""

    COMPLETE = "complete"
    UNCONFIRMED = "unconfirmed"
    """`[DONE]` came after text, but no finish_reason did (Ollama sends null on complete answers), or an event of the
    stream could not be read."""
    LENGTH = "length"
    FILTERED = "filtered"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens that the provider counted."""

    prompt_tokens: int
    completion_tokens: int
    reasoning_tokens: int = 0


@dataclass(frozen=True, slots=True)
class Delta:
    """One step of a stream. Any part may be absent; `finish` and `usage` come at most once, near the end."""

    text: str = ""
    reasoning: str = ""
    finish: Finish | None = None
    usage: Usage | None = None


class Model(Protocol):
    """Anything that answers a conversation."""

    def stream(self, conversation: Conversation) -> AsyncGenerator[Delta, None]:
        """Yield the answer's deltas as they arrive.

        Closing the iterator (`aclose`) or cancelling the task that reads it closes the HTTP stream at once, so that
        the provider stops generating. Raises a `ModelError` when the answer is not known to be complete; everything
        yielded before stays valid.
        """
        ...


class Clock(enum.Enum):
    """Which of the three clocks ran out."""

    FIRST = "first"
    """No data event came in time."""
    STALL = "stall"
    """Too long since the last data event; comments don't count."""
    WHOLE = "whole"
    """The whole answer took too long."""


class ModelError(Exception):
    """The model's answer is not known to be complete. `detail` goes to the operator's log."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class BadCredentials(ModelError):
    """The gateway does not accept the key (401, 403)."""


class BalanceUsedUp(ModelError):
    """The account has no money left (402, `insufficient_quota`)."""


class ModelNotFound(ModelError):
    """The gateway does not know the model, or the base URL is wrong (404)."""


class TooManyRequests(ModelError):
    """The gateway's rate limit (429). `retry_after` is in seconds, None when it does not say."""

    def __init__(self, detail: str, retry_after: float | None = None) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class BadRequest(ModelError):
    """The gateway rejects the request itself (any other 4xx)."""


class ServerFailed(ModelError):
    """The gateway failed (5xx), or reported an error within the stream. `retry_after` is in seconds if it was said."""

    def __init__(self, detail: str, retry_after: float | None = None) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class Unreachable(ModelError):
    """There is no connection, or it broke before the first byte of the answer."""


class TimedOut(ModelError):
    """One of the three clocks ran out."""

    def __init__(self, detail: str, clock: Clock) -> None:
        super().__init__(detail)
        self.clock = clock


class CutOff(ModelError):
    """The stream ended or broke without saying that it was finished."""


class NotAStream(ModelError):
    """A successful status whose body is no event stream."""


class EmptyAnswer(ModelError):
    """The stream finished properly and held no text."""


class Busy(ModelError):
    """Too many answers are being written already, and waiting for a place took too long."""
