"""The process: its database, its end, and its log."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import unquote

from pydantic import BeforeValidator, Field, SecretStr, field_validator

from tickertape.settings import checks
from tickertape.settings.section import Section
from tickertape.settings.types import Wait


class StoreSection(Section):
    """The database of conversations, answers, preferences and usage."""

    table = "store"

    url: SecretStr = Field(
        SecretStr("sqlite:///tickertape.db"),
        description="`sqlite:///FILE`, a relative one beside the TOML file, or `postgresql://USER:PASSWORD@HOST/NAME`.",
    )

    @field_validator("url")
    @classmethod
    def _database(cls, value: SecretStr) -> SecretStr:
        checks.database(value.get_secret_value())
        return value

    def beside(self, folder: Path) -> Self:
        """Return the section with a relative SQLite file taken to be in `folder`."""
        url = checks.beside(self.url.get_secret_value(), folder)
        return self.model_copy(update={"url": SecretStr(url)})

    def secrets(self) -> tuple[str, ...]:
        """Return the password as it is written in the URL and as it is, if there is one."""
        password = checks.password(self.url.get_secret_value())
        return tuple({password, unquote(password)}) if password else ()


class ShutdownSection(Section):
    """What happens on SIGTERM and SIGINT."""

    table = "shutdown"

    grace: Wait = Field(25.0, description="Seconds that running answers get to finish by themselves.")
    drain: Wait = Field(
        20.0, description="Further seconds for the last text of interrupted answers to reach the screen."
    )


class LogSection(Section):
    """The log, on standard error."""

    table = "log"

    level: Annotated[Literal["debug", "info", "warning", "error"], BeforeValidator(checks.lower)] = Field(
        "info", description="The least level that is logged: debug, info, warning or error."
    )
    format: Annotated[Literal["auto", "console", "json"], BeforeValidator(checks.lower)] = Field(
        "auto", description="console, json, or auto: console on a terminal, JSON otherwise."
    )
