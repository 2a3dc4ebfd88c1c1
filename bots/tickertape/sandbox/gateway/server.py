"""The stand-in's HTTP server: routes, checks, and the performance of a script's steps."""

from __future__ import annotations

import asyncio
import itertools
from collections import deque
from collections.abc import Callable
from types import TracebackType
from typing import NoReturn, Self

from aiohttp import web

from tickertape.sandbox.clock import LoopClock
from tickertape.sandbox.gateway.chunks import Chunks, Json, error_of, usage_of
from tickertape.sandbox.gateway.connection import Connection, cut, hang, reset
from tickertape.sandbox.gateway.directives import MODEL, model_names
from tickertape.sandbox.gateway.invalid import Invalid
from tickertape.sandbox.gateway.plan import chunks_for, steps
from tickertape.sandbox.gateway.records import GatewayRequest
from tickertape.sandbox.gateway.refusals import refusal_of
from tickertape.sandbox.gateway.requests import choose_script, fitted, prompt_of, validated
from tickertape.sandbox.gateway.script import Fault, Script
from tickertape.sandbox.gateway.steps import Cut, Hang, Reset, Send, Step, Stream, Wait
from tickertape.sandbox.waiting import Waiters

__all__ = ["GatewayRequest", "GatewaySandbox"]

_LARGEST = 50 * 1000 * 1000
"""Bytes of a request: what OpenAI takes (its guide to images)."""


class GatewaySandbox:
    """An OpenAI-compatible gateway on loopback; see the package's documentation for models and directives.

    `port` 0 picks a free one. `requests` holds every valid completion request in order, `default` is the script of
    those for which none was enqueued. Times are of the running loop's clock, in seconds.
    """

    def __init__(self, *, port: int = 0, api_key: str = "sk-sandbox", default: Script | None = None) -> None:
        self.api_key = api_key
        self.model = MODEL
        self.default = default or Script()
        self.requests: list[GatewayRequest] = []
        self._port = port
        self._queue: deque[Script] = deque()
        self._waiters = Waiters()
        self._numbers = itertools.count(1)
        self._runner: web.AppRunner | None = None
        self._closing = False
        self._clock = LoopClock()

    @property
    def base_url(self) -> str:
        """What a client takes for its base URL: with the version, without a slash at the end."""
        return f"http://127.0.0.1:{self._port}/v1"

    def enqueue(self, *scripts: Script) -> None:
        """Answer the next requests by these scripts, one each, whatever their model and prompt say."""
        self._queue.extend(scripts)

    async def wait_for(self, predicate: Callable[[], bool]) -> None:
        """Return once `predicate` holds; it is looked at whenever a request makes progress."""
        await self._waiters.wait_for(predicate)

    async def start(self) -> None:
        """Listen on 127.0.0.1."""
        self._closing = False
        self._clock.start()
        app = web.Application(client_max_size=_LARGEST)
        app.router.add_post("/v1/chat/completions", self._completions)
        app.router.add_get("/v1/models", self._models)
        self._runner = web.AppRunner(app, handler_cancellation=True, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        self._port = self._runner.addresses[0][1]

    async def close(self) -> None:
        """Stop listening and end every connection."""
        self._closing = True
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def _models(self, request: web.Request) -> web.Response:
        if not self._authorized(request):
            return _unauthorized()
        models = [
            {"id": name, "object": "model", "created": 0, "owned_by": "sandbox"} for name in model_names()
        ]
        return web.json_response({"object": "list", "data": models})

    async def _completions(self, request: web.Request) -> web.StreamResponse:
        if not self._authorized(request):
            return _unauthorized()
        try:
            body = validated(await request.read())
        except Invalid as invalid:
            return web.json_response(invalid.body, status=invalid.status)
        record = self._record(body)
        try:
            return await self._answer(request, record)
        except (asyncio.CancelledError, ConnectionResetError):
            if not (record.over or self._closing):
                record.disconnected = _now()
            raise
        finally:
            self._waiters.wake()

    def _authorized(self, request: web.Request) -> bool:
        return request.headers.get("Authorization") == f"Bearer {self.api_key}"

    def _record(self, body: Json) -> GatewayRequest:
        script = self._queue.popleft() if self._queue else choose_script(self.default, body)
        record = GatewayRequest(next(self._numbers), body, script, _now())
        self.requests.append(record)
        self._waiters.wake()
        return record

    async def _answer(self, request: web.Request, record: GatewayRequest) -> web.StreamResponse:
        script = record.script
        await asyncio.sleep(script.headers)
        if script.fault is Fault.HEADERS_NEVER:
            await hang()
        if script.fault is Fault.CLOSED_BEFORE_HEADERS:
            await self._break(request, record, Cut())
        refusal = refusal_of(script, record, self._clock.wall())
        if refusal is not None:
            return await self._refuse(request, record, refusal)
        if record.body.get("stream") and script.fault is not Fault.JSON_200:
            return await self._stream(request, record)
        return await self._document(record)

    async def _refuse(
        self, request: web.Request, record: GatewayRequest, refusal: web.Response
    ) -> web.StreamResponse:
        """Answer by `refusal`."""
        record.status = refusal.status
        refusal.headers["X-Request-Id"] = record.request_id
        if record.script.fault is Fault.ERROR_BODY_CUT:
            await self._cut_short(request, record, refusal)
        record.finished = _now()
        return refusal

    async def _cut_short(
        self, request: web.Request, record: GatewayRequest, refusal: web.Response
    ) -> NoReturn:
        """Send half of the body that was announced, then break the connection."""
        body = (refusal.text or "").encode()
        response = web.StreamResponse(status=refusal.status, headers=refusal.headers)
        response.content_length = len(body)
        await response.prepare(request)
        await response.write(body[: len(body) // 2])
        await self._break(request, record, Cut())

    async def _document(self, record: GatewayRequest) -> web.Response:
        """Answer by one JSON object, after the time that the stream would have taken."""
        script = record.script
        text, finish = fitted(script, record.body)
        tokens = len(text) / script.token
        await asyncio.sleep(script.first_token + (tokens / (script.tokens_per_second or float("inf"))))
        usage = usage_of(prompt_of(record.body), text, script.reasoning)
        record.sent.append(text)
        record.finished = _now()
        document = self._chunks(record).document(text, finish, usage)
        return web.json_response(document, headers={"X-Request-Id": record.request_id})

    def _chunks(self, record: GatewayRequest) -> Chunks:
        chunks = Chunks(f"chatcmpl-sandbox-{record.number}", record.body["model"], int(self._clock.wall()))
        return chunks_for(record.script, chunks)

    async def _stream(self, request: web.Request, record: GatewayRequest) -> web.StreamResponse:
        raw = record.script.fault is Fault.CONNECTION_CLOSE_CUT
        connection = Connection(request, {"X-Request-Id": record.request_id}, raw=raw)
        await connection.open()
        for step in steps(self._material(record)):
            await self._perform(step, request, record, connection)
        await connection.end()
        record.finished = _now()
        return connection.response

    def _material(self, record: GatewayRequest) -> Stream:
        script, body = record.script, record.body
        text, finish = fitted(script, body)
        wanted = script.usage and (body.get("stream_options") or {}).get("include_usage")
        usage = usage_of(prompt_of(body), text, script.reasoning) if wanted else None
        return Stream(script, text, finish, self._chunks(record), usage, record.number)

    async def _perform(
        self, step: Step, request: web.Request, record: GatewayRequest, connection: Connection
    ) -> None:
        match step:
            case Send():
                await connection.send(step.data, record.script.split)
                self._sent(record, step.text)
            case Wait():
                await asyncio.sleep(max(step.seconds, 0.0))
            case Hang():
                await hang()
            case Reset() | Cut():
                await self._break(request, record, step)

    def _sent(self, record: GatewayRequest, text: str) -> None:
        if text:
            record.sent.append(text)
            record.tokens.append(_now())
        self._waiters.wake()

    async def _break(self, request: web.Request, record: GatewayRequest, how: Reset | Cut) -> NoReturn:
        """Break the connection, which cancels this request's handler."""
        record.broken = _now()
        if isinstance(how, Reset):
            await reset(request)
        await cut(request)


def _now() -> float:
    return asyncio.get_running_loop().time()


def _unauthorized() -> web.Response:
    body = error_of("Incorrect API key provided.", "invalid_request_error", "invalid_api_key")
    return web.json_response(body, status=401)
