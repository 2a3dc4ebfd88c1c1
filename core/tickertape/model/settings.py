"""What can be set about the model: where it is, its clocks, retries and limits. Plain data, no environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

DEFAULT_BASE_URL = "https://api.openai.com/v1"


@dataclass(frozen=True, slots=True)
class Clocks:
    """How long to wait for a model, all in seconds. Keep-alive comments and pings stop none of these clocks."""

    first_event: float = 60.0
    """From sending the request to the first data event."""
    between_events: float = 60.0
    """From one data event to the next; projects choose 30 to 120 s."""
    whole: float = 600.0
    """From sending the first request to the end of the answer, retries included."""
    after_finish: float = 5.0
    """From a finish_reason to `[DONE]`: how long to wait for the usage before the answer is taken as it is."""
    connect: float = 5.0
    """For a connection, including waiting for a free one in the pool; at most 5 s, so that a full pool shows."""


@dataclass(frozen=True, slots=True)
class Retries:
    """When a request is made again: only while nothing was yielded, and never for what repeating cannot mend."""

    attempts: int = 2
    """Further tries after the first; 0 turns retries off."""
    base: float = 0.5
    """Seconds before the first retry; doubled for each further one, less up to a half at random."""
    longest: float = 8.0
    """Most seconds of a wait that we choose ourselves."""
    retry_after_cap: float = 30.0
    """Most seconds of a `Retry-After` that is waited for; a longer one ends the answer with its error."""


@dataclass(frozen=True, slots=True)
class Admission:
    """How many answers may be open at once, and how fast they are opened.

    The connection pool is larger than `streams`, because openai waits silently for a connection of a full pool (the
    1001st of 1000). Opening 2000 at once starves the loop into connect timeouts, 50 at a time works (both measured).
    """

    streams: int = 200
    """Answers that stream at the same time."""
    opening: int = 50
    """Requests that wait for their response's headers at the same time."""
    per_second: float = 50.0
    """Requests begun per second."""
    wait: float = 10.0
    """Seconds that an answer waits for its place before it ends as `Busy`."""


@dataclass(frozen=True, slots=True)
class ChatSettings:
    """One model at one OpenAI-compatible gateway.

    `base_url` ends before `/chat/completions`. `extra` holds further request parameters as JSON values, e.g.
    `{"reasoning_effort": "low"}`; it wins over what is set elsewhere. `max_line` is the most bytes of one line of the
    stream.
    """

    model: str
    api_key: str = field(default="", repr=False)
    base_url: str = DEFAULT_BASE_URL
    temperature: float | None = None
    max_tokens: int | None = None
    extra: Mapping[str, object] = field(default_factory=dict)
    clocks: Clocks = Clocks()
    retries: Retries = Retries()
    admission: Admission = Admission()
    max_line: int = 8 * 1024 * 1024
