"""The process: its end, and its log."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from bots import setting_checks as checks
from bots.settings.section import Section
from bots.settings.types import Wait


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
