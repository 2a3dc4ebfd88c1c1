"""Our client against the stand-in: retries, clocks, admission, closing, the check, and what must not leak."""

from __future__ import annotations

import asyncio
import gc
import traceback
from collections.abc import Callable
from contextlib import aclosing, suppress
from dataclasses import replace

import pytest
import structlog

from tests.files.samples import gif, jpeg, png
from tests.model.conftest import FAST, QUESTION, Answer, listen, open_connections
from tickertape.model.api import (
    BadCredentials,
    BadRequest,
    Busy,
    Clock,
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
from tickertape.model.settings import Admission, Clocks, Retries
from tickertape.prompts.turns import Image, Role, Turn
from tickertape.sandbox.gateway import Fault, GatewaySandbox, Script

Make = Callable[..., ChatModel]
SLOW = Script(text="word " * 1000, tokens_per_second=50.0)
PATIENT = Retries(attempts=2, base=0.5)
CLOSED_WITHIN = 0.1
"""Seconds from a stop to the closed stream that we promise."""


def now() -> float:
    return asyncio.get_running_loop().time()


def fail(*faults: Fault, retry_after: float | None = None) -> list[Script]:
    return [replace(FAST, fault=fault, retry_after=retry_after) for fault in faults]


async def take(model: ChatModel, deltas: int) -> None:
    """Read some deltas, then fail."""
    async with aclosing(model.stream(QUESTION)) as stream:
        async for _ in stream:
            deltas -= 1
            if deltas == 0:
                raise LookupError


async def disconnected(gateway: GatewaySandbox, stopped: float) -> None:
    """Check that the stand-in saw the client leave within the promised time."""
    record = gateway.requests[-1]
    await gateway.wait_for(lambda: record.over)
    assert record.disconnected is not None
    assert record.disconnected - stopped <= CLOSED_WITHIN


# What is sent.


async def test_request(gateway: GatewaySandbox, make_model: Make) -> None:
    model = make_model(temperature=0.5, max_tokens=7, extra={"seed": 1, "temperature": 0.7})
    turns = (
        Turn(Role.SYSTEM, "s"),
        Turn(Role.USER, "u\ud800"),
        Turn(Role.ASSISTANT, "a"),
        Turn(Role.USER, "v"),
    )
    answer = await listen(model, turns)
    assert gateway.requests[0].body == {
        "model": "sandbox",
        "messages": [
            {"role": "system", "content": "s"},
            {"role": "user", "content": "u\ufffd"},
            {"role": "assistant", "content": "a"},
            {"role": "user", "content": "v"},
        ],
        "stream": True,
        "stream_options": {"include_usage": True},
        "temperature": 0.7,
        "max_tokens": 7,
        "seed": 1,
    }
    assert answer.text == (FAST.text or "")[:28]
    assert answer.finish is Finish.LENGTH


async def test_images_are_sent_before_the_text_they_came_with(
    gateway: GatewaySandbox, make_model: Make
) -> None:
    turns = (
        Turn(Role.USER, "What is this?\ud800", (Image("image/png", png()), Image("image/jpeg", jpeg()))),
        Turn(Role.ASSISTANT, "A cat."),
        Turn(Role.USER, "", (Image("image/gif", gif()),)),
        Turn(Role.USER, "And now?"),
    )
    assert (await listen(make_model(), turns)).finish is Finish.COMPLETE
    (request,) = gateway.requests
    contents = [message["content"] for message in request.body["messages"]]
    assert [part["type"] for part in contents[0]] == ["image_url", "image_url", "text"]
    assert contents[0][2]["text"] == "What is this?\ufffd"
    assert contents[1] == "A cat."
    assert [part["type"] for part in contents[2]] == ["image_url"]
    assert contents[3] == "And now?"
    assert [(image.media_type, image.data) for image in request.images] == [
        ("image/png", png()),
        ("image/jpeg", jpeg()),
        ("image/gif", gif()),
    ]


async def test_a_model_without_vision_rejects_images(gateway: GatewaySandbox, make_model: Make) -> None:
    model = make_model(model=f"{gateway.model}-text-only")
    turns = (Turn(Role.USER, "What is this?", (Image("image/png", png(), "cat.png"),)),)
    refused = await listen(model, turns)
    assert isinstance(refused.error, BadRequest)
    assert "image_url is only supported by certain models" in refused.error.detail


async def test_a_gateway_that_does_not_know_stream_options_is_asked_once(
    gateway: GatewaySandbox, make_model: Make
) -> None:
    model = make_model()
    gateway.default = replace(FAST, fault=Fault.STATUS_400_STREAM_OPTIONS)
    answers = [await listen(model), await listen(model)]
    assert [answer.text for answer in answers] == [FAST.text] * 2
    assert ["stream_options" in request.body for request in gateway.requests] == [True, False, False]


async def test_a_finished_stream_leaves_its_connection_for_the_next(make_model: Make) -> None:
    model = make_model()
    for _ in range(3):
        assert (await listen(model)).finish is Finish.COMPLETE
    connector = model._client._client._transport._session.connector  # type: ignore[attr-defined]
    assert sum(len(idle) for idle in connector._conns.values()) == 1


# Retries.


@pytest.mark.parametrize(
    "fault",
    [
        Fault.STATUS_408,
        Fault.STATUS_409,
        Fault.STATUS_429,
        Fault.STATUS_500,
        Fault.STATUS_502_HTML,
        Fault.STATUS_529,
        Fault.CLOSED_BEFORE_HEADERS,
        Fault.RESET_BEFORE_EVENTS,
        Fault.COMMENTS_THEN_CLOSE,
        Fault.ERROR_FIRST,
    ],
)
async def test_retried_while_nothing_was_yielded(
    fault: Fault, gateway: GatewaySandbox, make_model: Make
) -> None:
    gateway.enqueue(*fail(fault, fault))
    started = now()
    answer = await listen(make_model(retries=PATIENT))
    assert (answer.text, answer.finish, answer.error) == (FAST.text, Finish.COMPLETE, None)
    first, second, third = (request.started for request in gateway.requests)
    assert 0.5 <= second - first < 1.0
    assert 1.0 <= third - second < 1.5
    assert started <= first


@pytest.mark.parametrize(
    "fault",
    [
        Fault.STATUS_400,
        Fault.STATUS_401,
        Fault.STATUS_402,
        Fault.STATUS_403,
        Fault.STATUS_404,
        Fault.INSUFFICIENT_QUOTA,
        Fault.ERROR_BODY_CUT,
        Fault.ERROR_QUOTA,
        Fault.HTML_200,
        Fault.REDIRECT,
        Fault.STALL_BEFORE_FIRST,
        Fault.ROLE_ONLY,
    ],
)
async def test_not_retried(fault: Fault, gateway: GatewaySandbox, make_model: Make) -> None:
    gateway.enqueue(*fail(fault))
    answer = await listen(make_model(retries=PATIENT))
    assert answer.error is not None
    assert len(gateway.requests) == 1


@pytest.mark.parametrize("fault", [Fault.RESET, Fault.ERROR_OBJECT, Fault.EOF_WITHOUT_FINISH])
async def test_not_retried_after_text(fault: Fault, gateway: GatewaySandbox, make_model: Make) -> None:
    gateway.enqueue(*fail(fault))
    answer = await listen(make_model(retries=PATIENT))
    assert answer.text == gateway.requests[0].text != ""
    assert len(gateway.requests) == 1


async def test_retries_come_to_an_end(gateway: GatewaySandbox, make_model: Make) -> None:
    gateway.default = replace(FAST, fault=Fault.STATUS_500)
    answer = await listen(make_model(retries=PATIENT))
    assert isinstance(answer.error, ServerFailed)
    assert len(gateway.requests) == 3


@pytest.mark.parametrize("fault", [Fault.STATUS_429, Fault.STATUS_503])
async def test_retry_after_is_obeyed(fault: Fault, gateway: GatewaySandbox, make_model: Make) -> None:
    gateway.enqueue(*fail(fault, retry_after=20))
    answer = await listen(make_model(retries=PATIENT))
    assert answer.finish is Finish.COMPLETE
    first, second = (request.started for request in gateway.requests)
    assert 20 <= second - first < 20.5


async def test_a_retry_after_as_a_date_is_obeyed(gateway: GatewaySandbox, make_model: Make) -> None:
    gateway.enqueue(*fail(Fault.STATUS_429_DATE, retry_after=20))
    assert (await listen(make_model(retries=PATIENT))).finish is Finish.COMPLETE
    first, second = (request.started for request in gateway.requests)
    assert 19 <= second - first <= 21


async def test_a_retry_after_above_the_cap_ends_the_answer(gateway: GatewaySandbox, make_model: Make) -> None:
    gateway.enqueue(*fail(Fault.STATUS_429, retry_after=31))
    error = (await listen(make_model(retries=PATIENT))).error
    assert isinstance(error, TooManyRequests)
    assert error.retry_after == 31
    assert len(gateway.requests) == 1


async def test_no_retry_begins_after_the_whole_clock(gateway: GatewaySandbox, make_model: Make) -> None:
    gateway.default = replace(FAST, fault=Fault.STATUS_429, retry_after=20)
    answer = await listen(make_model(retries=Retries(attempts=9), clocks=Clocks(whole=50)))
    assert isinstance(answer.error, TooManyRequests)
    assert len(gateway.requests) == 3


# Clocks.


@pytest.mark.parametrize(
    ("script", "clocks", "clock", "seconds"),
    [
        (replace(FAST, fault=Fault.HEADERS_NEVER), Clocks(first_event=7), Clock.FIRST, 7),
        (replace(FAST, headers=4, first_token=4), Clocks(first_event=7), Clock.FIRST, 7),
        (replace(FAST, fault=Fault.COMMENTS_FOR_EVER), Clocks(first_event=7), Clock.FIRST, 7),
        (replace(FAST, fault=Fault.STALL), Clocks(between_events=9), Clock.STALL, 9),
        (replace(FAST, fault=Fault.COMMENTS_AFTER_TEXT), Clocks(between_events=9), Clock.STALL, 9),
        (replace(FAST, fault=Fault.PINGS_AFTER_TEXT), Clocks(between_events=9), Clock.STALL, 9),
        (replace(FAST, tokens_per_second=0.5), Clocks(between_events=9, whole=11), Clock.WHOLE, 11),
        (replace(FAST, fault=Fault.STALL), Clocks(between_events=60, whole=11), Clock.WHOLE, 11),
    ],
)
async def test_clock(
    script: Script, clocks: Clocks, clock: Clock, seconds: float, gateway: GatewaySandbox, make_model: Make
) -> None:
    gateway.default = script
    model = make_model(clocks=clocks)
    started = now()
    answer = await listen(model)
    assert isinstance(answer.error, TimedOut)
    assert answer.error.clock is clock
    assert now() - started == pytest.approx(seconds, abs=0.01)
    assert answer.text == gateway.requests[0].text
    assert open_connections(model) == 0
    await disconnected(gateway, now())


async def test_a_slow_reader_stops_no_clock_between_events(make_model: Make) -> None:
    text = ""
    async with aclosing(make_model(clocks=Clocks(between_events=5)).stream(QUESTION)) as stream:
        async for delta in stream:
            text += delta.text
            await asyncio.sleep(20)
    assert text == FAST.text


async def test_a_slow_but_steady_answer_is_complete(gateway: GatewaySandbox, make_model: Make) -> None:
    gateway.default = replace(FAST, tokens_per_second=0.2)
    answer = await listen(make_model(clocks=Clocks(first_event=6, between_events=6)))
    assert answer.finish is Finish.COMPLETE


async def test_the_trailer_is_not_waited_for_as_long_as_text(
    gateway: GatewaySandbox, make_model: Make
) -> None:
    gateway.default = replace(FAST, fault=Fault.NEVER_ENDS_AFTER_FINISH)
    started = now()
    answer = await listen(make_model(clocks=Clocks(after_finish=3)))
    assert answer.finish is Finish.COMPLETE
    assert now() - started == pytest.approx(3, abs=0.2)


# Admission.


async def test_waiting_for_a_place_is_bounded(gateway: GatewaySandbox, make_model: Make) -> None:
    gateway.default = SLOW
    model = make_model(admission=Admission(streams=2, wait=5))
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(listen(model)) for _ in range(3)]
    errors = [task.result().error for task in tasks]
    assert [type(error) for error in errors] == [type(None), type(None), Busy]
    assert len(gateway.requests) == 2


async def test_a_place_that_becomes_free_is_taken(gateway: GatewaySandbox, make_model: Make) -> None:
    gateway.default = replace(FAST, tokens_per_second=10)
    model = make_model(admission=Admission(streams=2, wait=10))
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(listen(model)) for _ in range(6)]
    assert {task.result().text for task in tasks} == {FAST.text}


async def test_at_most_so_many_are_opened_at_once_and_per_second(
    gateway: GatewaySandbox, make_model: Make
) -> None:
    gateway.default = replace(FAST, headers=0.5)
    model = make_model(admission=Admission(opening=3, per_second=100.0, wait=60))
    async with asyncio.TaskGroup() as group:
        for _ in range(9):
            group.create_task(listen(model))
    starts = [request.started for request in gateway.requests]
    assert all(later - earlier >= 0.5 for earlier, later in zip(starts, starts[3:], strict=False))

    gateway.requests.clear()
    gateway.default = FAST
    model = make_model(admission=Admission(per_second=2.0, wait=60))
    async with asyncio.TaskGroup() as group:
        for _ in range(8):
            group.create_task(listen(model))
    starts = [request.started for request in gateway.requests]
    assert len(starts) == 8
    assert starts[-1] - starts[0] == pytest.approx(3.0, abs=0.1)


async def test_places_are_given_back_in_every_case(gateway: GatewaySandbox, make_model: Make) -> None:
    gateway.default = SLOW
    model = make_model(admission=Admission(streams=1, opening=1, wait=1))
    with pytest.raises(LookupError):
        await take(model, 3)
    gateway.enqueue(*fail(Fault.STATUS_500, Fault.RESET, Fault.HTML_200))
    for _ in range(3):
        assert not isinstance((await listen(model)).error, Busy)
    gateway.default = replace(FAST, fault=Fault.HEADERS_NEVER)
    task = asyncio.create_task(listen(model))
    await gateway.wait_for(lambda: len(gateway.requests) == 5)
    task.cancel()
    await asyncio.wait([task])
    gateway.default = FAST
    assert (await listen(model)).finish is Finish.COMPLETE


# Closing.


async def test_leaving_the_loop_closes_the_stream(gateway: GatewaySandbox, make_model: Make) -> None:
    gateway.default = SLOW
    model = make_model()
    async with aclosing(model.stream(QUESTION)) as stream:
        async for _ in stream:
            break
    assert open_connections(model) == 0
    await disconnected(gateway, now())


async def test_an_error_in_the_reader_closes_the_stream(gateway: GatewaySandbox, make_model: Make) -> None:
    gateway.default = SLOW
    model = make_model()
    with pytest.raises(LookupError):
        await take(model, 5)
    assert open_connections(model) == 0
    await disconnected(gateway, now())


@pytest.mark.parametrize("fault", [None, Fault.STALL, Fault.HEADERS_NEVER, Fault.STALL_BEFORE_FIRST])
async def test_cancelling_the_reader_closes_the_stream(
    fault: Fault | None, gateway: GatewaySandbox, make_model: Make
) -> None:
    gateway.default = replace(SLOW, fault=fault)
    model = make_model()
    task = asyncio.create_task(listen(model))
    await gateway.wait_for(lambda: bool(gateway.requests))
    await asyncio.sleep(3)
    stopped = now()
    task.cancel()
    await asyncio.wait([task])
    assert task.cancelled()
    assert open_connections(model) == 0
    await disconnected(gateway, stopped)


async def test_cancelling_in_the_body_of_the_loop_closes_the_stream(
    gateway: GatewaySandbox, make_model: Make
) -> None:
    gateway.default = SLOW
    model = make_model()

    async def read() -> None:
        async with aclosing(model.stream(QUESTION)) as stream:
            async for _ in stream:
                await asyncio.Event().wait()

    task = asyncio.create_task(read())
    await gateway.wait_for(lambda: bool(gateway.requests) and len(gateway.requests[0].tokens) > 3)
    stopped = now()
    task.cancel()
    await asyncio.wait([task])
    assert open_connections(model) == 0
    await disconnected(gateway, stopped)


def timers() -> list[str]:
    """Return what the client's timers would call that the loop still holds."""
    scheduled: list[asyncio.TimerHandle] = asyncio.get_running_loop()._scheduled  # type: ignore[attr-defined]  # asyncio's heap
    calls = [timer._callback for timer in scheduled if not timer.cancelled()]  # type: ignore[attr-defined]  # as above
    return [
        f"{call.__module__}.{call.__qualname__}"
        for call in calls
        if call.__module__.startswith("tickertape.model")
    ]


@pytest.mark.parametrize(
    "fault", [None, Fault.RESET, Fault.STALL, Fault.EOF_WITHOUT_DONE, Fault.ERROR_OBJECT, Fault.HTML_200]
)
async def test_an_answer_that_is_over_leaves_no_timer_behind(
    fault: Fault | None, gateway: GatewaySandbox, make_model: Make
) -> None:
    gateway.default = replace(FAST, fault=fault)
    model = make_model()
    async with aclosing(model.stream(QUESTION)) as stream:
        with suppress(ModelError):
            async for _ in stream:
                assert timers(), "while it is read it is watched"
    assert timers() == []
    gateway.default = SLOW
    with pytest.raises(LookupError):
        await take(model, 1)
    assert timers() == [], "nor one that was left"


async def test_a_stream_that_is_dropped_is_closed_too(gateway: GatewaySandbox, make_model: Make) -> None:
    gateway.default = SLOW
    model = make_model()

    async def read() -> None:
        async for _ in model.stream(QUESTION):
            break

    await read()
    gc.collect()
    await disconnected(gateway, now())
    assert open_connections(model) == 0


async def test_a_stream_that_was_never_read_costs_nothing(gateway: GatewaySandbox, make_model: Make) -> None:
    stream = make_model().stream(QUESTION)
    await stream.aclose()
    assert gateway.requests == []


async def test_closing_the_client_breaks_open_streams(gateway: GatewaySandbox, make_model: Make) -> None:
    gateway.default = SLOW
    model = make_model()
    task = asyncio.create_task(listen(model))
    await gateway.wait_for(lambda: bool(gateway.requests) and len(gateway.requests[0].tokens) > 3)
    await model.close()
    answer = await task
    assert answer.error is not None
    assert answer.text


async def test_twenty_answers_at_once(gateway: GatewaySandbox, make_model: Make) -> None:
    gateway.default = Script(length=2000, tokens_per_second=100, jitter=0.5)
    model = make_model()
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(listen(model, (Turn(Role.USER, f"q{n}"),))) for n in range(20)]
    answers: list[Answer] = [task.result() for task in tasks]
    assert {answer.finish for answer in answers} == {Finish.COMPLETE}
    assert sorted(answer.text for answer in answers) == sorted(request.text for request in gateway.requests)
    assert open_connections(model) == 0


# The check.


async def test_check_passes_and_stops_at_the_first_words(gateway: GatewaySandbox, make_model: Make) -> None:
    gateway.default = SLOW
    await make_model().check()
    await disconnected(gateway, now())


async def test_check_tells_key_model_and_address_apart(gateway: GatewaySandbox, make_model: Make) -> None:
    with pytest.raises(BadCredentials, match="Incorrect API key"):
        await make_model(api_key="sk-wrong").check()
    with pytest.raises(ModelNotFound, match="does not list 'gpt-0'; it lists sandbox, "):
        await make_model(model="gpt-0").check()
    with pytest.raises(ModelNotFound, match="so the base URL looks wrong"):
        await make_model(base_url=gateway.base_url + "/v2").check()
    gateway.enqueue(*fail(Fault.HTML_200))
    with pytest.raises(NotAStream, match="the base URL may be wrong"):
        await make_model().check()
    gateway.enqueue(*fail(Fault.REDIRECT))
    with pytest.raises(NotAStream, match=r"redirects to another address \(/login\)"):
        await make_model().check()
    await gateway.close()
    with pytest.raises(Unreachable):
        await make_model().check()


async def test_check_takes_an_empty_answer_for_working(gateway: GatewaySandbox, make_model: Make) -> None:
    gateway.enqueue(*fail(Fault.ROLE_ONLY))
    await make_model().check()


# Secrets.


async def test_the_key_is_in_no_exception_and_in_no_log(
    gateway: GatewaySandbox, make_model: Make, caplog: pytest.LogCaptureFixture
) -> None:
    key = "sk-very-secret-0123456789"
    gateway.api_key = key
    echo = Script(text="", fault=Fault.ERROR_TEXT)
    model = make_model(api_key=key, retries=PATIENT)
    with structlog.testing.capture_logs() as logs, caplog.at_level("DEBUG"):
        for script in [
            *fail(Fault.STATUS_401, Fault.RESET, Fault.STATUS_500, Fault.CLOSED_BEFORE_HEADERS),
            echo,
        ]:
            gateway.enqueue(script)
            error = (await listen(model)).error
            if error is not None:
                assert key not in "".join(traceback.format_exception(error))
        error = (await listen(make_model(api_key=key + "-wrong"))).error
        assert isinstance(error, BadCredentials)
    assert logs
    assert key not in repr(logs) + caplog.text + repr(model._settings)


@pytest.mark.parametrize("key", ["sk-…", "sk-a\nb", "sk-\x00"])
async def test_a_key_that_cannot_be_sent(key: str, make_model: Make) -> None:
    error = (await listen(make_model(api_key=key))).error
    assert isinstance(error, BadCredentials)
    assert key not in str(error)


async def test_an_address_that_is_none(make_model: Make) -> None:
    error = (await listen(make_model(base_url="gateway.example/v1"))).error
    assert isinstance(error, Unreachable | BadRequest)
