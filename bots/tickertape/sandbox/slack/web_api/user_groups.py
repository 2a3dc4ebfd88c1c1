"""usergroups.list, usergroups.users.list: who belongs to `@engineers`."""

from __future__ import annotations

from tickertape.sandbox.slack.payloads import payloads
from tickertape.sandbox.slack.web_api.errors import ApiError
from tickertape.sandbox.slack.web_api.method import Context, method
from tickertape.sandbox.slack.world.models import Json, UserGroup


def _shown(ctx: Context) -> list[UserGroup]:
    everyone = bool(ctx.args.flag("include_disabled"))
    return [group for group in ctx.world.user_groups.values() if everyone or not group.disabled]


@method("usergroups.list", "usergroups:read")
def list_groups(ctx: Context) -> Json:
    """Return the user groups, with their members or their number if asked for."""
    return {"usergroups": [_described(ctx, group) for group in _shown(ctx)]}


def _described(ctx: Context, group: UserGroup) -> Json:
    body = payloads.user_group(ctx.world, group)
    if ctx.args.flag("include_users"):
        body["users"] = sorted(group.users)
    if ctx.args.flag("include_count"):
        body["user_count"] = len(group.users)
    return body


@method("usergroups.users.list", "usergroups:read")
def list_users(ctx: Context) -> Json:
    """Return the ids of a group's members."""
    wanted = ctx.args.required("usergroup")
    group = next((each for each in _shown(ctx) if each.id == wanted), None)
    if group is None:
        raise ApiError("no_such_subteam")
    return {"users": sorted(group.users)}
