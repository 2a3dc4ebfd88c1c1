"""The app manifest (schema v2) to paste at api.slack.com/apps > Create New App > From a manifest."""

from __future__ import annotations

import json
from typing import Any

from bots.slack.scopes import EVENTS, OPTIONAL, REQUIRED
from core.prompt import MAX_PROMPT

DESCRIPTION = (
    "Answers of your language model, streamed live into Slack. Mention it, write to it, or use /ask."
)


def manifest(
    name: str = "Tickertape", command: str = "/ask", request_url: str | None = None
) -> dict[str, Any]:
    """Return the manifest. With `request_url` (https) events come over HTTP, else by Socket Mode.

    `name` has at most 35 characters (Slack's manifest reference).
    """
    return {
        "_metadata": {"major_version": 2},
        "display_information": {"name": name, "description": DESCRIPTION},
        "features": _features(name, {"command": command, **_at("url", request_url)}),
        "oauth_config": {"scopes": {"bot": sorted({**REQUIRED, **OPTIONAL})}},
        "settings": _settings(request_url),
    }


def _at(name: str, request_url: str | None) -> dict[str, str]:
    return {} if request_url is None else {name: request_url}


def _features(name: str, command: dict[str, str]) -> dict[str, Any]:
    home = {"home_tab_enabled": False, "messages_tab_enabled": True, "messages_tab_read_only_enabled": False}
    slash = {
        **command,
        "description": "Ask the model; the answer streams in a thread",
        "usage_hint": f"your question, up to {MAX_PROMPT:,} characters",
        "should_escape": False,
    }
    return {
        "agent_view": {"agent_description": DESCRIPTION},
        "app_home": home,
        "bot_user": {"display_name": name, "always_online": True},
        "slash_commands": [slash],
    }


def _settings(request_url: str | None) -> dict[str, Any]:
    at = _at("request_url", request_url)
    return {
        "event_subscriptions": {**at, "bot_events": list(EVENTS)},
        "interactivity": {"is_enabled": True, **at},
        "org_deploy_enabled": False,
        "socket_mode_enabled": request_url is None,
        "token_rotation_enabled": False,
    }


def manifest_text(name: str = "Tickertape", command: str = "/ask", request_url: str | None = None) -> str:
    """Return the manifest as JSON, which is YAML as well: either tab of Slack's dialog takes it."""
    return json.dumps(manifest(name, command, request_url), indent=2, ensure_ascii=False)
