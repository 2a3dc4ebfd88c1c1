"""The Events API over HTTP: signed posts to the app's request URL, for events, slash commands and interactions."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Callable
from urllib.parse import urlencode

import aiohttp

from tickertape.sandbox.slack.delivery.delivery import ACK_DEADLINE, Ack, Attempt, Delivery, Failure, Kind
from tickertape.sandbox.slack.world.models import Json


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """Return the `X-Slack-Signature` of a request (Slack's "Verifying requests")."""
    base = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


class EventsApi:
    """The HTTP transport; `url` is the app's request URL for everything.

    `signing_clock` gives the signature's time, seconds since 1970. It is the machine's own clock, because that is what a
    receiver compares it with, even where the stand-in runs on virtual time.
    """

    def __init__(self, secret: str) -> None:
        self.secret = secret
        self.url: str | None = None
        self.signing_clock: Callable[[], float] = time.time
        self._session: aiohttp.ClientSession | None = None

    async def verify(self) -> bool:
        """Send the `url_verification` that Slack sends when the URL is saved; True if the app answered it."""
        challenge = "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P"
        body = json.dumps({"challenge": challenge, "type": "url_verification"}).encode()
        answer = await self._post(body, "application/json", {})
        if isinstance(answer, Failure):
            return False
        given = answer.body.get("challenge") if isinstance(answer.body, dict) else answer.body
        return given == challenge

    async def deliver(self, delivery: Delivery, attempt: Attempt) -> Ack | Failure:
        """Post it; anything but a 2xx within `ACK_DEADLINE` seconds is a failure."""
        headers = {}
        if attempt.number:
            headers = {"X-Slack-Retry-Num": str(attempt.number), "X-Slack-Retry-Reason": attempt.reason}
        if delivery.kind is Kind.EVENT:
            return await self._post(json.dumps(delivery.payload).encode(), "application/json", headers)
        form = delivery.payload if delivery.kind is Kind.SLASH else {"payload": json.dumps(delivery.payload)}
        return await self._post(urlencode(form).encode(), "application/x-www-form-urlencoded", headers)

    async def _post(self, body: bytes, content_type: str, headers: dict[str, str]) -> Ack | Failure:
        stamp = str(int(self.signing_clock()))
        signed = {
            "Content-Type": content_type,
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": signature(self.secret, stamp, body),
            **headers,
        }
        try:
            async with self._client().post(self.url or "", data=body, headers=signed) as response:
                return await _read(response)
        except TimeoutError:
            return Failure("http_timeout")
        except aiohttp.ClientError:
            return Failure("connection_failed")

    def _client(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=ACK_DEADLINE))
        return self._session

    async def stop(self) -> None:
        """Close the connections to the app."""
        if self._session is not None:
            await self._session.close()
            self._session = None


async def _read(response: aiohttp.ClientResponse) -> Ack | Failure:
    if not 200 <= response.status < 300:
        return Failure("http_error", retry=response.headers.get("X-Slack-No-Retry") != "1")
    text = await response.text()
    if response.content_type == "application/json" and text:
        parsed: Json = json.loads(text)
        return Ack(parsed)
    return Ack(text or None)
