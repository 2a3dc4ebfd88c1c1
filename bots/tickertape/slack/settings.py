"""What the Slack bot is told, which of its two ways to run follows from that, and the error of a wrong set-up."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field

from tickertape.finding import SetupError
from tickertape.slack.keys import is_direct

SLACK_API = "https://slack.com/api/"


class SlackSetupError(SetupError):
    """Slack cannot be used as it is set up: `problem` says why, `fix` what the owner can do about it."""


class Mode(enum.Enum):
    """How Slack's events reach the bot."""

    SOCKET = "Socket Mode"
    HTTP = "HTTP Events API"


class NativeStreams(enum.Enum):
    """Where answers are Slack's native streams, instead of messages that are edited.

    In a channel only the asker sees a stream grow; the others see its beginning, and the rest when it ends [I].
    """

    DIRECT = "direct"
    """In direct messages, Slack's agent panel included."""
    ALWAYS = "always"
    NEVER = "never"

    def cover(self, channel: str) -> bool:
        """Whether answers in the conversation of this id are native streams."""
        return self is NativeStreams.ALWAYS or (self is NativeStreams.DIRECT and is_direct(channel))


@dataclass(frozen=True, slots=True)
class SlackSettings:
    """Credentials and choices. An app-level token means Socket Mode; without one, events come over HTTP.

    `host`, `port` (0: any free one) and `path` say where HTTP events are received. `stop_reactions` are names of
    emoji without colons.
    """

    bot_token: str = field(repr=False)
    app_token: str | None = field(default=None, repr=False)
    signing_secret: str | None = field(default=None, repr=False)
    api_url: str = SLACK_API
    host: str = "127.0.0.1"
    port: int = 3000
    path: str = "/slack/events"
    command: str = "/ask"
    stop_reactions: tuple[str, ...] = ("octagonal_sign", "black_square_for_stop", "x")
    native_streams: NativeStreams = NativeStreams.DIRECT
    file_hosts: tuple[str, ...] = ("files.slack.com",)
    """Hosts from which files of questions are fetched, with the bot's token."""
    explores: bool = True
    """Whether a workspace that is short of edits for long tries more than Slack publishes."""

    @property
    def mode(self) -> Mode:
        """The way to run that these credentials allow."""
        return Mode.SOCKET if self.app_token else Mode.HTTP

    def require_complete(self) -> None:
        """Raise `SlackSetupError` if a credential is missing. HTTP mode without a secret would believe anybody."""
        if not self.bot_token:
            raise SlackSetupError("SLACK_BOT_TOKEN is not set.", BOT_FIX)
        if self.mode is Mode.HTTP and not (self.signing_secret or "").strip():
            raise SlackSetupError(
                "Neither SLACK_APP_TOKEN nor SLACK_SIGNING_SECRET is set.",
                "Set SLACK_APP_TOKEN for Socket Mode, or SLACK_SIGNING_SECRET (Basic Information > App Credentials) "
                "to receive events over HTTP.",
            )


BOT_FIX = (
    "Copy the Bot User OAuth Token (xoxb-…) from OAuth & Permissions of your Slack app into SLACK_BOT_TOKEN."
)
APP_FIX = (
    "Create an app-level token (xapp-…) with the scope connections:write under Basic Information > "
    "App-Level Tokens and put it into SLACK_APP_TOKEN."
)
