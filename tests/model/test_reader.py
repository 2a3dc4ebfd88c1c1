from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tickertape.model.api import (
    CutOff,
    Delta,
    Finish,
    ModelError,
    NotAStream,
    ServerFailed,
    Unreachable,
    Usage,
)
from tickertape.model.reader import Reader

Answered = tuple[str, Delta | ModelError]


def read(*pieces: bytes, broken: ModelError | None = None) -> Answered:
    reader = Reader(max_line=100_000)
    deltas = [*map(reader.feed, pieces), reader.close()]
    text = "".join(delta.text for delta in deltas if delta is not None)
    try:
        return text, reader.outcome(broken)
    except ModelError as error:
        return text, error


def event(value: object) -> bytes:
    return f"data: {json.dumps(value)}\n\n".encode()


def said(content: object, finish: str | None = None) -> bytes:
    return event({"choices": [{"index": 0, "delta": {"content": content}, "finish_reason": finish}]})


json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
names = st.sampled_from(
    [
        "choices",
        "delta",
        "content",
        "index",
        "finish_reason",
        "usage",
        "error",
        "message",
        "text",
        "detail",
        "type",
        "reasoning",
        "refusal",
        "prompt_tokens",
        "completion_tokens_details",
        "code",
        "object",
    ]
)
chunklike: st.SearchStrategy[Any] = st.recursive(
    json_values,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(names, inner, max_size=4),
    max_leaves=12,
)
garbage = st.one_of(
    chunklike.map(event),
    st.binary(max_size=30),
    st.binary(max_size=30).map(lambda noise: b"data: " + noise + b"\n\n"),
    st.sampled_from(
        [b"data: [DONE]\n\n", b"event: error\ndata: no\n\n", b"data: {\n\n", b": c\n\n", b"\r\n"]
    ),
)


@given(st.lists(garbage, max_size=8), st.sampled_from([None, CutOff("reset")]))
@example([b"data: " + b"[" * 50_000 + b"\n\n"], None)
@example([event({"choices": [{"index": float("nan")}]})], None)
@example([event({"choices": [{"index": [], "finish_reason": {}}]})], None)
def test_garbage_ends_in_a_terminal_state(pieces: list[bytes], broken: ModelError | None) -> None:
    text, ending = read(*pieces, broken=broken)
    text.encode()
    assert isinstance(ending, ModelError) or ending.finish is not None


@given(st.lists(garbage, max_size=6), st.text(max_size=20))
def test_text_before_garbage_is_kept(pieces: list[bytes], words: str) -> None:
    text, _ = read(said("kept " + words), *pieces)
    assert text.startswith("kept " + words)


@given(st.lists(st.text(max_size=10), max_size=10), st.lists(st.integers(0, 2000), max_size=10))
def test_a_proper_stream_gives_its_text_whatever_the_split(parts: list[str], places: list[int]) -> None:
    stream = b"".join(said(part) for part in parts) + said("", "stop") + b"data: [DONE]\n\n"
    bounds = [0, *sorted(place % len(stream) for place in places), len(stream)]
    text, ending = read(*(stream[a:b] for a, b in pairwise(bounds)))
    assert text == "".join(parts)
    if text:
        assert ending == Delta(finish=Finish.COMPLETE)


@given(st.text(st.characters(), max_size=8), st.integers(0, 8))
def test_surrogates_never_come_out_and_pairs_are_joined(text: str, place: int) -> None:
    halves = text.encode("utf-16-le", "surrogatepass")
    units = "".join(chr(int.from_bytes(halves[at : at + 2], "little")) for at in range(0, len(halves), 2))
    shown, _ = read(said(units[:place]), said(units[place:]))
    assert shown == halves.decode("utf-16-le", "replace")


def test_half_a_pair_at_the_end_is_replaced() -> None:
    assert read(said("a\ud83d"), b"data: [DONE]\n\n") == ("a\ufffd", Delta(finish=Finish.UNCONFIRMED))


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("plain", "plain"),
        ([{"type": "text", "text": "in "}, {"type": "text", "text": "parts"}], "in parts"),
        (["bare ", "strings"], "bare strings"),
        ({"type": "text", "text": "one part"}, "one part"),
        ([{"type": "image_url"}, 7, None], ""),
        (7, ""),
    ],
)
def test_contents(content: object, text: str) -> None:
    assert read(said(content))[0] == text


@pytest.mark.parametrize(
    "choice",
    [
        {"index": 0, "delta": {"content": "x"}},
        {"delta": {"content": "x"}},
        {"index": None, "delta": {"content": "x"}},
        {"index": "0", "delta": {"content": "x"}},
        {"index": 0, "message": {"content": "x"}},
        {"index": 0, "text": "x"},
        {"index": 0, "delta": "x"},
    ],
)
def test_choices_of_other_shapes(choice: object) -> None:
    assert read(event({"choices": [choice]}))[0] == "x"


def test_an_error_beside_text_keeps_the_text() -> None:
    chunk = {
        "error": {"message": "upstream failed", "code": 502},
        "choices": [{"index": 0, "delta": {"content": "the last words"}, "finish_reason": "error"}],
    }
    text, error = read(event(chunk))
    assert text == "the last words"
    assert isinstance(error, ServerFailed)
    assert "upstream failed" in error.detail


@pytest.mark.parametrize(
    "body",
    [
        {"error": {"message": "no"}},
        {"error": "no"},
        {"error": {}},
        {"detail": "no"},
        {"object": "error", "message": "no", "code": 500},
        {"type": "error", "error": {"message": "no"}},
    ],
)
def test_error_objects(body: object) -> None:
    text, error = read(said("so far"), event(body), said("never"))
    assert text == "so far"
    assert isinstance(error, ServerFailed)


@pytest.mark.parametrize(
    "body", [{"error": None, "choices": []}, {"type": "ping"}, {"error": {}, "choices": [{}]}]
)
def test_no_error_objects(body: object) -> None:
    assert read(said("a"), event(body), said("b", "stop")) == ("ab", Delta(finish=Finish.COMPLETE))


def test_a_finish_stands_whatever_comes_after_it() -> None:
    whole = ("text", Delta(finish=Finish.COMPLETE))
    assert read(said("text", "stop"), broken=CutOff("reset")) == whole
    assert read(said("text", "stop"), event({"error": "too late"})) == whole
    assert read(said("text", "stop"), b'data: {"choices": [], "usa') == whole


def test_usage_is_read_from_the_last_chunk_or_from_the_one_with_the_finish() -> None:
    usage = {"prompt_tokens": 3, "completion_tokens": 5, "completion_tokens_details": {"reasoning_tokens": 2}}
    expected = Delta(finish=Finish.COMPLETE, usage=Usage(3, 5, 2))
    assert read(said("a", "stop"), event({"choices": [], "usage": usage}))[1] == expected
    assert (
        read(said("a", "stop"), event({"choices": [], "usage": {**usage, "prompt_tokens": 3.0}}))[1]
        == expected
    )
    incomplete = read(said("a", "stop"), event({"choices": [], "usage": {"completion_tokens_details": None}}))
    assert incomplete[1] == Delta(finish=Finish.COMPLETE, usage=Usage(0, 0, 0))


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", NotAStream),
        (b"<html>", NotAStream),
        (b'\xef\xbb\xbf{"a": 1}', NotAStream),
        (b"Internal Server Error", NotAStream),
        (b": only a comment", CutOff),
        (b"data: {}\n\n", CutOff),
    ],
)
def test_bodies_that_end(body: bytes, kind: type[ModelError]) -> None:
    whole = read(body)[1]
    parts = read(*(body[at : at + 1] for at in range(len(body))))[1]
    assert type(whole) is type(parts) is kind


def test_a_break_before_the_first_byte_is_no_cut() -> None:
    assert isinstance(read(broken=CutOff("reset"))[1], Unreachable)
    assert isinstance(read(b": c\n\n", broken=CutOff("reset"))[1], CutOff)


def test_nothing_is_read_after_done() -> None:
    reader = Reader()
    assert reader.feed(said("a", "stop") + b"data: [DONE]\n\n" + said("b")) == Delta("a")
    assert reader.over


def test_what_one_read_brings_is_one_delta() -> None:
    reader = Reader()
    thought = event({"choices": [{"delta": {"reasoning_content": "hm"}}]})
    assert reader.feed(thought + said("a") + said("b") + said("\ud83d")) == Delta("ab", "hm")
    assert reader.feed(said("\ude00c", "stop")) == Delta("\U0001f600c")
    assert reader.feed(b": keep-alive\n\n") is None
    assert reader.close() is None
