"""Checks what settings say of one another: names of models and personas."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tickertape.configuration.documentation import variable_of
from tickertape.configuration.sources import Sources
from tickertape.configuration.unknown import nearest
from tickertape.settings import STANDARD_PERSONA, DefaultsSection, ModelSection, PersonaTable


def wrong_references(
    sections: Mapping[str, Any], personas: Mapping[str, PersonaTable], sources: Sources
) -> Iterator[str]:
    """Yield a sentence for every name that leads nowhere, and for every one that two things have.

    Sections and tables that were not accepted are left out; their names count as known, as they are in the TOML file.
    """
    model, defaults = sections.get("model"), sections.get("defaults")
    models, named = list(sources.entries("models")), list(sources.entries("personas"))
    if isinstance(model, ModelSection):
        yield from _names_twice(model, models, named)
        models += [model.name] * bool(model.name)
    if isinstance(defaults, DefaultsSection):
        yield from _of_default("model", defaults.model, models)
        yield from _of_default("persona", defaults.persona, [*named, STANDARD_PERSONA])
    for name, persona in personas.items():
        if persona.model is not None and persona.model not in models:
            setting = f"personas.{name}.model in the TOML file"
            yield f"{setting} names a model that there is not.{nearest(persona.model, models)}"


def _names_twice(model: ModelSection, models: list[str], personas: list[str]) -> Iterator[str]:
    if model.name in models:
        yield (
            f"[models.{model.name}] in the TOML file has the name of the model in OPENAI_MODEL. "
            "Give it another, or leave OPENAI_MODEL empty."
        )
    if model.system_prompt and STANDARD_PERSONA in personas:
        yield (
            f"[personas.{STANDARD_PERSONA}] in the TOML file has the name of the persona that "
            "TICKERTAPE_MODEL_SYSTEM_PROMPT is. Give it another, or leave that empty."
        )


def _of_default(what: str, name: str, known: list[str]) -> Iterator[str]:
    if name and name not in known:
        setting = f"{variable_of(DefaultsSection, what)} (defaults.{what} in the TOML file)"
        yield f"{setting} names a {what} that there is not.{nearest(name, known)}"
