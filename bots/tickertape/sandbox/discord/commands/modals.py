"""Modals, pure: what a response may open, and what people send back (API documentation, using modal components)."""

from __future__ import annotations

from collections.abc import Mapping

from tickertape.sandbox.discord.commands.components import check_custom_id, check_custom_ids, check_select
from tickertape.sandbox.discord.errors import CannotDo, FormErrors
from tickertape.sandbox.discord.world.components import SELECTS, ComponentType, Part, flatten

MAX_TITLE = 45
"""Characters of a modal's title, and of a label."""

MAX_TEXT = 4000
"""Characters of a text input."""

Values = Mapping[str, str | list[str]]
"""What people enter, by custom id: a text, or the values chosen in a select menu."""


def check_modal(fields: Part, errors: FormErrors) -> None:
    """Note the faults of a response that opens a modal."""
    check_custom_id(fields, "data", errors)
    if not 1 <= len(str(fields.get("title") or "")) <= MAX_TITLE:
        errors.add("data.title", "BASE_TYPE_BAD_LENGTH", f"Must be between 1 and {MAX_TITLE} in length.")
    components = fields.get("components") or []
    if not 1 <= len(components) <= 5:
        errors.add("data.components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.")
    check_custom_ids(flatten(components), errors)
    for index, part in enumerate(components):
        _check_part(part, f"data.components.{index}", errors)


def fill_modal(components: list[Part], values: Values) -> list[Part]:
    """Return the components as a submission carries them; raise CannotDo for what the app would not send."""
    known = {part["custom_id"] for part in flatten(components) if "custom_id" in part}
    for name in values.keys() - known:
        raise CannotDo(f"the modal has no field {name!r}")
    return [_filled(part, values) for part in components]


def _check_part(part: Part, path: str, errors: FormErrors) -> None:
    """Check a part of a modal: a label with a field, the older row with a text input, or a text to read."""
    kind = part.get("type")
    if kind == ComponentType.LABEL:
        _check_label(part, path, errors)
        _check_field(part.get("component") or {}, f"{path}.component", errors)
    elif kind == ComponentType.ACTION_ROW and len(part.get("components") or []) == 1:
        text_input = part["components"][0]
        _check_label(text_input, f"{path}.components.0", errors)
        _check_text_input(text_input, f"{path}.components.0", errors)
    elif kind != ComponentType.TEXT_DISPLAY:
        errors.add(f"{path}.type", "UNION_TYPE_CHOICES", "Value of field must be one of (1, 10, 18).")


def _check_label(part: Part, path: str, errors: FormErrors) -> None:
    if not 1 <= len(str(part.get("label") or "")) <= MAX_TITLE:
        errors.add(f"{path}.label", "BASE_TYPE_BAD_LENGTH", f"Must be between 1 and {MAX_TITLE} in length.")


def _check_field(part: Part, path: str, errors: FormErrors) -> None:
    if part.get("disabled"):
        errors.add(f"{path}.disabled", "BASE_TYPE_CHOICES", "Modals cannot have disabled components.")
    if part.get("type") == ComponentType.TEXT_INPUT:
        _check_text_input(part, path, errors)
    elif part.get("type") in SELECTS:
        check_select(part, path, errors)
    else:
        check_custom_id(part, path, errors)


def _check_text_input(part: Part, path: str, errors: FormErrors) -> None:
    if part.get("type") != ComponentType.TEXT_INPUT:
        errors.add(f"{path}.type", "UNION_TYPE_CHOICES", "Value of field must be one of (4,).")
    check_custom_id(part, path, errors)
    if part.get("style") not in {1, 2}:
        errors.add(f"{path}.style", "BASE_TYPE_CHOICES", "Value must be one of {1, 2}.")
    least, most = part.get("min_length") or 0, part.get("max_length") or MAX_TEXT
    if not 0 <= least <= MAX_TEXT or not 1 <= most <= MAX_TEXT or least > most:
        errors.add(f"{path}.max_length", "NUMBER_TYPE_MAX", f"Lengths go from 0 to {MAX_TEXT}.")
    for field, limit in (("value", MAX_TEXT), ("placeholder", 100)):
        if len(str(part.get(field) or "")) > limit:
            errors.too_long(f"{path}.{field}", limit)


def _filled(part: Part, values: Values) -> Part:
    """Return a part of a submission with what people entered in it."""
    made: Part = {"type": part["type"], "id": part["id"]}
    if "components" in part:
        return made | {"components": [_filled(child, values) for child in part["components"]]}
    if "component" in part:
        return made | {"component": _filled(part["component"], values)}
    if "custom_id" not in part:
        return made
    return made | {"custom_id": part["custom_id"]} | _entered(part, values.get(part["custom_id"]))


def _entered(part: Part, value: str | list[str] | None) -> Part:
    if part["type"] in SELECTS:
        return {"values": checked_choice(part, value if isinstance(value, list) else [])}
    text = value if isinstance(value, str) else str(part.get("value") or "")
    required = part.get("required", True)
    least = max(int(required), part.get("min_length") or 0) if text or required else 0
    if not least <= len(text) <= (part.get("max_length") or MAX_TEXT):
        raise CannotDo(f"the field {part['custom_id']!r} does not take {len(text)} characters")
    return {"value": text}


def checked_choice(part: Part, values: list[str]) -> list[str]:
    """Return values chosen in a select menu; raise CannotDo for too few, too many, or ones it does not offer."""
    least, most = part.get("min_values", 1), part.get("max_values", 1)
    if not least <= len(set(values)) <= most:
        raise CannotDo(f"choose {least} to {most}")
    offered = {option["value"] for option in part.get("options") or []}
    if part["type"] == ComponentType.STRING_SELECT and not offered.issuperset(values):
        raise CannotDo(f"the menu offers only {sorted(offered)}")
    return values
