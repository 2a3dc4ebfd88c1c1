"""All settings as the documentation shows them: made from the settings themselves, so that it cannot be wrong."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from tickertape.configuration.sources import CONFIG_VARIABLE, DEFAULT_CONFIG
from tickertape.settings import NAMED_TABLES, SECTIONS, Section


@dataclass(frozen=True, slots=True)
class SettingRow:
    """One setting. `variable` is empty for one of the TOML file only, `default` if there is none."""

    variable: str
    toml: str
    default: str
    description: str


def rows() -> list[SettingRow]:
    """Return every setting that has a variable, in the order in which they are documented."""
    config = SettingRow(
        CONFIG_VARIABLE, "", f"`{DEFAULT_CONFIG}`", "The TOML file; so does `--config`, which wins."
    )
    return [
        config,
        *(
            _row(variable_of(section, name), f"{section.table}.{name}", field)
            for section in SECTIONS
            for name, field in section.model_fields.items()
        ),
    ]


def named_rows() -> list[SettingRow]:
    """Return every setting of the tables with names."""
    return [
        _row("", f"{kind.table}.NAME.{name}", field)
        for kind in NAMED_TABLES
        for name, field in kind.model_fields.items()
    ]


def variable_of(section: type[Section], name: str) -> str:
    """Return the environment's name of the field `name`."""
    alias = section.model_fields[name].validation_alias
    return alias if isinstance(alias, str) else f"{section.model_config['env_prefix']}{name}".upper()


def _row(variable: str, toml: str, field: FieldInfo) -> SettingRow:
    default = "" if field.is_required() else _default_shown(field.default)
    return SettingRow(variable, toml, default, field.description or "")


def _default_shown(default: object) -> str:
    match default:
        case SecretStr():
            return _default_shown(default.get_secret_value())
        case None | "" | {} | ():
            return ""
        case tuple():
            return f"`{','.join(default)}`"
        case bool():
            return f"`{str(default).lower()}`"
        case float():
            return f"`{default:g}`"
        case enum.Enum():
            return f"`{default.value}`"
        case _:
            return f"`{default}`"
