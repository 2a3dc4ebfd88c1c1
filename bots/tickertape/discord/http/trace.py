"""Watches every HTTP request of discord.py: keeps the global limit, learns budgets, ends our own calls at once.

discord.py lets an `aiohttp.TraceConfig` see its requests. aiohttp awaits each hook and lets its exceptions out of the
request, and this is used for three things.

*Waiting.* discord.py has no limiter for Discord's global limit, so its own requests wait here for a permit of
`GlobalLimit`, unless they are exempt, and give it back with their response. Calls that show answers bring a permit with
them (`rest.Rest`): aiohttp's timeout of a request begins before this hook, and is lost if it ends within it.

*Learning.* The headers of every answer go to its budget before anybody else sees the answer.

*Ending.* Calls that show an answer's text (`rest.Rest`) take their response here, as the exception `Answered`, and so
leave discord.py before it does what is right for other calls and wrong for these:

- after the call that empties a window it sleeps out the window within the call, although the text is on screen;
- after a 429, 500, 502, 504 or 524 it repeats the request with the text of then, which could land after a newer one;
- it keeps one counter for each bucket hash and channel. Creates and edits share a hash, so that a spent budget of
  edits would hold back creates, and both would be held to the slower pace;
- calls of one interaction token share a lock, and the one that empties a window sleeps holding it.

What replaces all that is `tickertape.screen.pacing` over the learned budgets.
"""

from __future__ import annotations

import asyncio
from contextvars import ContextVar
from types import SimpleNamespace

import aiohttp
import structlog
from yarl import URL

from tickertape.discord.http.budgets import DiscordBudgets
from tickertape.discord.http.global_limit import GlobalLimit, Permit, is_exempt
from tickertape.discord.http.response import Response

_log = structlog.get_logger(__name__)

takes_response: ContextVar[bool] = ContextVar("takes_response", default=False)
"""Set in the task of a call that shows an answer: its response comes as `Answered`."""

held_permit: ContextVar[Permit | None] = ContextVar("held_permit", default=None)
"""Set in the task of a call that has waited for its permit already; a repetition of its request waits for another."""


class Answered(Exception):
    """Not an error: the response of a call that `takes_response`, on its way past discord.py."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status)
        self.response = response


class HttpTrace:
    """The hooks of one bot's HTTP session. `base` is the address of the API."""

    def __init__(self, base: str, budgets: DiscordBudgets) -> None:
        self._base = str(URL(base))
        self._budgets = budgets
        self.limit = GlobalLimit()

    def config(self) -> aiohttp.TraceConfig:
        """Return the configuration to give to the client as `http_trace`."""
        config = aiohttp.TraceConfig()
        config.on_request_start.append(self._on_start)
        config.on_request_end.append(self._on_end)
        config.on_request_exception.append(self._on_exception)
        return config

    async def _on_start(
        self,
        _session: aiohttp.ClientSession,
        context: SimpleNamespace,
        params: aiohttp.TraceRequestStartParams,
    ) -> None:
        path = self._path(params.url)
        if path is None:
            return
        if path.startswith("/webhooks/"):
            # Their token is in the path; the bot's own is not asked for.
            params.headers.popall("Authorization", None)
        if not is_exempt(path):
            permit = held_permit.get()
            if permit is None or permit.used:
                permit = await self.limit.wait()
            permit.used = True
            context.permit = permit

    async def _on_end(
        self,
        _session: aiohttp.ClientSession,
        context: SimpleNamespace,
        params: aiohttp.TraceRequestEndParams,
    ) -> None:
        _release(context)
        path = self._path(params.url)
        if path is None:
            return
        raw = params.response
        response = Response(raw.status, raw.headers, await raw.read(), _now())
        self._learn(params.method, path, response)
        if takes_response.get():
            raise Answered(response)

    async def _on_exception(
        self,
        _session: aiohttp.ClientSession,
        context: SimpleNamespace,
        _params: aiohttp.TraceRequestExceptionParams,
    ) -> None:
        _release(context)

    def _learn(self, method: str, path: str, response: Response) -> None:
        budget = self._budgets.get(method, path, response.at)
        if budget is not None and response.reading is not None:
            budget.learn(response.at, response.reading)
        if response.status != 429:
            return
        _log.warning("discord_429", method=method, budget=budget and str(budget.key), retry_after=response.retry_after,
                     scope=response.headers.get("X-RateLimit-Scope"), code=response.code)  # fmt: skip
        if budget is not None:
            budget.close(response.at, response.retry_after)
        if response.is_global:
            self._budgets.everything.close(response.at, response.retry_after)
            self.limit.close(response.at + response.retry_after)

    def _path(self, url: URL) -> str | None:
        """Return the path below the API's address, None for the gateway and other servers."""
        address = str(url.with_query(None))
        return address.removeprefix(self._base) if address.startswith(self._base + "/") else None


def _release(context: SimpleNamespace) -> None:
    """Give back the permit of a request that has ended, if it has one."""
    permit: Permit | None = getattr(context, "permit", None)
    if permit is not None:
        permit.release()


def _now() -> float:
    return asyncio.get_running_loop().time()
