"""Views, which are modals and the app's home: what is valid, and which ones the users have before them.

Limits from Slack's references of modal views and Home tabs; the stack of three from its guide to modals.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from tickertape.sandbox.slack.blocks import blocks
from tickertape.sandbox.slack.blocks.composition import first, length_problem, text_problem
from tickertape.sandbox.slack.world.models import Json
from tickertape.sandbox.slack.world.world import World

MAX_TITLE = 24
MAX_METADATA = 3000
MAX_ID = 255
MAX_BYTES = 250_000
MAX_STACK = 3


def problem(view: object, kind: str | None = None) -> str | None:
    """Return what is wrong with a view, which must be of `kind` (`modal`, `home`) if that is given."""
    if not isinstance(view, dict) or view.get("type") not in {"modal", "home"}:
        return "malformed view"
    if kind is not None and view["type"] != kind:
        return f"view type must be {kind}"
    given = view.get("blocks")
    found = blocks.problem(given, blocks.Surface.VIEW)
    if found is not None:
        return found.detail
    if not given:
        return "must provide at least 1 block"
    return _lengths(view) or (_modal(view) if view["type"] == "modal" else None)


def _lengths(view: Json) -> str | None:
    limits = {"private_metadata": MAX_METADATA, "callback_id": MAX_ID, "external_id": MAX_ID}
    return first(length_problem(view, name, most) for name, most in limits.items())


def _modal(view: Json) -> str | None:
    if any(block["type"] == "input" for block in view["blocks"]) and "submit" not in view:
        return "submit is required with input blocks"
    return text_problem(view.get("title"), MAX_TITLE, plain=True) or first(
        text_problem(view[name], MAX_TITLE, plain=True) for name in ("submit", "close") if view.get(name)
    )


def is_too_large(view: Json) -> bool:
    """Tell whether a view is greater than the 250 kB that Slack takes."""
    return len(json.dumps(view).encode()) > MAX_BYTES


def taken(world: World, view: Json, view_id: str) -> bool:
    """Tell whether another view has the `external_id` of this one."""
    wanted = view.get("external_id")
    return bool(wanted) and any(
        held["external_id"] == wanted and held["id"] != view_id for held in world.views.values()
    )


def store(world: World, view: Json, view_id: str, previous: str | None = None) -> Json:
    """Keep a view under its id and return it as Slack gives it back. `previous` is the modal below it."""
    below = world.views.get(previous or "")
    stored = {
        "private_metadata": "",
        "callback_id": "",
        "external_id": "",
        "clear_on_close": False,
        "notify_on_close": False,
        **view,
        "blocks": blocks.with_ids(view["blocks"]),
        "id": view_id,
        "team_id": world.team_id,
        "app_id": world.app_id,
        "app_installed_team_id": world.team_id,
        "bot_id": world.bot_id,
        "state": {"values": {}},
        "root_view_id": below["root_view_id"] if below else view_id,
        "previous_view_id": previous,
        "hash": f"{world.clock.wall():.0f}.{world.new_id('h').lower()}",
    }
    world.views[view_id] = stored
    world.changed()
    return stored


def open_modal(world: World, user: str, view: Json) -> Json:
    """Show a modal to `user` (an id) on top of those that are open."""
    stack = world.modals.setdefault(user, [])
    stored = store(world, view, world.new_id("V"), stack[-1] if stack else None)
    stack.append(stored["id"])
    return stored


def publish_home(world: World, user: str, view: Json) -> Json:
    """Show a home to `user` (an id); it keeps its id for good (assumed)."""
    view_id = world.homes.setdefault(user, world.new_id("V"))
    return store(world, view, view_id)


def close_modal(world: World, user: str, *, all_of_them: bool = False) -> None:
    """Close the topmost modal of `user` (an id), or all."""
    stack = world.modals.get(user, [])
    del stack[0 if all_of_them else -1 :]
    world.changed()


def state(view: Json, values: Mapping[str, str]) -> Json:
    """Return `state.values` of a modal with what was entered, by `action_id`; menus are given the option's value.

    Raises LookupError where Slack's client would not let the modal be submitted: something required is missing, too
    short or too long, or there is no such field or option.
    """
    fields = {block["element"]["action_id"]: block for block in view["blocks"] if block["type"] == "input"}
    unknown = values.keys() - fields.keys()
    if unknown:
        raise LookupError(f"no such fields: {', '.join(sorted(unknown))}")
    entered: Json = {}
    for action_id, block in fields.items():
        entered[block["block_id"]] = {action_id: _entered(block, values.get(action_id))}
    return {"values": entered}


def _entered(block: Json, value: str | None) -> Json:
    element = block["element"]
    if not value and not block.get("optional"):
        raise LookupError(f"{element['action_id']} is required")
    if element["type"] == "plain_text_input":
        _check_length(element, value)
        return {"type": "plain_text_input", "value": value or None}
    return {"type": element["type"], "selected_option": option(element, value) if value else None}


def _check_length(element: Json, value: str | None) -> None:
    least, most = element.get("min_length", 0), element.get("max_length", 3000)
    if value and not least <= len(value) <= most:
        raise LookupError(f"{element['action_id']} takes {least} to {most} characters")


def option(element: Json, value: str) -> Json:
    """Return the option of a menu with this value. Raises LookupError if there is none."""
    for each in element.get("options", ()):
        if each["value"] == value:
            found: Json = each
            return found
    raise LookupError(f"no option {value!r} in {element['action_id']}")
