"""What all tables of the settings have in common, and the only place that reads the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar, Self

from pydantic import SecretStr
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

PREFIX = "TICKERTAPE_"
"""How the names of variables begin that only this program uses."""


class Section(BaseSettings):
    """One table of the settings. What is given to the constructor comes from the TOML file."""

    table: ClassVar[str]
    """The name of its table in the TOML file."""

    model_config = SettingsConfigDict(
        extra="ignore",  # .env and the environment hold the other sections' settings too
        frozen=True,
        env_ignore_empty=True,
        enable_decoding=False,  # lists and objects are read by `setting_checks`, whose errors show no value
        populate_by_name=True,
        hide_input_in_errors=True,
        validate_default=False,
    )

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: object) -> None:
        """Give the variables of a section its table's name."""
        super().__pydantic_init_subclass__(**kwargs)
        cls.model_config["env_prefix"] = f"{PREFIX}{cls.table.upper()}_"

    @classmethod
    def read(cls, env_file: Path, table: Mapping[str, object]) -> Self:
        """Read the section from the environment, `env_file` and `table`; raises pydantic's ValidationError."""
        given: dict[str, Any] = {"_env_file": env_file, "_env_file_encoding": "utf-8", **table}
        return cls(**given)

    def secrets(self) -> tuple[str, ...]:
        """Return every secret that is set in it, for the log's redaction."""
        values = (value for _, value in self)
        found = (value.get_secret_value() for value in values if isinstance(value, SecretStr))
        return tuple(secret for secret in found if secret)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - the signature is pydantic-settings'
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the signature is pydantic-settings'
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let the environment win over `.env`, and both over the TOML file."""
        return env_settings, dotenv_settings, init_settings


def environment() -> dict[str, str]:
    """Return the process's environment."""
    return dict(os.environ)
