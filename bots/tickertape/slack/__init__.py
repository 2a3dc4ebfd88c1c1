"""Slack: the adapter between a workspace and the streaming core, on slack-bolt and slack-sdk."""

from __future__ import annotations

from tickertape.slack.bot import SlackBot
from tickertape.slack.settings import SlackSettings, SlackSetupError

__all__ = ["SlackBot", "SlackSettings", "SlackSetupError"]
