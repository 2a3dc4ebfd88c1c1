"""Everything that can be set.

The environment wins over `.env`, which wins over the TOML file. A setting's name in the environment is its alias if it
has one (a name that other programs use as well), else `TICKERTAPE_<SECTION>_<FIELD>`; in the TOML file it is `<field>`
in the table `[<section>]`. Tables with names, `[models.NAME]` and `[personas.NAME]`, are in the TOML file only.
`tickertape.configuration` puts the three together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import SecretStr

from tickertape.settings.answers import AnswerSection, ConversationsSection, FilesSection, RepairSection
from tickertape.settings.governance import AccessSection, LimitsSection
from tickertape.settings.model import ModelSection
from tickertape.settings.models import (
    NAMED_TABLES,
    STANDARD_PERSONA,
    DefaultsSection,
    ModelEntry,
    ModelTable,
    NamedTable,
    PersonaTable,
    PricesSection,
    model_entries,
)
from tickertape.settings.platforms import DiscordSection, SlackSection
from tickertape.settings.process import LogSection, ShutdownSection, StoreSection
from tickertape.settings.section import Section

__all__ = [
    "NAMED_TABLES", "SECTIONS", "STANDARD_PERSONA", "AccessSection", "AnswerSection", "ConversationsSection",
    "DefaultsSection", "DiscordSection", "FilesSection", "LimitsSection", "LogSection", "ModelEntry", "ModelSection",
    "ModelTable", "NamedTable", "PersonaTable", "PricesSection", "RepairSection", "Section", "Settings",
    "ShutdownSection", "SlackSection", "StoreSection",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Settings:
    """All sections and named tables, read and checked.

    `keys` are those that `api_key_variable`s name, by variable. What is not given has its default.
    """

    model: ModelSection
    answer: AnswerSection
    discord: DiscordSection
    slack: SlackSection
    shutdown: ShutdownSection
    log: LogSection
    defaults: DefaultsSection = field(default_factory=DefaultsSection.model_construct)
    prices: PricesSection = field(default_factory=PricesSection.model_construct)
    access: AccessSection = field(default_factory=AccessSection.model_construct)
    limits: LimitsSection = field(default_factory=LimitsSection.model_construct)
    conversations: ConversationsSection = field(default_factory=ConversationsSection.model_construct)
    files: FilesSection = field(default_factory=FilesSection.model_construct)
    repair: RepairSection = field(default_factory=RepairSection.model_construct)
    store: StoreSection = field(default_factory=StoreSection.model_construct)
    models: Mapping[str, ModelTable] = field(default_factory=dict)
    personas: Mapping[str, PersonaTable] = field(default_factory=dict)
    keys: Mapping[str, SecretStr] = field(default_factory=dict)

    @property
    def model_entries(self) -> tuple[ModelEntry, ...]:
        """All models that can be asked, in their order; none if no model is set."""
        return model_entries(self.model, self.models, self.keys)

    @property
    def default_model(self) -> str:
        """The name of the model for those who have chosen none; empty if no model is set."""
        return self.defaults.model or next((entry.name for entry in self.model_entries), "")

    @property
    def default_persona(self) -> str:
        """The name of the persona for those who have chosen none."""
        return self.defaults.persona or STANDARD_PERSONA

    @property
    def missing(self) -> tuple[str, ...]:
        """What has to be set before all models can be asked; with none of them, what one needs."""
        entries = self.model_entries
        lacking = [setting for entry in entries for setting in entry.missing]
        return tuple(dict.fromkeys(lacking)) if entries else self.model.missing

    def secrets(self) -> tuple[str, ...]:
        """Return every secret that is set, for the log's redaction."""
        sections: list[Section] = [getattr(self, section.table) for section in SECTIONS]
        keys = [key.get_secret_value() for key in self.keys.values()]
        return (*(secret for section in sections for secret in section.secrets()), *filter(None, keys))


SECTIONS: tuple[type[Section], ...] = (
    ModelSection,
    DefaultsSection,
    PricesSection,
    AccessSection,
    LimitsSection,
    AnswerSection,
    ConversationsSection,
    FilesSection,
    RepairSection,
    StoreSection,
    DiscordSection,
    SlackSection,
    ShutdownSection,
    LogSection,
)
