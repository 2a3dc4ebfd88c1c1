"""The Slack bot: logs in, connects, serves until it is closed, and leaves nothing behind."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from typing import Protocol

import structlog

from tickertape.downloads import HttpDownload, download_session
from tickertape.files.reader import FileReader
from tickertape.service import Service
from tickertape.slack.gateway.attachments import SlackDownload
from tickertape.slack.gateway.events import Events, build_app
from tickertape.slack.gateway.events_api import HttpConnection
from tickertape.slack.gateway.handlers import handlers_for
from tickertape.slack.gateway.origins import PLATFORM, Origins
from tickertape.slack.gateway.origins import Origins
from tickertape.slack.gateway.people import People
from tickertape.slack.gateway.prompts import Prompts
from tickertape.slack.gateway.socket_mode import SocketConnection
from tickertape.slack.http.budgets import SlackLimits
from tickertape.slack.http.notices import Notices
from tickertape.slack.http.web import make_client, make_session
from tickertape.slack.keys import PLATFORM
from tickertape.slack.login import identify, require_scopes
from tickertape.slack.restart.restorer import SlackRestorer
from tickertape.slack.settings import Mode, SlackSettings, SlackSetupError
from tickertape.slack.showing.surfaces import Surfaces
from tickertape.slack.tasks import Tasks
from tickertape.slack.workspace import Identity, Workspace

_log = structlog.get_logger(__name__)


class Connection(Protocol):
    """A way for Slack's events to reach the bot."""

    async def open(self) -> None:
        """Begin to receive; raises `SlackSetupError`."""
        ...

    async def close(self) -> None:
        """End it."""
        ...


class SlackBot:
    """Answers what one workspace asks. `ready` is set when events arrive."""

    def __init__(self, settings: SlackSettings, service: Service) -> None:
        self._settings = settings
        self._service = service
        self._closing = asyncio.Event()
        self._removed = False
        self._running: asyncio.Event | None = None
        self.ready = asyncio.Event()
        self.events_url = ""
        """Where events are received over HTTP; empty in Socket Mode."""

    async def run(self) -> None:
        """Serve until `close` is called. Raises `SlackSetupError` if a credential or scope is wrong or missing."""
        self._settings.require_complete()
        ended = self._running = asyncio.Event()
        try:
            async with AsyncExitStack() as stack:
                await self._serve(stack)
        finally:
            self.ready.clear()
            ended.set()

    async def close(self) -> None:
        """End `run`: receive nothing more, and wait for the calls under way."""
        self._closing.set()
        if self._running is not None:
            await self._running.wait()

    async def _serve(self, stack: AsyncExitStack) -> None:
        session = await stack.enter_async_context(make_session())
        client = make_client(self._settings.bot_token, self._settings.api_url, session)
        identity = await identify(client)
        require_scopes(identity)
        limits = SlackLimits(identity.team, explores=self._settings.explores)
        workspace = Workspace(
            identity, client, limits, People(client, limits, identity.team), Tasks(), self._service
        )
        stack.push_async_callback(workspace.tasks.drain)
        notices = Notices(workspace, session)
        origins, surfaces = Origins(workspace), Surfaces(workspace, self._settings.native_streams)
        prompts = Prompts(workspace, notices, surfaces, origins)
        await self._read_files(workspace, stack)
        connection = self._connect(workspace, prompts, origins, notices)
        stack.push_async_callback(connection.close)
        await connection.open()
        self.events_url = connection.url if isinstance(connection, HttpConnection) else ""
        self._announce(identity)
        restorer = SlackRestorer(workspace, prompts, surfaces)
        workspace.tasks.start(self._service.repairer.repair(PLATFORM, restorer), "repair")
        await self._closing.wait()
        if self._removed:
            raise SlackSetupError("The app was uninstalled from the workspace.", "Install the app again.")

    async def _read_files(self, workspace: Workspace, stack: AsyncExitStack) -> None:
        """Let the files of questions be read: on a session of its own, whose token the file hosts alone are told."""
        service, client = workspace.service, workspace.client
        session = await stack.enter_async_context(download_session())
        settings = self._settings
        fetch = HttpDownload(session, settings.file_hosts, token=settings.bot_token, proxy=client.proxy)
        download = SlackDownload(fetch, client, workspace.limits)
        service.assistant.readers[PLATFORM] = FileReader(download, service.settings.files)

    def _connect(
        self, workspace: Workspace, prompts: Prompts, origins: Origins, notices: Notices
    ) -> Connection:
        handlers = handlers_for(workspace, self._settings, prompts, origins, notices)
        events = Events(workspace.team, handlers, self._remove)
        app = build_app(self._settings, workspace.identity, workspace.client, events)
        if self._settings.mode is Mode.SOCKET:
            return SocketConnection(app, workspace.client, self._settings)
        return HttpConnection(app, self._settings)

    def _announce(self, identity: Identity) -> None:
        _log.info("slack_ready", team=identity.team, user=identity.name, mode=self._settings.mode.value)
        self.ready.set()

    def _remove(self) -> None:
        """Take note that the workspace does not want the app any more."""
        _log.error("slack_app_removed")
        self._removed = True
        self._closing.set()
