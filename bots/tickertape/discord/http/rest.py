"""Makes the calls that show answers, through discord.py's HTTP client, and returns what Discord said.

The client's own methods for messages are not used for them, because some cannot do what is needed: its edit of an
interaction's response takes no flags, so that links in a model's text would unfurl.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

import aiohttp
from discord.http import HTTPClient, Route

from tickertape.discord.http.budgets import DiscordBudgets
from tickertape.discord.http.errors import CONNECTION_ERRORS
from tickertape.discord.http.global_limit import GlobalLimit, is_exempt
from tickertape.discord.http.response import Json, Response
from tickertape.discord.http.trace import Answered, held_permit, takes_response
from tickertape.discord.http.upload import multipart
from tickertape.screen.body import File
from tickertape.screen.budget import Budget
from tickertape.screen.outcome import RateLimited, Unconfirmed
from tickertape.tasks import Tasks

_TIMEOUT = 30.0
"""Seconds that a call may take, from its connection to the end of its answer; Discord answers within one or two."""

_SLOWEST_UPLOAD = 125_000.0
"""Bytes a second: so much longer a file may take."""


@dataclass(frozen=True, slots=True)
class Request:
    """One kind of call: method, path below the API's address, and a lane.

    discord.py's own limiter lets one call at a time pass for each lane, so that the answers of one channel don't wait
    for each other there.
    """

    method: str
    path: str
    lane: str = ""

    def route(self) -> Route:
        """Return the request as discord.py wants it."""
        return Route(self.method, self.path, metadata=self.lane)


class Rest:
    """The calls of one bot."""

    def __init__(self, http: HTTPClient, budgets: DiscordBudgets, tasks: Tasks, limit: GlobalLimit) -> None:
        self._http = http
        self._budgets = budgets
        self._tasks = tasks
        self.limit = limit

    def budget(self, request: Request) -> Budget:
        """Return the budget of `request` alone, of which its responses tell."""
        return self.costs(request)[0]

    def costs(self, request: Request) -> tuple[Budget, ...]:
        """Return all budgets that `request` draws on."""
        return self._budgets.costs(request.method, request.path, asyncio.get_running_loop().time())

    async def call(
        self, request: Request, payload: Json | None = None, file: File | None = None, **query: str
    ) -> Response | RateLimited | Unconfirmed:
        """Make a call, with a file if one is given, and return the answer as soon as it is here.

        The call itself is never cancelled, whatever happens to whoever waits for it. Where every call is closed after
        a global 429, it is not made: it would wait for nothing but to show a text of long ago.
        """
        body = _body(payload, file)
        timeout = _TIMEOUT if file is None else _TIMEOUT + len(file.data) / _SLOWEST_UPLOAD
        call = self._perform(request, body | {"timeout": aiohttp.ClientTimeout(total=timeout)}, query)
        try:
            return await self._tasks.protect(call, "discord call")
        except CONNECTION_ERRORS as error:
            return Unconfirmed(f"{type(error).__name__}: {error}")

    async def _perform(
        self, request: Request, body: dict[str, Any], query: dict[str, str]
    ) -> Response | RateLimited:
        if is_exempt(request.path):
            return await self._send(request, body, query)
        permit = await self.limit.acquire()
        try:
            if (pause := self.limit.closed_for) > 0:
                return RateLimited(self._budgets.everything, pause)
            held_permit.set(permit)  # in the context of this task alone
            return await self._send(request, body, query)
        finally:
            permit.release()

    async def _send(self, request: Request, body: dict[str, Any], query: dict[str, str]) -> Response:
        takes_response.set(True)  # in the context of this task alone
        try:
            await self._http.request(request.route(), params=query, **body)
        except Answered as answered:
            return answered.response
        raise RuntimeError(f"{request.method} {request.path} was not traced")


def _body(payload: Json | None, file: File | None) -> dict[str, Any]:
    """Return the arguments of a request's body, as discord.py's client takes them."""
    if payload is None:
        return {}
    return {"json": payload} if file is None else multipart(payload, file)
