"""Says in a sentence what a table does not accept; never the value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from tickertape.configuration.documentation import variable_of
from tickertape.settings import NamedTable, Section


def of_section(section: type[Section], error: ValidationError) -> Iterator[str]:
    """Yield a sentence for each thing that `section` does not accept."""
    variables = {variable_of(section, name): name for name in section.model_fields}
    for wrong in _errors(error):
        where = str(wrong["loc"][0])
        name = next(
            (name for variable, name in variables.items() if where.lower() in {name, variable.lower()}), where
        )
        yield f"{variable_of(section, name)} ({section.table}.{name} in the TOML file) {_complaint(wrong)}."


def of_named_table(kind: type[NamedTable], name: str, error: ValidationError) -> Iterator[str]:
    """Yield a sentence for each thing that the table of this name does not accept."""
    for wrong in _errors(error):
        yield f"{kind.table}.{name}.{wrong['loc'][0]} in the TOML file {_complaint(wrong)}."


def _errors(error: ValidationError) -> list[ErrorDetails]:
    return error.errors(include_url=False, include_context=True, include_input=False)


def _complaint(wrong: Mapping[str, Any]) -> str:
    if wrong["type"] == "missing":
        return "is missing"
    if wrong["type"] == "value_error":
        return str(wrong["ctx"]["error"])
    message = str(wrong["msg"])
    return "is wrong: " + message[:1].lower() + message[1:]
