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

_log = structlog.get_logger(__name__)

Definition = Mapping[str, Any]
"""A command or an option as Discord's API writes it."""

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
}
"""What counts, and what it means if it is absent; Discord adds ids, versions and more."""


async def sync_commands(tree: app_commands.CommandTree[Any]) -> bool:
    """Compare Discord's definitions with the tree's and replace them if they differ; return whether they did.

    A failure is logged and no more: the commands of last time go on working.
    """
    client = tree.client
    if client.application_id is None:
        raise discord.MissingApplicationID
    ours = [command.to_dict(tree) for command in tree.get_commands()]
    try:
        theirs = await client.http.get_global_commands(client.application_id)
        if is_same(theirs, ours):
            return False
        await tree.sync()
    except (discord.HTTPException, discord.app_commands.AppCommandError) as error:
        _log.error("command_sync_failed", error=str(error))
        return False
    _log.info("commands_synced", commands=[command["name"] for command in ours])
    return True


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
