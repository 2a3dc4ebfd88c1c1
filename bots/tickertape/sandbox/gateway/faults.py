"""What each fault sends in a stream: in its place, at its opening, in its middle, as its ending. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tickertape.sandbox.gateway.script import Fault
from tickertape.sandbox.gateway.steps import Cut, Hang, Reset, Send, Step, Stream, Wait, pieces

KEEP_ALIVES = (
    b": OPENROUTER PROCESSING\n\n: keep-alive\n\nid: 7\n\nid: 8\n: with a comment\n\n"
    b'retry: 3000\n\nevent: ping\n\ndata:\n\ndata\n\nevent: ping\ndata: {"type": "ping"}\n\n'
)
"""Every kind of legal keep-alive that is known to crash typed clients (openai-python#2722, #3833)."""

_SETTLE = Wait(0.05)
"""Lets the client read what was sent, before a reset throws it away."""


def end(stream: Stream) -> Iterator[Step]:
    """Yield a proper ending: refusal, finish_reason, usage, `[DONE]`."""
    script, chunks = stream.script, stream.chunks
    for piece in pieces(script.refusal, script.token):
        yield Send(chunks.delta({"refusal": piece}), piece)
    yield Send(chunks.delta({}, finish=stream.finish))
    if stream.usage is not None:
        yield Send(chunks.usage(stream.usage))
    yield Send(stream.chunks.done())


def _finish_only(stream: Stream) -> Iterator[Step]:
    yield Send(stream.chunks.delta({}, finish=stream.finish))


def _finish_then(last: Step) -> Callable[[Stream], Iterator[Step]]:
    def ending(stream: Stream) -> Iterator[Step]:
        yield from _finish_only(stream)
        yield _SETTLE
        yield last

    return ending


def _unterminated(stream: Stream) -> Iterator[Step]:
    event = stream.chunks.delta({"content": "."}, finish=stream.finish)
    yield Send(event.rstrip(b"\n"), ".")


def _done_without_finish(stream: Stream) -> Iterator[Step]:
    yield Send(stream.chunks.delta({"content": ""}))
    yield Send(stream.chunks.done())


def _content_after_finish(stream: Stream) -> Iterator[Step]:
    yield from _finish_only(stream)
    yield Send(stream.chunks.text(" And one more thing."), " And one more thing.")
    yield Send(stream.chunks.done())


def _finish_error(stream: Stream) -> Iterator[Step]:
    yield Send(stream.chunks.delta({}, finish="error"))
    yield Send(stream.chunks.done())


ENDINGS: dict[Fault | None, Callable[[Stream], Iterator[Step]]] = {
    Fault.EOF_WITHOUT_DONE: _finish_only,
    Fault.RESET_AFTER_FINISH: _finish_then(Reset()),
    Fault.NEVER_ENDS_AFTER_FINISH: _finish_then(Hang()),
    Fault.LAST_EVENT_UNTERMINATED: _unterminated,
    Fault.DONE_WITHOUT_FINISH: _done_without_finish,
    Fault.CONTENT_AFTER_FINISH: _content_after_finish,
    Fault.FINISH_ERROR: _finish_error,
}


def _sends(*steps: Step) -> Callable[[Stream], Iterator[Step]]:
    return lambda _: iter(steps)


def _for_ever(data: bytes) -> Callable[[Stream], Iterator[Step]]:
    def steps(_: Stream) -> Iterator[Step]:
        while True:
            yield Send(data)
            yield Wait(1.0)

    return steps


def _sends_event(value: object, name: str = "") -> Callable[[Stream], Iterator[Step]]:
    def steps(stream: Stream) -> Iterator[Step]:
        yield Send(stream.chunks.event(value, name))

    return steps


INSTEAD: dict[Fault | None, Callable[[Stream], Iterator[Step]]] = {
    Fault.EMPTY_200: _sends(),
    Fault.COMMENTS_THEN_CLOSE: _sends(Send(b": OPENROUTER PROCESSING\n\n" * 3)),
    Fault.RESET_BEFORE_EVENTS: _sends(_SETTLE, Reset()),
    Fault.STALL_BEFORE_FIRST: _sends(Hang()),
    Fault.COMMENTS_FOR_EVER: _for_ever(b": OPENROUTER PROCESSING\n\n"),
    Fault.DONE_ONLY: lambda stream: iter((Send(stream.chunks.done()),)),
    Fault.ERROR_FIRST: _sends_event({"error": {"message": "the model is overloaded", "code": 503}}),
}
"""What is sent in place of a stream."""


def _cut_within_line(stream: Stream) -> Iterator[Step]:
    yield Send(stream.chunks.text("never to be seen")[:40])
    yield Cut()


def _cut_json(stream: Stream) -> Iterator[Step]:
    event = stream.chunks.text("never to be seen").rstrip(b"\n")
    yield Send(event[:-20] + b"\n\n" + stream.chunks.done())


BREAKS: dict[Fault | None, Callable[[Stream], Iterator[Step]]] = {
    Fault.RESET: _sends(_SETTLE, Reset()),
    Fault.CHUNKED_CUT: _sends(Cut()),
    Fault.CONNECTION_CLOSE_CUT: _cut_within_line,
    Fault.EOF_WITHOUT_FINISH: _sends(),
    Fault.STALL: _sends(Hang()),
    Fault.COMMENTS_AFTER_TEXT: _for_ever(b": keep-alive\n\n"),
    Fault.PINGS_AFTER_TEXT: _for_ever(b'event: ping\ndata: {"type": "ping"}\n\n'),
    Fault.ERROR_OBJECT: _sends_event(
        {"error": {"message": "upstream failed", "type": "server_error", "code": 502}}
    ),
    Fault.ERROR_EVENT: _sends_event({"message": "upstream failed", "type": "server_error"}, "error"),
    Fault.ERROR_DETAIL: _sends_event({"detail": "upstream failed"}),
    Fault.ERROR_EMPTY: _sends_event({"error": {}}),
    Fault.ERROR_TEXT: _sends_event({"error": "upstream failed"}),
    Fault.ERROR_QUOTA: _sends_event(
        {"error": {"message": "You exceeded your current quota", "code": "insufficient_quota"}}
    ),
    Fault.CUT_JSON: _cut_json,
}
"""What happens in mid-stream and ends it; after the last step the body is ended properly."""


def _azure_first(stream: Stream) -> Iterator[Step]:
    filters = [{"prompt_index": 0, "content_filter_results": {}}]
    yield Send(stream.chunks.choices([], prompt_filter_results=filters))


OPENINGS: dict[Fault | None, Callable[[Stream], Iterator[Step]]] = {
    Fault.BOM: _sends(Send(b"\xef\xbb\xbf")),
    Fault.CHOICES_EMPTY_FIRST: _azure_first,
}


def _choices_missing(stream: Stream) -> Iterator[Step]:
    yield Send(stream.chunks.event(stream.chunks.chunk({})))


def _oddity(content: object, shown: str) -> Callable[[Stream], Iterator[Step]]:
    def steps(stream: Stream) -> Iterator[Step]:
        yield Send(stream.chunks.text(content), shown)

    return steps


def _split_surrogates(stream: Stream) -> Iterator[Step]:
    yield Send(stream.chunks.text("\ud83d"))
    yield Send(stream.chunks.text("\ude00"), "\U0001f600")


def _bad_utf8(stream: Stream) -> Iterator[Step]:
    yield Send(stream.chunks.text("caf#").replace(b"#", b"\xe9"), "caf\ufffd")


def _delta_missing(stream: Stream) -> Iterator[Step]:
    yield Send(stream.chunks.choices([{"index": 0, "finish_reason": None}]))


def _long_line(stream: Stream) -> Iterator[Step]:
    filler = "x" * stream.script.long_line
    yield Send(stream.chunks.delta({"content": "", "padding": filler}))


ODDITIES: dict[Fault | None, Callable[[Stream], Iterator[Step]]] = {
    Fault.CHOICES_NULL: lambda stream: iter((Send(stream.chunks.choices(None)),)),
    Fault.CHOICES_MISSING: _choices_missing,
    Fault.DELTA_NULL: lambda stream: iter((Send(stream.chunks.delta(None)),)),
    Fault.DELTA_MISSING: _delta_missing,
    Fault.LONE_SURROGATE: _oddity("a\ud800b", "a\ufffdb"),
    Fault.SPLIT_SURROGATES: _split_surrogates,
    Fault.BAD_UTF8: _bad_utf8,
    Fault.BAD_JSON: _sends(Send(b"data: {not json}\n\n")),
    Fault.LONG_LINE: _long_line,
}
"""What is sent once in mid-stream, after which the stream goes on."""
