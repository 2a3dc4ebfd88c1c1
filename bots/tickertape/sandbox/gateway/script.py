"""What the stand-in of a model gateway answers: text, pace, ending, fault. Plain data."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Fault(enum.Enum):
    """Everything that is known to go wrong with OpenAI-compatible gateways, one case per member.

    Faults in mid-stream come after `Script.fault_after` pieces of text. The value is the name for `/fault` and for
    the model `sandbox-<value>`.
    """

    # Statuses.
    STATUS_400 = "400"
    STATUS_400_STREAM_OPTIONS = "400-stream-options"
    """Rejects a body that holds stream_options, and nothing else."""
    STATUS_401 = "401"
    STATUS_402 = "402"
    STATUS_403 = "403"
    STATUS_404 = "404"
    STATUS_408 = "408"
    STATUS_409 = "409"
    STATUS_429 = "429"
    """With `Retry-After: Script.retry_after`, none if that is None."""
    STATUS_429_DATE = "429-date"
    """With `Retry-After` as an HTTP date."""
    INSUFFICIENT_QUOTA = "insufficient-quota"
    """A 429 that no retry mends."""
    STATUS_500 = "500"
    STATUS_502_HTML = "502"
    STATUS_503 = "503"
    STATUS_529 = "529"
    ERROR_BODY_CUT = "error-body-cut"
    """A 402 whose body breaks off."""

    # Connections.
    CLOSED_BEFORE_HEADERS = "closed-before-headers"
    HEADERS_NEVER = "headers-never"
    REDIRECT = "redirect"
    EMPTY_200 = "empty-200"
    STATUS_204 = "204"
    HTML_200 = "html-200"
    JSON_200 = "json-200"
    """One JSON completion, although a stream was asked for."""
    JSON_ERROR_200 = "json-error-200"
    COMMENTS_THEN_CLOSE = "comments-then-close"
    """An event stream that holds nothing but comments, and ends."""
    RESET_BEFORE_EVENTS = "reset-before-events"

    # Breaks in mid-stream.
    RESET = "reset"
    CHUNKED_CUT = "chunked-cut"
    """The chunked body ends without its last chunk."""
    CONNECTION_CLOSE_CUT = "connection-close-cut"
    """A body delimited by the end of the connection is cut within a line."""
    EOF_WITHOUT_FINISH = "eof-without-finish"
    """A clean end of the body without finish_reason or `[DONE]`."""
    EOF_WITHOUT_DONE = "eof-without-done"
    """A clean end after the finish_reason: complete."""
    LAST_EVENT_UNTERMINATED = "last-event-unterminated"
    """The last event carries text and finish_reason and lacks its blank line: complete."""
    DONE_WITHOUT_FINISH = "done-without-finish"
    """`[DONE]`, and finish_reason is null everywhere, as Ollama does."""
    DONE_ONLY = "done-only"
    RESET_AFTER_FINISH = "reset-after-finish"
    NEVER_ENDS_AFTER_FINISH = "never-ends-after-finish"
    """The connection stays open and silent after the finish_reason."""

    # Stalls.
    STALL_BEFORE_FIRST = "stall-before-first"
    STALL = "stall"
    COMMENTS_FOR_EVER = "comments-for-ever"
    """Keep-alive comments once a second in place of the first event."""
    COMMENTS_AFTER_TEXT = "comments-after-text"
    """Keep-alive comments once a second after some text."""
    PINGS_AFTER_TEXT = "pings-after-text"
    """The same with `event: ping` and a JSON object."""

    # Errors after a 200.
    ERROR_OBJECT = "error-object"
    ERROR_EVENT = "error-event"
    """`event: error` with message and type at the top."""
    ERROR_DETAIL = "error-detail"
    ERROR_EMPTY = "error-empty"
    ERROR_TEXT = "error-text"
    """`{"error": "text"}`."""
    ERROR_QUOTA = "error-quota"
    ERROR_FIRST = "error-first"
    """An error object in place of the first event."""
    FINISH_ERROR = "finish-error"
    BAD_JSON = "bad-json"
    """A data line that is no JSON, then the stream goes on."""
    CUT_JSON = "cut-json"
    """A data line that ends within its JSON, then `[DONE]` without a finish_reason."""

    # Legal but rare.
    CHOICES_NULL = "choices-null"
    CHOICES_MISSING = "choices-missing"
    CHOICES_EMPTY_FIRST = "choices-empty-first"
    """Azure's first chunk: prompt filter results and no choices."""
    DELTA_NULL = "delta-null"
    DELTA_MISSING = "delta-missing"
    CONTENT_PARTS = "content-parts"
    """Content is a list of parts."""
    LONE_SURROGATE = "lone-surrogate"
    SPLIT_SURROGATES = "split-surrogates"
    """A character beyond U+FFFF whose two halves come in two chunks."""
    BAD_UTF8 = "bad-utf8"
    BOM = "bom"
    SECOND_CHOICE = "second-choice"
    """Chunks of index 1 between those of index 0."""
    CONTENT_AFTER_FINISH = "content-after-finish"
    LONG_LINE = "long-line"
    """One event of `Script.long_line` bytes."""
    KEEP_ALIVES = "keep-alives"
    """Every kind of legal keep-alive between the chunks: comments, `id:`, `retry:`, `event: ping`, empty data."""
    CARRIAGE_RETURNS = "carriage-returns"
    """Lines end with CR."""
    CRLF = "crlf"
    MULTI_LINE_DATA = "multi-line-data"
    ROLE_ONLY = "role-only"
    """A proper stream that holds no text."""


@dataclass(frozen=True, slots=True)
class Script:
    """How one request is answered."""

    text: str | None = None
    """The answer; None for one that is made up from the prompt."""
    length: int = 1200
    """Characters of a made-up answer."""
    reasoning: str = ""
    """What the model thinks before it answers."""
    reasoning_field: str = "reasoning_content"
    refusal: str = ""
    """A refusal, streamed as such after the text."""
    finish_reason: str | None = "stop"
    usage: bool = True
    """Whether a usage chunk is sent to those who ask for it."""

    tokens_per_second: float | None = 50.0
    """Pace in tokens (about four characters); None sends as fast as the connection takes it."""
    jitter: float = 0.0
    """Share of each gap that is random, 0 to 1."""
    first_token: float = 0.2
    """Seconds from the request to the first event."""
    headers: float = 0.0
    """Seconds from the request to the response's headers."""
    token: int = 4
    """Characters of one piece of text."""
    burst: int = 1
    """Chunks of one write."""
    split: int = 0
    """Bytes of one write, wherever that cuts; 0 leaves the writes whole."""

    fault: Fault | None = None
    fault_after: int = 5
    """Pieces of text before the fault."""
    retry_after: float | None = None
    """Seconds in `Retry-After` of a 429 or 503."""
    long_line: int = 9_000_000
    """Bytes of the line of `Fault.LONG_LINE`."""
