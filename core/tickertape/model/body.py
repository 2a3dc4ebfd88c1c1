"""One response being read: bytes against the clocks, the transport's errors made ours, deltas out of the reader."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

import aiohttp
import httpx2

from tickertape.model.api import CutOff, Delta, ModelError, TimedOut
from tickertape.model.deadlines import Deadlines
from tickertape.model.reader import Reader
from tickertape.model.redact import excerpt
from tickertape.model.transport import Body
from tickertape.model.watch import Watch

TRANSPORT_ERRORS = (httpx2.HTTPError, httpx2.StreamError, aiohttp.ClientError, OSError)
"""What a breaking connection raises: the client's aiohttp transport translates not all of its own errors."""

_DRAIN = 0.2
"""Seconds for the rest of a finished body. Read to its end, the connection can be used for the next request."""


class Incoming:
    """The body of a response whose headers have come.

    `pause` gives the seconds for which bytes may gather between two reads. `request` names the request in errors, empty
    if it has no name.
    """

    def __init__(
        self, body: Body, deadlines: Deadlines, max_line: int, pause: Callable[[], float], request: str
    ) -> None:
        self.ended = False
        """Whether everything of interest has been read."""
        self._body = body
        self._deadlines = deadlines
        self._pause = pause
        self._watch = Watch(deadlines)
        self._reader = Reader(max_line)
        self._events = 0
        self._broken: ModelError | None = None
        self._request = request

    async def read(self) -> Delta | None:
        """Wait for the next bytes and return what they add to the answer; None if that is nothing."""
        reader = self._reader
        if reader.events != self._events:
            self._events = reader.events
            self._deadlines.event(_now(), finished=reader.finished)
        try:
            piece = await self._piece()
        except (CutOff, TimedOut) as error:
            self._broken = error
            piece = b""
        delta = reader.feed(piece)
        if piece and not reader.over:
            return delta
        self.ended = True
        return _joined(delta, reader.close())

    async def _piece(self) -> bytes:
        try:
            with self._watch:
                if self._events and (pause := self._pause()):
                    await self._body.gather(pause)
                return await self._body.read()
        except TimeoutError:
            raise self._deadlines.error() from None
        except TRANSPORT_ERRORS as error:
            raise CutOff(f"the connection broke: {describe(error)}") from None

    def close(self) -> None:
        """Stop the clocks."""
        self._watch.close()

    def outcome(self) -> Delta:
        """Return the last delta, or raise the ModelError that the answer ended with."""
        try:
            return self._reader.outcome(self._broken)
        except ModelError as error:
            error.detail += self._request
            raise

    async def drain(self) -> None:
        """Read on to the body's end, briefly."""
        if self._broken is not None:
            return
        with suppress(*TRANSPORT_ERRORS):  # a TimeoutError is one of them
            async with asyncio.timeout(_DRAIN):
                while await self._body.read():
                    pass


def describe(error: BaseException) -> str:
    """Return name and words of what is at the root of `error`: what openai makes of it is often misleading."""
    while error.__cause__ is not None:
        error = error.__cause__
    return f"{type(error).__name__}: {excerpt(str(error))}"


def _joined(delta: Delta | None, more: Delta | None) -> Delta | None:
    if delta is None or more is None:
        return delta or more
    return Delta(delta.text + more.text, delta.reasoning + more.reasoning)


def _now() -> float:
    return asyncio.get_running_loop().time()
