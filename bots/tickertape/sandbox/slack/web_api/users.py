"""auth.test, users.info, bots.info, team.info: who is who."""

from __future__ import annotations

from tickertape.sandbox.slack.payloads import payloads
from tickertape.sandbox.slack.web_api.errors import ApiError
from tickertape.sandbox.slack.web_api.method import Context, method
from tickertape.sandbox.slack.world.models import Json


@method("auth.test")
def auth_test(ctx: Context) -> Json:
    """Return whom the token belongs to."""
    world = ctx.world
    return {
        "url": f"{world.base_url}/",
        "team": world.team_name,
        "user": world.bot.name,
        "team_id": world.team_id,
        "user_id": world.bot.id,
        "bot_id": world.bot_id,
        "is_enterprise_install": False,
    }


@method("users.info", "users:read")
def users_info(ctx: Context) -> Json:
    """Return a user; `is_admin` tells who may moderate."""
    person = ctx.world.users.get(ctx.args.required("user"))
    if person is None:
        raise ApiError("user_not_found")
    return {"user": payloads.user(ctx.world, person, locale=bool(ctx.args.flag("include_locale")))}


@method("bots.info", "users:read")
def bots_info(ctx: Context) -> Json:
    """Return the app's bot."""
    if ctx.args.text("bot") not in {"", ctx.world.bot_id}:
        raise ApiError("bot_not_found")
    return {"bot": payloads.bot_profile(ctx.world) | {"user_id": ctx.world.bot.id, "icons": {}}}


@method("team.info", "team:read")
def team_info(ctx: Context) -> Json:
    """Return the workspace."""
    world = ctx.world
    return {"team": {"id": world.team_id, "name": world.team_name, "domain": world.team_domain}}
