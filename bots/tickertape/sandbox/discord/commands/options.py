"""The options that people give to a slash command, pure: checked as the app checks them, and written as it sends them."""

from __future__ import annotations

from tickertape.sandbox.discord.commands.option_forms import (
    MAX_INTEGER,
    MAX_STRING_OPTION,
    NESTED,
    OptionType,
)
from tickertape.sandbox.discord.errors import CannotDo
from tickertape.sandbox.discord.world.entities import Attachment, Channel, Json
from tickertape.sandbox.discord.world.people import Role, User

_PLAIN: dict[int, tuple[type, ...]] = {
    OptionType.STRING: (str,),
    OptionType.INTEGER: (int,),
    OptionType.BOOLEAN: (bool,),
    OptionType.NUMBER: (int, float),
}
_NAMED_BY_ID: dict[int, tuple[type, ...]] = {
    OptionType.USER: (User,),
    OptionType.CHANNEL: (Channel,),
    OptionType.ROLE: (Role,),
    OptionType.MENTIONABLE: (User, Role),
    OptionType.ATTACHMENT: (Attachment,),
}
"""Options whose value is an id; what it stands for is sent beside them, as resolved data."""


def options_of(command: Json, words: list[str]) -> list[Json]:
    """Return the options that a command has, or the subcommand that `words` name; raise CannotDo for unknown words."""
    options: list[Json] = command.get("options") or []
    for word in words:
        found = [each for each in options if each["name"] == word and each["type"] in NESTED]
        if not found:
            raise CannotDo(f"the command has no subcommand {word!r}")
        options = found[0].get("options") or []
    if any(each["type"] in NESTED for each in options):
        raise CannotDo("the command needs one of its subcommands")
    return options


def fill_options(command: Json, words: list[str], values: Json) -> list[Json]:
    """Return an interaction's options: `words` name a subcommand, `values` are given by option name.

    Raises CannotDo for what Discord's own app would not send.
    """
    options = options_of(command, words)
    for option in options:
        if option.get("required") and option["name"] not in values:
            raise CannotDo(f"the option {option['name']!r} is required")
    return _below(command, words, _filled(options, values))


def type_option(command: Json, words: list[str], name: str, text: str, values: Json) -> list[Json]:
    """Return the options while `name` is being typed, with those that have been given before.

    The app sends what is typed as text, whatever the option's type; raises CannotDo for an option that suggests
    nothing.
    """
    options = options_of(command, words)
    typed = next((each for each in options if each["name"] == name and each.get("autocomplete")), None)
    if typed is None:
        raise CannotDo(f"the option {name!r} suggests nothing")
    focused = {"name": name, "type": typed["type"], "value": text, "focused": True}
    return _below(command, words, [*_filled(options, values), focused])


def _below(command: Json, words: list[str], filled: list[Json]) -> list[Json]:
    """Return options below the subcommands that lead to them."""
    if not words:
        return filled
    word, *rest = words
    option = next(each for each in command["options"] if each["name"] == word)
    return [{"name": word, "type": option["type"], "options": _below(option, rest, filled)}]


def _filled(options: list[Json], values: Json) -> list[Json]:
    known = {option["name"]: option for option in options}
    for name in values.keys() - known.keys():
        raise CannotDo(f"the command has no option {name!r}")
    return [_fill(known[name], value) for name, value in values.items()]


def _fill(option: Json, value: object) -> Json:
    data: Json = {"name": option["name"], "type": option["type"]}
    kinds = _NAMED_BY_ID.get(option["type"])
    if kinds is None:
        return data | {"value": _checked(option, value)}
    if not isinstance(value, kinds):
        raise CannotDo(f"the option {option['name']!r} does not take {value!r}")
    return data | {"value": str(value.id)}  # type: ignore[attr-defined]  # all of the kinds have one


def _checked(option: Json, value: object) -> object:
    """Return a text, number or truth value that an option takes; raise CannotDo for others."""
    kinds = _PLAIN[option["type"]]
    if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
        raise CannotDo(f"the option {option['name']!r} does not take {value!r}")
    if isinstance(value, str):
        _check_string(option, value)
    elif isinstance(value, (int, float)):
        _check_number(option, value)
    allowed = [choice["value"] for choice in option.get("choices") or []]
    if allowed and value not in allowed:
        raise CannotDo(f"the option {option['name']!r} takes one of {allowed}")
    return value


def _check_string(option: Json, value: str) -> None:
    """Refuse a text that the app would not let anybody send; an empty one cannot be entered at all."""
    least = max(1, option.get("min_length") or 1)
    most = min(MAX_STRING_OPTION, option.get("max_length") or MAX_STRING_OPTION)
    if not least <= len(value) <= most:
        raise CannotDo(f"the option {option['name']!r} takes {least} to {most} characters")


def _check_number(option: Json, value: float) -> None:
    least, most = option.get("min_value", -MAX_INTEGER), option.get("max_value", MAX_INTEGER)
    if not least <= value <= most:
        raise CannotDo(f"the option {option['name']!r} takes {least} to {most}")
