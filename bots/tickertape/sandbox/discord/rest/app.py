"""REST routes of the application: who it is, where the gateway is, its commands."""

from __future__ import annotations

from aiohttp import web

from tickertape.sandbox.discord.commands.commands import Scope
from tickertape.sandbox.discord.commands.localizations import for_requester
from tickertape.sandbox.discord.errors import ApiError, Code, invalid
from tickertape.sandbox.discord.payloads import payloads
from tickertape.sandbox.discord.rest.bodies import flag, ident, no_content, read_body, read_json, reply
from tickertape.sandbox.discord.world.entities import Json
from tickertape.sandbox.discord.world.people import DEFAULT_LOCALE
from tickertape.sandbox.discord.world.world import World


class AppRoutes:
    """Handlers of the application's own routes."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[web.RouteDef]:
        """Return the routes, relative to the API's root."""
        commands = "/applications/{application_id}/commands"
        return [
            web.get("/users/@me", self.me),
            web.get("/oauth2/applications/@me", self.application),
            web.get("/applications/@me", self.application),
            web.get("/gateway", self.gateway),
            web.get("/gateway/bot", self.gateway_bot),
            *self._command_routes(commands),
            *self._command_routes("/applications/{application_id}/guilds/{guild_id}/commands"),
        ]

    def _command_routes(self, path: str) -> list[web.RouteDef]:
        one = path + "/{command_id}"
        return [
            web.get(path, self.commands),
            web.put(path, self.replace_commands),
            web.post(path, self.create_command),
            web.get(one, self.command),
            web.patch(one, self.change_command),
            web.delete(one, self.remove_command),
        ]

    async def me(self, _: web.Request) -> web.Response:
        """GET /users/@me."""
        extra = {"verified": True, "mfa_enabled": True, "email": None, "flags": 0, "locale": "en-US"}
        return reply(payloads.user(self._world.bot) | extra)

    async def application(self, _: web.Request) -> web.Response:
        """GET /applications/@me, and its older address below /oauth2."""
        world = self._world
        owner = next(user for user in world.users.values() if not user.bot)
        return reply(
            {
                "id": str(world.application_id),
                "name": world.bot.name,
                "icon": None,
                "description": "",
                "summary": "",
                "bot_public": True,
                "bot_require_code_grant": False,
                "verify_key": "0" * 64,
                "flags": payloads.application_flags(world),
                "owner": payloads.user(owner),
                "team": None,
                "bot": payloads.user(world.bot),
                "integration_types_config": {"0": {}, "1": {}},
                "approximate_guild_count": sum(
                    world.bot.id in each.members for each in world.guilds.values()
                ),
            }
        )

    async def gateway(self, _: web.Request) -> web.Response:
        """GET /gateway."""
        return reply({"url": self._world.gateway_url})

    async def gateway_bot(self, _: web.Request) -> web.Response:
        """GET /gateway/bot."""
        world, limits = self._world, self._world.limits
        now, daily = world.clock.now(), limits.identifies_a_day
        start = {
            "total": daily.calls,
            "remaining": world.windows.remaining("identifies", daily, now),
            "reset_after": int(world.windows.reset_after("identifies", now) * 1000),
            "max_concurrency": limits.identifies.calls,
        }
        return reply({"url": world.gateway_url, "shards": limits.shards, "session_start_limit": start})

    async def commands(self, request: web.Request) -> web.Response:
        """GET …/commands; without `with_localizations` one translation stands for all."""
        commands = [_public(command) for command in self._world.commands.all(self._scope(request))]
        if flag(request, "with_localizations"):
            return reply(commands)
        locale = request.headers.get("X-Discord-Locale", DEFAULT_LOCALE)
        return reply([for_requester(command, locale) for command in commands])

    async def replace_commands(self, request: web.Request) -> web.Response:
        """PUT …/commands."""
        scope, application = self._scope(request), self._world.application_id
        raw = await read_json(request)
        definitions = [_named(each) for each in (raw if isinstance(raw, list) else [])]
        commands = self._world.commands.replace_all(scope, application, definitions)
        self._world.notify()
        return reply([_public(command) for command in commands])

    async def create_command(self, request: web.Request) -> web.Response:
        """POST …/commands."""
        scope, application = self._scope(request), self._world.application_id
        raw = _named(await read_json(request))
        command, created = self._world.commands.upsert(scope, application, raw)
        self._world.notify()
        return reply(_public(command), 201 if created else 200)

    async def command(self, request: web.Request) -> web.Response:
        """GET …/commands/{id}."""
        scope = self._scope(request)
        return reply(_public(self._world.commands.get(scope, ident(request, "command_id"))))

    async def change_command(self, request: web.Request) -> web.Response:
        """PATCH …/commands/{id}."""
        scope, raw = self._scope(request), (await read_body(request)).fields
        command = self._world.commands.change(scope, ident(request, "command_id"), raw)
        return reply(_public(command))

    async def remove_command(self, request: web.Request) -> web.Response:
        """DELETE …/commands/{id}."""
        self._world.commands.remove(self._scope(request), ident(request, "command_id"))
        return no_content()

    def _scope(self, request: web.Request) -> Scope:
        """Return the scope of a request; raise errors 10002, 50001."""
        if ident(request, "application_id") != self._world.application_id:
            raise ApiError(Code.UNKNOWN_APPLICATION)
        if "guild_id" not in request.match_info:
            return None
        guild = self._world.guilds.get(ident(request, "guild_id"))
        if guild is None or self._world.bot.id not in guild.members:
            raise ApiError(Code.MISSING_ACCESS)
        return guild.id


def _named(raw: object) -> Json:
    """Return a definition that has a name at least; raise error 50035 for others."""
    if isinstance(raw, dict) and raw.get("name"):
        return raw
    raise invalid("name", "BASE_TYPE_REQUIRED", "This field is required")


def _public(command: Json) -> Json:
    """Return a command without the fields that say nothing."""
    return {key: value for key, value in command.items() if key not in _SILENT or value is not None}


_SILENT = {"name_localizations", "description_localizations"}
