"""Starting, stopping, registering commands, and what is said of a wrong set-up."""

from __future__ import annotations

import asyncio
import socket

import discord
import pytest

from tests.discord.stage import on_stage, settings_for
from tests.support.scripted_model import model_of
from tests.support.services import Compose
from tickertape.discord.bot import DiscordBot
from tickertape.discord.check import check_discord
from tickertape.discord.settings import DiscordSettings, DiscordSetupError
from tickertape.discord.setup_problems import INTENT_FIX, TOKEN_FIX
from tickertape.finding import Finding
from tickertape.sandbox.discord import DiscordSandbox, Intent

SYNC = ("PUT", "/applications/{}/commands")


def nowhere() -> str:
    """Return the address of an API that is not there."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"http://127.0.0.1:{server.getsockname()[1]}/api/v10"


async def refusal(compose: Compose, settings: DiscordSettings) -> DiscordSetupError:
    bot = DiscordBot(settings, await compose(model_of("An answer.")))
    with pytest.raises(DiscordSetupError) as refused:
        await bot.run()
    await bot.close()
    return refused.value


async def test_a_wrong_token_is_named(compose: Compose) -> None:
    async with DiscordSandbox() as discord:
        error = await refusal(compose, settings_for(discord, token="wrong"))
    assert error.fix == TOKEN_FIX
    assert "wrong" not in str(error)


async def test_a_missing_intent_is_named(compose: Compose) -> None:
    async with DiscordSandbox() as discord:
        error = await refusal(compose, settings_for(discord, message_content=True))
    assert error.fix == INTENT_FIX


async def test_an_api_that_is_not_there_is_named(compose: Compose) -> None:
    url = nowhere()
    error = await refusal(compose, DiscordSettings("token", url))
    assert url in error.problem


async def test_commands_are_registered_once_and_again_only_when_they_differ() -> None:
    async with DiscordSandbox() as discord:
        for _ in range(2):
            async with on_stage(discord=discord):
                pass
        assert discord.calls.count(*SYNC) == 1
        ours = discord.world.commands.all(None)
        names = {"ask", "stop", "model", "persona", "usage", "forget", "help", "Ask about this"}
        assert {command["name"] for command in ours} == names
        for command in ours:
            assert sorted(command["contexts"]) == [0, 1, 2]
            assert sorted(command["integration_types"]) == [0, 1]
        discord.world.commands.change(None, int(ours[0]["id"]), {"description": "Something else"})
        async with on_stage(discord=discord):
            pass
        assert discord.calls.count(*SYNC) == 2


async def test_a_bot_whose_commands_cannot_be_registered_serves_all_the_same() -> None:
    async with DiscordSandbox() as discord:
        discord.fail_next(*SYNC, 403, code=50001, message="Missing Access")
        async with on_stage(discord=discord) as stage:
            await stage.ask()
            await stage.until_over()
            assert len(stage.shown()) == 1


@pytest.mark.parametrize("after", [0.0, 0.05, 0.15, 0.5, 2.0])
async def test_a_bot_can_be_closed_at_any_time(compose: Compose, after: float) -> None:
    async with DiscordSandbox(latency=0.1) as discord:
        bot = DiscordBot(settings_for(discord), await compose(model_of("An answer.")))
        run = asyncio.create_task(bot.run())
        await asyncio.sleep(after)
        await bot.close()
        async with asyncio.timeout(5):
            await run


async def test_a_bot_that_never_ran_can_be_closed(compose: Compose) -> None:
    bot = DiscordBot(DiscordSettings("token"), await compose(model_of("An answer.")))
    await bot.close()
    await bot.run()


async def test_a_close_lets_the_calls_end_that_are_under_way() -> None:
    async with on_stage() as stage:
        stage.discord.delay_next("POST", "/channels/{}/messages", 2.0)
        await stage.ask()
        await stage.until(lambda: stage.model.closed_at)
    assert [each.content for each in stage.shown()] == ["An answer."]


async def test_check_finds_nothing_where_all_is_well() -> None:
    async with DiscordSandbox(privileged_intents=Intent.MESSAGE_CONTENT) as discord:
        findings = await check_discord(settings_for(discord, message_content=True))
        assert all(finding.ok for finding in findings)
        assert len(findings) == 6
        assert discord.gateway.identifies == 0
        assert all(call.method == "GET" for call in discord.calls)


async def test_what_the_bot_does_not_use_is_not_warned_of(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("nacl", "dave"):
        monkeypatch.setattr(discord.VoiceClient, f"warn_{module}", True)  # as in a fresh process
    async with DiscordSandbox() as sandbox:
        await check_discord(settings_for(sandbox))
        for module in ("nacl", "dave"):
            monkeypatch.setattr(discord.VoiceClient, f"warn_{module}", True)
        async with on_stage(discord=sandbox):
            pass
    assert [record for record in caplog.records if record.levelname == "WARNING"] == []


async def test_check_names_a_wrong_token() -> None:
    async with DiscordSandbox() as discord:
        (finding,) = await check_discord(settings_for(discord, token="wrong"))
    assert not finding.ok
    assert finding.fix == TOKEN_FIX


async def test_check_names_a_missing_intent() -> None:
    async with DiscordSandbox() as discord:
        findings = await check_discord(settings_for(discord, message_content=True))
    assert faults(findings) == [INTENT_FIX]


async def test_check_names_a_missing_installation() -> None:
    async with DiscordSandbox() as discord:
        discord.guild.members.pop(discord.bot_user.id)
        findings = await check_discord(settings_for(discord))
    (fix,) = faults(findings)
    assert "oauth2/authorize" in fix
    assert "applications.commands" in fix


async def test_check_names_a_gateway_that_is_not_there() -> None:
    async with DiscordSandbox() as discord:
        discord.world.gateway_url = nowhere().replace("http://", "ws://")
        findings = await check_discord(settings_for(discord))
    assert len(faults(findings)) == 1


async def test_check_names_an_api_that_is_not_there() -> None:
    (finding,) = await check_discord(DiscordSettings("token", nowhere()))
    assert not finding.ok


def faults(findings: list[Finding]) -> list[str]:
    return [finding.fix for finding in findings if not finding.ok]
