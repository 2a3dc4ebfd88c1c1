"""views.open, views.push, views.publish, views.update: modals and the app's home."""

from __future__ import annotations

from tickertape.sandbox.slack.blocks import views
from tickertape.sandbox.slack.web_api.errors import ApiError
from tickertape.sandbox.slack.web_api.method import Context, method
from tickertape.sandbox.slack.world.models import Json

TRIGGER_LIFETIME = 3.0
"""Seconds in which a trigger_id opens a modal (Slack's guide to interactivity)."""


def _read(ctx: Context, kind: str | None, view_id: str = "") -> Json:
    """Return the view of a call, or raise what is wrong with it; `view_id` is the view that it replaces."""
    view = ctx.args.json("view")
    detail = views.problem(view, kind)
    if detail is not None or not isinstance(view, dict):
        raise ApiError("invalid_arguments", detail)
    if views.is_too_large(view):
        raise ApiError("view_too_large")
    if views.taken(ctx.world, view, view_id):
        raise ApiError("duplicate_external_id")
    return view


def _exchange(ctx: Context) -> str:
    """Spend the trigger of a call, within 3 s and once, and return the id of the user who caused it."""
    trigger = ctx.world.triggers.get(ctx.args.required("trigger_id"))
    if trigger is None:
        raise ApiError("invalid_trigger_id")
    if trigger.exchanged:
        raise ApiError("exchanged_trigger_id")
    if ctx.world.clock.now() - trigger.issued_at > TRIGGER_LIFETIME:
        raise ApiError("expired_trigger_id")
    trigger.exchanged = True
    return trigger.user


@method("views.open")
def open_view(ctx: Context) -> Json:
    """Open a modal for whoever caused the trigger."""
    view = _read(ctx, "modal")
    return {"view": views.open_modal(ctx.world, _exchange(ctx), view)}


@method("views.push")
def push(ctx: Context) -> Json:
    """Open a modal on top of the one whose use caused the trigger."""
    view, user = _read(ctx, "modal"), _exchange(ctx)
    opened = ctx.world.modals.get(user, [])
    if not opened:
        raise ApiError("invalid_trigger_id")
    if len(opened) >= views.MAX_STACK:
        raise ApiError("push_limit_reached")
    return {"view": views.open_modal(ctx.world, user, view)}


@method("views.publish")
def publish(ctx: Context) -> Json:
    """Show the app's home to a user, unless it changed since `hash`."""
    world, user = ctx.world, ctx.args.required("user_id")
    if user not in world.users:
        raise ApiError("invalid_arguments", "unknown user_id")
    view = _read(ctx, "home", world.homes.get(user, ""))
    if not world.settings.home_tab:
        raise ApiError("not_enabled")
    shown = world.home_of(user)
    _check_hash(ctx, shown["hash"] if shown else "")
    return {"view": views.publish_home(world, user, view)}


@method("views.update")
def update(ctx: Context) -> Json:
    """Replace a view, unless somebody was faster."""
    wanted, external = ctx.args.text("view_id"), ctx.args.text("external_id")
    held = ctx.world.views.values()
    found = next(
        (old for old in held if old["id"] == wanted or (external and old["external_id"] == external)),
        None,
    )
    if found is None:
        raise ApiError("not_found")
    view = _read(ctx, None, found["id"])
    _check_hash(ctx, found["hash"])
    return {"view": views.store(ctx.world, view, found["id"], found["previous_view_id"])}


def _check_hash(ctx: Context, current: str) -> None:
    if ctx.args.text("hash") not in {"", current}:
        raise ApiError("hash_conflict")
