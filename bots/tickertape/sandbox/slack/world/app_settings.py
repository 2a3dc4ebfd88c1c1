"""What the app's manifest says: its scopes and events, its commands and shortcuts, what it shows. Pure.

Limits from Slack's manifest reference (schema v2). A manifest that Slack would not take is refused.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tickertape.sandbox.slack.world.events import SCOPES

MAX_NAME = 35
MAX_AGENT_DESCRIPTION = 300
MAX_COMMANDS = 50
MAX_EVENTS = 100
MAX_SHORTCUTS = 10
MAX_PROMPTS = 4

Json = Mapping[str, Any]


class ShortcutType(enum.Enum):
    """Where a shortcut stands: in the menu of a message, or in the search and the composer."""

    MESSAGE = "message"
    GLOBAL = "global"


@dataclass(frozen=True, slots=True)
class AppSettings:
    """What the app offers in Slack.

    `commands` (with their slashes) and `shortcuts` (by `callback_id`) are those that people find; None stands for
    whatever they try, for tests that are about something else. `agent_view` is the agent messaging experience;
    `suggested_prompts` are those that a new conversation offers, as pairs of title and message.
    """

    home_tab: bool = True
    messages_tab: bool = True
    agent_view: bool = True
    interactivity: bool = True
    commands: frozenset[str] | None = None
    shortcuts: Mapping[str, ShortcutType] | None = None
    suggested_prompts: tuple[tuple[str, str], ...] = ()

    def offers(self, callback_id: str, kind: ShortcutType) -> bool:
        """Tell whether people find this shortcut there."""
        return self.shortcuts is None or self.shortcuts.get(callback_id) is kind


@dataclass(frozen=True, slots=True)
class Manifest:
    """A manifest as the workspace reads it."""

    settings: AppSettings
    scopes: frozenset[str]
    events: frozenset[str]


def read(manifest: Json) -> Manifest:
    """Read a manifest. Raises ValueError where Slack would refuse it."""
    features = manifest.get("features", {})
    scopes = frozenset(manifest.get("oauth_config", {}).get("scopes", {}).get("bot", ()))
    events = manifest.get("settings", {}).get("event_subscriptions", {}).get("bot_events", ())
    _need(len(manifest["display_information"]["name"]) <= MAX_NAME, f"the name has more than {MAX_NAME}")
    _need(len(events) <= MAX_EVENTS, f"more than {MAX_EVENTS} events")
    for event in events:
        _need(SCOPES.get(event) in {None, *scopes}, f"{event} needs the scope {SCOPES.get(event)}")
    return Manifest(_settings(manifest, features), scopes, frozenset(events))


def _settings(manifest: Json, features: Json) -> AppSettings:
    home = features.get("app_home", {})
    interactivity = manifest.get("settings", {}).get("interactivity", {})
    agent = features.get("agent_view")
    return AppSettings(
        home_tab=bool(home.get("home_tab_enabled", False)),
        messages_tab=bool(home.get("messages_tab_enabled", False)),
        agent_view=agent is not None,
        interactivity=bool(interactivity.get("is_enabled", False)),
        commands=_commands(features.get("slash_commands", ())),
        shortcuts=_shortcuts(features.get("shortcuts", ())),
        suggested_prompts=_prompts(agent or {}),
    )


def _commands(given: list[Json]) -> frozenset[str]:
    _need(len(given) <= MAX_COMMANDS, f"more than {MAX_COMMANDS} slash commands")
    for command in given:
        _need(command["command"].startswith("/"), f"{command['command']} does not begin with a slash")
        _need(0 < len(command.get("description", "")) <= 2000, f"{command['command']} has no description")
    return frozenset(command["command"] for command in given)


def _shortcuts(given: list[Json]) -> dict[str, ShortcutType]:
    _need(len(given) <= MAX_SHORTCUTS, f"more than {MAX_SHORTCUTS} shortcuts")
    for shortcut in given:
        _need(0 < len(shortcut["name"]) <= 24, f"{shortcut['callback_id']} needs a name of 1 to 24")
        _need(0 < len(shortcut["description"]) <= 150, f"{shortcut['callback_id']} needs a description")
    return {shortcut["callback_id"]: ShortcutType(shortcut["type"]) for shortcut in given}


def _prompts(agent: Json) -> tuple[tuple[str, str], ...]:
    _need(
        len(agent.get("agent_description", "")) <= MAX_AGENT_DESCRIPTION,
        "the agent's description is too long",
    )
    prompts = agent.get("suggested_prompts", ())
    _need(len(prompts) <= MAX_PROMPTS, f"more than {MAX_PROMPTS} suggested prompts")
    return tuple((prompt["title"], prompt["message"]) for prompt in prompts)


def _need(holds: bool, complaint: str) -> None:
    if not holds:
        raise ValueError(complaint)
