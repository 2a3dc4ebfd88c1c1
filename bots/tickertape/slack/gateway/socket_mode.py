"""Socket Mode: the connection over which Slack sends events, and a watch over it.

slack-sdk keeps the connection: it pings, and opens a new one when the old one closes, breaks or is to be refreshed. It
has been seen alive and deaf nevertheless (slackapi/bolt-python#1529). The watch looks from outside, on the loop's clock,
and replaces the connection when

- no pong has come since the look before last, or a task of slack-sdk that should run has ended; or
- not one envelope has come for `SILENCE` seconds. A deaf connection can answer pings, and a quiet workspace looks the
  same; but Slack repeats what was not acknowledged for the last time after 5 minutes (Events API reference), and that
  retry finds the new connection.
"""

from __future__ import annotations

import asyncio

import aiohttp
import structlog
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.web.async_client import AsyncWebClient

from tickertape.slack.http.web import CallFailed, CallRefused, reply
from tickertape.slack.settings import APP_FIX, SlackSettings, SlackSetupError

_log = structlog.get_logger(__name__)

PING = 10.0
"""Seconds between slack-sdk's pings."""

LOOK = 30.0
"""Seconds between two looks of the watch."""

CONNECT = 30.0
"""Seconds that the first connection may take; slack-sdk would try for ever."""

SILENCE = 240.0
"""Seconds without an envelope after which a connection is replaced."""


async def open_url(client: AsyncWebClient, app_token: str) -> str:
    """Return the address of a new socket; raises `SlackSetupError` if the app token does not allow one."""
    try:
        response = await reply(client.apps_connections_open(app_token=app_token))
    except CallRefused as refused:
        if refused.code in {
            "invalid_auth",
            "not_authed",
            "not_allowed_token_type",
            "token_revoked",
            "token_expired",
        }:
            raise SlackSetupError("Slack does not accept SLACK_APP_TOKEN.", APP_FIX) from refused
        if refused.code == "missing_scope":
            raise SlackSetupError("SLACK_APP_TOKEN lacks the scope connections:write.", APP_FIX) from refused
        raise SlackSetupError(
            f"Slack does not open a Socket Mode connection ({refused.code}).",
            "Turn on Socket Mode under Settings > Socket Mode of your Slack app.",
        ) from refused
    except CallFailed as failed:
        raise SlackSetupError(
            f"Slack cannot be reached ({failed}).",
            "Check the network, a proxy, and SLACK_API_URL.",
            may_pass=True,
        ) from failed
    return str(response["url"])


class SocketConnection:
    """The bot's Socket Mode connection."""

    def __init__(self, app: AsyncApp, client: AsyncWebClient, settings: SlackSettings) -> None:
        self._app = app
        self._client = client
        self._app_token = settings.app_token or ""
        self._handler: AsyncSocketModeHandler | None = None
        self._watch: asyncio.Task[None] | None = None
        self._heard_at = 0.0
        self._last_pong: float | None = None

    async def open(self) -> None:
        """Connect; raises `SlackSetupError` if the app token is not accepted, over which slack-sdk would loop."""
        url = await open_url(self._client, self._app_token)
        self._handler = AsyncSocketModeHandler(
            self._app, self._app_token, web_client=self._client, ping_interval=PING
        )
        socket = self._handler.client
        socket.proxy = self._client.proxy
        socket.wss_uri = url
        socket.on_message_listeners.append(self._hear)
        self._heard_at = _now()
        try:
            await asyncio.wait_for(socket.connect(), CONNECT)  # type: ignore[no-untyped-call]  # slack-sdk's gap
        except TimeoutError as error:
            raise SlackSetupError(
                "Slack's Socket Mode server cannot be reached.",
                "Let outgoing WebSocket connections (wss) through.",
                may_pass=True,
            ) from error
        self._watch = asyncio.create_task(self._keep_watch(socket), name="slack socket watch")

    async def close(self) -> None:
        """Disconnect."""
        if self._watch is not None:
            self._watch.cancel()
            await asyncio.wait({self._watch})
        if self._handler is not None:
            socket = self._handler.client
            await socket.close()  # type: ignore[no-untyped-call]  # slack-sdk annotates no None
            tasks = (socket.message_processor, socket.message_receiver, socket.current_session_monitor)
            await asyncio.gather(*(task for task in tasks if task is not None), return_exceptions=True)

    async def _hear(self, _: aiohttp.WSMessage) -> None:
        self._heard_at = _now()

    async def _keep_watch(self, socket: SocketModeClient) -> None:
        while True:
            await asyncio.sleep(LOOK)
            fault = self._fault(socket)
            if fault:
                await self._replace(socket, fault)

    def _fault(self, socket: SocketModeClient) -> str | None:
        """Return what is wrong with the connection, None if it seems well."""
        pong, self._last_pong = self._last_pong, socket.last_ping_pong_time
        if self._last_pong is None or self._last_pong == pong:
            return "no pong"
        tasks = (socket.message_processor, socket.message_receiver, socket.current_session_monitor)
        if any(task is None or task.done() for task in tasks):
            return "a task of the client has ended"
        return "no events" if _now() - self._heard_at >= SILENCE else None

    async def _replace(self, socket: SocketModeClient, fault: str) -> None:
        level = _log.info if fault == "no events" else _log.warning
        level("slack_socket_replaced", reason=fault)
        self._heard_at = _now()
        if socket.connect_operation_lock.locked():
            # slack-sdk is at it. A second attempt would leave a socket that nobody reads; but it tries one address
            # again and again, which Slack accepts once: without an address it asks for a new one.
            socket.wss_uri = None
            return
        try:
            await socket.connect_to_new_endpoint(force=True)
        except (TimeoutError, SlackApiError, aiohttp.ClientError, OSError) as error:
            _log.warning("slack_socket_not_replaced", reason=type(error).__name__)


def _now() -> float:
    return asyncio.get_running_loop().time()
