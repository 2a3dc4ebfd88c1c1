"""Who people are: names, roles, locale, user groups, and where they talk."""

from __future__ import annotations

from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.sandbox.slack.conftest import connected, error_of
from tickertape.sandbox.slack import ChannelKind, SlackSandbox

Json = dict[str, Any]


async def test_a_user_has_names_time_zone_and_locale(slack: SlackSandbox, client: AsyncWebClient) -> None:
    carla = slack.world.add_user(
        "carla", "Carla Example", display_name="", locale="de-DE", tz="Europe/Berlin", tz_offset=3600
    )
    user = (await client.users_info(user=carla.id, include_locale=True))["user"]
    assert (user["name"], user["real_name"]) == ("carla", "Carla Example")
    assert (user["profile"]["display_name"], user["profile"]["real_name"]) == ("", "Carla Example")
    assert (user["locale"], user["tz"], user["tz_offset"]) == ("de-DE", "Europe/Berlin", 3600)
    assert "locale" not in (await client.users_info(user=carla.id))["user"]
    alice = (await client.users_info(user=slack.world.user("alice").id, include_locale=True))["user"]
    assert (alice["profile"]["display_name"], alice["locale"]) == ("alice", "en-US")


@pytest.mark.parametrize(
    ("given", "flags"),
    [
        ({}, set()),
        ({"is_admin": True}, {"is_admin"}),
        ({"is_owner": True}, {"is_admin", "is_owner"}),
        ({"is_restricted": True}, {"is_restricted"}),
        ({"is_ultra_restricted": True}, {"is_restricted", "is_ultra_restricted"}),
        ({"team_id": "T999"}, {"is_stranger"}),
    ],
)
async def test_roles(
    slack: SlackSandbox, client: AsyncWebClient, given: dict[str, Any], flags: set[str]
) -> None:
    person = slack.world.add_user("carla", "Carla", **given)
    user = (await client.users_info(user=person.id))["user"]
    names = ("is_admin", "is_owner", "is_restricted", "is_ultra_restricted", "is_stranger")
    assert {name for name in names if user.get(name)} == flags
    assert user["team_id"] == given.get("team_id", slack.team_id)


async def test_people_change(slack: SlackSandbox, app: AsyncApp, client: AsyncWebClient) -> None:
    got: list[Json] = []

    @app.event("user_change")
    async def changed(event: Json) -> None:
        got.append(event["user"])

    slack.subscriptions |= {"user_change"}
    async with connected(app, slack):
        await slack.change_user("alice", display_name="Ali", is_admin=True, locale="fr-FR")
        await slack.wait_for(lambda: got)
        await slack.change_user("bob", deleted=True)
        await slack.wait_for(lambda: len(got) == 2)
    assert (got[0]["profile"]["display_name"], got[0]["is_admin"], got[0]["locale"]) == ("Ali", True, "fr-FR")
    bob = (await client.users_info(user=slack.world.user("bob").id))["user"]
    assert (bob["deleted"], "tz" in bob) == (True, False)


async def test_user_groups(slack: SlackSandbox, client: AsyncWebClient) -> None:
    assert await error_of(client.usergroups_list()) == "missing_scope"
    slack.scopes |= {"usergroups:read"}
    group = await slack.add_user_group("engineers", "alice", "bob", name="All engineers")
    old = await slack.add_user_group("old")
    old.disabled = True
    (shown,) = (await client.usergroups_list(include_users=True, include_count=True))["usergroups"]
    members = sorted([slack.world.user("alice").id, slack.world.user("bob").id])
    assert (shown["handle"], shown["name"], shown["users"], shown["user_count"]) == (
        "engineers",
        "All engineers",
        members,
        2,
    )
    assert "users" not in (await client.usergroups_list())["usergroups"][0]
    assert len((await client.usergroups_list(include_disabled=True))["usergroups"]) == 2
    assert (await client.usergroups_users_list(usergroup=group.id))["users"] == members
    group.users.discard(slack.world.user("bob").id)
    assert len((await client.usergroups_users_list(usergroup=group.id))["users"]) == 1
    assert await error_of(client.usergroups_users_list(usergroup=old.id)) == "no_such_subteam"


async def test_user_groups_are_read_twenty_times_a_minute(
    slack: SlackSandbox, client: AsyncWebClient
) -> None:
    slack.scopes |= {"usergroups:read"}
    for _ in range(20):
        await client.usergroups_list()
    assert await error_of(client.usergroups_list()) == "ratelimited"


async def test_a_group_message(slack: SlackSandbox, client: AsyncWebClient) -> None:
    slack.scopes |= {"mpim:read"}
    group = await slack.open_group("alice", "bob")
    assert group.kind is ChannelKind.GROUP
    info = (await client.conversations_info(channel=group.id))["channel"]
    assert (info["is_mpim"], info["is_private"], info["name"]) == (
        True,
        True,
        "mpdm-alice--bob--tickertape-1",
    )
    await slack.say(group, "alice", "hello", mention_bot=True)
    assert [each.event["type"] for each in slack.deliveries] == ["message", "app_mention"]
    assert slack.deliveries[0].event["channel_type"] == "mpim"
