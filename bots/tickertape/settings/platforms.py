"""The platforms: credentials, and how each is used."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, SecretStr, field_validator

from tickertape.settings import checks
from tickertape.settings.section import Section
from tickertape.settings.types import NOT_SET, Hosts, Names, Url


class DiscordSection(Section):
    """The Discord bot."""

    table = "discord"

    token: SecretStr = Field(NOT_SET, validation_alias="DISCORD_TOKEN", description="Token of the bot.")
    api_url: Url | None = Field(
        None,
        validation_alias="DISCORD_API_URL",
        description="Another server to talk to instead of Discord, e.g. `http://127.0.0.1:9000/api/v10`.",
    )
    stop_emojis: Names = Field(("🛑", "⏹️", "❌"), description="Reactions that stop an answer, with commas.")
    message_content: bool = Field(
        default=False,
        description="Whether to ask for the privileged message content intent: for follow-ups without a mention, and for "
        "what was said before in channels and threads.",
    )
    file_hosts: Hosts = Field(
        ("cdn.discordapp.com", "media.discordapp.net"),
        description="The only hosts that attached files are fetched from, with commas. To be changed with `DISCORD_API_URL`, "
        "e.g. to `127.0.0.1:9005`.",
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

    bot_token: SecretStr = Field(
        NOT_SET, validation_alias="SLACK_BOT_TOKEN", description="Bot token, `xoxb-…`."
    )
    app_token: SecretStr = Field(
        NOT_SET,
        validation_alias="SLACK_APP_TOKEN",
        description="App-level token, `xapp-…`: turns Socket Mode on.",
    )
    signing_secret: SecretStr = Field(
        NOT_SET,
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
        "/ask",
        pattern="^/[a-z0-9_-]+$",
        description="The slash command that asks, as it stands in the app's manifest; the others begin with it.",
    )
    stop_reactions: Names = Field(
        ("octagonal_sign", "black_square_for_stop", "x"),
        description="Names of the reactions that stop an answer, with commas and without colons.",
    )
    file_hosts: Hosts = Field(
        ("files.slack.com",),
        description="The only hosts that attached files are fetched from, with commas; they are sent the bot token. To be changed "
        "with `SLACK_API_URL`, e.g. to `127.0.0.1:9006`.",
    )
    native_streams: Annotated[Literal["direct", "always", "never"], BeforeValidator(checks.lower)] = Field(
        "direct",
        description="Where answers are Slack's native streams: direct (in direct messages and the agent panel), "
        "always (in channels too, where only the asker sees them grow) or never.",
    )
    explore: bool = Field(
        default=True,
        description="Whether a workspace whose answers have been short of edits for 20 s tries more than the 50 a minute that "
        "Slack publishes as a lower bound, up to four times as many. Slack answers with one 429 where its limit is, and is not tried "
        "again for an hour or longer.",
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
