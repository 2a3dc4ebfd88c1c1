"""Checks application commands and the options that people fill in, pure (API documentation, application commands)."""

from __future__ import annotations

import unicodedata

from bots.sandbox.discord.entities import Json
from bots.sandbox.discord.errors import CannotDo, FormErrors

MAX_STRING_OPTION = 6000
"""Characters of a string option (API documentation, application commands)."""

CHAT_INPUT, USER_COMMAND, MESSAGE_COMMAND = 1, 2, 3
_SUBCOMMAND, _GROUP, _STRING, _INTEGER, _BOOLEAN, _NUMBER = 1, 2, 3, 4, 5, 10
_PYTHON_TYPES: dict[int, tuple[type, ...]] = {
    _STRING: (str,),
    _INTEGER: (int,),
    _BOOLEAN: (bool,),
    _NUMBER: (int, float),
}


def check_command(raw: Json, errors: FormErrors, prefix: str = "") -> None:
    """Note the faults of a command's definition; `prefix` is where it stands in the body."""
    kind = raw.get("type") or CHAT_INPUT
    _check_name(str(raw.get("name") or ""), kind, f"{prefix}name", errors)
    description = raw.get("description") or ""
    if kind == CHAT_INPUT and not 1 <= len(description) <= 100:
        errors.add(f"{prefix}description", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.")
    _check_choices(raw, "integration_types", {0, 1}, prefix, errors)
    _check_choices(raw, "contexts", {0, 1, 2}, prefix, errors)
    _check_options(raw.get("options") or [], prefix, errors)


def normalised(raw: Json) -> Json:
    """Return a definition as Discord gives it back: with its defaults, without what says nothing."""
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


def fill_options(command: Json, words: list[str], values: Json) -> list[Json]:
    """Return an interaction's options: `words` name a subcommand, `values` are given by option name.

    Raises CannotDo for what Discord's own app would not send.
    """
    options = command.get("options") or []
    if words:
        return [_fill_subcommand(options, words, values)]
    known = {option["name"]: option for option in options}
    for name in values.keys() - known.keys():
        raise CannotDo(f"the command has no option {name!r}")
    for option in options:
        if option.get("required") and option["name"] not in values:
            raise CannotDo(f"the option {option['name']!r} is required")
    return [_fill(known[name], value) for name, value in values.items()]


def _check_name(name: str, kind: int, path: str, errors: FormErrors) -> None:
    if kind != CHAT_INPUT:
        if not 1 <= len(name) <= 32:
            errors.add(path, "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 32 in length.")
    elif not 1 <= len(name) <= 32 or name != name.lower() or not all(map(_fits_name, name)):
        errors.add(path, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")


def _fits_name(character: str) -> bool:
    """Tell whether a slash command's name may hold a character: letters and digits of every script, and -_'."""
    return character in "-_'" or unicodedata.category(character)[0] in "LNM"


def _check_choices(raw: Json, field: str, known: set[int], prefix: str, errors: FormErrors) -> None:
    for index, value in enumerate(raw.get(field) or []):
        if value not in known:
            errors.add(
                f"{prefix}{field}.{index}", "BASE_TYPE_CHOICES", f"Value must be one of {sorted(known)}."
            )


def _check_options(options: list[Json], prefix: str, errors: FormErrors) -> None:
    if len(options) > 25:
        errors.add(f"{prefix}options", "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
    names = [option.get("name") for option in options]
    if len(names) != len(set(names)):
        errors.add(
            f"{prefix}options", "APPLICATION_COMMAND_OPTIONS_NAME_DUPLICATED", "Option names must be unique"
        )
    optional_seen = False
    for index, option in enumerate(options):
        path = f"{prefix}options.{index}."
        _check_option(option, path, errors)
        if option.get("required") and optional_seen:
            errors.add(
                f"{path}required",
                "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
                "Required options must be placed before non-required options",
            )
        optional_seen = optional_seen or not option.get("required")


def _check_option(option: Json, path: str, errors: FormErrors) -> None:
    _check_name(str(option.get("name") or ""), CHAT_INPUT, f"{path}name", errors)
    if not 1 <= len(option.get("description") or "") <= 100:
        errors.add(f"{path}description", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.")
    if option.get("type") not in range(1, 12):
        errors.add(f"{path}type", "BASE_TYPE_CHOICES", "Value must be one of the option types.")
    for field in ("min_length", "max_length"):
        if not 0 <= (option.get(field) or 0) <= MAX_STRING_OPTION:
            errors.add(
                f"{path}{field}", "NUMBER_TYPE_MAX", f"int value should be at most {MAX_STRING_OPTION}."
            )
    if option.get("type") in {_SUBCOMMAND, _GROUP}:
        _check_options(option.get("options") or [], path, errors)


def _normalised_option(option: Json) -> Json:
    data = {key: value for key, value in option.items() if value not in (None, False, [])}
    if nested := data.get("options"):
        data["options"] = [_normalised_option(each) for each in nested]
    return data


def _fill_subcommand(options: list[Json], words: list[str], values: Json) -> Json:
    word, *rest = words
    for option in options:
        if option["name"] == word and option["type"] in {_SUBCOMMAND, _GROUP}:
            return {"name": word, "type": option["type"], "options": fill_options(option, rest, values)}
    raise CannotDo(f"the command has no subcommand {word!r}")


def _fill(option: Json, value: object) -> Json:
    kinds = _PYTHON_TYPES.get(option["type"])
    if kinds is None:
        raise CannotDo(f"the stand-in has no options of type {option['type']}")
    if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
        raise CannotDo(f"the option {option['name']!r} does not take {value!r}")
    if isinstance(value, str):
        _check_string(option, value)
    allowed = [choice["value"] for choice in option.get("choices") or []]
    if allowed and value not in allowed:
        raise CannotDo(f"the option {option['name']!r} takes one of {allowed}")
    return {"name": option["name"], "type": option["type"], "value": value}


def _check_string(option: Json, value: str) -> None:
    """Refuse a text that the app would not let anybody send; an empty one cannot be entered at all."""
    least = max(1, option.get("min_length") or 1)
    most = min(MAX_STRING_OPTION, option.get("max_length") or MAX_STRING_OPTION)
    if not least <= len(value) <= most:
        raise CannotDo(f"the option {option['name']!r} takes {least} to {most} characters")
