"""Further models and personas, which stand in tables with names, in the TOML file only; and which are the defaults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr

from tickertape.languages import SUPPORTED
from tickertape.model.settings import DEFAULT_BASE_URL
from tickertape.settings import checks
from tickertape.settings.model import BaseUrl, ModelFields, ModelSection
from tickertape.settings.section import PREFIX, Section
from tickertape.settings.types import NOT_SET, Channels, Roles, SystemPrompt, Users

STANDARD_PERSONA = "standard"
"""The name of the persona that `[model] system_prompt` is."""


class NamedTable(BaseModel):
    """One of several tables of a kind: `[<table>.NAME]`."""

    table: ClassVar[str]

    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)


class Gateway(BaseModel):
    """Where a further model is."""

    name: str = Field("", description="What the gateway calls it. Without it: the table's name.")
    base_url: BaseUrl | None = Field(
        None, description="Address of its gateway. Without it: the one of `[model]`, with its key."
    )
    api_key_variable: Annotated[str, AfterValidator(checks.variable)] | None = Field(
        None,
        description="Name of the variable, in the environment or in `.env`, that holds the gateway's key.",
    )


class ModelTable(NamedTable, ModelFields, Gateway):
    """A further model, at the gateway of `[model]` or at another. The waiting times of `[model]` hold for it too."""

    table = "models"

    allow_users: Users = Field(
        (), description="Users who may ask it. With this or the next, nobody else may, except admins."
    )
    allow_roles: Roles = Field((), description="Roles and usergroups whose members may ask it.")
    allow_channels: Channels = Field((), description="Channels where it may be asked; nowhere else then.")


class PersonaTable(NamedTable):
    """A system prompt with a name."""

    table = "personas"

    prompt: SystemPrompt = Field(
        description="What the model is told before every question. `{date}`, `{time}`, `{user}`, `{channel}` and "
        "`{platform}` are filled in; `{{name}}` stands for `{name}`."
    )
    description: str = Field("", description="What people read beside the persona's name.")
    model: str | None = Field(
        None, description="The model that goes with it, for those who have chosen none themselves."
    )


NAMED_TABLES: tuple[type[NamedTable], ...] = (ModelTable, PersonaTable)


class DefaultsSection(Section):
    """What those get who have chosen nothing."""

    table = "defaults"

    model: str = Field(
        "", description="Name of the model. Without it: the one of `[model]`, else the first `[models.NAME]`."
    )
    persona: str = Field(
        "", description="Name of the persona. Without it: `standard`, the system prompt of `[model]`."
    )
    language: Annotated[str, AfterValidator(checks.language)] = Field(
        "en",
        validation_alias=f"{PREFIX}LANGUAGE",
        description=f"Language of those of whom none is known, or none that Tickertape speaks: {' or '.join(SUPPORTED)}.",
    )


class PricesSection(Section):
    """In which money prices are given."""

    table = "prices"

    currency: str = Field(
        "USD", pattern="^[A-Z]{3}$", description="Currency of all prices, in three capitals (ISO 4217)."
    )


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """One model that can be asked, wherever it stands in the settings.

    `name` is what people choose it by, `id` the gateway's name for it. `table` is empty for the one of `[model]`.
    """

    name: str
    id: str
    base_url: str
    api_key: SecretStr
    fields: ModelFields
    table: ModelTable | None = None

    @property
    def missing(self) -> tuple[str, ...]:
        """Return the settings without which it cannot be asked. Only OpenAI itself is known to need a key."""
        if self.base_url != DEFAULT_BASE_URL or self.api_key.get_secret_value():
            return ()
        inherits = self.table is None or self.table.base_url is None
        return ("OPENAI_API_KEY",) if inherits else (f"models.{self.name}.api_key_variable",)


def model_entries(
    section: ModelSection, tables: Mapping[str, ModelTable], keys: Mapping[str, SecretStr]
) -> tuple[ModelEntry, ...]:
    """Return all models: that of `[model]` if it is set, then the tables in their order. `keys` are by variable."""
    first = (
        [ModelEntry(section.name, section.name, section.base_url, section.api_key, section)]
        if section.name.strip()
        else []
    )
    return (*first, *(_entry(name, table, section, keys) for name, table in tables.items()))


def _entry(name: str, table: ModelTable, section: ModelSection, keys: Mapping[str, SecretStr]) -> ModelEntry:
    """Return a further model. The key of `[model]` is sent to no other gateway than that of `[model]`."""
    key = section.api_key if table.base_url is None else NOT_SET
    if table.api_key_variable is not None:
        key = keys.get(table.api_key_variable, NOT_SET)
    return ModelEntry(name, table.name or name, table.base_url or section.base_url, key, table, table)
