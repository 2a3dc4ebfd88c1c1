"""What every call to the API passes: latency, faults, ban, token, rate limits, and the call log."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

from tickertape.sandbox.discord.errors import ApiError, Code
from tickertape.sandbox.discord.rate_limits import Grant, bucket_hash, headers, refusal_headers
from tickertape.sandbox.discord.rest.bodies import reply
from tickertape.sandbox.discord.rest.calls import ApiCall, CallLog, Drop, Fault, Faults, plain_route
from tickertape.sandbox.discord.world.entities import Json
from tickertape.sandbox.discord.world.world import World

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_TOP_LEVEL = ("channel_id", "guild_id", "interaction_id", "webhook_id", "webhook_token")
_BAN_PAGE = "<!DOCTYPE html><html><head><title>Access denied</title></head><body>Error 1015</body></html>"


@dataclass(frozen=True, slots=True)
class _Target:
    """Which counter a call draws on."""

    method: str
    route: str
    resource: str

    @property
    def needs_token(self) -> bool:
        return not self.for_interactions and self.route != "/gateway"

    @property
    def for_interactions(self) -> bool:
        return self.route.startswith(("/interactions/", "/webhooks/"))


class RateLimitedError(Exception):
    """A call over its budget."""

    def __init__(self, grant: Grant, scope: str) -> None:
        super().__init__(scope)
        self.grant = grant
        self.scope = scope


class Pipeline:
    """Answers every call below /api/; `latency` is the round trip in seconds, half of it before the effect."""

    def __init__(self, world: World, token: str, latency: float, calls: CallLog, faults: Faults) -> None:
        self._world = world
        self._token = token
        self._latency = latency
        self._calls = calls
        self._faults = faults
        self._banned_until = 0.0

    @web.middleware
    async def handle(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Answer one request: the application's middleware."""
        if not request.path.startswith("/api/"):
            return await handler(request)
        at = self._world.clock.now()
        target = _target(request)
        fault = self._faults.take(target.method, target.route)
        await asyncio.sleep(self._latency / 2 + (fault.delay if fault else 0.0))
        if fault and fault.drop is Drop.BEFORE:
            return self._cut(request, target, at)
        response, error = await self._answer(request, handler, target, fault)
        if fault and fault.drop is Drop.AFTER:
            return self._cut(request, target, at)
        await asyncio.sleep(self._latency / 2)
        scope = response.headers.get("X-RateLimit-Scope")
        self._log(request, target, at, response.status, error, scope)
        return response

    async def _answer(
        self, request: web.Request, handler: Handler, target: _Target, fault: Fault | None
    ) -> tuple[web.StreamResponse, int]:
        """Return the answer and the JSON code of a refusal."""
        now = self._world.clock.now()
        if now < self._banned_until:
            return web.Response(status=429, text=_BAN_PAGE, content_type="text/html"), 0
        extra: dict[str, str] = {}
        try:
            extra = self._admit(request, target, now)
            response, code = await self._perform(request, handler, target, fault)
        except RateLimitedError as error:
            response, code, extra = self._refuse(error, target), 0, {}
        except ApiError as error:
            response, code = _error_reply(error), error.code.number
        response.headers.update({name: text for name, text in extra.items() if name not in response.headers})
        self._count_invalid(response, now)
        return response, code

    def _admit(self, request: web.Request, target: _Target, now: float) -> dict[str, str]:
        """Check the token and the budgets; return the headers that tell how the route's budget stands."""
        if request.match_info.http_exception is not None:
            missing = request.match_info.http_exception.status == 404
            raise ApiError(Code.NOT_FOUND if missing else Code.METHOD_NOT_ALLOWED)
        if target.needs_token and request.headers.get("Authorization") != f"Bot {self._token}":
            raise ApiError(Code.UNAUTHORIZED)
        windows, limits = self._world.windows, self._world.limits
        if not target.for_interactions:
            grant = windows.take("global", limits.everything, now)
            if not grant.allowed:
                raise RateLimitedError(grant, "global")
        grant = windows.take(target, limits.budget(target.method, target.route), now)
        if not grant.allowed:
            raise RateLimitedError(grant, "user")
        return self._headers(grant, target)

    async def _perform(
        self, request: web.Request, handler: Handler, target: _Target, fault: Fault | None
    ) -> tuple[web.StreamResponse, int]:
        """Let the call take effect, or let the fault that waits for it happen instead."""
        if fault is None or not fault.status:
            try:
                return await handler(request), 0
            except web.HTTPRequestEntityTooLarge:
                raise ApiError(Code.ENTITY_TOO_LARGE) from None
        if fault.status == 429:
            raise RateLimitedError(self._close(target, fault), fault.scope)
        message = fault.message or f"{fault.status}: injected"
        return reply({"message": message, "code": fault.code}, fault.status), fault.code

    def _close(self, target: _Target, fault: Fault) -> Grant:
        """Close the budget of an injected 429 for as long as the answer says."""
        after = fault.retry_after if fault.retry_after is not None else 1.0
        key = "global" if fault.scope == "global" else target
        self._world.windows.close(key, self._world.clock.now() + after)
        limit = self._world.limits.budget(target.method, target.route).calls
        return Grant(allowed=False, limit=limit, remaining=0, reset_after=after)

    def _refuse(self, error: RateLimitedError, target: _Target) -> web.Response:
        after = error.grant.reset_after
        body: Json = {
            "message": "The resource is being rate limited."
            if error.scope == "shared"
            else "You are being rate limited.",
            "retry_after": after,
            "global": error.scope == "global",
        }
        extra = refusal_headers(error.scope, after)
        known = {} if error.scope == "global" else self._headers(error.grant, target)
        return reply(body, 429, known | extra)

    def _headers(self, grant: Grant, target: _Target) -> dict[str, str]:
        name = self._world.limits.bucket_name(target.method, target.route)
        return headers(grant, bucket_hash(name), self._world.clock.wall())

    def _count_invalid(self, response: web.StreamResponse, now: float) -> None:
        """Count answers of 401, 403 and unshared 429, and ban the address that earns too many."""
        shared = response.headers.get("X-RateLimit-Scope") == "shared"
        if response.status not in {401, 403, 429} or shared:
            return
        limits = self._world.limits
        grant = self._world.windows.take("invalid", limits.invalid_answers, now)
        if not grant.remaining:
            self._banned_until = now + limits.ban

    def _cut(self, request: web.Request, target: _Target, at: float) -> web.Response:
        """Cut the connection; the response returned goes nowhere."""
        if request.transport is not None:
            request.transport.abort()
        self._log(request, target, at, 0, 0, None)
        return web.Response()

    def _log(
        self, request: web.Request, target: _Target, at: float, status: int, code: int, scope: str | None
    ) -> None:
        answered = self._world.clock.now()
        method, path = request.method, request.path
        self._calls.add(
            ApiCall(at, answered, method, target.route, path, target.resource, status, code, scope)
        )
        self._world.notify()


def _target(request: web.Request) -> _Target:
    resource = request.match_info.route.resource
    route = plain_route(resource.canonical) if resource else request.path.removeprefix("/api/v10")
    parts = [request.match_info[name] for name in _TOP_LEVEL if name in request.match_info]
    return _Target(request.method, route, "/".join(parts))


def _error_reply(error: ApiError) -> web.Response:
    extra = refusal_headers("user", error.retry_after or 0.0) if error.code.status == 429 else {}
    return reply(error.body(), error.code.status, extra)
