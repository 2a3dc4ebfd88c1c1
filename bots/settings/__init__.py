"""Everything that can be set.

The environment wins over `.env`, which wins over the TOML file. A setting's name in the environment is its alias if it
has one (a name that other programs use as well), else `TICKERTAPE_<SECTION>_<FIELD>`; in the TOML file it is `<field>`
in the table `[<section>]`. `bots.configuration` puts the three together.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

from pydantic import SecretStr

from bots.settings.answers import AnswerSection
from bots.settings.model import ModelSection
from bots.settings.platforms import DiscordSection, SlackSection
from bots.settings.process import LogSection, ShutdownSection
from bots.settings.section import Section

__all__ = [
    "SECTIONS", "AnswerSection", "DiscordSection", "LogSection", "ModelSection", "Section", "Settings",
    "ShutdownSection", "SlackSection",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Settings:
    """All sections, read and checked."""

    model: ModelSection
    answer: AnswerSection
    discord: DiscordSection
    slack: SlackSection
    shutdown: ShutdownSection
    log: LogSection

    def secrets(self) -> tuple[str, ...]:
        """Return every secret that is set, for the log's redaction."""
        sections = [getattr(self, field.name) for field in fields(self)]
        values = [value for section in sections for _, value in section]
        found = [value.get_secret_value() for value in values if isinstance(value, SecretStr)]
        return tuple(secret for secret in found if secret)


SECTIONS: tuple[type[Section], ...] = (
    ModelSection,
    AnswerSection,
    DiscordSection,
    SlackSection,
    ShutdownSection,
    LogSection,
)
