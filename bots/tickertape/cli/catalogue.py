"""Makes from the settings what people choose from, models and personas, and what they are allowed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from tickertape.memory.models import ModelInfo, Models
from tickertape.memory.personas import Persona, Personas
from tickertape.model.api import Model
from tickertape.model.settings import Admission, ChatSettings, Clocks, Retries
from tickertape.model.thinking import SeparateReasoning
from tickertape.prompts.keys import PersonKey
from tickertape.rules.access import Access, Lists
from tickertape.rules.costs import Prices
from tickertape.rules.quota import Limits, Scope
from tickertape.settings import (
    STANDARD_PERSONA,
    AccessSection,
    LimitsSection,
    ModelEntry,
    ModelSection,
    Settings,
)


def chat_settings(section: ModelSection) -> ChatSettings:
    """Return the settings of the model of `[model]` as `core` takes them."""
    return ChatSettings(
        model=section.name,
        api_key=section.api_key.get_secret_value(),
        base_url=section.base_url,
        temperature=section.temperature,
        max_tokens=section.max_tokens,
        extra=section.extra,
        clocks=Clocks(
            first_event=section.first_event,
            between_events=section.between_events,
            whole=section.whole,
        ),
        retries=Retries(attempts=section.retries, retry_after_cap=section.retry_after_cap),
        admission=Admission(
            streams=section.streams,
            opening=section.opening,
            per_second=section.per_second,
            wait=section.admission_wait,
        ),
    )


def chat_settings_of(entry: ModelEntry, section: ModelSection) -> ChatSettings:
    """Return the settings of any model: its own, with the waiting times and limits of `[model]`."""
    return replace(
        chat_settings(section),
        model=entry.id,
        api_key=entry.api_key.get_secret_value(),
        base_url=entry.base_url,
        temperature=entry.fields.temperature,
        max_tokens=entry.fields.max_tokens,
        extra=entry.fields.extra,
    )


def models(settings: Settings, make: Callable[[ChatSettings], Model]) -> Models:
    """Return all models; `make` opens one, and whoever gives it closes what it made.

    Raises ValueError if no model is set.
    """
    made = [
        (model_info(entry), SeparateReasoning(make(chat_settings_of(entry, settings.model))))
        for entry in settings.model_entries
    ]
    return Models(made, settings.default_model)


def model_info(entry: ModelEntry) -> ModelInfo:
    """Return what the program has to know about a model. Without a description, the gateway's name for it is told."""
    fields = entry.fields
    described = fields.description or (entry.id if entry.id != entry.name else "")
    return ModelInfo(
        entry.name,
        described,
        context=fields.context,
        max_tokens=fields.max_tokens,
        vision=fields.vision,
        reasoning=fields.reasoning,
        prices=_prices(fields.price_prompt, fields.price_completion),
    )


def _prices(prompt: Decimal | None, completion: Decimal | None) -> Prices | None:
    """Return the prices if one is set; what has none is free then."""
    if prompt is None and completion is None:
        return None
    return Prices(prompt or Decimal(0), completion or Decimal(0))


def personas(settings: Settings) -> Personas:
    """Return all personas. The standard one is there if it has a prompt, or if it is the default."""
    named = [
        Persona(name, table.prompt, table.description, table.model)
        for name, table in settings.personas.items()
    ]
    prompt = settings.model.system_prompt
    needed = prompt or settings.default_persona == STANDARD_PERSONA
    if needed and STANDARD_PERSONA not in settings.personas:
        named.insert(0, Persona(STANDARD_PERSONA, prompt))
    return Personas(named, settings.default_persona)


def access(settings: Settings) -> Access:
    """Return who may ask, where, and with which model."""
    section: AccessSection = settings.access
    return Access(
        allow=_lists(section.allow_users, section.allow_roles, section.allow_channels),
        deny=_lists(section.deny_users, section.deny_roles, section.deny_channels),
        admins=_lists(section.admins, section.admin_roles),
        models={
            name: _lists(table.allow_users, table.allow_roles, table.allow_channels)
            for name, table in settings.models.items()
        },
    )


def _lists(users: tuple[str, ...], roles: tuple[str, ...], channels: tuple[str, ...] = ()) -> Lists:
    return Lists(frozenset(map(PersonKey.parse, users)), frozenset(roles), frozenset(channels))


def limits(section: LimitsSection) -> tuple[Limits, Limits]:
    """Return the limits of a person, and those of a server or workspace."""
    return (
        Limits(Scope.USER, section.user_at_once, section.user_per_hour, section.user_tokens_per_day),
        Limits(
            Scope.WORKSPACE,
            section.workspace_at_once,
            section.workspace_per_hour,
            section.workspace_tokens_per_day,
        ),
    )
