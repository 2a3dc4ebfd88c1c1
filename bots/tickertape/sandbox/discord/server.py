"""The server that ties the stand-in's parts together."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from aiohttp import web

from tickertape.sandbox.discord.gateway.gateway import Gateway
from tickertape.sandbox.discord.limits import Limits
from tickertape.sandbox.discord.page.control import Control
from tickertape.sandbox.discord.people.people import People
from tickertape.sandbox.discord.rest.app import AppRoutes
from tickertape.sandbox.discord.rest.bodies import MAX_REQUEST
from tickertape.sandbox.discord.rest.calls import CallLog, Drop, Fault, Faults
from tickertape.sandbox.discord.rest.cdn import Cdn
from tickertape.sandbox.discord.rest.channels import ChannelRoutes
from tickertape.sandbox.discord.rest.interactions import InteractionRoutes
from tickertape.sandbox.discord.rest.messages import MessageRoutes
from tickertape.sandbox.discord.rest.pipeline import Pipeline
from tickertape.sandbox.discord.rest.reactions import ReactionRoutes
from tickertape.sandbox.discord.rest.threads import ThreadRoutes
from tickertape.sandbox.discord.world.entities import Channel, Message
from tickertape.sandbox.discord.world.mentions import Ping
from tickertape.sandbox.discord.world.people import Guild, User
from tickertape.sandbox.discord.world.permissions import Permission
from tickertape.sandbox.discord.world.world import World
from tickertape.sandbox.serving import listen

API_ROOT = "/api/v10"
TOKEN = "sandbox.discord.token"  # noqa: S105 - opens nothing but the stand-in


class DiscordSandbox(People):
    """A local Discord with a guild, a #general channel, and people who can ask the bot.

    `latency` is the round trip in seconds: half of it passes before a call takes effect and half before its answer
    arrives; gateway events take half of it. `privileged_intents` are the bits of those that the application has
    enabled (a new application has none; asking for another closes the gateway with 4014).

    `alice` and `bob` are members, `bob` has the app installed for himself too, `moderator` may manage messages,
    `owner` owns the guild. `elsewhere` is a channel of a guild that the bot is not in; bob is there.
    """

    def __init__(
        self,
        *,
        limits: Limits | None = None,
        latency: float = 0.0,
        privileged_intents: int = 0,
        token: str = TOKEN,
    ) -> None:
        super().__init__(World(limits or Limits(), privileged_intents))
        self.token = token
        self.calls = CallLog()
        self.faults = Faults()
        self.gateway = Gateway(self.world, token, latency)
        self.cdn = Cdn(self.world)
        self._pipeline = Pipeline(self.world, token, latency, self.calls, self.faults)
        self._runners: list[web.AppRunner] = []
        self._settle()

    def _settle(self) -> None:
        """Fill the world with its people and places."""
        world = self.world
        self.alice: User = world.add_user("alice")
        self.bob: User = world.add_user("bob", installed=True)
        self.moderator: User = world.add_user("moderator")
        self.owner: User = world.add_user("owner")
        self.guild: Guild = self.add_guild("Tickertape", self.owner)
        moderators = self.add_role(self.guild, "Moderator", Permission.MANAGE_MESSAGES)
        for user in (self.alice, self.bob):
            self.add_member(self.guild, user)
        self.add_member(self.guild, self.moderator, moderators)
        self.general: Channel = self.add_channel(self.guild, "general")
        other = self.add_guild("Elsewhere", self.owner, with_bot=False)
        self.add_member(other, self.bob)
        self.elsewhere: Channel = self.add_channel(other, "elsewhere")

    @property
    def application_id(self) -> int:
        """The application's id, which is also the bot's."""
        return self.world.application_id

    @property
    def bot_user(self) -> User:
        """The bot."""
        return self.world.bot

    @property
    def pings(self) -> list[tuple[float, Message, Ping]]:
        """Every ping of every message: (loop time in seconds, message, ping)."""
        return self.world.pings

    @property
    def bot_pings(self) -> list[Ping]:
        """What the bot's messages pinged."""
        return [ping for _, message, ping in self.world.pings if message.author is self.world.bot]

    @property
    def url(self) -> str:
        """The server's root, which shows the page."""
        return self.world.base_url

    @property
    def api_url(self) -> str:
        """The root of the REST API, e.g. http://127.0.0.1:9000/api/v10."""
        return self.url + API_ROOT

    @property
    def gateway_url(self) -> str:
        """The gateway's address, e.g. ws://127.0.0.1:9000/gateway."""
        return self.world.gateway_url

    @property
    def cdn_url(self) -> str:
        """The root of the server that hands attachments out, e.g. http://127.0.0.1:9005."""
        return self.world.cdn_url

    async def start(self, host: str = "127.0.0.1", port: int = 0, cdn_port: int = 0) -> None:
        """Listen; port 0 takes a free one. After a `stop` the same world can be started again.

        Raises OSError where an address is taken.
        """
        self.world.clock.start()
        self.world.stopped = False
        address = await self._listen(self._app(), host, port)
        self.world.base_url = f"http://{address}"
        self.world.gateway_url = f"ws://{address}/gateway"
        self.world.cdn_url = f"http://{await self._listen(self.cdn.app(), host, cdn_port)}"

    async def _listen(self, app: web.Application, host: str, port: int) -> str:
        """Serve an application, and return the address that it has got."""
        runner, port = await listen(app, host, port)
        self._runners.append(runner)
        return f"{host}:{port}"

    async def stop(self) -> None:
        """Close every connection and stop listening."""
        self.world.stop()
        await self.gateway.close()
        while self._runners:
            await self._runners.pop().cleanup()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    def fail_next(
        self,
        method: str,
        route: str,
        status: int,
        *,
        code: int = 0,
        message: str = "",
        retry_after: float | None = None,
        scope: str = "user",
        times: int = 1,
    ) -> None:
        """Let the next calls of a route fail, e.g. `("PATCH", "/channels/{}/messages/{}", 429, retry_after=3.0)`.

        A 429 closes its budget for `retry_after` seconds, that of every call with the scope `global`.
        """
        self.faults.add(
            Fault(method, route, status, code, message, retry_after=retry_after, scope=scope, times=times)
        )

    def drop_next(self, method: str, route: str, drop: Drop = Drop.AFTER, *, times: int = 1) -> None:
        """Cut the connection of the next calls of a route, before or after they take effect."""
        self.faults.add(Fault(method, route, drop=drop, times=times))

    def delay_next(self, method: str, route: str, seconds: float, *, times: int = 1) -> None:
        """Hold the next calls of a route up before they take effect."""
        self.faults.add(Fault(method, route, delay=seconds, times=times))

    def drop_gateway(self, *, resumable: bool = True) -> None:
        """Cut the gateway's sockets in mid-stream; events meanwhile are kept for a resume if it is `resumable`."""
        self.gateway.drop(resumable=resumable)

    async def wait_ready(self, timeout: float = 60.0, *, sessions: int = 1) -> None:  # noqa: ASYNC109 - it becomes the asyncio.timeout inside
        """Wait until the bot has begun that many sessions and is connected with the newest.

        A bot that is started again begins its second session; one that resumes goes on with the old one.
        """
        await self.wait_for(lambda: self.gateway.welcomed(sessions), timeout)

    def _app(self) -> web.Application:
        app = web.Application(middlewares=[self._pipeline.handle], client_max_size=MAX_REQUEST)
        world = self.world
        for part in (
            AppRoutes(world),
            ChannelRoutes(world),
            MessageRoutes(world),
            ReactionRoutes(world),
            ThreadRoutes(world),
            InteractionRoutes(world),
        ):
            app.add_routes(
                [
                    web.RouteDef(each.method, API_ROOT + each.path, each.handler, each.kwargs)
                    for each in part.routes()
                ]
            )
        app.add_routes([web.get("/gateway", self.gateway.handle), web.get("/gateway/", self.gateway.handle)])
        app.add_routes(Control(self, self.calls).routes())
        return app
