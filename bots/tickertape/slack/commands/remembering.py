"""What a bot with a memory does beyond answering, put together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncApp

from tickertape.inbound.desk import Desk
from tickertape.slack.commands.ask import Commands
from tickertape.slack.commands.desk_commands import DeskCommands
from tickertape.slack.commands.home import Home
from tickertape.slack.commands.offers import Offers
from tickertape.slack.commands.shortcuts import Shortcuts
from tickertape.slack.gateway.changes import Changes
from tickertape.slack.gateway.history import SlackHistory
from tickertape.slack.gateway.origins import Origins
from tickertape.slack.gateway.prompts import Prompts
from tickertape.slack.http.notices import Notices
from tickertape.slack.keys import PLATFORM
from tickertape.slack.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Remembering:
    """The handlers of all that goes with memory."""

    changes: Changes
    offers: Offers
    home: Home
    desk: DeskCommands
    shortcuts: Shortcuts

    def register(self, app: AsyncApp) -> None:
        """Listen for what Slack sends beside events."""
        self.desk.register(app)
        self.shortcuts.register(app)

    def handlers(self) -> dict[str, Callable[[Mapping[str, Any]], None]]:
        """Return what takes the events that concern nobody else, by their type."""
        return {"app_home_opened": self.home.on_opened}


def remember(
    workspace: Workspace,
    prompts: Prompts,
    commands: Commands,
    origins: Origins,
    notices: Notices,
    command: str,
) -> Remembering | None:
    """Let memory read Slack's history, and return what else goes with memory, if there is one.

    `command` is the name of the slash command that asks.
    """
    assistance = workspace.assistance
    if assistance is None:
        return None
    assistance.assistant.memory.histories[PLATFORM] = SlackHistory(workspace)
    desk = Desk(assistance)
    offers = Offers(workspace, desk, prompts, origins, notices)
    desk_commands = DeskCommands(workspace, desk, origins, notices, command)
    return Remembering(
        Changes(workspace, desk, offers.edited),
        offers,
        Home(workspace, desk, origins, command),
        desk_commands,
        Shortcuts(workspace, commands, desk_commands),
    )
