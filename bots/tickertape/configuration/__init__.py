"""Reads all settings from the environment, `.env` and the TOML file, and says what is wrong with them.

Every problem is one sentence that names the setting and never shows its value. An unknown name is a problem too: in
the TOML file, and for `TICKERTAPE_…` in the other two.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import ValidationError

from tickertape.configuration import complaints
from tickertape.configuration.documentation import SettingRow, named_rows, rows, variable_of
from tickertape.configuration.errors import SettingsError
from tickertape.configuration.named import read_keys, read_named
from tickertape.configuration.references import wrong_references
from tickertape.configuration.sources import Sources, read_sources
from tickertape.configuration.unknown import unknown_keys, unknown_variables
from tickertape.settings import SECTIONS, ModelTable, PersonaTable, Section, Settings, StoreSection

__all__ = ["ENV_FILE", "SettingRow", "SettingsError", "load", "named_rows", "rows", "variable_of"]

ENV_FILE = Path(".env")


def load(config: Path | None = None, env_file: Path = ENV_FILE) -> Settings:
    """Return the settings; `config` is the TOML file, else what `TICKERTAPE_CONFIG` names, else `tickertape.toml`.

    Raises `SettingsError` with every problem at once. Only a file that was named must exist.
    """
    sources = read_sources(config, env_file)
    problems = [*unknown_variables(sources), *unknown_keys(sources.tables)]
    sections = _read_sections(sources, problems)
    models = read_named(ModelTable, sources, problems)
    personas = read_named(PersonaTable, sources, problems)
    keys = read_keys(models, sources, problems)
    problems += wrong_references(sections, personas, sources)
    if problems:
        raise SettingsError(problems)
    return Settings(**sections, models=models, personas=personas, keys=keys)


def _read_sections(sources: Sources, problems: list[str]) -> dict[str, Any]:
    """Return the sections that are accepted, by their tables; what is wrong with others is added to `problems`."""
    read: dict[str, Any] = {}
    for section in SECTIONS:
        try:
            made = section.read(sources.env_file, _known(section, sources))
        except ValidationError as error:
            problems += complaints.of_section(section, error)
        else:
            read[section.table] = made.beside(sources.folder) if isinstance(made, StoreSection) else made
    return read


def _known(section: type[Section], sources: Sources) -> dict[str, Any]:
    """Return the section's table without what it does not know, which is reported apart."""
    table = sources.tables.get(section.table)
    given = table if isinstance(table, dict) else {}
    return {name: given[name] for name in section.model_fields if name in given}
