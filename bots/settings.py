"""Everything that can be set, and the only place that reads the environment.

The environment wins over `.env`, which wins over the TOML file. A setting's name in the environment is its alias if it
has one (a name that other programs use as well), else `TICKERTAPE_<SECTION>_<FIELD>`; in the TOML file it is `<field>`
in the table `[<section>]`. `bots.configuration` puts the three together.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from bots import setting_checks as checks
from core.model.settings import DEFAULT_BASE_URL, Admission, Clocks, Retries

Seconds = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Wait = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Count = Annotated[int, Field(gt=0)]
Url = Annotated[str, AfterValidator(checks.url)]
Names = Annotated[tuple[str, ...], BeforeValidator(checks.names), Field(min_length=1)]

_NOTHING = SecretStr("")


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
    def read(cls, env_file: Path, table: Mapping[str, object]) -> Self:
        """Read the section from the environment, `env_file` and `table`; raises pydantic's ValidationError."""
        given: dict[str, Any] = {"_env_file": env_file, "_env_file_encoding": "utf-8", **table}
        return cls(**given)

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


class ModelSection(Section):
    """The model, where it is, and how long to wait for it."""

    table = "model"
    model_config = SettingsConfigDict(env_prefix="TICKERTAPE_MODEL_")

    api_key: SecretStr = Field(
        _NOTHING,
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


class AnswerSection(Section):
    """What an answer may take up."""

    table = "answer"
    model_config = SettingsConfigDict(env_prefix="TICKERTAPE_ANSWER_")

    messages: int = Field(
        40,
        ge=2,
        description="Most messages of an answer, 2 or more. What does not fit comes as a file in the last one, where "
        "the bot may send files.",
    )


class DiscordSection(Section):
    """The Discord bot."""

    table = "discord"
    model_config = SettingsConfigDict(env_prefix="TICKERTAPE_DISCORD_")

    token: SecretStr = Field(_NOTHING, validation_alias="DISCORD_TOKEN", description="Token of the bot.")
    api_url: Url | None = Field(
        None,
        validation_alias="DISCORD_API_URL",
        description="Another server to talk to instead of Discord, e.g. `http://127.0.0.1:9000/api/v10`.",
    )
    stop_emojis: Names = Field(("🛑", "⏹️", "❌"), description="Reactions that stop an answer, with commas.")
    message_content: bool = Field(
        default=False,
        description="Whether to ask for the privileged message content intent. Nothing needs it yet.",
    )

    @field_validator("token")
    @classmethod
    def _discord_token(cls, value: SecretStr) -> SecretStr:
        checks.discord_token(value.get_secret_value())
        return value

    @property
    def wanted(self) -> bool:
        """Whether anything points at Discord being wanted."""
        return bool(self.token.get_secret_value())

    @property
    def missing(self) -> tuple[str, ...]:
        """Return what has to be set before Discord can be used."""
        return () if self.wanted else ("DISCORD_TOKEN",)


class SlackSection(Section):
    """The Slack app: Socket Mode with an app-level token, else the HTTP Events API with a signing secret."""

    table = "slack"
    model_config = SettingsConfigDict(env_prefix="TICKERTAPE_SLACK_")

    bot_token: SecretStr = Field(
        _NOTHING, validation_alias="SLACK_BOT_TOKEN", description="Bot token, `xoxb-…`."
    )
    app_token: SecretStr = Field(
        _NOTHING,
        validation_alias="SLACK_APP_TOKEN",
        description="App-level token, `xapp-…`: turns Socket Mode on.",
    )
    signing_secret: SecretStr = Field(
        _NOTHING,
        validation_alias="SLACK_SIGNING_SECRET",
        description="Signing secret: without an app-level token, events come over HTTP.",
    )
    api_url: Url | None = Field(
        None,
        validation_alias="SLACK_API_URL",
        description="Another server to talk to instead of Slack, e.g. `http://127.0.0.1:9001/api/`.",
    )
    host: str = Field("127.0.0.1", description="Address to listen on for events over HTTP.")
    port: int = Field(3000, ge=0, le=65535, description="Port to listen on for events over HTTP.")
    path: str = Field(
        "/slack/events", pattern="^/", description="Path of the Request URL for events over HTTP."
    )
    command: str = Field(
        "/ask", pattern="^/[a-z0-9_-]+$", description="The slash command, as it stands in the app's manifest."
    )
    stop_reactions: Names = Field(
        ("octagonal_sign", "black_square_for_stop", "x"),
        description="Names of the reactions that stop an answer, with commas and without colons.",
    )
    native_streams: Annotated[Literal["direct", "always", "never"], BeforeValidator(checks.lower)] = Field(
        "direct",
        description="Where answers are Slack's native streams: direct (in direct messages and the agent panel), "
        "always (in channels too, where only the asker sees them grow) or never.",
    )

    @field_validator("bot_token")
    @classmethod
    def _bot_token(cls, value: SecretStr) -> SecretStr:
        checks.slack_token(value.get_secret_value(), prefixes=("xoxb-", "xoxe.xoxb-"))
        return value

    @field_validator("app_token")
    @classmethod
    def _app_token(cls, value: SecretStr) -> SecretStr:
        checks.slack_token(value.get_secret_value(), prefixes=("xapp-",))
        return value

    @field_validator("signing_secret")
    @classmethod
    def _signing_secret(cls, value: SecretStr) -> SecretStr:
        checks.secret(value.get_secret_value())
        return value

    @property
    def wanted(self) -> bool:
        """Whether anything points at Slack being wanted."""
        return any(self._given().values())

    @property
    def missing(self) -> tuple[str, ...]:
        """Return what has to be set before Slack can be used."""
        given = self._given()
        bot = () if given["SLACK_BOT_TOKEN"] else ("SLACK_BOT_TOKEN",)
        if given["SLACK_APP_TOKEN"] or given["SLACK_SIGNING_SECRET"]:
            return bot
        return (*bot, "SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP)")

    def _given(self) -> dict[str, bool]:
        return {
            "SLACK_BOT_TOKEN": bool(self.bot_token.get_secret_value()),
            "SLACK_APP_TOKEN": bool(self.app_token.get_secret_value()),
            "SLACK_SIGNING_SECRET": bool(self.signing_secret.get_secret_value()),
        }


class ShutdownSection(Section):
    """What happens on SIGTERM and SIGINT."""

    table = "shutdown"
    model_config = SettingsConfigDict(env_prefix="TICKERTAPE_SHUTDOWN_")

    grace: Wait = Field(25.0, description="Seconds that running answers get to finish by themselves.")
    drain: Wait = Field(
        20.0, description="Further seconds for the last text of interrupted answers to reach the screen."
    )


class LogSection(Section):
    """The log, on standard error."""

    table = "log"
    model_config = SettingsConfigDict(env_prefix="TICKERTAPE_LOG_")

    level: Annotated[Literal["debug", "info", "warning", "error"], BeforeValidator(checks.lower)] = Field(
        "info", description="The least level that is logged: debug, info, warning or error."
    )
    format: Annotated[Literal["auto", "console", "json"], BeforeValidator(checks.lower)] = Field(
        "auto", description="console, json, or auto: console on a terminal, JSON otherwise."
    )


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


def environment() -> dict[str, str]:
    """Return the process's environment."""
    return dict(os.environ)
