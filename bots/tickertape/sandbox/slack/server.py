"""The stand-in itself: one server with everything that Slack offers to an app."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from aiohttp import web

from tickertape.sandbox.serving import listen
from tickertape.sandbox.slack.delivery.delivery import Deliveries, Delivery, Transport
from tickertape.sandbox.slack.delivery.events_api import EventsApi
from tickertape.sandbox.slack.delivery.response_urls import ResponseUrls
from tickertape.sandbox.slack.delivery.socket_mode import Socket, SocketMode
from tickertape.sandbox.slack.files import uploads
from tickertape.sandbox.slack.files.host import Behaviour, FileHost, FileRequest
from tickertape.sandbox.slack.page import control, page
from tickertape.sandbox.slack.people import People
from tickertape.sandbox.slack.web_api.calls import Call, Drop
from tickertape.sandbox.slack.web_api.dispatch import Tokens, WebApi
from tickertape.sandbox.slack.web_api.rate_limits import (
    COMMERCIAL_LIMITS,
    DEFAULT_LIMITS,
    Limits,
    RateLimiter,
)
from tickertape.sandbox.slack.world.models import Message
from tickertape.sandbox.slack.world.world import World

COMMERCIAL_PAGE = 15
"""Messages of a page for new commercial apps outside the Marketplace."""


class SlackSandbox(People):
    """A local Slack with one workspace, in which one app is installed.

    `limits` are the rate limits per Web API method; `latency` is the round trip of a call in seconds. The workspace
    has #general (the bot is a member), #random (it is not), and the users alice, bob and admin. Events go to the
    app's sockets (Socket Mode), or to `events_url` while that is set (HTTP). Files lie on a host of their own, `files_url`.
    """

    def __init__(self, limits: Limits = DEFAULT_LIMITS, latency: float = 0.0) -> None:
        world = World()
        self._socket_mode = SocketMode(world)
        self._events_api = EventsApi("sandbox-signing-secret")
        deliveries = Deliveries(world, self._transport)
        super().__init__(world, deliveries, ResponseUrls(world))
        world.publish = deliveries.publish
        self.bot_token = f"xoxb-sandbox-{world.team_id}"
        self.app_token = f"xapp-1-{world.app_id}-sandbox"
        self._web_api = WebApi(
            world,
            Tokens(self.bot_token, self.app_token),
            RateLimiter(limits),
            self._socket_url,
            latency,
        )
        self._file_host = FileHost(world, self.bot_token)
        self._runner: web.AppRunner | None = None

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Listen; port 0 takes a free one. Raises OSError if the port is taken."""
        self._runner, port = await listen(self._application(), host, port)
        await self._file_host.start(host)
        self.world.closed = False
        self.world.base_url = f"http://{host}:{port}"

    async def stop(self) -> None:
        """Close every connection and stop listening. What was not delivered yet never will be."""
        self.world.closed = True
        self.world.changed()
        await self._deliveries.stop()
        await self._events_api.stop()
        await self._socket_mode.stop()
        await self._file_host.stop()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.stop()

    def _application(self) -> web.Application:
        app = web.Application(client_max_size=16 * 1024**2)
        app.router.add_route("*", "/api/{method}", self._web_api.handle)
        app.router.add_get("/link/", self._socket_mode.connect)
        app.router.add_post("/actions/{team}/{key}", self._response_urls.handle)
        uploads.add_routes(app, self.world)
        control.add_routes(app, self)
        page.add_routes(app)
        return app

    def _transport(self) -> Transport:
        return self._events_api if self._events_api.url else self._socket_mode

    def _socket_url(self) -> str:
        address = self.world.base_url.replace("http", "ws", 1)
        return f"{address}/link/?ticket={self._socket_mode.ticket()}&app_id={self.world.app_id}"

    @property
    def page_url(self) -> str:
        """The address of the page for people, e.g. `http://127.0.0.1:40000/`."""
        return f"{self.world.base_url}/"

    @property
    def api_url(self) -> str:
        """The base address of the Web API, e.g. `http://127.0.0.1:40000/api/`."""
        return f"{self.world.base_url}/api/"

    @property
    def files_url(self) -> str:
        """The address of the file host, e.g. `http://127.0.0.1:40001/`."""
        return self.world.files_url

    @property
    def file_behaviour(self) -> Behaviour:
        """How the file host gives files: its fields can be set at any time."""
        return self._file_host.behaviour

    @property
    def file_requests(self) -> list[FileRequest]:
        """Every request that the file host got, in the order of its answers."""
        return self._file_host.requests

    @property
    def team_id(self) -> str:
        """The workspace's id."""
        return self.world.team_id

    @property
    def bot_user_id(self) -> str:
        """The user id of the app's bot."""
        return self.world.bot.id

    @property
    def signing_secret(self) -> str:
        """The secret that signs HTTP deliveries."""
        return self._events_api.secret

    @property
    def events_url(self) -> str | None:
        """The app's request URL. While set, everything is posted there, signed; None means Socket Mode."""
        return self._events_api.url

    @events_url.setter
    def events_url(self, url: str | None) -> None:
        self._events_api.url = url

    @property
    def events_api(self) -> EventsApi:
        """The HTTP delivery, to set its signing secret and clock."""
        return self._events_api

    async def verify_events_url(self) -> bool:
        """Send the `url_verification` challenge to `events_url`; True if the app answered it rightly."""
        return await self._events_api.verify()

    @property
    def scopes(self) -> frozenset[str]:
        """The bot token's scopes."""
        return self.world.scopes

    @scopes.setter
    def scopes(self, scopes: frozenset[str]) -> None:
        self.world.scopes = scopes

    @property
    def subscriptions(self) -> frozenset[str]:
        """The events that the app is subscribed to, e.g. `message.im`."""
        return self.world.subscriptions

    @subscriptions.setter
    def subscriptions(self, names: frozenset[str]) -> None:
        self.world.subscriptions = names

    @property
    def limits(self) -> Limits:
        """The rate limits in force."""
        return self._web_api.limiter.limits

    @limits.setter
    def limits(self, limits: Limits) -> None:
        self._web_api.limiter.limits = limits

    def restrict_reads(self) -> None:
        """Treat the app as a new commercial one outside the Marketplace: one read a minute, of 15 messages."""
        self.limits, self.world.page_cap = COMMERCIAL_LIMITS, COMMERCIAL_PAGE

    @property
    def latency(self) -> float:
        """The round trip of a Web API call in seconds."""
        return self._web_api.latency

    @latency.setter
    def latency(self, seconds: float) -> None:
        self._web_api.latency = seconds

    @property
    def calls(self) -> list[Call]:
        """Every Web API call so far, in the order of arrival."""
        return self._web_api.calls

    def calls_of(self, method: str) -> list[Call]:
        """Return the calls of one method."""
        return [call for call in self.calls if call.method == method]

    @property
    def rate_limited(self) -> list[Call]:
        """The calls that earned a 429."""
        return [call for call in self.calls if call.rate_limited]

    @property
    def deliveries(self) -> list[Delivery]:
        """Every event, slash command and interaction that was sent to the app."""
        return self._deliveries.all

    def events(self, kind: str) -> list[Delivery]:
        """Return the deliveries of events of one `type`, e.g. `app_mention`."""
        return [delivery for delivery in self.deliveries if delivery.event.get("type") == kind]

    @property
    def unacked(self) -> list[Delivery]:
        """What the app never acknowledged in time."""
        return [delivery for delivery in self.deliveries if not delivery.acked]

    @property
    def bot_messages(self) -> list[Message]:
        """The app's messages in all channels, in the order of posting, deleted ones too."""
        own = (message for message in self.world.messages() if message.user == self.bot_user_id)
        return sorted(own, key=lambda message: message.ts)

    @property
    def sockets(self) -> list[Socket]:
        """The open sockets of the app."""
        return self._socket_mode.sockets

    @property
    def last_socket(self) -> int:
        """The number of the socket that was opened last, open or not; 0 before the first."""
        return self._socket_mode.count

    async def new_socket(self, after: int, timeout: float = 30.0) -> Socket:  # noqa: ASYNC109 - as in wait_for
        """Wait for an open socket with a number above `after`: that of a new process, or of one that reconnected.

        Raises TimeoutError after `timeout` seconds.
        """
        return await self.wait_for(
            lambda: next((socket for socket in self.sockets if socket.number > after), None), timeout
        )

    def fail_next(
        self,
        method: str,
        *,
        error: str | None = None,
        status: int | None = None,
        drop: Drop | str | None = None,
        retry_after: int = 1,
        delay: float = 0.0,
        times: int = 1,
    ) -> None:
        """Let the next calls of a method fail: see `calls.Faults.fail_next`."""
        self._web_api.faults.fail_next(
            method, error=error, status=status, drop=drop, retry_after=retry_after, delay=delay, times=times
        )

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Ask every socket to leave: `warning`, `refresh_requested` (10 s notice) or `link_disabled` (at once)."""
        await self._socket_mode.disconnect(reason)

    def drop_sockets(self) -> None:
        """Cut every socket without a word."""
        self._socket_mode.drop()

    def deafen_sockets(self) -> None:
        """Let the open sockets live on, pings and all, but deliver nothing to them any more."""
        self._socket_mode.deafen()
