"""Checks the components of messages, pure: what a message may hold of them (API documentation, components)."""

from __future__ import annotations

from collections.abc import Iterator

from tickertape.sandbox.discord.errors import FormErrors
from tickertape.sandbox.discord.world.components import SELECTS, ComponentType, Part, component_text, flatten
from tickertape.sandbox.discord.world.emojis import is_emoji_object

MAX_COMPONENTS = 40
"""Components of a message, nested ones included."""

MAX_ROWS = 5
"""Rows of a message without components V2, and buttons of a row."""

MAX_COMPONENT_TEXT = 4000
"""Characters of all text displays of a message (components V2)."""

MAX_CUSTOM_ID = 100
"""Characters of a custom id."""


_IN_ROWS = SELECTS | {ComponentType.BUTTON}
_LINK_STYLE, _PREMIUM_STYLE = 5, 6
_STYLES = range(1, 7)


def check_components(components: list[Part], errors: FormErrors, *, v2: bool) -> None:
    """Note the faults of a message's components; `v2` is the newer form of them."""
    parts = flatten(components)
    if len(parts) > MAX_COMPONENTS:
        errors.add("components", "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", "Must be 40 or fewer in length.")
    if not v2:
        _check_rows(components, errors)
    elif len(component_text(components)) > MAX_COMPONENT_TEXT:
        errors.too_long("components", MAX_COMPONENT_TEXT)
    check_custom_ids(parts, errors)
    for path, part in _with_paths(components, "components"):
        if part.get("type") == ComponentType.BUTTON:
            _check_button(part, path, errors)
        elif part.get("type") in SELECTS:
            check_select(part, path, errors)


def check_custom_ids(parts: list[Part], errors: FormErrors) -> None:
    """Note that two components of a message or a modal bear the same custom id."""
    names = [part["custom_id"] for part in parts if part.get("custom_id")]
    if len(names) != len(set(names)):
        errors.add("components", "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated")


def check_custom_id(part: Part, path: str, errors: FormErrors) -> None:
    """Note a custom id that is missing or too long."""
    if not part.get("custom_id"):
        errors.add(f"{path}.custom_id", "BASE_TYPE_REQUIRED", "This field is required")
    elif len(str(part["custom_id"])) > MAX_CUSTOM_ID:
        errors.too_long(f"{path}.custom_id", MAX_CUSTOM_ID)


def check_select(part: Part, path: str, errors: FormErrors) -> None:
    """Note the faults of a select menu."""
    check_custom_id(part, path, errors)
    _check_text(part, "placeholder", 150, path, errors)
    least, most = part.get("min_values", 1), part.get("max_values", 1)
    if not 0 <= least <= 25 or not 1 <= most <= 25 or least > most:
        errors.add(
            f"{path}.min_values", "NUMBER_TYPE_MAX", "min_values must be at most max_values, both at most 25."
        )
    if part.get("type") == ComponentType.STRING_SELECT:
        _check_select_options(part.get("options") or [], most, path, errors)


def _check_select_options(options: list[Part], most: int, path: str, errors: FormErrors) -> None:
    if not max(1, most) <= len(options) <= 25:
        errors.add(f"{path}.options", "BASE_TYPE_BAD_LENGTH", f"Must be between {most} and 25 in length.")
    values = [option.get("value") for option in options]
    if len(values) != len(set(values)):
        errors.add(
            f"{path}.options",
            "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
            "The specified option value is already used",
        )
    for index, option in enumerate(options):
        place = f"{path}.options.{index}"
        for field in ("label", "value"):
            if not option.get(field):
                errors.add(f"{place}.{field}", "BASE_TYPE_REQUIRED", "This field is required")
        for field in ("label", "value", "description"):
            _check_text(option, field, 100, place, errors)
        _check_emoji(option, place, errors)


def _check_rows(components: list[Part], errors: FormErrors) -> None:
    """Check the older form of components: at most five action rows, each of five buttons or one select menu."""
    if len(components) > MAX_ROWS:
        errors.too_long("components", MAX_ROWS)
    for index, row in enumerate(components):
        path = f"components.{index}"
        if row.get("type") != ComponentType.ACTION_ROW:
            errors.add(f"{path}.type", "UNION_TYPE_CHOICES", "Value of field must be one of (1,).")
        else:
            _check_row(row.get("components") or [], f"{path}.components", errors)


def _check_row(parts: list[Part], path: str, errors: FormErrors) -> None:
    if not parts:
        errors.add(path, "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.")
    width = 0
    for number, part in enumerate(parts):
        if part.get("type") not in _IN_ROWS:
            errors.add(
                f"{path}.{number}.type",
                "UNION_TYPE_CHOICES",
                "Value of field must be one of (2, 3, 5, 6, 7, 8).",
            )
        width += MAX_ROWS if part.get("type") in SELECTS else 1
        if width > MAX_ROWS:
            errors.add(
                f"{path}.{number}",
                "COMPONENT_LAYOUT_WIDTH_EXCEEDED",
                "The specified component exceeds the maximum width",
            )


def _with_paths(components: list[Part], path: str) -> Iterator[tuple[str, Part]]:
    """Yield components with everything nested in them, each with its place in the body."""
    for index, part in enumerate(components):
        here = f"{path}.{index}"
        yield here, part
        yield from _with_paths(part.get("components") or [], f"{here}.components")
        if accessory := part.get("accessory"):
            yield f"{here}.accessory", accessory


def _check_button(button: Part, path: str, errors: FormErrors) -> None:
    style = button.get("style")
    if style not in _STYLES:
        errors.add(f"{path}.style", "BASE_TYPE_CHOICES", "Value must be one of {1, 2, 3, 4, 5, 6}.")
    _check_text(button, "label", 80, path, errors)
    _check_emoji(button, path, errors)
    if style == _PREMIUM_STYLE:
        return
    if not button.get("label") and not button.get("emoji"):
        errors.add(f"{path}.label", "BASE_TYPE_REQUIRED", "This field is required")
    if style == _LINK_STYLE:
        _check_link(button, path, errors)
    else:
        _check_press(button, path, errors)


def _check_link(button: Part, path: str, errors: FormErrors) -> None:
    if button.get("custom_id"):
        errors.add(
            path,
            "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE",
            "A custom id and url cannot both be specified",
        )
    if not button.get("url"):
        errors.add(f"{path}.url", "BASE_TYPE_REQUIRED", "This field is required")
    _check_text(button, "url", 512, path, errors)


def _check_press(button: Part, path: str, errors: FormErrors) -> None:
    if not button.get("custom_id"):
        errors.add(
            f"{path}.custom_id",
            "BUTTON_COMPONENT_CUSTOM_ID_REQUIRED",
            "A custom id is required for this button",
        )
    else:
        check_custom_id(button, path, errors)
    if button.get("url"):
        errors.add(
            path,
            "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE",
            "A custom id and url cannot both be specified",
        )


def _check_text(part: Part, field: str, most: int, path: str, errors: FormErrors) -> None:
    if len(str(part.get(field) or "")) > most:
        errors.too_long(f"{path}.{field}", most)


def _check_emoji(part: Part, path: str, errors: FormErrors) -> None:
    """Note what is no emoji; Discord uses this code for select menus too (discord-api-docs#8071)."""
    if part.get("emoji") is not None and not is_emoji_object(part["emoji"]):
        errors.add(f"{path}.emoji.name", "BUTTON_COMPONENT_INVALID_EMOJI", "Invalid emoji")
