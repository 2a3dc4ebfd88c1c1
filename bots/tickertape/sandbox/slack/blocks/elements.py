"""Block Kit's interactive elements: what is valid, where they stand, and what using one sends. Pure.

Limits from Slack's reference of block elements.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from tickertape.sandbox.slack.blocks.composition import (
    confirm_problem,
    first,
    length_problem,
    options_problem,
    text_problem,
)

Json = dict[str, Any]

MAX_BUTTON = 75
MAX_VALUE = 2000
MAX_ID = 255
MAX_PLACEHOLDER = 150
FEEDBACK = ("positive_button", "negative_button")


def element_problem(element: Json) -> str | None:
    """Return what is wrong with an element of an `actions` block or an accessory."""
    kind = element.get("type")
    if not isinstance(kind, str):
        return "missing required field: type"
    check = _CHECKS.get(kind)
    if check is None:
        return f"unsupported type: {kind}"
    return _common(element) or check(element)


def context_element_problem(element: Json) -> str | None:
    """Return what is wrong with an element of a `context_actions` block."""
    check = _CONTEXT_CHECKS.get(str(element.get("type")))
    if check is None:
        return f"unsupported type: {element.get('type')}"
    return _common(element) or check(element)


def input_element_problem(element: object) -> str | None:
    """Return what is wrong with the element of an `input` block."""
    if not isinstance(element, dict):
        return "missing required field: element"
    check = _INPUT_CHECKS.get(str(element.get("type")))
    if check is None:
        return f"unsupported type: {element.get('type')}"
    return _common(element) or check(element)


def _common(element: Json) -> str | None:
    return length_problem(element, "action_id", MAX_ID) or confirm_problem(element.get("confirm"))


def _button(element: Json) -> str | None:
    if element.get("style") not in {None, "primary", "danger"}:
        return "style must be primary or danger"
    return (
        length_problem(element, "value", MAX_VALUE)
        or length_problem(element, "accessibility_label", MAX_BUTTON)
        or text_problem(element.get("text"), MAX_BUTTON, plain=True)
    )


def _icon_button(element: Json) -> str | None:
    # `trash` is the only icon that Slack documents.
    return "unsupported icon" if element.get("icon") != "trash" else _button(element)


def _feedback(element: Json) -> str | None:
    return first(_feedback_button(element.get(name)) for name in FEEDBACK)


def _feedback_button(button: object) -> str | None:
    if not isinstance(button, dict) or not isinstance(button.get("value"), str):
        return "missing required field: value"
    return _button(button)


def _placeholder(element: Json) -> str | None:
    held = element.get("placeholder")
    return None if held is None else text_problem(held, MAX_PLACEHOLDER, plain=True)


def _static_select(element: Json) -> str | None:
    return _placeholder(element) or options_problem(element.get("options"))


def _text_input(element: Json) -> str | None:
    most = element.get("max_length", 3000)
    if not isinstance(most, int) or not 1 <= most <= 3000:
        return "max_length must be between 1 and 3000"
    return _placeholder(element)


def _anything(_: Json) -> str | None:
    return None


Check = Callable[[Json], str | None]

_MENUS: Mapping[str, Check] = {"static_select": _static_select, "external_select": _placeholder}
_CHECKS: Mapping[str, Check] = {
    "button": _button,
    **_MENUS,
    # Types that Tickertape does not send are let through unchecked.
    **dict.fromkeys(
        (
            "image",
            "overflow",
            "datepicker",
            "timepicker",
            "checkboxes",
            "radio_buttons",
            "users_select",
            "conversations_select",
            "channels_select",
            "workflow_button",
        ),
        _anything,
    ),
}
_CONTEXT_CHECKS: Mapping[str, Check] = {"feedback_buttons": _feedback, "icon_button": _icon_button}
_INPUT_CHECKS: Mapping[str, Check] = {
    "plain_text_input": _text_input,
    **_MENUS,
    **dict.fromkeys(("checkboxes", "radio_buttons", "users_select", "channels_select"), _anything),
}


def held(block: Mapping[str, Any]) -> Iterator[Json]:
    """Return the elements of one block, interactive or not."""
    for element in (*block.get("elements", ()), block.get("accessory"), block.get("element")):
        if isinstance(element, dict):
            yield element


def interactive(blocks: Sequence[Json]) -> list[tuple[str, Json]]:
    """Return every element of `blocks` that a person can use, with the `block_id` that holds it."""
    usable = (*_CHECKS, *_CONTEXT_CHECKS)
    return [
        (block.get("block_id", ""), element)
        for block in blocks
        for element in held(block)
        if element.get("type") in usable and element["type"] != "image"
    ]


def pressed(element: Json, *, positive: bool = True) -> Json:
    """Return what a press of a button sends; of feedback buttons it sends the positive or the negative one.

    That the pressed one's text and value stand in the action itself is as in Slack's types for JavaScript
    (`BlockFeedbackButtonsAction`).
    """
    if element["type"] != "feedback_buttons":
        return dict(element)
    button = element[FEEDBACK[0 if positive else 1]]
    return {"type": "feedback_buttons", "action_id": element["action_id"], **button}


def chosen(element: Json, option: Json) -> Json:
    """Return what the choice of `option` in a menu sends."""
    sent = {"type": element["type"], "action_id": element["action_id"], "selected_option": option}
    placeholder = element.get("placeholder")
    return sent | ({"placeholder": placeholder} if placeholder else {})


def labels(element: Json) -> list[tuple[str, bool]]:
    """Return the labels of an element's buttons, each with whether it is the positive one."""
    if element["type"] == "feedback_buttons":
        return [(element[name]["text"]["text"], name == FEEDBACK[0]) for name in FEEDBACK]
    return [(element["text"]["text"], True)] if element["type"] in {"button", "icon_button"} else []
