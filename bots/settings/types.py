"""The types of values that settings have."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr

from bots import setting_checks as checks

Seconds = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Wait = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Count = Annotated[int, Field(gt=0)]
Url = Annotated[str, AfterValidator(checks.url)]
Names = Annotated[tuple[str, ...], BeforeValidator(checks.names), Field(min_length=1)]

NOT_SET = SecretStr("")
