"""The Slack bot: logs in, connects, serves until it is closed, and leaves nothing behind."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from typing import Protocol

import structlog

from tickertape.downloads import HttpDownload, download_session
from tickertape.files.reader import FileReader
from tickertape.service import Service
from tickertape.slack.bolt_app import Listeners, build_app
from tickertape.slack.commands.ask import AskCommand
from tickertape.slack.commands.further import FurtherCommands
from tickertape.slack.commands.home import Home
from tickertape.slack.commands.presses import Presses
from tickertape.slack.commands.shortcuts import Shortcuts
from tickertape.slack.gateway.attachments import SlackDownload
from tickertape.slack.gateway.callers import Callers
from tickertape.slack.gateway.events import Event, Events, Handler
from tickertape.slack.gateway.events_api import HttpConnection
from tickertape.slack.gateway.history import SlackHistory
from tickertape.slack.gateway.people import People
from tickertape.slack.gateway.senders import Senders
from tickertape.slack.gateway.socket_mode import SocketConnection
from tickertape.slack.http.budgets import SlackLimits
from tickertape.slack.http.notices import Notices
from tickertape.slack.http.web import make_client, make_session
from tickertape.slack.keys import PLATFORM
from tickertape.slack.login import identify, require_scopes
from tickertape.slack.restart.restorer import SlackRestorer
from tickertape.slack.settings import Mode, SlackSettings, SlackSetupError
from tickertape.slack.showing.spots import Spots
from tickertape.slack.workspace import Identity, Workspace
from tickertape.tasks import Tasks

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
        stack.push_async_callback(workspace.tasks.close)
        spots = Spots(workspace, self._settings.native_streams)
        senders = Senders(Callers(workspace), Notices(workspace, session))
        await self._read_files(workspace, stack)
        connection = self._connect(workspace, spots, senders)
        stack.push_async_callback(connection.close)
        await connection.open()
        self.events_url = connection.url if isinstance(connection, HttpConnection) else ""
        self._announce(identity)
        restorer = SlackRestorer(workspace, spots, senders)
        workspace.tasks.start(self._service.repairer.repair(PLATFORM, restorer), "repair")
        await self._closing.wait()
        if self._removed:
            raise SlackSetupError("The app was uninstalled from the workspace.", "Install the app again.")

    async def _read_files(self, workspace: Workspace, stack: AsyncExitStack) -> None:
        """Let the files of questions be read: on a session of its own, whose token the file hosts alone are told."""
        client = workspace.client
        session = await stack.enter_async_context(download_session())
        settings = self._settings
        fetch = HttpDownload(session, settings.file_hosts, token=settings.bot_token, proxy=client.proxy)
        download = SlackDownload(fetch, client, workspace.limits)
        self._service.assistant.readers[PLATFORM] = FileReader(download, self._service.settings.files)

    def _connect(self, workspace: Workspace, spots: Spots, senders: Senders) -> Connection:
        settings, inbox = self._settings, self._service.inbox
        self._service.histories.serve(PLATFORM, SlackHistory(workspace, senders.callers))
        ask = AskCommand(workspace, inbox, spots, senders)
        further = FurtherCommands(workspace, inbox, senders, settings.command)
        home = Home(workspace, inbox.commands, senders.callers, settings.command)
        handlers: dict[str, Handler] = {
            "app_home_opened": home.on_opened,
            "app_uninstalled": self._on_uninstalled,
            "tokens_revoked": self._on_revoked,
        }
        events = Events(workspace, inbox, spots, senders, frozenset(settings.stop_reactions), handlers)
        app = build_app(settings, workspace.identity, workspace.client)
        Listeners(events, ask, Presses(workspace, inbox, spots, senders)).register(app, settings.command)
        further.register(app)
        Shortcuts(workspace, ask, further).register(app)
        if settings.mode is Mode.SOCKET:
            return SocketConnection(app, workspace.client, settings)
        return HttpConnection(app, settings)

    def _on_uninstalled(self, _: Event) -> None:
        self._remove()

    def _on_revoked(self, event: Event) -> None:
        if (event.get("tokens") or {}).get("bot"):
            self._remove()

    def _announce(self, identity: Identity) -> None:
        _log.info("slack_ready", team=identity.team, user=identity.name, mode=self._settings.mode.value)
        self.ready.set()

    def _remove(self) -> None:
        """Take note that the workspace does not want the app any more."""
        _log.error("slack_app_removed")
        self._removed = True
        self._closing.set()
