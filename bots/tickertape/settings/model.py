"""The model, where it is, and how long to wait for it; what every model's table can say."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, SecretStr, field_validator

from tickertape.model.reasoning import ReasoningMode
from tickertape.model.settings import DEFAULT_BASE_URL, Admission, Clocks, Retries
from tickertape.settings import checks
from tickertape.settings.section import Section
from tickertape.settings.types import NOT_SET, Count, Price, Seconds, SystemPrompt, Wait

BaseUrl = Annotated[str, AfterValidator(checks.base_url)]


class ModelFields(BaseModel):
    """What can be said of any model: of the one in `[model]`, and of those in `[models.NAME]`."""

    description: str = Field("", description="What people read beside the model's name.")
    context: Count | None = Field(
        None, description="Most tokens that the model takes, question and answer together."
    )
    vision: bool = Field(default=False, description="Whether the model takes images.")
    reasoning: Annotated[ReasoningMode, BeforeValidator(checks.lower)] = Field(
        ReasoningMode.SUMMARY,
        description="What is shown of its reasoning: hidden, summary (how long it thought) or shown (as a quote above "
        "the answer).",
    )
    temperature: float | None = Field(None, ge=0, le=2, description="Sampling temperature, 0 to 2.")
    max_tokens: Count | None = Field(None, description="Most tokens of an answer.")
    extra: Annotated[dict[str, Any], BeforeValidator(checks.json_object)] = Field(
        {},
        description='Further parameters of the request as a JSON object, e.g. `{"reasoning_effort": "low"}`.',
    )
    price_prompt: Price | None = Field(
        None, description="Price of a million tokens of prompts, in the currency of `[prices]`."
    )
    price_completion: Price | None = Field(None, description="Price of a million tokens of answers.")


class DefaultGateway(BaseModel):
    """The model that needs no table of its own, and where it is."""

    api_key: SecretStr = Field(
        NOT_SET,
        validation_alias="OPENAI_API_KEY",
        description="Key of the gateway. A gateway of your own may need none.",
    )
    base_url: BaseUrl = Field(
        DEFAULT_BASE_URL,
        validation_alias="OPENAI_BASE_URL",
        description="Address of any OpenAI-compatible gateway, up to and without `/chat/completions`.",
    )
    name: str = Field(
        "",
        validation_alias="OPENAI_MODEL",
        description="The model to ask; people choose it by this name. Needed, unless there are `[models.NAME]`.",
    )
    system_prompt: SystemPrompt = Field(
        "",
        description="What the model is told before every question: the persona `standard`. It may hold the placeholders "
        "of personas.",
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


class ModelSection(Section, ModelFields, DefaultGateway):
    """The model that is asked when nobody has chosen another, and how long to wait for any."""

    table = "model"

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
