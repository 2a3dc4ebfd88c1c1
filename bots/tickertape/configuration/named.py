"""Reads the tables with names, and the keys that they refer to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TypeVar

from pydantic import SecretStr, ValidationError

from tickertape.configuration import complaints
from tickertape.configuration.sources import Sources
from tickertape.settings import ModelTable, NamedTable, checks

T = TypeVar("T", bound=NamedTable)

_NAME = re.compile(r"\w[\w.:/@+-]{0,59}")
"""What people can type behind a command: without spaces, and short enough for a list."""


def read_named(kind: type[T], sources: Sources, problems: list[str]) -> dict[str, T]:
    """Return the tables of a kind by their names, those that are accepted; what is wrong is added to `problems`."""
    read: dict[str, T] = {}
    for name, values in sources.entries(kind.table).items():
        if not _NAME.fullmatch(name):
            problems.append(
                f"The TOML file has [{kind.table}.{name!r}], but names have at most 60 characters and no spaces."
            )
        known = {field: value for field, value in values.items() if field in kind.model_fields}
        try:
            read[name] = kind.model_validate(known)
        except ValidationError as error:
            problems += complaints.of_named_table(kind, name, error)
    return read


def read_keys(tables: dict[str, ModelTable], sources: Sources, problems: list[str]) -> dict[str, SecretStr]:
    """Return the keys that tables name the variables of, by variable."""
    keys: dict[str, SecretStr] = {}
    for name, table in tables.items():
        if table.api_key_variable is None:
            continue
        key = sources.variable(table.api_key_variable)
        keys[table.api_key_variable] = SecretStr(key)
        problems += _problems_of_key(f"models.{name}.api_key_variable", table.api_key_variable, key)
    return keys


def _problems_of_key(setting: str, variable: str, key: str) -> Iterator[str]:
    if not key:
        yield f"{variable}, which {setting} in the TOML file names, is not set."
        return
    try:
        checks.secret(key)
    except ValueError as error:
        yield f"{variable}, which {setting} in the TOML file names, {error}."
