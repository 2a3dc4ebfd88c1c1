"""Finds names that no setting has, so that a slip of the pen is not silently ignored."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from tickertape.configuration.documentation import variable_of
from tickertape.configuration.sources import CONFIG_VARIABLE, Sources
from tickertape.settings import NAMED_TABLES, SECTIONS, NamedTable, Section
from tickertape.settings.section import PREFIX, environment

_SHARED_PREFIXES = ("OPENAI_", "DISCORD_", "SLACK_")
_SLIP = 0.85
"""How alike a name must be to one of ours to count as a slip of it (0 to 1)."""
_ALIKE = 0.6
"""The same for a name that is offered in place of one that is known to be wrong."""


def unknown_keys(tables: Mapping[str, Any]) -> Iterator[str]:
    """Yield a sentence for every table and key of the TOML file that does not exist."""
    sections = {section.table: section for section in SECTIONS}
    kinds = {kind.table: kind for kind in NAMED_TABLES}
    for table, values in tables.items():
        if table in kinds:
            yield from _in_named_tables(kinds[table], values)
        elif table in sections:
            yield from _in_section(sections[table], values)
        else:
            wrong = f"[{table}]" if isinstance(values, dict) else table
            yield f"The TOML file has {wrong}, which is unknown.{nearest(table, [*sections, *kinds, *_paths()])}"


def unknown_variables(sources: Sources) -> Iterator[str]:
    """Yield a sentence for every `TICKERTAPE_…` variable that does not exist."""
    known = [CONFIG_VARIABLE, *_variables(), *key_variables(sources)]
    given = {*environment(), *sources.dotenv}
    for name in sorted(given):
        is_ours = name.upper().startswith(PREFIX)
        if name.upper() not in known and (is_ours or _is_slip(name, sources.dotenv, known)):
            yield f"The variable {name} is unknown.{_hint(name.upper(), known)}"


def key_variables(sources: Sources) -> list[str]:
    """Return the variables that tables name as those of their keys."""
    named = [table.get("api_key_variable") for table in sources.entries("models").values()]
    return [name for name in named if isinstance(name, str)]


def nearest(name: str, known: Iterable[str], within: str = "") -> str:
    """Return a closing question that offers the known name most like `name`; empty if none is.

    `within` stands before both names and says nothing of how alike they are.
    """
    found = get_close_matches(name, list(known), n=1, cutoff=_ALIKE)
    return f" Did you mean {within}{found[0]}?" if found else ""


def _in_section(section: type[Section], values: object) -> Iterator[str]:
    if not isinstance(values, dict):
        yield f"The TOML file has {section.table} = …, but [{section.table}] is a table."
        return
    for name in values:
        if name not in section.model_fields:
            path = f"{section.table}.{name}"
            yield f"The TOML file has {path}, which is unknown.{nearest(path, _paths())}"


def _in_named_tables(kind: type[NamedTable], values: object) -> Iterator[str]:
    if not isinstance(values, dict):
        yield f"The TOML file has {kind.table} = …, but there are only tables [{kind.table}.NAME]."
        return
    for name, entry in values.items():
        yield from _in_named_table(kind, f"{kind.table}.{name}", entry)


def _in_named_table(kind: type[NamedTable], path: str, entry: object) -> Iterator[str]:
    if not isinstance(entry, dict):
        yield f"The TOML file has {path} = …, but [{kind.table}.NAME] is a table."
        return
    for field in entry:
        if field not in kind.model_fields:
            hint = nearest(field, kind.model_fields, f"{path}.")
            yield f"The TOML file has {path}.{field}, which is unknown.{hint}"


def _paths() -> list[str]:
    return [f"{section.table}.{name}" for section in SECTIONS for name in section.model_fields]


def _variables() -> list[str]:
    return [variable_of(section, name) for section in SECTIONS for name in section.model_fields]


def _is_slip(name: str, dotenv: Mapping[str, str | None], known: Iterable[str]) -> bool:
    """Whether a name in `.env` looks like a slip of one of ours; other programs may have names like it elsewhere."""
    ours = name in dotenv and name.upper().startswith(_SHARED_PREFIXES)
    return ours and bool(get_close_matches(name.upper(), list(known), n=1, cutoff=_SLIP))


def _hint(variable: str, known: Iterable[str]) -> str:
    for kind in NAMED_TABLES:
        if variable.startswith(f"{PREFIX}{kind.table.upper()}_"):
            return f" Tables [{kind.table}.NAME] are in the TOML file only."
    return nearest(variable, known)
