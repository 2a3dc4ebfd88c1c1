"""Turn a response's body into deltas, and say in the end what became of the answer. Pure.

What a stream is worth in the end:

    finish_reason stop, or one we don't know        COMPLETE; EmptyAnswer without text
    ... and an event that could not be read         UNCONFIRMED
    finish_reason length / content_filter           LENGTH / FILTERED, whether or not there is text
    a refusal                                       REFUSED
    finish_reason error, an error object            ServerFailed, or the error that it names
    `[DONE]` without finish_reason                  UNCONFIRMED; EmptyAnswer without text
    end or break without either                     CutOff; Unreachable if it broke before the first byte
    one of the clocks                               TimedOut
    HTML, JSON, nothing                             NotAStream

A finish_reason that has come stands, however the connection ends after it. Text is never taken back.
"""

from __future__ import annotations

from tickertape.model.api import (
    CutOff,
    Delta,
    EmptyAnswer,
    Finish,
    ModelError,
    NotAStream,
    ServerFailed,
    Unreachable,
    Usage,
)
from tickertape.model.chunks import Choice, Chunk, read_chunk
from tickertape.model.document import Document, looks_like_document
from tickertape.model.failures import error_in_stream
from tickertape.model.redact import excerpt
from tickertape.model.sse import MAX_LINE, Decoder, Event
from tickertape.model.text import harmless, without_half

_FINISHES = {
    "length": Finish.LENGTH,
    "max_tokens": Finish.LENGTH,
    "model_length": Finish.LENGTH,
    "content_filter": Finish.FILTERED,
    "safety": Finish.FILTERED,
    "refusal": Finish.REFUSED,
}
_HEAD = 400
"""Bytes of the beginning that are kept to say what it was that is no stream."""


class Reader:
    """Takes the bytes of one response's body and gives its deltas."""

    def __init__(self, max_line: int = MAX_LINE) -> None:
        self.events = 0
        """Data events so far that belong to the answer; what re-arms the clocks."""
        self.over = False
        """Whether nothing more is worth reading: `[DONE]`, or an error."""
        self._decoder = Decoder(max_line)
        self._max = max_line
        self._document: Document | None = None
        self._head = b""
        self._started = False
        self._done = False
        self._reason: str | None = None
        self._error: ModelError | None = None
        self._usage: Usage | None = None
        self._text = False
        self._refused = False
        self._unreadable = 0
        self._half = ""

    @property
    def finished(self) -> bool:
        """Whether a finish_reason has come."""
        return self._reason is not None

    def feed(self, piece: bytes) -> Delta | None:
        """Take the next bytes and return what they add to the answer, as one delta; None if that is nothing."""
        if len(self._head) < _HEAD:
            self._begin(piece)
        if self._document is not None:
            self._document.feed(piece)
            return None
        return self._take(self._decoder.feed(piece))

    def close(self) -> Delta | None:
        """Take the end of the body, however it came, and return what was waiting for more."""
        if self._document is not None:
            return self._take_document(self._document)
        unreadable = self._unreadable
        delta = self._take(self._decoder.close()) or Delta()
        self._unreadable = unreadable  # what the end cut in two is no event
        if self._half:
            self._half = ""
            delta = self._said(f"{delta.text}\ufffd", delta.reasoning)
        return delta if delta.text or delta.reasoning else None

    def outcome(self, broken: ModelError | None = None) -> Delta:
        """Return the last delta, with finish and usage; raise the ModelError that the answer ended with.

        `broken` is how the connection ended, None for the proper end of the body. Call `close` before.
        """
        if self._error is not None:
            raise self._error
        if self._reason is not None:
            return Delta(finish=self._finish(self._reason), usage=self._usage)
        if self._done:
            return Delta(finish=self._unconfirmed(), usage=self._usage)
        if broken is not None:
            raise self._broken(broken)
        if self._decoder.dropped or self.events or self._head_is_stream():
            raise CutOff("the stream ended without a finish_reason and without [DONE]")
        raise NotAStream(self._what_it_was())

    def _begin(self, piece: bytes) -> None:
        """Look at the first bytes: no event stream begins as JSON and HTML do."""
        self._head = (self._head + piece)[:_HEAD]
        if not self._started and looks_like_document(self._head):
            self._document = Document(self._max)
        self._started = bool(self._head.strip(b"\xef\xbb\xbf \t\r\n"))

    def _take_document(self, document: Document) -> Delta | None:
        self._error = document.error()
        text = document.text()
        return self._said(text) if text else None

    def _take(self, events: list[Event]) -> Delta | None:
        """Take the events of one read. Their texts are joined once, because what follows costs as much for each delta."""
        texts: list[str] = []
        reasoning: list[str] = []
        for event in events:
            if self.over:
                break
            self._take_event(event, texts, reasoning)
        return self._delta("".join(texts), "".join(reasoning)) if texts or reasoning else None

    def _take_event(self, event: Event, texts: list[str], reasoning: list[str]) -> None:
        chunk = read_chunk(event.data)
        if chunk is None:
            self._take_other(event)
            return
        if chunk.usage is not None:
            self._usage = chunk.usage.usage()
        if chunk.known:
            self.events += 1
        if not chunk.choices or chunk.error is not None:
            self._take_complaint(chunk, event.name)
        if chunk.choices:
            self._take_choices(chunk.choices, texts, reasoning)

    def _take_other(self, event: Event) -> None:
        """Take an event that is no JSON object: `[DONE]`, a keep-alive, a text about an error, or garbage."""
        data = event.data.strip()
        if data == b"[DONE]":
            self._done = self.over = True
        elif event.name == "error":
            self._fail(data.decode(errors="replace"))
        elif data and event.name in {"", "message"}:
            self._unreadable += 1

    def _take_complaint(self, chunk: Chunk, name: str) -> None:
        complaint = chunk.complaint(name)
        if complaint is not None:
            self._fail(complaint)

    def _fail(self, body: object) -> None:
        self.over = True
        if not self.finished:
            self._error = error_in_stream(body)

    def _take_choices(self, choices: list[Choice], texts: list[str], reasoning: list[str]) -> None:
        for choice in choices:
            if choice.index:
                continue
            if choice.finish_reason:
                self._reason = choice.finish_reason
            delta = choice.delta
            if delta is None:
                continue
            if delta.content:
                texts.append(delta.content)
            if thought := delta.reasoning_content or delta.reasoning:
                reasoning.append(thought)
            if delta.refusal:
                self._refused = True
                texts.append(delta.refusal)

    def _delta(self, text: str, reasoning: str) -> Delta | None:
        """Return what is to be yielded now, without lone surrogates: they cannot be sent to any platform.

        Half of a pair at the end of a piece waits for the next, because some gateways split characters.
        """
        if self._half:
            text = self._half + text
            self._half = ""
        if not text.isascii():
            text, self._half = without_half(text)
        self._text = self._text or bool(text)
        return Delta(text, harmless(reasoning)) if text or reasoning else None

    def _said(self, text: str, reasoning: str = "") -> Delta:
        self._text = True
        return Delta(harmless(text), reasoning)

    def _finish(self, reason: str) -> Finish:
        """Return what the finish_reason `reason` means here; raise when it means no answer."""
        if reason == "error":
            raise ServerFailed("the stream ended with finish_reason error")
        finish = _FINISHES.get(reason.lower())
        if finish is not None:
            return finish
        if self._refused:
            return Finish.REFUSED
        if not self._text:
            raise EmptyAnswer(f"the stream held no text, finish_reason {excerpt(reason, 40)}")
        return Finish.UNCONFIRMED if self._lost else Finish.COMPLETE

    def _unconfirmed(self) -> Finish:
        if self._refused:
            return Finish.REFUSED
        if not self._text:
            raise EmptyAnswer("the stream held no text and no finish_reason")
        return Finish.UNCONFIRMED

    @property
    def _lost(self) -> int:
        """Events that could not be read and may have held text."""
        return self._unreadable + self._decoder.dropped

    def _broken(self, broken: ModelError) -> ModelError:
        if isinstance(broken, CutOff) and not self._head:
            return Unreachable(broken.detail)
        return broken

    def _head_is_stream(self) -> bool:
        head = self._head.removeprefix(b"\xef\xbb\xbf").lstrip()
        return head.startswith((b":", b"data", b"event", b"id", b"retry"))

    def _what_it_was(self) -> str:
        head = excerpt(self._head.decode(errors="replace"))
        return f"the body is no event stream: {head}" if head else "the body is empty"
