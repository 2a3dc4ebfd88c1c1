"""Answers Web API calls: latency, faults, authentication, rate limits, the method, and the log of it all."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from aiohttp import web

from tickertape.sandbox.slack.web_api import METHODS, Method
from tickertape.sandbox.slack.web_api.arguments import Arguments, read
from tickertape.sandbox.slack.web_api.calls import Call, Drop, Fault, Faults
from tickertape.sandbox.slack.web_api.errors import ApiError, missing_scope
from tickertape.sandbox.slack.web_api.method import Context, TokenKind
from tickertape.sandbox.slack.web_api.rate_limits import RateLimiter
from tickertape.sandbox.slack.world.models import Json
from tickertape.sandbox.slack.world.world import World


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of the installed app."""

    bot: str
    app: str


@dataclass(slots=True)
class WebApi:
    """The endpoint below `/api/`. `latency` is the round trip of a call in seconds: half before it takes effect."""

    world: World
    tokens: Tokens
    limiter: RateLimiter
    socket_url: Callable[[], str]
    latency: float = 0.0
    faults: Faults = field(default_factory=Faults)
    calls: list[Call] = field(default_factory=list)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one call."""
        call = Call(request.match_info["method"], {}, self.world.clock.now())
        self.calls.append(call)
        await asyncio.sleep(self.latency / 2)
        fault = self.faults.take(call.method)
        await asyncio.sleep(fault.delay)
        response = None if fault.drop is Drop.BEFORE else await self._answer(request, call, fault)
        await asyncio.sleep(self.latency / 2)
        call.done_at = self.world.clock.now()
        if response is None or fault.drop is Drop.AFTER:
            call.status = 0
            response = cut(request)
        self.world.changed()
        return response

    async def _answer(self, request: web.Request, call: Call, fault: Fault) -> web.Response:
        if fault.status is not None:
            call.status = fault.status
            page = "<!DOCTYPE html><title>Server error</title>"
            return web.Response(status=fault.status, text=page, content_type="text/html")
        try:
            body = await self._perform(request, call, fault)
        except ApiError as error:
            body = error.body
        call.status = 429 if body.get("error") == "ratelimited" else 200
        call.error = body.get("error")
        return self._response(call, body)

    async def _perform(self, request: web.Request, call: Call, fault: Fault) -> Json:
        if fault.error is not None and fault.error != "ratelimited":
            raise ApiError(fault.error)
        args = await read(request)
        token = bearer(request) or args.text("token")
        args.values.pop("token", None)
        call.arguments = dict(args.values)
        method = METHODS.get(call.method)
        if method is None:
            raise ApiError("unknown_method", req_method=call.method)
        self._authorize(method, token)
        self._limit(call, args, fault)
        if method.scope is not None and method.scope not in self.world.scopes:
            raise missing_scope(method.scope, self.world.scopes)
        context = Context(self.world, args, self.socket_url)
        return {"ok": True, **method.handler(context)}

    def _authorize(self, method: Method, token: str) -> None:
        if not token:
            raise ApiError("not_authed")
        kinds = {self.tokens.bot: TokenKind.BOT, self.tokens.app: TokenKind.APP}
        if token not in kinds:
            raise ApiError("invalid_auth")
        if kinds[token] is not method.token:
            raise ApiError("not_allowed_token_type")
        if not self.world.installed:
            raise ApiError("account_inactive")

    def _limit(self, call: Call, args: Arguments, fault: Fault) -> None:
        channel = args.text("channel") or args.text("channel_id")
        now = self.world.clock.now()
        wait = self.limiter.admit(call.method, self.world.team_id, channel, now)
        if fault.error == "ratelimited":
            wait = fault.retry_after
        if wait:
            call.retry_after = wait
            raise ApiError("ratelimited")

    def _response(self, call: Call, body: Json) -> web.Response:
        headers = {
            "x-oauth-scopes": ",".join(sorted(self.world.scopes)),
            "x-slack-req-id": self.world.new_id("req").lower(),
        }
        if call.retry_after is not None:
            headers["Retry-After"] = str(call.retry_after)
        return web.json_response(body, status=call.status, headers=headers)


def bearer(request: web.Request) -> str:
    """Return the token of the Authorization header."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def cut(request: web.Request) -> web.Response:
    """Break the connection; the response that aiohttp wants for it goes nowhere."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
