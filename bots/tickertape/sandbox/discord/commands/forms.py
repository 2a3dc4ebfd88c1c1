"""Checks the definitions of application commands, pure (API documentation, application commands)."""

from __future__ import annotations

from tickertape.sandbox.discord.commands.localizations import check_localizations, longest
from tickertape.sandbox.discord.commands.option_forms import check_name, check_options, check_text
from tickertape.sandbox.discord.errors import FormErrors
from tickertape.sandbox.discord.world.entities import Json

MAX_COMMAND = 8000
"""Characters of all names, descriptions and values of a command; of translations the longest counts."""

CHAT_INPUT, USER_COMMAND, MESSAGE_COMMAND = 1, 2, 3


def check_command(raw: Json, errors: FormErrors, prefix: str = "") -> None:
    """Note the faults of a command's definition; `prefix` is where it stands in the body."""
    kind = raw.get("type") or CHAT_INPUT
    if kind not in {CHAT_INPUT, USER_COMMAND, MESSAGE_COMMAND}:
        errors.add(f"{prefix}type", "BASE_TYPE_CHOICES", "Value must be one of {1, 2, 3, 4}.")
    naming = check_name if kind == CHAT_INPUT else _check_menu_name
    naming(str(raw.get("name") or ""), f"{prefix}name", errors)
    check_localizations(raw.get("name_localizations"), f"{prefix}name_localizations", naming, errors)
    _check_places(raw, "integration_types", {0, 1}, prefix, errors)
    _check_places(raw, "contexts", {0, 1, 2}, prefix, errors)
    _check_permissions(raw.get("default_member_permissions"), prefix, errors)
    if not isinstance(raw.get("nsfw") or False, bool):
        errors.add(f"{prefix}nsfw", "BOOLEAN_TYPE_CONVERT", "Must be either true or false.")
    if kind == CHAT_INPUT:
        _check_chat_input(raw, prefix, errors)
    else:
        _check_menu(raw, prefix, errors)


def _check_menu_name(name: str, path: str, errors: FormErrors) -> None:
    if not 1 <= len(name) <= 32:
        errors.add(path, "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 32 in length.")


def _check_chat_input(raw: Json, prefix: str, errors: FormErrors) -> None:
    check_text(str(raw.get("description") or ""), f"{prefix}description", errors)
    translations = raw.get("description_localizations")
    check_localizations(translations, f"{prefix}description_localizations", check_text, errors)
    check_options(raw.get("options") or [], prefix, errors)
    if not errors and _size(raw) > MAX_COMMAND:
        errors.add(
            prefix.rstrip(".") or "_root",
            "APPLICATION_COMMAND_TOO_LARGE",
            f"Command exceeds maximum size ({MAX_COMMAND})",
        )


def _check_menu(raw: Json, prefix: str, errors: FormErrors) -> None:
    """Check a command of a message's or user's menu, which has a name and nothing else to show."""
    for field in ("description", "options"):
        if raw.get(field):
            errors.add(
                f"{prefix}{field}",
                "APPLICATION_COMMAND_CONTEXT_MENU_FIELD_INVALID",
                f"Context menu commands cannot have {field}",
            )


def _check_places(raw: Json, field: str, known: set[int], prefix: str, errors: FormErrors) -> None:
    for index, value in enumerate(raw.get(field) or []):
        if value not in known:
            errors.add(
                f"{prefix}{field}.{index}", "BASE_TYPE_CHOICES", f"Value must be one of {sorted(known)}."
            )


def _check_permissions(bits: object, prefix: str, errors: FormErrors) -> None:
    if bits is not None and not str(bits).isdecimal():
        errors.add(f"{prefix}default_member_permissions", "NUMBER_TYPE_COERCE", f'Value "{bits}" is not int.')


def _size(definition: Json) -> int:
    """Return the characters of a command with its options and choices."""
    value = definition.get("value")
    own = longest(definition, "name") + longest(definition, "description")
    nested = (each for key in ("options", "choices") for each in definition.get(key) or [])
    return own + (len(value) if isinstance(value, str) else 0) + sum(map(_size, nested))


def normalised(raw: Json) -> Json:
    """Return a definition as Discord gives it back: with its defaults, without what says nothing.

    Without `integration_types` a command takes the application's, which the stand-in assumes to be a guild's only.
    """
    data: Json = {
        "type": raw.get("type") or CHAT_INPUT,
        "name": raw["name"],
        "description": raw.get("description") or "",
        "name_localizations": raw.get("name_localizations"),
        "description_localizations": raw.get("description_localizations"),
        "default_member_permissions": raw.get("default_member_permissions"),
        "dm_permission": raw.get("dm_permission", True),
        "contexts": raw.get("contexts"),
        "integration_types": raw.get("integration_types") or [0],
        "nsfw": bool(raw.get("nsfw", False)),
    }
    if options := raw.get("options"):
        data["options"] = [_normalised_option(option) for option in options]
    return data


def _normalised_option(option: Json) -> Json:
    data = {key: value for key, value in option.items() if value not in (None, False, [])}
    if nested := data.get("options"):
        data["options"] = [_normalised_option(each) for each in nested]
    return data
