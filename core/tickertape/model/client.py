"""The model behind an OpenAI-compatible gateway. Nothing else in Tickertape imports `openai`.

The client does authentication, connections and statuses; the body is read as bytes by our own reader, because the
client's typed stream takes many times as long and mistakes broken answers for complete ones.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from datetime import UTC, datetime

import httpx2
import openai
import structlog
from openai.types.chat import (
    ChatCompletionContentPartImageParam,
    ChatCompletionContentPartTextParam,
    ChatCompletionMessageParam,
)

from tickertape.model.admission import Gate
from tickertape.model.api import (
    BadCredentials,
    BadRequest,
    Delta,
    EmptyAnswer,
    ModelError,
    ModelNotFound,
    NotAStream,
    Unreachable,
)
from tickertape.model.body import TRANSPORT_ERRORS, Incoming, describe
from tickertape.model.chunks import read_json
from tickertape.model.deadlines import Deadlines
from tickertape.model.failures import Complaint, complaint, error_for, seconds_to_wait
from tickertape.model.gathering import seconds_to_gather
from tickertape.model.redact import redact
from tickertape.model.retry import pause_before_retry
from tickertape.model.settings import ChatSettings
from tickertape.model.text import harmless
from tickertape.model.transport import BODY, Transport
from tickertape.prompts.turns import Conversation, Image, Role, Turn

_log = structlog.get_logger(__name__)

_HEADERS = {"Accept": "text/event-stream", "Accept-Encoding": "identity"}
"""Compression would hold deltas back until the compressor has enough of them."""
_KEEP_ALIVE = 15.0
"""Seconds that an idle connection is kept; gateways commonly close theirs after 60 or more."""
_ERROR_BODY = 5.0
"""Seconds for the body of an error, before its status has to do."""
_LISTED = 10
"""Models that a sentence names."""


class _ErrorBodyLost(Exception):
    """An error's body broke off or never came, so that openai could not tell the status."""

    def __init__(self, response: httpx2.Response) -> None:
        super().__init__(response.status_code)
        self.response = response


class ChatModel:
    """Answers conversations through one shared client; implements `tickertape.model.api.Model`.

    `chance` gives numbers from 0 to 1 for the jitter of retries. Use it within one event loop, and `close` it there.
    """

    def __init__(self, settings: ChatSettings, *, chance: Callable[[], float] = random.random) -> None:
        self._settings = settings
        self._chance = chance
        self._gate = Gate(settings.admission)
        self._asks_usage = True
        self._client = _client(settings)

    async def close(self) -> None:
        """Close all connections; streams that are still open break."""
        await self._client.close()

    async def stream(self, conversation: Conversation) -> AsyncGenerator[Delta, None]:
        """Yield the answer's deltas; see `tickertape.model.api.Model.stream`.

        Close the generator (`contextlib.aclosing`) when you leave it early: that closes the HTTP stream at once.
        """
        async with self._gate.answering(), aclosing(self._tries(conversation)) as deltas:
            async for delta in deltas:
                yield delta

    async def check(self) -> None:
        """Ask for the beginning of an answer; raise the ModelError that names what is wrong with the settings."""
        listed = await self._listed()
        question = (Turn(Role.USER, "Reply with the single word OK."),)
        try:
            async with self._gate.answering(), aclosing(self._try(question, self._end())) as deltas:
                await anext(deltas, None)
        except EmptyAnswer:
            return
        except (ModelNotFound, NotAStream) as error:
            raise self._redacted(type(error)(f"{error.detail}; {self._advice(listed)}")) from None
        except ModelError as error:
            raise self._redacted(error) from None

    def _advice(self, listed: list[str] | None) -> str:
        """Say what a model that is not found may be due to, given the models that the gateway lists."""
        model, address = self._settings.model, self._settings.base_url
        if listed is None:
            return f"GET {address}/models fails as well, so the base URL looks wrong"
        if model in listed:
            return f"the gateway lists {model!r}, but this key may not use it"
        more = ", …" if len(listed) > _LISTED else ""
        return f"the gateway does not list {model!r}; it lists {', '.join(listed[:_LISTED])}{more}"

    async def _listed(self) -> list[str] | None:
        """Return the names of the gateway's models, None when it gives no list. Raises Unreachable and TimedOut."""
        deadlines = Deadlines(self._settings.clocks, _now(), self._end())
        try:
            async with asyncio.timeout_at(deadlines.when):
                async with self._client.models.with_streaming_response.list() as response:
                    return _names(read_json(await response.read()))
        except TimeoutError:
            raise deadlines.error() from None
        except (openai.OpenAIError, _ErrorBodyLost, *TRANSPORT_ERRORS) as error:
            trouble = self._redacted(_translated(error))
        if isinstance(trouble, Unreachable):
            raise trouble
        return None

    def _end(self) -> float:
        """Return the moment at which an answer that begins now must be whole."""
        return _now() + self._settings.clocks.whole

    async def _tries(self, conversation: Conversation) -> AsyncGenerator[Delta, None]:
        """Yield the answer's deltas; make the request again while nothing was yielded."""
        end, failed, yielded = self._end(), 0, False
        while True:
            try:
                async with aclosing(self._try(conversation, end)) as deltas:
                    async for delta in deltas:
                        yielded = True
                        yield delta
            except ModelError as error:
                failed += 1
                trouble = self._redacted(error)
            else:
                return
            pause = (
                None if yielded else pause_before_retry(trouble, failed, self._settings.retries, self._chance)
            )
            if pause is None or _now() + pause >= end:
                raise trouble
            _log.warning("model request is made again", failed=failed, pause=pause, error=repr(trouble))
            await asyncio.sleep(pause)

    async def _try(self, conversation: Conversation, end: float) -> AsyncGenerator[Delta, None]:
        """Make one request and yield the deltas of its answer, all that one read brings as one."""
        async with self._opened(conversation, end) as incoming:
            while not incoming.ended:
                delta = await incoming.read()
                if delta is not None:
                    yield delta
            yield incoming.outcome()
            await incoming.drain()

    @asynccontextmanager
    async def _opened(self, conversation: Conversation, end: float) -> AsyncIterator[Incoming]:
        """Make a request and hold its response open; leaving closes it at once."""
        async with AsyncExitStack() as stack:
            async with self._gate.opening():
                deadlines = Deadlines(self._settings.clocks, _now(), end)
                response = await self._request(conversation, deadlines, stack)
            incoming = Incoming(
                response.extensions[BODY],
                deadlines,
                self._settings.max_line,
                self._pause,
                _request_id(response),
            )
            stack.callback(incoming.close)
            yield incoming

    def _pause(self) -> float:
        return seconds_to_gather(self._gate.streaming)

    async def _request(
        self, conversation: Conversation, deadlines: Deadlines, stack: AsyncExitStack
    ) -> httpx2.Response:
        """Return the response's beginning; a gateway that does not know stream_options is asked without from then on."""
        asks_usage = self._asks_usage
        try:
            return await self._send(conversation, deadlines, stack, asks_usage=asks_usage)
        except BadRequest as error:
            if not asks_usage or "stream_options" not in error.detail:
                raise
            _log.info("the gateway does not know stream_options, so there is no usage", error=error.detail)
        self._asks_usage = False
        return await self._send(conversation, deadlines, stack, asks_usage=False)

    async def _send(
        self, conversation: Conversation, deadlines: Deadlines, stack: AsyncExitStack, *, asks_usage: bool
    ) -> httpx2.Response:
        settings = self._settings
        if not (settings.api_key.isascii() and settings.api_key.isprintable()):
            raise BadCredentials("the API key holds characters that no key has; paste it again")
        request = self._client.chat.completions.with_streaming_response.create(
            model=settings.model,
            messages=[_message(turn) for turn in conversation],
            stream=True,
            extra_headers=_HEADERS,
            extra_body=_parameters(settings, asks_usage=asks_usage),
        )
        try:
            async with asyncio.timeout_at(deadlines.when):
                response = await stack.enter_async_context(request)
        except TimeoutError:
            raise deadlines.error() from None
        except (openai.OpenAIError, _ErrorBodyLost, *TRANSPORT_ERRORS) as error:
            raise _translated(error) from None
        return response.http_response

    def _redacted(self, error: ModelError) -> ModelError:
        """Take the key out of an error's text."""
        error.detail = redact(error.detail, self._settings.api_key)
        error.args = (error.detail,)
        return error


def _client(settings: ChatSettings) -> openai.AsyncOpenAI:
    """Return the shared client: no retries and no redirects of its own, a pool above the admission limit."""
    clocks, admission = settings.clocks, settings.admission
    connections = admission.streams + admission.opening
    return openai.AsyncOpenAI(
        api_key=settings.api_key or "none",
        base_url=settings.base_url,
        max_retries=0,
        http_client=httpx2.AsyncClient(
            transport=Transport(connections=connections, keep_alive=_KEEP_ALIVE),
            # Reading has no timeout: it would count gaps between bytes, which comments fill. Our clocks count events.
            timeout=httpx2.Timeout(None, connect=clocks.connect, pool=clocks.connect),
            follow_redirects=False,
            event_hooks={"response": [_read_error_body]},
        ),
    )


async def _read_error_body(response: httpx2.Response) -> None:
    """Read an error's body before openai does, so that a broken one does not hide the status."""
    if response.is_success:
        return
    try:
        async with asyncio.timeout(_ERROR_BODY):
            await response.aread()
    except TRANSPORT_ERRORS:  # a TimeoutError is one of them
        raise _ErrorBodyLost(response) from None


def _translated(error: Exception) -> ModelError:
    """Return our error for one of openai, httpx2 or aiohttp from before the body."""
    if isinstance(error, _ErrorBodyLost):
        return _refused(error.response, Complaint("the error's body broke off"))
    if isinstance(error, openai.APIStatusError):
        return _refused(error.response, complaint(error.body))
    if isinstance(error, (openai.APIConnectionError, *TRANSPORT_ERRORS)):
        return Unreachable(describe(error))
    return BadRequest(describe(error))


def _refused(response: httpx2.Response, said: Complaint) -> ModelError:
    """Return our error for a response that is no success."""
    error = error_for(response.status_code, said, seconds_to_wait(response.headers, datetime.now(UTC)))
    if response.is_redirect:
        error.detail += f" ({response.headers.get('location', '').partition('?')[0]})"
    error.detail += _request_id(response)
    return error


def _request_id(response: httpx2.Response) -> str:
    """Return the gateway's name for the request, in parentheses after a space; empty if it gives none."""
    value = response.headers.get("x-request-id")
    return f" (request {value})" if value else ""


def _message(turn: Turn) -> ChatCompletionMessageParam:
    content = harmless(turn.text)
    match turn.role:
        case Role.SYSTEM:
            return {"role": "system", "content": content}
        case Role.ASSISTANT:
            return {"role": "assistant", "content": content}
        case Role.USER if turn.images:
            return {"role": "user", "content": [*map(_image_part, turn.images), *_text_parts(content)]}
        case Role.USER:
            return {"role": "user", "content": content}


def _image_part(image: Image) -> ChatCompletionContentPartImageParam:
    return {"type": "image_url", "image_url": {"url": image.data_url}}


def _text_parts(text: str) -> list[ChatCompletionContentPartTextParam]:
    """Return the text behind a turn's images: nothing when it is empty, which some gateways reject."""
    return [{"type": "text", "text": text}] if text else []


def _parameters(settings: ChatSettings, *, asks_usage: bool) -> dict[str, object]:
    """Return the request's parameters beyond the conversation."""
    wanted: dict[str, object] = {
        "temperature": settings.temperature,
        "max_tokens": settings.max_tokens,
        "stream_options": {"include_usage": True} if asks_usage else None,
    }
    return {name: value for name, value in wanted.items() if value is not None} | dict(settings.extra)


def _names(value: object) -> list[str] | None:
    """Return the ids of a list of models, None if `value` is no such list."""
    data = value.get("data") if isinstance(value, Mapping) else None
    if not isinstance(data, list):
        return None
    return [str(item["id"]) for item in data if isinstance(item, Mapping) and "id" in item]


def _now() -> float:
    return asyncio.get_running_loop().time()
