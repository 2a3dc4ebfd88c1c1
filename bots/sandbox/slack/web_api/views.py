"""views.open, views.publish, views.update: modals and the app's home."""

from __future__ import annotations

from bots.sandbox.slack import blocks
from bots.sandbox.slack.models import Json
from bots.sandbox.slack.web_api.errors import ApiError
from bots.sandbox.slack.web_api.method import Context, method

TRIGGER_LIFETIME = 3.0
"""Seconds in which a trigger_id opens a modal (Slack's guide to interactivity)."""
_EXCHANGED = float("-inf")


def _read(ctx: Context, kind: str) -> Json:
    view = ctx.args.json("view")
    if not isinstance(view, dict) or view.get("type") not in {"modal", "home"}:
        raise ApiError("invalid_arguments", "malformed view")
    if kind and view["type"] != kind:
        raise ApiError("invalid_arguments", f"view type must be {kind}")
    problem = blocks.problem(view.get("blocks", []), blocks.MAX_VIEW_BLOCKS)
    if problem is not None:
        raise ApiError("invalid_arguments", problem.detail)
    return view


def _stored(ctx: Context, view: Json, view_id: str, **more: str) -> Json:
    world = ctx.world
    own = {"id": view_id, "team_id": world.team_id, "app_id": world.app_id, "bot_id": world.bot_id}
    stored = {**view, **own, **more, "hash": world.new_id("hash-").lower()}
    world.views[view_id] = stored
    world.changed()
    return {"view": stored}


@method("views.open")
def open_view(ctx: Context) -> Json:
    """Open a modal for whoever caused the trigger: within 3 s, and once."""
    view = _read(ctx, "modal")
    trigger = ctx.args.required("trigger_id")
    issued = ctx.world.triggers.get(trigger)
    if issued is None:
        raise ApiError("invalid_trigger_id")
    if issued == _EXCHANGED:
        raise ApiError("exchanged_trigger_id")
    if ctx.world.clock.now() - issued > TRIGGER_LIFETIME:
        raise ApiError("expired_trigger_id")
    ctx.world.triggers[trigger] = _EXCHANGED
    return _stored(ctx, view, ctx.world.new_id("V"))


@method("views.publish")
def publish(ctx: Context) -> Json:
    """Show the app's home to a user."""
    view = _read(ctx, "home")
    user = ctx.args.required("user_id")
    if user not in ctx.world.users:
        raise ApiError("invalid_arguments", "unknown user_id")
    return _stored(ctx, view, f"home-{user}", user_id=user)


@method("views.update")
def update(ctx: Context) -> Json:
    """Replace a view, unless somebody was faster."""
    view = _read(ctx, "")
    wanted, external = ctx.args.text("view_id"), ctx.args.text("external_id")
    held = ctx.world.views.values()
    found = next(
        (old for old in held if old["id"] == wanted or (external and old.get("external_id") == external)),
        None,
    )
    if found is None:
        raise ApiError("not_found")
    if ctx.args.text("hash") not in {"", found["hash"]}:
        raise ApiError("hash_conflict")
    return _stored(ctx, view, found["id"])
