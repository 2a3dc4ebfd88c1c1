"""The model, where it is, and how long to wait for it."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, field_validator

from bots import setting_checks as checks
from bots.settings.section import Section
from bots.settings.types import NOT_SET, Count, Seconds, Wait
from core.model.settings import DEFAULT_BASE_URL, Admission, Clocks, Retries


class ModelSection(Section):
    """The model, where it is, and how long to wait for it."""

    table = "model"

    api_key: SecretStr = Field(
        NOT_SET,
        validation_alias="OPENAI_API_KEY",
        description="Key of the gateway. A gateway of your own may need none.",
    )
    base_url: Annotated[str, AfterValidator(checks.base_url)] = Field(
        DEFAULT_BASE_URL,
        validation_alias="OPENAI_BASE_URL",
        description="Address of any OpenAI-compatible gateway, up to and without `/chat/completions`.",
    )
    name: str = Field("", validation_alias="OPENAI_MODEL", description="The model to ask. Needed.")
    system_prompt: str = Field("", description="What the model is told before every question.")
    temperature: float | None = Field(None, ge=0, le=2, description="Sampling temperature, 0 to 2.")
    max_tokens: Count | None = Field(None, description="Most tokens of an answer.")
    extra: Annotated[dict[str, Any], BeforeValidator(checks.json_object)] = Field(
        {},
        description='Further parameters of the request as a JSON object, e.g. `{"reasoning_effort": "low"}`.',
    )
    first_event: Seconds = Field(
        Clocks().first_event, description="Seconds to wait for the first piece of an answer."
    )
    between_events: Seconds = Field(
        Clocks().between_events,
        description="Seconds to wait for the next piece; keep-alives don't count.",
    )
    whole: Seconds = Field(Clocks().whole, description="Seconds that a whole answer may take.")
    retries: int = Field(
        Retries().attempts, ge=0, le=10, description="Further tries while nothing of an answer has come."
    )
    retry_after_cap: Wait = Field(
        Retries().retry_after_cap,
        description="Longest wait in seconds that a gateway may ask for before a further try.",
    )
    streams: Count = Field(Admission().streams, description="Answers that may stream at the same time.")
    opening: Count = Field(Admission().opening, description="Requests that may be opened at the same time.")
    per_second: Seconds = Field(Admission().per_second, description="Requests begun per second at most.")
    admission_wait: Wait = Field(
        Admission().wait, description="Seconds that a question waits for its turn before it is turned away."
    )

    @field_validator("api_key")
    @classmethod
    def _plain_key(cls, value: SecretStr) -> SecretStr:
        checks.secret(value.get_secret_value())
        return value

    @property
    def missing(self) -> tuple[str, ...]:
        """Return the variables without which no model can be asked. Only OpenAI itself is known to need a key."""
        needs_key = self.base_url == DEFAULT_BASE_URL and not self.api_key.get_secret_value()
        wanted = {"OPENAI_MODEL": not self.name.strip(), "OPENAI_API_KEY": needs_key}
        return tuple(variable for variable, is_missing in wanted.items() if is_missing)
