"""The stand-in of a gateway, seen by a plain HTTP client and by the openai client."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from itertools import pairwise
from typing import Any

import aiohttp
import openai
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickertape.sandbox.gateway import Fault, GatewayRequest, GatewaySandbox, ReceivedImage, Script
from tickertape.sandbox.gateway.answer import write_answer
from tickertape.sandbox.gateway.directives import for_model, for_prompt, model_names

_SECOND = "messages.[0].content.[1].type"
QUICK = Script(text="Hello, world", tokens_per_second=None, first_token=0.0)


def now() -> float:
    return asyncio.get_running_loop().time()


def ask(prompt: str = "hi", **more: object) -> dict[str, Any]:
    return {"model": "sandbox", "messages": [{"role": "user", "content": prompt}], "stream": True, **more}


def shown(encoded: str = "iVBORw0KGgo=", kind: str = "image/png") -> dict[str, Any]:
    """Return a part of a message: an image."""
    return {"type": "image_url", "image_url": {"url": f"data:{kind};base64,{encoded}"}}


def parts(*content: object, role: str = "user", **more: object) -> dict[str, Any]:
    return {**ask(), "messages": [{"role": role, "content": list(content)}], **more}


@pytest.fixture
async def gateway() -> AsyncIterator[GatewaySandbox]:
    async with GatewaySandbox(default=QUICK) as sandbox:
        yield sandbox


@pytest.fixture
async def http(gateway: GatewaySandbox) -> AsyncIterator[aiohttp.ClientSession]:
    headers = {"Authorization": f"Bearer {gateway.api_key}"}
    async with aiohttp.ClientSession(gateway.base_url + "/", headers=headers) as session:
        yield session


async def chunks(http: aiohttp.ClientSession, body: dict[str, Any]) -> list[dict[str, Any]]:
    async with http.post("chat/completions", json=body) as response:
        assert response.status == 200
        assert response.content_type == "text/event-stream"
        lines = (await response.text()).split("\n\n")
    assert lines[-2:] == ["data: [DONE]", ""]
    return [json.loads(line.removeprefix("data: ")) for line in lines[:-2]]


def text_of(stream: list[dict[str, Any]]) -> str:
    return "".join(choice["delta"].get("content", "") for chunk in stream for choice in chunk["choices"])


async def test_stream(gateway: GatewaySandbox, http: aiohttp.ClientSession) -> None:
    stream = await chunks(http, ask(stream_options={"include_usage": True}))
    assert text_of(stream) == "Hello, world"
    assert stream[-2]["choices"][0]["finish_reason"] == "stop"
    assert stream[-1]["choices"] == []
    assert stream[-1]["usage"] == {
        "prompt_tokens": 1,
        "completion_tokens": 3,
        "total_tokens": 4,
        "completion_tokens_details": {"reasoning_tokens": 0},
    }
    assert {chunk["object"] for chunk in stream} == {"chat.completion.chunk"}
    request = gateway.requests[0]
    assert (request.text, request.disconnected) == ("Hello, world", None)
    assert request.finished == pytest.approx(now(), abs=0.001)


async def test_no_usage_unless_asked_for(http: aiohttp.ClientSession) -> None:
    assert not any("usage" in chunk for chunk in await chunks(http, ask()))


async def test_the_openai_client_understands_both_kinds_of_answer(gateway: GatewaySandbox) -> None:
    http = openai.DefaultAioHttpClient()
    async with openai.AsyncOpenAI(
        base_url=gateway.base_url, api_key=gateway.api_key, http_client=http
    ) as client:
        completion = await client.chat.completions.create(
            model="sandbox", messages=[{"role": "user", "content": "hi"}]
        )
        assert completion.choices[0].message.content == "Hello, world"
        stream = await client.chat.completions.create(
            model="sandbox", messages=[{"role": "user", "content": "hi"}], stream=True
        )
        text = "".join([chunk.choices[0].delta.content or "" async for chunk in stream])
        assert text == "Hello, world"
        assert [model.id async for model in client.models.list()] == model_names()


@pytest.mark.parametrize(
    ("body", "status", "param"),
    [
        ({}, 400, "model"),
        ({"model": "gpt-0"}, 404, "model"),
        ({"model": "sandbox"}, 400, "messages"),
        ({"model": "sandbox", "messages": []}, 400, "messages"),
        ({"model": "sandbox", "messages": ["hi"]}, 400, "messages.[0]"),
        ({"model": "sandbox", "messages": [{"role": "boss", "content": ""}]}, 400, "messages.[0].role"),
        ({"model": "sandbox", "messages": [{"role": "user"}]}, 400, "messages.[0].content"),
        (ask(stream="yes"), 400, "stream"),
        (ask(stream=False, stream_options={}), 400, "stream_options"),
        (ask(temperature=3), 400, "temperature"),
        (parts("text only"), 400, "messages.[0].content.[0].type"),
        (parts({"type": "image"}), 400, "messages.[0].content.[0].type"),
        (parts({"type": "text"}), 400, "messages.[0].content.[0].type"),
        (parts({"type": "image_url", "image_url": "x"}), 400, "messages.[0].content.[0].type"),
        (parts(shown(), role="system"), 400, "messages.[0]"),
        (parts({"type": "text", "text": "hi"}, shown(), model="sandbox-text-only"), 400, _SECOND),
        (parts(shown("not base64!")), 400, None),
        (parts(shown(base64.b64encode(b"no image").decode())), 400, None),
        (parts(shown(kind="image/svg+xml")), 400, None),
        ([], 400, None),
    ],
)
async def test_bodies_that_are_rejected(
    body: object, status: int, param: str | None, gateway: GatewaySandbox, http: aiohttp.ClientSession
) -> None:
    async with http.post("chat/completions", json=body) as response:
        assert response.status == status
        assert (await response.json())["error"]["param"] == param
    assert gateway.requests == []


async def test_images_are_taken_and_remembered(gateway: GatewaySandbox, http: aiohttp.ClientSession) -> None:
    linked = {"type": "image_url", "image_url": {"url": "https://example.com/a.png"}}
    body = parts({"type": "text", "text": "Look"}, shown(), linked, {"type": "text", "text": "closely"})
    assert text_of(await chunks(http, body)) == "Hello, world"
    assert gateway.requests[0].images == (ReceivedImage("image/png", b"\x89PNG\r\n\x1a\n"),)
    assert gateway.requests[0].body == body


async def test_a_model_without_vision_takes_parts_of_text(http: aiohttp.ClientSession) -> None:
    assert await chunks(http, parts({"type": "text", "text": "hi"}, model="sandbox-text-only"))


@pytest.mark.parametrize("path", ["models", "chat/completions"])
async def test_a_wrong_key(path: str, http: aiohttp.ClientSession) -> None:
    method = "GET" if path == "models" else "POST"
    headers = {"Authorization": "Bearer sk-wrong"}
    async with http.request(method, path, json=ask(), headers=headers) as response:
        assert response.status == 401
        assert (await response.json())["error"]["code"] == "invalid_api_key"


async def test_pace(gateway: GatewaySandbox, http: aiohttp.ClientSession) -> None:
    gateway.enqueue(Script(text="x" * 40, tokens_per_second=10, first_token=2))
    started = now()
    await chunks(http, ask())
    times = gateway.requests[0].tokens
    assert times[0] - started == pytest.approx(2.1)
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert gaps == pytest.approx([0.1] * 9)


async def test_jitter_keeps_the_mean_pace(gateway: GatewaySandbox, http: aiohttp.ClientSession) -> None:
    gateway.enqueue(Script(text="x" * 4000, tokens_per_second=10, jitter=1.0))
    await chunks(http, ask())
    times = gateway.requests[0].tokens
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert min(gaps) >= 0
    assert max(gaps) > 0.15
    assert times[-1] - times[0] == pytest.approx(100, rel=0.1)


@pytest.mark.parametrize("script", [{"burst": 4}, {"split": 3}, {"burst": 4, "split": 5}])
async def test_any_writes_give_the_same_text(
    script: dict[str, Any], gateway: GatewaySandbox, http: aiohttp.ClientSession
) -> None:
    gateway.enqueue(Script(text="x" * 45 + ".", tokens_per_second=10, **script))
    assert text_of(await chunks(http, ask())) == "x" * 45 + "."
    assert len(gateway.requests[0].tokens) == (3 if "burst" in script else 12)


async def test_max_tokens_ends_the_answer(http: aiohttp.ClientSession) -> None:
    stream = await chunks(http, ask(max_tokens=2))
    assert text_of(stream) == "Hello, w"
    assert stream[-1]["choices"][0]["finish_reason"] == "length"


async def test_the_queue_comes_before_model_and_directives(
    gateway: GatewaySandbox, http: aiohttp.ClientSession
) -> None:
    gateway.enqueue(
        Script(text="first", tokens_per_second=None), Script(text="second", tokens_per_second=None)
    )
    answers = [text_of(await chunks(http, ask("/fault reset"))) for _ in range(2)]
    assert answers == ["first", "second"]
    assert len(text_of(await chunks(http, ask("/length 333 /tokens max")))) == 333


async def test_disconnection_is_noticed_at_once(gateway: GatewaySandbox, http: aiohttp.ClientSession) -> None:
    gateway.enqueue(Script(length=4000, tokens_per_second=5))
    async with http.post("chat/completions", json=ask()) as response:
        await response.content.readline()
        left = now()
        response.close()
    request = gateway.requests[0]
    await gateway.wait_for(lambda: request.over)
    assert request.disconnected == pytest.approx(left, abs=0.01)
    assert request.finished is None


async def test_closing_the_stand_in_is_no_disconnection(
    gateway: GatewaySandbox, http: aiohttp.ClientSession
) -> None:
    gateway.enqueue(Script(fault=Fault.STALL_BEFORE_FIRST))
    async with http.post("chat/completions", json=ask()) as response:
        await gateway.close()
        with pytest.raises(aiohttp.ClientError):
            await response.read()
    assert gateway.requests[0].disconnected is None


async def test_a_port_of_ones_choice(gateway: GatewaySandbox) -> None:
    port = int(gateway.base_url.split(":")[2].split("/")[0])
    await gateway.close()
    async with GatewaySandbox(port=port, default=QUICK) as other:
        assert other.base_url == gateway.base_url


# Scripts.


def test_directives() -> None:
    script = for_prompt(Script(), "Tell me /tokens 120/s /delay 3 about /length 900 it /burst 5 /finish null")
    assert script.tokens_per_second == 120
    assert (script.first_token, script.length, script.burst, script.finish_reason) == (3, 900, 5, None)
    assert for_prompt(Script(), "/tokens max").tokens_per_second is None
    assert for_prompt(Script(), "/fault stall").fault is Fault.STALL
    assert for_prompt(Script(), "/finish length").finish_reason == "length"
    assert for_prompt(Script(), "why? /reasoning").reasoning.startswith("The question is about why.")


@pytest.mark.parametrize(
    "prompt",
    [
        "plain",
        "/tokens none",
        "/tokens 0",
        "/burst 0",
        "/fault unknown",
        "/length",
        "/finish",
        "a/length 5",
        "/home 3",
    ],
)
def test_what_makes_no_sense_changes_nothing(prompt: str) -> None:
    assert for_prompt(Script(), prompt) == Script()


def test_models_are_scripts() -> None:
    assert for_model(Script(), "sandbox", "hi") == Script()
    assert for_model(Script(), "sandbox-slow", "hi").tokens_per_second == 8
    assert for_model(Script(), "sandbox-thinking", "hi").reasoning
    for fault in Fault:
        assert for_model(Script(), f"sandbox-{fault.value}", "hi").fault is fault


@given(st.text(max_size=50), st.integers(0, 5000))
def test_answers_have_the_wanted_length_and_are_repeatable(prompt: str, length: int) -> None:
    answer = write_answer(prompt, length)
    assert len(answer) == length
    assert write_answer(prompt, length) == answer


def test_a_long_answer_has_every_kind_of_markdown() -> None:
    answer = write_answer("tea", 3000)
    assert all(mark in answer for mark in ("**tea**", "## ", "\n- ", "\n1. ", "```", "| --- |"))


def test_a_request_is_over_when_anything_ended_it() -> None:
    request = GatewayRequest(1, {}, Script(), 0.0)
    assert not request.over
    request.broken = 1.0
    assert request.over
