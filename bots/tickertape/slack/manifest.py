"""The app manifest (schema v2) to paste at api.slack.com/apps > Create New App > From a manifest.

Slack shows its texts to everybody as they are, so they are English.
"""

from __future__ import annotations

from typing import Any

from tickertape.languages import ENGLISH
from tickertape.prompts.prompt import MAX_PROMPT
from tickertape.slack import words
from tickertape.slack.commands.names import ASK_ABOUT, ASK_ABOUT_NAME, FORGET_THIS, FORGET_THIS_NAME, Further
from tickertape.slack.scopes import EVENTS, OPTIONAL, REQUIRED

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
        "features": _features(name, command, _at("url", request_url)),
        "oauth_config": {"scopes": {"bot": sorted({**REQUIRED, **OPTIONAL})}},
        "settings": _settings(request_url),
    }


def _at(name: str, request_url: str | None) -> dict[str, str]:
    return {} if request_url is None else {name: request_url}


def _features(name: str, command: str, at: dict[str, str]) -> dict[str, Any]:
    home = {"home_tab_enabled": True, "messages_tab_enabled": True, "messages_tab_read_only_enabled": False}
    say = ENGLISH.say
    prompts = [{"title": say(title), "message": say(message)} for title, message in words.SUGGESTED]
    return {
        "agent_view": {"agent_description": DESCRIPTION, "suggested_prompts": prompts},
        "app_home": home,
        "bot_user": {"display_name": name, "always_online": True},
        "shortcuts": [
            _shortcut(
                ASK_ABOUT, ASK_ABOUT_NAME, "Ask the model about a message; the answer comes into its thread"
            ),
            _shortcut(FORGET_THIS, FORGET_THIS_NAME, "Make the bot forget what was said in this thread"),
        ],
        "slash_commands": [{**each, **at} for each in _commands(command)],
    }


def _shortcut(callback_id: str, name: str, description: str) -> dict[str, str]:
    return {"name": name, "type": "message", "callback_id": callback_id, "description": description}


def _commands(command: str) -> list[dict[str, Any]]:
    asks = f"your question, up to {MAX_PROMPT:,} characters"
    further = {
        Further.MODEL: ("See which models there are, or choose the one that answers here.", "[name]"),
        Further.PERSONA: ("See which personas there are, or choose the one that answers here.", "[name]"),
        Further.USAGE: ("See what your answers took.", "[all | csv] for admins of the bot"),
        Further.FORGET: (
            "Make the bot forget this direct message, or everything that you ever said to it.",
            "[everything]",
        ),
        Further.STOP: ("Stop your running answers in this channel.", ""),
        Further.HELP: ("How to use the bot.", ""),
    }
    return [
        _command(command, "Ask the model; the answer streams in a thread", asks),
        *(_command(each.under(command), *told) for each, told in further.items()),
    ]


def _command(name: str, description: str, hint: str) -> dict[str, Any]:
    shown = {"usage_hint": hint} if hint else {}
    return {"command": name, "description": description, **shown, "should_escape": False}


def _settings(request_url: str | None) -> dict[str, Any]:
    at = _at("request_url", request_url)
    return {
        "event_subscriptions": {**at, "bot_events": list(EVENTS)},
        "interactivity": {"is_enabled": True, **at},
        "org_deploy_enabled": False,
        "socket_mode_enabled": request_url is None,
        "token_rotation_enabled": False,
    }
