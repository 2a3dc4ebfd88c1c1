"""Who takes what Slack sends: one handler for each kind of thing that people do."""

from __future__ import annotations

from dataclasses import dataclass

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
from tickertape.slack.gateway.stops import Stops
from tickertape.slack.http.notices import Notices
from tickertape.slack.settings import SlackSettings
from tickertape.slack.keys import PLATFORM
from tickertape.slack.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Handlers:
    """The handlers of one workspace."""

    prompts: Prompts
    commands: Commands
    stops: Stops
    changes: Changes
    offers: Offers
    home: Home
    desk_commands: DeskCommands
    shortcuts: Shortcuts

    def register(self, app: AsyncApp) -> None:
        """Listen for the commands and shortcuts that are no part of asking."""
        self.desk_commands.register(app)
        self.shortcuts.register(app)


def handlers_for(
    workspace: Workspace, settings: SlackSettings, prompts: Prompts, origins: Origins, notices: Notices
) -> Handlers:
    """Make the handlers, and let memory read Slack's history."""
    workspace.service.assistant.memory.histories[PLATFORM] = SlackHistory(workspace)
    desk, command = Desk(workspace.service), settings.command
    commands = Commands(workspace, prompts, notices)
    offers = Offers(workspace, desk, prompts, origins, notices)
    desk_commands = DeskCommands(workspace, desk, origins, notices, command)
    return Handlers(
        prompts,
        commands,
        Stops(workspace, prompts, notices, frozenset(settings.stop_reactions)),
        Changes(workspace, desk, offers.edited),
        offers,
        Home(workspace, desk, origins, command),
        desk_commands,
        Shortcuts(workspace, commands, desk_commands),
    )
