"""Every known fault of a gateway ends in its terminal state, with all text that was sent before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.model.conftest import FAST, Answer, listen, open_connections
from tickertape.model.api import (
    BadCredentials,
    BadRequest,
    BalanceUsedUp,
    Clock,
    CutOff,
    EmptyAnswer,
    Finish,
    ModelError,
    ModelNotFound,
    NotAStream,
    ServerFailed,
    TimedOut,
    TooManyRequests,
    Unreachable,
)
from tickertape.model.client import ChatModel
from tickertape.model.failures import Unsettled
from tickertape.sandbox.gateway import Fault, GatewaySandbox

ENDINGS: dict[Fault, Finish | type[ModelError]] = {
    Fault.STATUS_400: BadRequest,
    Fault.STATUS_400_STREAM_OPTIONS: Finish.COMPLETE,
    Fault.STATUS_401: BadCredentials,
    Fault.STATUS_402: BalanceUsedUp,
    Fault.STATUS_403: BadCredentials,
    Fault.STATUS_404: ModelNotFound,
    Fault.STATUS_408: Unsettled,
    Fault.STATUS_409: Unsettled,
    Fault.STATUS_429: TooManyRequests,
    Fault.STATUS_429_DATE: TooManyRequests,
    Fault.INSUFFICIENT_QUOTA: BalanceUsedUp,
    Fault.STATUS_500: ServerFailed,
    Fault.STATUS_502_HTML: ServerFailed,
    Fault.STATUS_503: ServerFailed,
    Fault.STATUS_529: ServerFailed,
    Fault.ERROR_BODY_CUT: BalanceUsedUp,
    Fault.CLOSED_BEFORE_HEADERS: Unreachable,
    Fault.HEADERS_NEVER: TimedOut,
    Fault.REDIRECT: NotAStream,
    Fault.EMPTY_200: NotAStream,
    Fault.STATUS_204: NotAStream,
    Fault.HTML_200: NotAStream,
    Fault.JSON_200: NotAStream,
    Fault.JSON_ERROR_200: NotAStream,
    Fault.COMMENTS_THEN_CLOSE: CutOff,
    Fault.RESET_BEFORE_EVENTS: Unreachable,
    Fault.RESET: CutOff,
    Fault.CHUNKED_CUT: CutOff,
    Fault.CONNECTION_CLOSE_CUT: CutOff,
    Fault.EOF_WITHOUT_FINISH: CutOff,
    Fault.EOF_WITHOUT_DONE: Finish.COMPLETE,
    Fault.LAST_EVENT_UNTERMINATED: Finish.COMPLETE,
    Fault.DONE_WITHOUT_FINISH: Finish.UNCONFIRMED,
    Fault.DONE_ONLY: EmptyAnswer,
    Fault.RESET_AFTER_FINISH: Finish.COMPLETE,
    Fault.NEVER_ENDS_AFTER_FINISH: Finish.COMPLETE,
    Fault.STALL_BEFORE_FIRST: TimedOut,
    Fault.STALL: TimedOut,
    Fault.COMMENTS_FOR_EVER: TimedOut,
    Fault.COMMENTS_AFTER_TEXT: TimedOut,
    Fault.PINGS_AFTER_TEXT: TimedOut,
    Fault.ERROR_OBJECT: ServerFailed,
    Fault.ERROR_EVENT: ServerFailed,
    Fault.ERROR_DETAIL: ServerFailed,
    Fault.ERROR_EMPTY: ServerFailed,
    Fault.ERROR_TEXT: ServerFailed,
    Fault.ERROR_QUOTA: BalanceUsedUp,
    Fault.ERROR_FIRST: ServerFailed,
    Fault.FINISH_ERROR: ServerFailed,
    Fault.BAD_JSON: Finish.UNCONFIRMED,
    Fault.CUT_JSON: Finish.UNCONFIRMED,
    Fault.CHOICES_NULL: Finish.COMPLETE,
    Fault.CHOICES_MISSING: Finish.COMPLETE,
    Fault.CHOICES_EMPTY_FIRST: Finish.COMPLETE,
    Fault.DELTA_NULL: Finish.COMPLETE,
    Fault.DELTA_MISSING: Finish.COMPLETE,
    Fault.CONTENT_PARTS: Finish.COMPLETE,
    Fault.LONE_SURROGATE: Finish.COMPLETE,
    Fault.SPLIT_SURROGATES: Finish.COMPLETE,
    Fault.BAD_UTF8: Finish.COMPLETE,
    Fault.BOM: Finish.COMPLETE,
    Fault.SECOND_CHOICE: Finish.COMPLETE,
    Fault.CONTENT_AFTER_FINISH: Finish.COMPLETE,
    Fault.LONG_LINE: Finish.UNCONFIRMED,
    Fault.KEEP_ALIVES: Finish.COMPLETE,
    Fault.CARRIAGE_RETURNS: Finish.COMPLETE,
    Fault.CRLF: Finish.COMPLETE,
    Fault.MULTI_LINE_DATA: Finish.COMPLETE,
    Fault.ROLE_ONLY: EmptyAnswer,
}
BROKEN_OFF = {
    Fault.RESET,
    Fault.CHUNKED_CUT,
    Fault.CONNECTION_CLOSE_CUT,
    Fault.EOF_WITHOUT_FINISH,
    Fault.STALL,
    Fault.COMMENTS_AFTER_TEXT,
    Fault.PINGS_AFTER_TEXT,
    Fault.ERROR_OBJECT,
    Fault.ERROR_EVENT,
    Fault.ERROR_DETAIL,
    Fault.ERROR_EMPTY,
    Fault.ERROR_TEXT,
    Fault.ERROR_QUOTA,
    Fault.CUT_JSON,
}
"""Faults that end the stream after five pieces of four characters."""
WHOLE_TEXT = {Fault.JSON_200, Fault.FINISH_ERROR} | {
    fault for fault, ending in ENDINGS.items() if isinstance(ending, Finish) and fault not in BROKEN_OFF
}


def check_ending(answer: Answer, expected: Finish | type[ModelError]) -> None:
    if isinstance(expected, Finish):
        assert answer.error is None
        assert answer.finish is expected
        assert [delta.finish for delta in answer.deltas].count(expected) == 1
    else:
        assert type(answer.error) is expected
        assert answer.finish is None


def test_every_fault_is_listed() -> None:
    assert set(ENDINGS) == set(Fault)


@pytest.mark.parametrize(
    ("fault", "split"),
    [
        pytest.param(fault, split, id=f"{fault.value}-{name}")
        for fault in Fault
        for split, name in ((0, "whole"), (7, "split"))
        if not (split and fault is Fault.LONG_LINE)  # a million writes of seven bytes
    ],
)
async def test_fault(
    fault: Fault, split: int, gateway: GatewaySandbox, make_model: Callable[..., ChatModel]
) -> None:
    model = make_model()
    gateway.default = replace(FAST, fault=fault, split=split)
    answer = await listen(model)
    assert answer.text == gateway.requests[-1].text
    if fault in BROKEN_OFF:
        assert answer.text == (FAST.text or "")[:20]
    else:
        assert bool(answer.text) is (fault in WHOLE_TEXT)
    check_ending(answer, ENDINGS[fault])
    assert open_connections(model) == 0


@pytest.mark.parametrize(
    ("fault", "clock"),
    [
        (Fault.HEADERS_NEVER, Clock.FIRST),
        (Fault.STALL_BEFORE_FIRST, Clock.FIRST),
        (Fault.COMMENTS_FOR_EVER, Clock.FIRST),
        (Fault.STALL, Clock.STALL),
        (Fault.COMMENTS_AFTER_TEXT, Clock.STALL),
        (Fault.PINGS_AFTER_TEXT, Clock.STALL),
    ],
    ids=str,
)
async def test_which_clock(
    fault: Fault, clock: Clock, gateway: GatewaySandbox, make_model: Callable[..., ChatModel]
) -> None:
    gateway.default = replace(FAST, fault=fault)
    error = (await listen(make_model())).error
    assert isinstance(error, TimedOut)
    assert error.clock is clock


@pytest.mark.parametrize(
    ("finish_reason", "expected"),
    [
        ("stop", Finish.COMPLETE),
        ("eos_token", Finish.COMPLETE),
        ("tool_calls", Finish.COMPLETE),
        ("function_call", Finish.COMPLETE),
        ("length", Finish.LENGTH),
        ("max_tokens", Finish.LENGTH),
        ("content_filter", Finish.FILTERED),
        ("refusal", Finish.REFUSED),
        ("error", ServerFailed),
        (None, Finish.UNCONFIRMED),
    ],
)
async def test_finish_reason(
    finish_reason: str | None,
    expected: Finish | type[ModelError],
    gateway: GatewaySandbox,
    make_model: Callable[..., ChatModel],
) -> None:
    gateway.default = replace(FAST, finish_reason=finish_reason)
    answer = await listen(make_model())
    assert answer.text == FAST.text
    check_ending(answer, expected)


@pytest.mark.parametrize(
    ("finish_reason", "expected"),
    [
        ("stop", EmptyAnswer),
        ("tool_calls", EmptyAnswer),
        (None, EmptyAnswer),
        ("length", Finish.LENGTH),
        ("content_filter", Finish.FILTERED),
    ],
)
async def test_finish_reason_without_text(
    finish_reason: str | None,
    expected: Finish | type[ModelError],
    gateway: GatewaySandbox,
    make_model: Callable[..., ChatModel],
) -> None:
    gateway.default = replace(FAST, text="", finish_reason=finish_reason)
    check_ending(await listen(make_model()), expected)


async def test_a_refusal_is_shown(gateway: GatewaySandbox, make_model: Callable[..., ChatModel]) -> None:
    gateway.default = replace(FAST, text="", refusal="I won't help with that.")
    answer = await listen(make_model())
    assert answer.text == "I won't help with that."
    check_ending(answer, Finish.REFUSED)


@pytest.mark.parametrize("field", ["reasoning", "reasoning_content"])
async def test_reasoning(field: str, gateway: GatewaySandbox, make_model: Callable[..., ChatModel]) -> None:
    gateway.default = replace(FAST, reasoning="Let me see.", reasoning_field=field)
    answer = await listen(make_model())
    assert (answer.reasoning, answer.text) == ("Let me see.", FAST.text)
    assert answer.usage is not None
    assert answer.usage.reasoning_tokens == 3


async def test_a_closed_port_is_unreachable(
    make_model: Callable[..., ChatModel], gateway: GatewaySandbox
) -> None:
    await gateway.close()
    answer = await listen(make_model())
    check_ending(answer, Unreachable)


async def test_details_name_status_and_request(
    gateway: GatewaySandbox, make_model: Callable[..., ChatModel]
) -> None:
    model = make_model()
    gateway.default = replace(FAST, fault=Fault.STATUS_402)
    error = (await listen(model)).error
    assert str(error) == "402: Insufficient Balance (request req_sandbox_1)"
    gateway.default = replace(FAST, fault=Fault.ERROR_OBJECT)
    error = (await listen(model)).error
    assert str(error) == "502: upstream failed (in the stream) (request req_sandbox_2)"
