"""Starting and checking: what a wrong or missing credential or scope leads to, and that a check leaves no trace."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace

import aiohttp
import pytest

from tests.slack.stage import assert_answer, on_stage, settings_for
from tests.support.scripted_model import model_of
from tests.support.services import Compose
from tickertape.finding import Finding
from tickertape.sandbox.slack import SlackSandbox
from tickertape.sandbox.slack.world.events import DEFAULT_SCOPES, DEFAULT_SUBSCRIPTIONS
from tickertape.slack import SlackBot, SlackSettings, SlackSetupError
from tickertape.slack.check import check_slack
from tickertape.slack.commands.names import Further
from tickertape.slack.manifest import manifest
from tickertape.slack.scopes import OPTIONAL, REQUIRED
from tickertape.slack.settings import Mode


async def start(compose: Compose, settings: SlackSettings) -> SlackSetupError:
    """Run a bot that cannot start and return why."""
    with pytest.raises(SlackSetupError) as failed:
        await SlackBot(settings, await compose(model_of("Never."))).run()
    return failed.value


def bad(findings: list[Finding]) -> list[str]:
    return [finding.subject for finding in findings if not finding.ok]


@pytest.mark.parametrize("mode", list(Mode))
async def test_a_complete_setup_is_found_well_and_nothing_is_left_behind(mode: Mode) -> None:
    async with SlackSandbox() as slack:
        findings = await check_slack(settings_for(slack, mode))
        assert bad(findings) == []
        assert len(findings) == 3
        assert {call.method for call in slack.calls} <= {"auth.test", "apps.connections.open"}
        assert slack.sockets == []


async def test_a_wrong_bot_token_is_named(compose: Compose) -> None:
    async with SlackSandbox() as slack:
        settings = replace(settings_for(slack), bot_token="xoxb-wrong")
        assert "SLACK_BOT_TOKEN" in (await start(compose, settings)).problem
        assert bad(await check_slack(settings)) == ["Slack bot token"]


async def test_a_wrong_app_token_is_named_and_not_tried_for_ever(compose: Compose) -> None:
    async with SlackSandbox() as slack:
        settings = replace(settings_for(slack), app_token="xapp-wrong")
        error = await start(compose, settings)
        assert "SLACK_APP_TOKEN" in error.problem
        assert "connections:write" in error.fix
        assert bad(await check_slack(settings)) == ["Slack Socket Mode"]


async def test_swapped_tokens_are_both_named() -> None:
    async with SlackSandbox() as slack:
        settings = replace(settings_for(slack), bot_token=slack.app_token, app_token=slack.bot_token)
        assert bad(await check_slack(settings)) == ["Slack bot token", "Slack Socket Mode"]


async def test_socket_mode_that_is_off_is_named(compose: Compose) -> None:
    async with SlackSandbox() as slack:
        slack.fail_next("apps.connections.open", error="socket_mode_disabled")
        assert "Turn on Socket Mode" in (await start(compose, settings_for(slack))).fix


@pytest.mark.parametrize("mode", list(Mode))
async def test_missing_scopes_are_named(compose: Compose, mode: Mode) -> None:
    async with SlackSandbox() as slack:
        slack.scopes -= {"reactions:read", "chat:write"}
        error = await start(compose, settings_for(slack, mode))
        assert "chat:write, reactions:read" in error.problem
        assert "reinstall" in error.fix
        (finding,) = [each for each in await check_slack(settings_for(slack, mode)) if not each.ok]
        assert "chat:write (to write answers)" in finding.problem


@pytest.mark.parametrize("names_channels", [False, True])
async def test_scopes_for_names_of_channels_are_only_missed_where_a_persona_is_told_them(
    names_channels: bool,
) -> None:
    async with SlackSandbox() as slack:
        slack.scopes -= {"channels:read", "groups:read"}
        findings = await check_slack(settings_for(slack), names_channels=names_channels)
        assert bad(findings) == (["Slack scopes"] if names_channels else [])
        if names_channels:
            assert "groups:read (to tell a persona the name of a private channel)" in "".join(
                finding.problem for finding in findings
            )


async def test_http_mode_refuses_to_start_without_a_signing_secret(compose: Compose) -> None:
    async with SlackSandbox() as slack:
        for secret in (None, "", "  "):
            settings = replace(settings_for(slack, Mode.HTTP), signing_secret=secret)
            assert "SLACK_SIGNING_SECRET" in (await start(compose, settings)).problem
            assert bad(await check_slack(settings)) == ["Slack settings"]
        assert slack.calls == []


async def test_a_port_in_use_is_named(compose: Compose) -> None:
    async with on_stage(mode=Mode.HTTP) as stage:
        port = int(stage.bot.events_url.rsplit(":", 1)[1].partition("/")[0])
        settings = replace(settings_for(stage.slack, Mode.HTTP), port=port)
        assert f"Port {port}" in (await start(compose, settings)).problem


async def test_a_server_that_is_not_there_is_named(compose: Compose) -> None:
    settings = SlackSettings("xoxb-1", app_token="xapp-1", api_url="http://127.0.0.1:9/api/")
    assert "cannot be reached" in (await start(compose, settings)).problem
    assert len(bad(await check_slack(settings))) == 2


async def test_a_socket_server_that_is_not_there_is_named_and_not_tried_for_ever(compose: Compose) -> None:
    async with SlackSandbox() as slack:
        settings = settings_for(slack)
        slack.world.base_url = "http://127.0.0.1:9"
        assert "WebSocket" in (await start(compose, settings)).fix


async def test_client_id_and_secret_in_the_environment_do_not_turn_oauth_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SLACK_CLIENT_ID", "1.2")
    monkeypatch.setenv("SLACK_CLIENT_SECRET", "secret")
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-of-the-environment")
    for mode in Mode:
        async with on_stage(mode=mode) as stage:
            asked = await stage.slack.say("general", "alice", "Why?", mention_bot=True)
            await stage.until_over()
            assert_answer(stage.thread(asked), "An answer.")


async def test_the_install_pages_of_oauth_are_not_served(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_CLIENT_ID", "1.2")
    monkeypatch.setenv("SLACK_CLIENT_SECRET", "secret")
    async with on_stage(mode=Mode.HTTP) as stage, aiohttp.ClientSession() as session:
        address = stage.bot.events_url.replace("/slack/events", "/slack/install")
        async with session.get(address) as response:
            assert response.status == 404


async def test_a_proxy_is_not_used_for_a_server_on_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    async with on_stage() as stage:
        await stage.slack.slash("general", "alice", "/ask", "")
        await stage.slack.say("general", "alice", "Why?", mention_bot=True)
        await stage.until_over()
        assert len(stage.shown()) == 1


async def test_an_uninstalled_app_ends_the_bot_with_a_reason(compose: Compose) -> None:
    async with SlackSandbox() as slack:
        bot = SlackBot(settings_for(slack), await compose(model_of("Never.")))
        running = asyncio.create_task(bot.run())
        await bot.ready.wait()
        await slack.uninstall()
        with pytest.raises(SlackSetupError, match="uninstalled"):
            await running


async def test_a_bot_that_never_ran_can_be_closed(compose: Compose) -> None:
    settings = SlackSettings("xoxb-1", app_token="xapp-1")
    await SlackBot(settings, await compose(model_of("Never."))).close()


def test_credentials_are_not_in_the_settings_repr() -> None:
    shown = repr(SlackSettings("xoxb-secret", app_token="xapp-secret", signing_secret="signing-secret"))
    assert "secret" not in shown


def test_the_manifest_asks_for_what_the_bot_uses_and_the_stand_in_grants() -> None:
    made = manifest()
    assert set(made["settings"]["event_subscriptions"]["bot_events"]) == DEFAULT_SUBSCRIPTIONS
    assert set(made["oauth_config"]["scopes"]["bot"]) == {*REQUIRED, *OPTIONAL}
    assert set(REQUIRED) <= DEFAULT_SCOPES
    assert made["settings"]["socket_mode_enabled"]
    assert "request_url" not in json.dumps(made)


def test_the_manifest_for_http_has_the_address_everywhere() -> None:
    url = "https://bot.example.com/slack/events"
    made = manifest(request_url=url)
    commands = made["features"]["slash_commands"]
    assert [command["url"] for command in commands] == [url] * (1 + len(Further))
    assert json.dumps(made).count(url) == len(commands) + 2
    assert made["settings"]["socket_mode_enabled"] is False
