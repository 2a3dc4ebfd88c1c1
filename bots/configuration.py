"""Reads all settings from the environment, `.env` and the TOML file, and says what is wrong with them.

Every problem is one sentence that names the setting and never shows its value. An unknown name is a problem too, so
that a slip of the pen is not silently ignored: in the TOML file, and for `TICKERTAPE_…` in the other two.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from dotenv import dotenv_values
from pydantic import SecretStr, ValidationError

from bots.settings import (
    SECTIONS,
    AnswerSection,
    DiscordSection,
    LogSection,
    ModelSection,
    Section,
    Settings,
    ShutdownSection,
    SlackSection,
)
from bots.settings.section import PREFIX, environment

CONFIG_VARIABLE = "TICKERTAPE_CONFIG"
DEFAULT_CONFIG = Path("tickertape.toml")
ENV_FILE = Path(".env")
_SHARED_PREFIXES = ("OPENAI_", "DISCORD_", "SLACK_")
_SLIP = 0.85
"""How alike a name must be to one of ours to count as a slip of it (0 to 1)."""


class SettingsError(Exception):
    """Something is set wrongly. `problems` holds one sentence for each, without any secret."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


@dataclass(frozen=True, slots=True)
class SettingRow:
    """One setting as the documentation shows it. `default` is empty if there is none."""

    variable: str
    toml: str
    default: str
    description: str


def load(config: Path | None = None, env_file: Path = ENV_FILE) -> Settings:
    """Return the settings; `config` is the TOML file, else what `TICKERTAPE_CONFIG` names, else `tickertape.toml`.

    Raises `SettingsError` with every problem at once. Only a file that was named must exist.
    """
    dotenv = _read_env_file(env_file)
    tables = _read_config(config, dotenv)
    problems = [*_unknown_variables(dotenv), *_unknown_keys(tables)]
    read: dict[str, Section] = {}
    for section in SECTIONS:
        try:
            read[section.table] = section.read(env_file, _known(section, tables))
        except ValidationError as error:
            problems += _sentences(section, error)
    if problems:
        raise SettingsError(problems)
    return _settings(read)


def rows() -> list[SettingRow]:
    """Return every setting, in the order in which they are documented."""
    config = SettingRow(
        CONFIG_VARIABLE, "", f"`{DEFAULT_CONFIG}`", "The TOML file; so does `--config`, which wins."
    )
    return [config, *(_row(section, name) for section in SECTIONS for name in section.model_fields)]


def variable_of(section: type[Section], name: str) -> str:
    """Return the environment's name of the field `name`."""
    alias = section.model_fields[name].validation_alias
    return alias if isinstance(alias, str) else f"{section.model_config['env_prefix']}{name}".upper()


def _settings(read: Mapping[str, Any]) -> Settings:
    model: ModelSection = read["model"]
    answer: AnswerSection = read["answer"]
    discord: DiscordSection = read["discord"]
    slack: SlackSection = read["slack"]
    shutdown: ShutdownSection = read["shutdown"]
    log: LogSection = read["log"]
    return Settings(model, answer, discord, slack, shutdown, log)


def _read_env_file(path: Path) -> dict[str, str | None]:
    if not path.is_file():
        return {}
    try:
        return dotenv_values(path, interpolate=False)
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError([f"{path} cannot be read: {_reason(error)}."]) from None


def _read_config(named: Path | None, dotenv: Mapping[str, str | None]) -> dict[str, Any]:
    variable = environment().get(CONFIG_VARIABLE) or dotenv.get(CONFIG_VARIABLE)
    path = named or (Path(variable) if variable else None)
    if path is None and not DEFAULT_CONFIG.exists():
        return {}
    path = path or DEFAULT_CONFIG
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise SettingsError([f"{path} is not valid TOML: {error}."]) from None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError([f"{path} cannot be read: {_reason(error)}."]) from None


def _reason(error: OSError | UnicodeDecodeError) -> str:
    if isinstance(error, UnicodeDecodeError):
        return f"byte {error.start} is not UTF-8"
    return (error.strerror or "it is not readable").lower()


def _known(section: type[Section], tables: Mapping[str, Any]) -> dict[str, Any]:
    """Return the section's table without what it does not know, which is reported apart."""
    table = tables.get(section.table, {})
    return (
        {name: table[name] for name in section.model_fields if name in table}
        if isinstance(table, dict)
        else {}
    )


def _unknown_keys(tables: Mapping[str, Any]) -> Iterable[str]:
    """Yield a sentence for every table and key of the TOML file that does not exist."""
    sections = {section.table: section for section in SECTIONS}
    paths = [f"{table}.{name}" for table, section in sections.items() for name in section.model_fields]
    for table, values in tables.items():
        if table not in sections:
            wrong = f"[{table}]" if isinstance(values, dict) else table
            yield f"The TOML file has {wrong}, which is unknown.{_nearest(table, [*sections, *paths])}"
        elif not isinstance(values, dict):
            yield f"The TOML file has {table} = …, but [{table}] is a table."
        else:
            unknown = [name for name in values if name not in sections[table].model_fields]
            for name in unknown:
                hint = _nearest(f"{table}.{name}", paths)
                yield f"The TOML file has {table}.{name}, which is unknown.{hint}"


def _unknown_variables(dotenv: Mapping[str, str | None]) -> Iterable[str]:
    """Yield a sentence for every `TICKERTAPE_…` variable that does not exist."""
    known = [
        CONFIG_VARIABLE,
        *(variable_of(section, name) for section in SECTIONS for name in section.model_fields),
    ]
    given = {*environment(), *dotenv}
    for name in sorted(given):
        if name.upper() not in known and (name.upper().startswith(PREFIX) or _is_slip(name, dotenv, known)):
            yield f"The variable {name} is unknown.{_nearest(name.upper(), known)}"


def _is_slip(name: str, dotenv: Mapping[str, str | None], known: Iterable[str]) -> bool:
    """Whether a name in `.env` looks like a slip of one of ours; other programs may have names like it elsewhere."""
    ours = name in dotenv and name.upper().startswith(_SHARED_PREFIXES)
    return ours and bool(get_close_matches(name.upper(), list(known), n=1, cutoff=_SLIP))


def _nearest(name: str, known: Iterable[str]) -> str:
    """Return a closing question that offers the known name most like `name`; empty if none is."""
    found = get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f" Did you mean {found[0]}?" if found else ""


def _sentences(section: type[Section], error: ValidationError) -> Iterable[str]:
    """Yield a sentence for each thing that `section` does not accept; never the value."""
    variables = {variable_of(section, name): name for name in section.model_fields}
    for wrong in error.errors(include_url=False, include_context=True, include_input=False):
        where = str(wrong["loc"][0])
        name = next(
            (name for variable, name in variables.items() if where.lower() in {name, variable.lower()}), where
        )
        yield f"{variable_of(section, name)} ({section.table}.{name} in the TOML file) {_complaint(wrong)}."


def _complaint(wrong: Mapping[str, Any]) -> str:
    if wrong["type"] == "value_error":
        return str(wrong["ctx"]["error"])
    message = str(wrong["msg"])
    return "is wrong: " + message[:1].lower() + message[1:]


def _row(section: type[Section], name: str) -> SettingRow:
    field = section.model_fields[name]
    return SettingRow(
        variable_of(section, name),
        f"{section.table}.{name}",
        _default_shown(field.default),
        field.description or "",
    )


def _default_shown(default: object) -> str:
    match default:
        case None | SecretStr() | "" | {}:
            return ""
        case tuple():
            return f"`{','.join(default)}`"
        case bool():
            return f"`{str(default).lower()}`"
        case float():
            return f"`{default:g}`"
        case _:
            return f"`{default}`"
