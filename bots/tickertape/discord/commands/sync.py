"""Tells Discord of the commands, but only when they have changed.

Registering them on every start runs into Discord's daily limit of command creates sooner or later, and makes clients
reload them (API documentation, registering a command).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import discord
import structlog
from discord import app_commands
from discord.http import HTTPClient, Route

_log = structlog.get_logger(__name__)

Definition = Mapping[str, Any]
"""A command or an option as Discord's API writes it."""

Command = app_commands.Command[Any, ..., Any] | app_commands.Group | app_commands.ContextMenu

_DEFAULTS: dict[str, Any] = {
    "type": 1,
    "description": "",
    "nsfw": False,
    "default_member_permissions": None,
    "required": False,
    "autocomplete": False,
    "min_length": None,
    "max_length": None,
    "choices": [],
    "channel_types": [],
    "name_localizations": {},
    "description_localizations": {},
}
"""What counts, and what it means if it is absent; Discord adds ids, versions and more."""


async def sync_commands(tree: app_commands.CommandTree[Any]) -> bool:
    """Compare Discord's definitions with the tree's and replace them if they differ; return whether they did.

    A failure is logged and no more: the commands of last time go on working.
    """
    client = tree.client
    if client.application_id is None:
        raise discord.MissingApplicationID
    try:
        ours = [await _definition(command, tree) for command in tree.get_commands()]
        theirs = await _registered(client.http, client.application_id)
        if is_same(theirs, ours):
            return False
        await tree.sync()
    except (discord.HTTPException, discord.app_commands.AppCommandError) as error:
        _log.error("command_sync_failed", error=str(error))
        return False
    _log.info("commands_synced", commands=[command["name"] for command in ours])
    return True


async def _definition(command: Command, tree: app_commands.CommandTree[Any]) -> Definition:
    """Return a command with its translations, as discord.py registers it."""
    if tree.translator is None:
        return command.to_dict(tree)
    return await command.get_translated_payload(tree, tree.translator)


async def _registered(http: HTTPClient, application_id: int) -> list[Definition]:
    """Return what Discord has, with all translations, for which discord.py's own call does not ask."""
    route = Route("GET", "/applications/{application_id}/commands", application_id=application_id)
    found: list[Definition] = await http.request(route, params={"with_localizations": "true"})
    return found


def is_same(theirs: Iterable[Definition], ours: Iterable[Definition]) -> bool:
    """Whether two lists define the same commands, in whatever order."""
    return _by_name(theirs) == _by_name(ours)


def _by_name(commands: Iterable[Definition]) -> dict[tuple[int, str], Any]:
    return {(command.get("type", 1), command["name"]): _essence(command) for command in commands}


def _essence(definition: Definition) -> dict[str, Any]:
    """Return the parts that count, in one way of writing. The order of options counts: clients show it."""
    essence = {key: definition.get(key) or default for key, default in _DEFAULTS.items()}
    essence["name"] = definition["name"]
    essence["contexts"] = sorted(definition.get("contexts") or [])
    essence["integration_types"] = sorted(definition.get("integration_types") or [])
    essence["options"] = [_essence(option) for option in definition.get("options") or []]
    return essence
