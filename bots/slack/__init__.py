"""Slack: the adapter between a workspace and the streaming core, on slack-bolt and slack-sdk."""

from __future__ import annotations

from bots.slack.bot import SlackBot
from bots.slack.settings import SlackSettings, SlackSetupError

__all__ = ["SlackBot", "SlackSettings", "SlackSetupError"]
