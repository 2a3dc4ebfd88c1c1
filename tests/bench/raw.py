"""What the baselines stand on: bare HTTP calls that post and edit, and the openai client's typed stream."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncGenerator
from types import TracebackType
from typing import Any, Self

import aiohttp
import openai

from tests.bench.world import Addresses
from tests.simulation.platforms import DISCORD_PAGE, SLACK_PAGE
from tests.support import keys
from tests.support.fake_platform import FakeMessage, PlainDialect
from tests.support.keys import budget
from tickertape.model.api import Delta, Finish
from tickertape.prompts.keys import MessageKey
from tickertape.prompts.turns import Conversation
from tickertape.render.dialect import Dialect
from tickertape.screen.body import Body, Call, Room
from tickertape.screen.budget import Budget, WindowBudget
from tickertape.screen.outcome import Outcome, RateLimited, Refused, Shown

Json = dict[str, Any]


def raw_session() -> aiohttp.ClientSession:
    """Return a session for all calls."""
    return aiohttp.ClientSession()


class TypedModel:
    """A model read by the openai client's typed stream."""

    def __init__(self, addresses: Addresses) -> None:
        self._model = addresses.model
        self._client = openai.AsyncOpenAI(api_key=addresses.gateway_key, base_url=addresses.gateway_url)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.close()

    async def stream(self, conversation: Conversation) -> AsyncGenerator[Delta, None]:
        """Yield the answer's text."""
        stream = await self._client.chat.completions.create(
            model=self._model, messages=[{"role": "user", "content": conversation[-1].text}], stream=True
        )
        async for chunk in stream:
            if chunk.choices and chunk.choices[0].delta.content:
                yield Delta(text=chunk.choices[0].delta.content)
        yield Delta(finish=Finish.COMPLETE)


class _RawPlace:
    """What both platforms have in common. `name` is the answer's, for the stand-ins."""

    page = 0

    def __init__(self, session: aiohttp.ClientSession, addresses: Addresses, channel: str, name: str) -> None:
        self.session, self.addresses, self.channel, self.name = session, addresses, channel, name
        self.dialect: Dialect = PlainDialect(self.page)
        self.room = Room()
        self.messages: list[FakeMessage] = []
        self._budget = WindowBudget(budget("not used"), 1, 1.0)

    def costs(self, call: Call) -> tuple[Budget, ...]:  # noqa: ARG002 - a surface's signature
        """Return nothing: a baseline knows no budgets."""
        return ()

    def outcome(self, status: int, data: Json, retry_after: float, key: str | None) -> Outcome:
        """Return what came of a call."""
        if status == 429:
            return RateLimited(self._budget, retry_after)
        if key is None:
            return Refused(f"{status} {data}")
        return Shown(keys.key(key), asyncio.get_running_loop().time())


class RawDiscord(_RawPlace):
    """A channel of Discord, by its REST API."""

    page = DISCORD_PAGE

    async def post(self, body: Body, page: int) -> Outcome:
        """Create a message."""
        payload = {"content": body.text, "nonce": f"{self.name}-{page}", "enforce_nonce": True}
        return await self._call("POST", "", payload)

    async def edit(self, message: MessageKey, body: Body) -> Outcome:
        """Edit a message."""
        return await self._call("PATCH", f"/{message}", {"content": body.text})

    async def _call(self, method: str, path: str, payload: Json) -> Outcome:
        url = f"{self.addresses.discord_url}/channels/{self.channel}/messages{path}"
        headers = {"Authorization": f"Bot {self.addresses.discord_token}"}
        async with self.session.request(method, url, json=payload, headers=headers) as response:
            data: Json = await response.json()
            return self.outcome(response.status, data, float(data.get("retry_after", 0)), data.get("id"))


class RawSlack(_RawPlace):
    """A channel of Slack, by its Web API."""

    page = SLACK_PAGE

    async def post(self, body: Body, page: int) -> Outcome:  # noqa: ARG002 - a surface's signature
        """Create a message."""
        return await self._call("chat.postMessage", {}, body)

    async def edit(self, message: MessageKey, body: Body) -> Outcome:
        """Edit a message."""
        return await self._call("chat.update", {"ts": message}, body)

    async def _call(self, method: str, arguments: Json, body: Body) -> Outcome:
        payload = {"channel": self.channel, "text": "…", "blocks": [{"type": "markdown", "text": body.text}]}
        headers = {"Authorization": f"Bearer {self.addresses.slack_bot_token}"}
        url = f"{self.addresses.slack_url}{method}"
        async with self.session.post(url, json=payload | arguments, headers=headers) as response:
            data: Json = await response.json()
            retry_after = float(math.ceil(float(response.headers.get("Retry-After", 0))))
            return self.outcome(response.status, data, retry_after, data.get("ts"))
