"""The types of values that settings have."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr

from tickertape.settings import checks

Seconds = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Wait = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Count = Annotated[int, Field(gt=0)]
Url = Annotated[str, AfterValidator(checks.url)]
Names = Annotated[tuple[str, ...], BeforeValidator(checks.names), Field(min_length=1)]
Hosts = Annotated[Names, AfterValidator(checks.hosts)]

Ids = Annotated[tuple[str, ...], BeforeValidator(checks.names)]
Users = Annotated[Ids, AfterValidator(checks.user_ids)]
Roles = Annotated[Ids, AfterValidator(checks.role_ids)]
Channels = Annotated[Ids, AfterValidator(checks.channel_ids)]
Price = Annotated[Decimal, Field(ge=0, allow_inf_nan=False)]
SystemPrompt = Annotated[str, AfterValidator(checks.prompt)]

NOT_SET = SecretStr("")
