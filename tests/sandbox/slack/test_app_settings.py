"""Manifests: what Slack takes, and what an installed one lets people do."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from tests.sandbox.slack.conftest import error_of
from tickertape.sandbox.slack import ShortcutType, SlackSandbox
from tickertape.sandbox.slack.world.app_settings import read
from tickertape.slack.manifest import manifest

Json = dict[str, Any]

SHORTCUT = {"name": "Ask about this", "type": "message", "callback_id": "ask_about", "description": "Ask"}


def made(**features: object) -> Json:
    """Return a manifest that asks for a little, with other features as given."""
    return {
        "display_information": {"name": "App"},
        "features": features,
        "oauth_config": {"scopes": {"bot": ["commands", "app_mentions:read"]}},
        "settings": {
            "event_subscriptions": {"bot_events": ["app_mention", "app_home_opened"]},
            "interactivity": {"is_enabled": True},
        },
    }


async def test_the_projects_own_manifest_is_taken(slack: SlackSandbox) -> None:
    slack.install(manifest())
    assert "app_mention" in slack.subscriptions
    assert "chat:write" in slack.scopes
    assert slack.world.settings.agent_view
    assert slack.world.settings.commands is not None
    assert "/ask" in slack.world.settings.commands


async def test_people_find_what_the_manifest_declares(slack: SlackSandbox, client: AsyncWebClient) -> None:
    slack.install(
        made(
            app_home={"home_tab_enabled": False, "messages_tab_enabled": True},
            slash_commands=[{"command": "/ask", "description": "Ask"}],
            shortcuts=[SHORTCUT],
            agent_view={"agent_description": "x", "suggested_prompts": [{"title": "t", "message": "m"}]},
        )
    )
    said = await slack.say("general", "alice", "hello")
    await slack.slash("general", "alice", "/ask")
    await slack.use_shortcut(said, "alice", "ask_about")
    assert await slack.open_messages("alice") == [{"title": "t", "message": "m"}]
    for use in (
        slack.slash("general", "alice", "/other"),
        slack.use_shortcut(said, "alice", "other"),
        slack.use_global_shortcut("alice", "ask_about"),
        slack.open_home("alice"),
    ):
        with pytest.raises(LookupError):
            await use
    home = {"type": "home", "blocks": [{"type": "divider"}]}
    alice = slack.world.user("alice").id
    assert await error_of(client.views_publish(user_id=alice, view=home)) == "not_enabled"


async def test_without_interactivity_nothing_can_be_pressed(slack: SlackSandbox) -> None:
    given = made(shortcuts=[SHORTCUT])
    given["settings"]["interactivity"]["is_enabled"] = False
    slack.install(given)
    said = await slack.say("general", "alice", "hello")
    for use in (slack.press(said, "alice"), slack.use_shortcut(said, "alice", "ask_about")):
        with pytest.raises(LookupError):
            await use


def test_shortcuts_are_of_two_types() -> None:
    settings = read(made(shortcuts=[SHORTCUT, SHORTCUT | {"callback_id": "ask", "type": "global"}])).settings
    assert settings.shortcuts == {"ask_about": ShortcutType.MESSAGE, "ask": ShortcutType.GLOBAL}


@pytest.mark.parametrize(
    ("features", "complaint"),
    [
        ({"slash_commands": [{"command": f"/a{n}", "description": "x"} for n in range(51)]}, "50 slash"),
        ({"slash_commands": [{"command": "ask", "description": "x"}]}, "begin with a slash"),
        ({"slash_commands": [{"command": "/ask"}]}, "has no description"),
        ({"shortcuts": [SHORTCUT] * 11}, "10 shortcuts"),
        ({"shortcuts": [SHORTCUT | {"name": "n" * 25}]}, "needs a name"),
        ({"shortcuts": [SHORTCUT | {"description": ""}]}, "needs a description"),
        ({"agent_view": {"agent_description": "x" * 301}}, "too long"),
        (
            {"agent_view": {"suggested_prompts": [{"title": "t", "message": "m"}] * 5}},
            "4 suggested prompts",
        ),
    ],
)
def test_refused_features(features: Json, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        read(made(**features))


def test_an_event_needs_its_scope() -> None:
    given = copy.deepcopy(made())
    given["settings"]["event_subscriptions"]["bot_events"].append("reaction_added")
    with pytest.raises(ValueError, match="reaction_added needs the scope reactions:read"):
        read(given)
    long = made() | {"display_information": {"name": "n" * 36}}
    with pytest.raises(ValueError, match="more than 35"):
        read(long)
