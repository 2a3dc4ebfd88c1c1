"""What came in place of an event stream: a JSON completion, a JSON error, a page of HTML. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from tickertape.model.api import ModelError, NotAStream, ServerFailed
from tickertape.model.chunks import read_json, text_of
from tickertape.model.failures import complaint, error_in_stream
from tickertape.model.redact import excerpt


def looks_like_document(head: bytes) -> bool:
    """Tell by its first bytes whether a body is JSON or HTML: no line of an event stream begins like these."""
    return head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in {b"{", b"[", b"<"}


class Document:
    """A body that is one document; of one with more than `limit` bytes only the beginning is kept."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._parts: list[bytes] = []
        self._size = 0

    def feed(self, piece: bytes) -> None:
        """Take the next bytes."""
        if self._size <= self._limit:
            self._parts.append(piece)
            self._size += len(piece)

    def text(self) -> str:
        """Return the answer that a JSON completion holds, empty if it is none: it was paid for and is shown."""
        value = self._value()
        choices = value.get("choices") if isinstance(value, Mapping) else None
        first = choices[0] if isinstance(choices, list) and choices else None
        message = first.get("message") if isinstance(first, Mapping) else None
        if not isinstance(message, Mapping):
            return ""
        return text_of(message.get("content")) or text_of(message.get("refusal"))

    def error(self) -> ModelError:
        """Return the error that says what came."""
        value = self._value()
        if isinstance(value, Mapping) and value.get("error"):
            return self._error(value)
        if self.text():
            return NotAStream("one JSON completion came in place of a stream; its text was kept")
        head = excerpt(b"".join(self._parts)[:2000].decode(errors="replace"))
        return NotAStream(f"a document came in place of a stream, the base URL may be wrong: {head}")

    def _error(self, value: Mapping[str, object]) -> ModelError:
        """Return the error that a JSON error names; one that names none is only known to be no stream."""
        error = error_in_stream(value)
        if isinstance(error, ServerFailed):
            return NotAStream(f"a JSON error came in place of a stream: {complaint(value).message}")
        return error

    def _value(self) -> object:
        return read_json(b"".join(self._parts))
