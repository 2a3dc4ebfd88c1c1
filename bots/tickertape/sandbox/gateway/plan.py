"""Turn a script into the steps of one streamed response: what to send, when, and how it ends. Pure."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace

from tickertape.sandbox.gateway import faults
from tickertape.sandbox.gateway.chunks import Chunks
from tickertape.sandbox.gateway.script import Fault, Script
from tickertape.sandbox.gateway.steps import Send, Step, Stream, Wait, pieces


def steps(stream: Stream) -> Iterator[Step]:
    """Yield the whole response's steps."""
    script = stream.script
    yield Wait(script.first_token)
    if script.fault in faults.INSTEAD:
        yield from faults.INSTEAD[script.fault](stream)
        return
    yield from _opening(stream)
    yield from _body(stream)
    if script.fault not in faults.BREAKS:
        yield from faults.ENDINGS.get(script.fault, faults.end)(stream)


def _opening(stream: Stream) -> Iterator[Step]:
    if stream.script.fault in faults.OPENINGS:
        yield from faults.OPENINGS[stream.script.fault](stream)
    yield Send(stream.chunks.delta({"role": "assistant", "content": ""}))
    for piece in pieces(stream.script.reasoning, stream.script.token):
        yield Wait(_gap(stream, 1))
        yield Send(stream.chunks.delta({stream.script.reasoning_field: piece}))


def _body(stream: Stream) -> Iterator[Step]:
    script = stream.script
    if script.fault is Fault.ROLE_ONLY:
        return
    parts = pieces(stream.text, script.token)
    middle = len(parts) if script.fault is None else min(script.fault_after, len(parts))
    yield from _pieces(stream, parts[:middle], random.Random(stream.number))  # noqa: S311 - a pace, no secret
    if script.fault in faults.BREAKS:
        yield from faults.BREAKS[script.fault](stream)
        return
    if script.fault in faults.ODDITIES:
        yield from faults.ODDITIES[script.fault](stream)
    yield from _pieces(stream, parts[middle:], random.Random(-stream.number))  # noqa: S311 - a pace, no secret


def _pieces(stream: Stream, parts: list[str], chance: random.Random) -> Iterator[Step]:
    burst = stream.script.burst
    for start in range(0, len(parts), burst):
        group = parts[start : start + burst]
        yield Wait(_gap(stream, len(group)) * (1 + stream.script.jitter * chance.uniform(-1, 1)))
        yield Send(b"".join(_piece(stream, part) for part in group), "".join(group))


def _piece(stream: Stream, part: str) -> bytes:
    event = stream.chunks.text(part)
    match stream.script.fault:
        case Fault.KEEP_ALIVES:
            return event + faults.KEEP_ALIVES
        case Fault.CONTENT_PARTS:
            return stream.chunks.text([{"type": "text", "text": part}])
        case Fault.SECOND_CHOICE:
            return event + stream.chunks.text("another answer", index=1)
    return event


def _gap(stream: Stream, tokens: int) -> float:
    pace = stream.script.tokens_per_second
    return 0.0 if pace is None else tokens / pace


def chunks_for(script: Script, chunks: Chunks) -> Chunks:
    """Return `chunks` as the script's fault would write them."""
    match script.fault:
        case Fault.CARRIAGE_RETURNS:
            return replace(chunks, newline="\r")
        case Fault.CRLF:
            return replace(chunks, newline="\r\n")
        case Fault.MULTI_LINE_DATA:
            return replace(chunks, many_lines=True)
    return chunks
