"""Checks names, options and choices of application commands, pure (API documentation, application commands).

The documentation names the rules, not the codes of a breach. Codes that nobody has reported are the stand-in's own.
"""

from __future__ import annotations

import enum
import unicodedata
from typing import Any

from tickertape.sandbox.discord.commands.localizations import check_localizations
from tickertape.sandbox.discord.errors import FormErrors

MAX_STRING_OPTION = 6000
"""Characters of a string option."""

MAX_INTEGER = 2**53 - 1
"""The largest integer of an option, and below zero the least."""

MAX_OPTIONS = 25
"""Options of a command, and choices of an option."""

Definition = dict[str, Any]
"""The JSON object of an option or a choice."""


class OptionType(enum.IntEnum):
    """Types of option."""

    SUBCOMMAND = 1
    GROUP = 2
    STRING = 3
    INTEGER = 4
    BOOLEAN = 5
    USER = 6
    CHANNEL = 7
    ROLE = 8
    MENTIONABLE = 9
    NUMBER = 10
    ATTACHMENT = 11


NESTED = {OptionType.SUBCOMMAND, OptionType.GROUP}
_CHOOSABLE = {OptionType.STRING, OptionType.INTEGER, OptionType.NUMBER}


def check_name(name: str, path: str, errors: FormErrors) -> None:
    """Note a name that a slash command or an option cannot have: capitals, blanks, wrong length."""
    if not 1 <= len(name) <= 32 or name != name.lower() or not all(map(_fits_name, name)):
        errors.add(path, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")


def _fits_name(character: str) -> bool:
    """Tell whether a name may hold a character: letters and digits of every script, and -_'."""
    return character in "-_'" or unicodedata.category(character)[0] in "LNM"


def check_text(text: str, path: str, errors: FormErrors) -> None:
    """Note a description or a choice's name that is empty or too long."""
    if not 1 <= len(text) <= 100:
        errors.add(path, "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.")


def check_options(options: list[Definition], prefix: str, errors: FormErrors, parent: int = 0) -> None:
    """Note the faults of a command's options, or of those of a `parent` subcommand or group."""
    if len(options) > MAX_OPTIONS:
        errors.add(f"{prefix}options", "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
    names = [option.get("name") for option in options]
    if len(names) != len(set(names)):
        errors.add(
            f"{prefix}options", "APPLICATION_COMMAND_OPTIONS_NAME_DUPLICATED", "Option names must be unique"
        )
    for index, option in enumerate(options):
        _check_option(option, f"{prefix}options.{index}.", errors, parent)
    _check_order(options, prefix, errors)
    _check_kinds(options, prefix, errors)


def _check_order(options: list[Definition], prefix: str, errors: FormErrors) -> None:
    optional_seen = False
    for index, option in enumerate(options):
        if option.get("required") and optional_seen:
            errors.add(
                f"{prefix}options.{index}.required",
                "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
                "Required options must be placed before non-required options",
            )
        optional_seen = optional_seen or not option.get("required")


def _check_kinds(options: list[Definition], prefix: str, errors: FormErrors) -> None:
    kinds = [option.get("type") in NESTED for option in options]
    for index, nested in enumerate(kinds):
        if nested != kinds[0]:
            errors.add(
                f"{prefix}options.{index}",
                "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID",
                "Sub-command and sub-command group option types are mutually exclusive to all other types",
            )


def _check_option(option: Definition, path: str, errors: FormErrors, parent: int) -> None:
    check_name(str(option.get("name") or ""), f"{path}name", errors)
    check_localizations(option.get("name_localizations"), f"{path}name_localizations", check_name, errors)
    check_text(str(option.get("description") or ""), f"{path}description", errors)
    check_localizations(
        option.get("description_localizations"), f"{path}description_localizations", check_text, errors
    )
    kind = option.get("type")
    if kind not in set(OptionType):
        errors.add(f"{path}type", "BASE_TYPE_CHOICES", "Value must be one of the option types.")
    elif kind in NESTED:
        _check_nested(option, path, errors, parent)
    else:
        _check_values(option, path, errors)


def _check_nested(option: Definition, path: str, errors: FormErrors, parent: int) -> None:
    """Check a subcommand, which can stand in a command or a group, or a group, which can stand in a command only."""
    kind, children = option["type"], option.get("options") or []
    if parent == OptionType.SUBCOMMAND or (parent == OptionType.GROUP and kind == OptionType.GROUP):
        errors.add(f"{path}type", "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Cannot be nested here")
    if option.get("required"):
        errors.add(
            f"{path}required",
            "APPLICATION_COMMAND_REQUIRED_INVALID",
            "Required cannot be configured for this type of option",
        )
    if kind == OptionType.GROUP and any(each.get("type") != OptionType.SUBCOMMAND for each in children):
        errors.add(
            f"{path}options", "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Groups hold subcommands only"
        )
    check_options(children, path, errors, kind)


def _check_values(option: Definition, path: str, errors: FormErrors) -> None:
    """Check what narrows the values of an option."""
    kind, choices = option["type"], option.get("choices") or []
    check_choices(choices, kind, f"{path}choices", errors)
    if option.get("autocomplete") and (choices or kind not in _CHOOSABLE):
        errors.add(
            f"{path}autocomplete",
            "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_INVALID",
            "Autocomplete is for strings and numbers without choices",
        )
    for field, least in (("min_length", 0), ("max_length", 1)):
        if (value := option.get(field)) is not None and not least <= value <= MAX_STRING_OPTION:
            errors.add(
                f"{path}{field}", "NUMBER_TYPE_MAX", f"int value should be at most {MAX_STRING_OPTION}."
            )
    for field in ("min_value", "max_value"):
        if (value := option.get(field)) is not None and abs(value) > MAX_INTEGER:
            errors.add(f"{path}{field}", "NUMBER_TYPE_MAX", f"value should be at most {MAX_INTEGER}.")
    if len(option.get("file_types") or []) > 10:
        errors.add(f"{path}file_types", "BASE_TYPE_MAX_LENGTH", "Must be 10 or fewer in length.")


def check_choices(choices: list[Definition], kind: int, path: str, errors: FormErrors) -> None:
    """Note the faults of an option's choices, or of suggestions for one; `kind` is the option's type."""
    if choices and kind not in _CHOOSABLE:
        errors.add(path, "APPLICATION_COMMAND_OPTIONS_CHOICES_INVALID", "Choices are for strings and numbers")
    if len(choices) > MAX_OPTIONS:
        errors.add(path, "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
    for index, choice in enumerate(choices):
        check_text(str(choice.get("name") or ""), f"{path}.{index}.name", errors)
        check_localizations(
            choice.get("name_localizations"), f"{path}.{index}.name_localizations", check_text, errors
        )
        if not _fits_value(choice.get("value"), kind):
            errors.add(f"{path}.{index}.value", "BASE_TYPE_BAD_LENGTH", "Not a value of the option's type.")


def _fits_value(value: object, kind: int) -> bool:
    """Tell whether a choice's value is of an option's type; strings have up to 100 characters."""
    if kind == OptionType.STRING:
        return isinstance(value, str) and 1 <= len(value) <= 100
    if isinstance(value, bool) or not isinstance(value, int if kind == OptionType.INTEGER else (int, float)):
        return False
    return abs(value) <= MAX_INTEGER
