"""Makes the calls that show answers, through discord.py's HTTP client, and returns what Discord said.

The client's own methods for messages are not used for them, because some cannot do what is needed: its edit of an
interaction's response takes no flags, so that links in a model's text would unfurl.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from discord.http import HTTPClient, Route

from bots.discord.budgets import DiscordBudgets
from bots.discord.errors import CONNECTION_ERRORS
from bots.discord.http_trace import Answered, takes_response
from bots.discord.response import Json, Response
from bots.discord.tasks import Tasks
from core.budget import Budget
from core.surface import Unconfirmed


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

    def __init__(self, http: HTTPClient, budgets: DiscordBudgets, tasks: Tasks) -> None:
        self._http = http
        self._budgets = budgets
        self._tasks = tasks

    def budget(self, request: Request) -> Budget:
        """Return the budget of `request` alone, of which its responses tell."""
        return self.costs(request)[0]

    def costs(self, request: Request) -> tuple[Budget, ...]:
        """Return all budgets that `request` draws on."""
        return self._budgets.costs(request.method, request.path, asyncio.get_running_loop().time())

    async def call(
        self, request: Request, payload: Json | None = None, **query: str
    ) -> Response | Unconfirmed:
        """Make a call and return the answer as soon as it is here.

        The call itself is never cancelled, whatever happens to whoever waits for it.
        """
        try:
            return await self._tasks.protect(self._perform(request.route(), payload, query), "discord call")
        except CONNECTION_ERRORS as error:
            return Unconfirmed(f"{type(error).__name__}: {error}")

    async def _perform(self, route: Route, payload: Json | None, query: dict[str, str]) -> Response:
        takes_response.set(True)  # in the context of this task alone
        body: dict[str, Any] = {} if payload is None else {"json": payload}
        try:
            await self._http.request(route, params=query, **body)
        except Answered as answered:
            return answered.response
        raise RuntimeError(f"{route.method} {route.path} was not traced")
