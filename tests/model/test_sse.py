from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tickertape.model.sse import Decoder, Event


def reference(stream: bytes) -> list[Event]:
    """Decode a whole stream the naive way, as the HTML standard words it."""
    events: list[Event] = []
    data: list[bytes] = []
    name = ""
    for line in [*re.split(rb"\r\n|\r|\n", stream.removeprefix(b"\xef\xbb\xbf")), b""]:
        field, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        if not line:
            if data:
                events.append(Event(b"\n".join(data), name))
            data, name = [], ""
        elif field == b"data":
            data.append(value)
        elif field == b"event":
            name = value.decode(errors="replace")
    return events


def decode(pieces: list[bytes], max_line: int = 10_000) -> list[Event]:
    decoder = Decoder(max_line)
    events = [event for piece in pieces for event in decoder.feed(piece)]
    return events + decoder.close()


def cut(stream: bytes, places: list[int]) -> list[bytes]:
    bounds = [0, *sorted(place % (len(stream) + 1) for place in places), len(stream)]
    return [stream[start:end] for start, end in pairwise(bounds)]


lines = st.one_of(
    st.sampled_from(
        [b"", b"", b"data", b"data:", b"data: ", b": comment", b"id: 7", b"retry: 3000", b"event: ping"]
    ),
    st.sampled_from(
        [b"data: {}", b"data:{}", b"data:  x", b"datax: y", b"event", b"event: \xff", b"data: \xff\xfe"]
    ),
    st.binary(max_size=12).map(lambda noise: b"data: " + noise),
    st.binary(max_size=12),
)
newlines = st.sampled_from([b"\n", b"\r", b"\r\n"])
streams = st.tuples(
    st.sampled_from([b"", b"\xef\xbb\xbf"]),
    st.lists(st.tuples(lines, newlines).map(b"".join)).map(b"".join),
    lines,
).map(b"".join)


@given(streams, st.lists(st.integers(0, 10_000), max_size=20))
@example(b"data: a\r\n\r\ndata: b\r\n\r\n", list(range(24)))
@example(b"\xef\xbb\xbfdata: a\n\n", [1, 2])
@example(b"data: a\r\rdata: b\r\r", [8, 9])
def test_any_split_of_any_stream_agrees_with_the_reference(stream: bytes, places: list[int]) -> None:
    assert decode(cut(stream, places)) == reference(stream)


@given(streams)
def test_single_bytes_agree_with_the_reference(stream: bytes) -> None:
    assert decode([stream[at : at + 1] for at in range(len(stream))]) == reference(stream)


@given(streams, st.lists(st.integers(0, 10_000), max_size=20), st.integers(1, 12))
def test_the_limit_does_not_depend_on_the_split(stream: bytes, places: list[int], limit: int) -> None:
    whole, parts = Decoder(limit), Decoder(limit)
    expected = whole.feed(stream) + whole.close()
    events = [event for piece in cut(stream, places) for event in parts.feed(piece)] + parts.close()
    assert events == expected
    assert parts.dropped == whole.dropped
    assert all(len(event.data) <= limit for event in events)


@pytest.mark.parametrize(
    ("stream", "expected"),
    [
        (b"data: a\ndata: b\n\n", [Event(b"a\nb")]),
        (b"event: error\ndata: {}\n\ndata: x\n\n", [Event(b"{}", "error"), Event(b"x")]),
        (b": keep-alive\n\nid: 1\n\nretry: 3\n\nevent: ping\n\n", []),
        (b"event: ping\n\ndata: x\n\n", [Event(b"x")]),
        (b"data\n\n", [Event(b"")]),
        (b"data: last", [Event(b"last")]),
    ],
)
def test_examples(stream: bytes, expected: list[Event]) -> None:
    assert decode([stream]) == expected


@pytest.mark.parametrize("size", [100, 10_000])
def test_an_overlong_line_is_dropped_and_the_stream_goes_on(size: int) -> None:
    stream = b"data: before\n\ndata: " + b"x" * 5000 + b"\n\ndata: after\n\n"
    decoder = Decoder(max_line=1000)
    pieces = [stream[start : start + size] for start in range(0, len(stream), size)]
    events = [event for piece in pieces for event in decoder.feed(piece)]
    assert events == [Event(b"before"), Event(b"after")]
    assert decoder.dropped == 1


def test_no_more_than_the_limit_is_kept_of_a_line_that_never_ends() -> None:
    decoder = Decoder(max_line=1000)
    for _ in range(100):
        assert decoder.feed(b"x" * 100) == []
    assert sum(map(len, decoder._partial)) <= 1000


@pytest.mark.parametrize("size", [1, 1000])
@pytest.mark.parametrize(
    ("stream", "expected", "dropped"),
    [
        (b"data:abcde\n\n", [b"abcde"], 0),
        (b"data:abcdef\n\n", [], 1),
        (b"data:aaaa\ndata:bbbbb\n\n", [b"aaaa\nbbbbb"], 0),
        (b"data:aaaaa\ndata:bbbbb\n\n", [], 1),
        (b"data:a\ndata:aaaa\ndata:bbbbb\n\n", [], 1),
        (b"data:aaaaa\ndata:bbbbb\n\ndata:aaaa\ndata:bbbbb\n\ndata:abcdef\n\n", [b"aaaa\nbbbbb"], 2),
        (b"data:abcde\n\ndata:aaaa\ndata:bbbbb\n\n", [b"abcde", b"aaaa\nbbbbb"], 0),
    ],
)
def test_a_line_and_an_events_data_may_have_as_many_bytes_as_the_limit(
    stream: bytes, expected: list[bytes], dropped: int, size: int
) -> None:
    decoder = Decoder(max_line=10)
    pieces = [stream[start : start + size] for start in range(0, len(stream), size)]
    assert [event.data for piece in pieces for event in decoder.feed(piece)] == expected
    assert decoder.dropped == dropped


def test_a_byte_order_mark_is_one_only_at_the_beginning() -> None:
    stream = b"\xef\xbb\xbfdata: a\n\n\xef\xbb\xbfdata: b\n\n"
    assert decode([stream]) == decode([stream[:12], stream[12:]]) == [Event(b"a")]
