"""The HTTP Events API: a small server that receives events, commands and interactions at one path.

Bolt checks Slack's signature of every request before anything else. TLS is for the reverse proxy in front.
"""

from __future__ import annotations

import structlog
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp

from tickertape.slack.settings import SlackSettings, SlackSetupError

_log = structlog.get_logger(__name__)

_GRACE = 5.0
"""Seconds that requests under way get at the end; each needs milliseconds."""


class HttpConnection:
    """The server that Slack's Request URL leads to. `url` is where it listens once it is open."""

    def __init__(self, app: AsyncApp, settings: SlackSettings) -> None:
        self._app = app
        self._settings = settings
        self._runner: web.AppRunner | None = None
        self.url = ""

    async def open(self) -> None:
        """Listen; raises `SlackSetupError` if the port cannot be had."""
        server = web.Application()
        server.router.add_post(self._settings.path, self._receive)
        self._runner = web.AppRunner(server, access_log=None, shutdown_timeout=_GRACE)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._settings.host, self._settings.port)
        try:
            await site.start()
        except OSError as error:
            raise SlackSetupError(
                f"Port {self._settings.port} of {self._settings.host} cannot be listened on: {error.strerror}.",
                "Choose another host and port for Slack's events, or end what uses this one.",
            ) from error
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}{self._settings.path}"
        _log.info("slack_http_listening", url=self.url)

    async def close(self) -> None:
        """Stop listening."""
        if self._runner is not None:
            await self._runner.cleanup()

    async def _receive(self, request: web.Request) -> web.Response:
        response = await self._app.async_dispatch(await to_bolt_request(request))
        return await to_aiohttp_response(response)
