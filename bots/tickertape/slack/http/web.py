"""Slack's Web API as this bot uses it: slack-sdk's client, and its errors told apart once and for all.

Raised by `reply`, with what is needed to act:

    CallFailed
    ├── CallRefused      Slack will not do it: `code`, and the scope it names in `needed`
    ├── CallRateLimited  429: `retry_after` in seconds
    └── CallUnclear      no connection, a 5xx, no JSON: nobody knows whether it took effect
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

TIMEOUT = 30
"""Seconds that a call may take."""

_SERVER_FAILURES = frozenset({"fatal_error", "internal_error", "service_unavailable", "request_timeout"})
_RETRY_AFTER = 30.0
"""Seconds to wait after a 429 that does not say how long; Slack's always do."""


class CallFailed(Exception):
    """A call did not succeed."""


class CallRefused(CallFailed):
    """Slack refuses the call, however often it is made. `code` is Slack's; `needed` names a missing scope."""

    def __init__(self, code: str, needed: str | None = None) -> None:
        super().__init__(f"{code} (needs {needed})" if needed else code)
        self.code = code
        self.needed = needed


class CallRateLimited(CallFailed):
    """A 429. `retry_after` is in seconds."""

    def __init__(self, retry_after: float) -> None:
        super().__init__(f"rate limited for {retry_after:g} s")
        self.retry_after = retry_after


class CallUnclear(CallFailed):
    """A transport or server failure: the call may or may not have taken effect."""


def make_client(token: str, api_url: str, session: aiohttp.ClientSession) -> AsyncWebClient:
    """Return a client that makes each call exactly once: slack-sdk's own retries would repeat a create blindly.

    slack-sdk always takes HTTPS_PROXY and HTTP_PROXY from the environment and ignores NO_PROXY. Reaching Slack that
    way is what an operator wants; reaching a server on this machine is not.
    """
    logger = logging.getLogger("slack_sdk.tickertape")
    logger.setLevel(
        logging.WARNING
    )  # at NOTSET slack-sdk formats every request for a debug line nobody reads
    client = AsyncWebClient(token=token, base_url=api_url, session=session, retry_handlers=[], timeout=TIMEOUT,
                            logger=logger)  # fmt: skip
    if _is_loopback(api_url):
        client.proxy = None
    return client


def make_session() -> aiohttp.ClientSession:
    """Return the one session that all calls of a bot share; slack-sdk would open a connection for each."""
    return aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT))


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    return host in {"localhost", "::1"} or host.startswith("127.")


async def reply(call: Awaitable[AsyncSlackResponse]) -> AsyncSlackResponse:
    """Make a call of the client and return its answer, or raise a `CallFailed`."""
    try:
        return await call
    except SlackApiError as error:
        raise _told_apart(error.response) from error
    except (TimeoutError, aiohttp.ClientError, OSError) as error:
        raise CallUnclear(f"{type(error).__name__}: {error}") from error
    except AttributeError as error:  # slack-sdk 3.47 takes a 200 of plain text (a captive portal) for a dict
        raise CallUnclear("the answer is not Slack's") from error


def _told_apart(response: AsyncSlackResponse | aiohttp.ClientResponse) -> CallFailed:
    """Return what a failed response means. It is aiohttp's own where slack-sdk could not parse the body."""
    data: dict[str, Any] = {}
    if isinstance(response, aiohttp.ClientResponse):
        status = response.status
    else:
        status = response.status_code
        data = response.data if isinstance(response.data, dict) else {}
    code = str(data.get("error", ""))
    if status == 429 or code == "ratelimited":
        return CallRateLimited(_seconds(response.headers.get("Retry-After")))
    if status >= 500 or not code or code in _SERVER_FAILURES:
        return CallUnclear(code or f"HTTP status {status}")
    return CallRefused(code, data.get("needed"))


def _seconds(header: str | None) -> float:
    try:
        return max(1.0, float(header or _RETRY_AFTER))
    except ValueError:
        return _RETRY_AFTER
