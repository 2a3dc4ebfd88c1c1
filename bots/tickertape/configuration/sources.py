"""Where settings come from: the environment, `.env` and the TOML file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dotenv import dotenv_values

from tickertape.configuration.errors import SettingsError
from tickertape.settings.section import environment

CONFIG_VARIABLE = "TICKERTAPE_CONFIG"
DEFAULT_CONFIG = Path("tickertape.toml")


@dataclass(frozen=True, slots=True)
class Sources:
    """What was read. `folder` is that of the TOML file, or the current one without such a file."""

    env_file: Path
    dotenv: Mapping[str, str | None]
    tables: Mapping[str, Any]
    folder: Path

    def variable(self, name: str) -> str:
        """Return a variable's value, empty if it is not set; the environment wins over `.env`."""
        return environment().get(name) or self.dotenv.get(name) or ""

    def entries(self, table: str) -> dict[str, Mapping[str, Any]]:
        """Return the tables `[<table>.NAME]` by their names, without what is no table."""
        value = self.tables.get(table)
        entries = value.items() if isinstance(value, dict) else ()
        return {name: entry for name, entry in entries if isinstance(entry, dict)}


def read_sources(config: Path | None, env_file: Path) -> Sources:
    """Read both files; `config` is the TOML file that was named, if any. Raises `SettingsError`."""
    dotenv = _read_env_file(env_file)
    path = _config_path(config, dotenv)
    if path is None:
        return Sources(env_file, dotenv, {}, Path())
    return Sources(env_file, dotenv, _read_config(path), path.parent)


def _config_path(named: Path | None, dotenv: Mapping[str, str | None]) -> Path | None:
    """Return the TOML file to read: only one that was named must exist."""
    variable = environment().get(CONFIG_VARIABLE) or dotenv.get(CONFIG_VARIABLE)
    path = named or (Path(variable) if variable else None)
    return path or (DEFAULT_CONFIG if DEFAULT_CONFIG.exists() else None)


def _read_env_file(path: Path) -> dict[str, str | None]:
    if not path.is_file():
        return {}
    try:
        return dotenv_values(path, interpolate=False)
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError([f"{path} cannot be read: {_reason(error)}."]) from None


def _read_config(path: Path) -> dict[str, Any]:
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
