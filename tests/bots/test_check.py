"""`tickertape check` against the stand-ins, with the real client libraries on virtual time."""

from __future__ import annotations

import io
import os
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest
from rich.console import Console

from tests.support.english import english
from tickertape.cli.check import _state_of, check_all, fix_of
from tickertape.cli.terminal import print_findings
from tickertape.configuration import load
from tickertape.durable.store import DatabaseSettings, Inspection, Store
from tickertape.durable.store.errors import DatabaseTooNew
from tickertape.durable.store.migrate import Revision
from tickertape.finding import Finding
from tickertape.model.api import BadCredentials, Busy, Clock, TimedOut
from tickertape.sandbox.discord import DiscordSandbox
from tickertape.sandbox.gateway import Fault, GatewaySandbox, Script
from tickertape.sandbox.slack import SlackSandbox


@asynccontextmanager
async def stand_ins(
    monkeypatch: pytest.MonkeyPatch, default: Script | None = None
) -> AsyncIterator[SlackSandbox]:
    """Start everything, and point the settings there."""
    async with (
        DiscordSandbox() as discord,
        SlackSandbox() as slack,
        GatewaySandbox(default=default) as gateway,
    ):
        variables = {
            "OPENAI_API_KEY": gateway.api_key,
            "OPENAI_BASE_URL": gateway.base_url,
            "OPENAI_MODEL": gateway.model,
            "DISCORD_TOKEN": discord.token,
            "DISCORD_API_URL": discord.api_url,
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_APP_TOKEN": slack.app_token,
            "SLACK_API_URL": slack.api_url,
        }
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        yield slack


def wrong(findings: list[Finding]) -> list[Finding]:
    return [finding for finding in findings if not finding.ok]


def printed(findings: list[Finding]) -> str:
    out = io.StringIO()
    print_findings(Console(file=out, width=160, markup=False), findings)
    return out.getvalue()


async def test_all_is_well(monkeypatch: pytest.MonkeyPatch) -> None:
    async with stand_ins(monkeypatch):
        findings = await check_all(load())
    assert wrong(findings) == []
    subjects = " ".join(finding.subject for finding in findings)
    assert all(
        name in subjects
        for name in (
            "Model sandbox",
            "Discord token",
            "Discord gateway",
            "Slack bot token",
            "Slack Socket Mode",
            "tickertape.db: will be created",
        )
    )
    assert "All is well." in printed(findings)


@pytest.mark.parametrize(
    ("variable", "value", "problem", "fix"),
    [
        ("OPENAI_API_KEY", "sk-wrong-key", "401", "OPENAI_API_KEY"),
        ("OPENAI_MODEL", "no-such-model", "does not list 'no-such-model'", "OPENAI_MODEL"),
        ("OPENAI_BASE_URL", "http://127.0.0.1:1/v1", "", "OPENAI_BASE_URL"),
        ("DISCORD_TOKEN", "a.wrong.token", "", "DISCORD_TOKEN"),
        ("SLACK_BOT_TOKEN", "xoxb-wrong", "", "SLACK_BOT_TOKEN"),
        ("SLACK_APP_TOKEN", "xapp-wrong", "", "SLACK_APP_TOKEN"),
        ("SLACK_API_URL", "http://127.0.0.1:1/api/", "", ""),
        ("DISCORD_API_URL", "http://127.0.0.1:1/api/v10", "", ""),
    ],
)
async def test_what_is_wrong_is_named_with_its_fix_and_the_rest_is_still_looked_at(
    variable: str, value: str, problem: str, fix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with stand_ins(monkeypatch):
        monkeypatch.setenv(variable, value)
        findings = await check_all(load())
    found = wrong(findings)
    assert found
    assert all(finding.problem and finding.fix for finding in found)
    assert problem in found[0].problem
    assert fix in found[0].fix
    assert len({finding.subject.split()[0] for finding in findings}) == 4
    assert len({finding.subject.split()[0] for finding in found}) == 1
    if variable.endswith(("KEY", "TOKEN")):
        assert value not in printed(findings)
    assert f"{len(found)} of {len(findings)} to fix." in printed(findings)


async def test_the_database_is_looked_at_and_not_touched(bare: Path) -> None:
    file = bare / "tickertape.db"
    assert await said_of_the_database() == (True, f"Database {file}: will be created")
    async with await Store.open(DatabaseSettings(f"sqlite:///{file}")):
        used = f"Database {file}: works, in use by process {os.getpid()}"
        assert await said_of_the_database() == (True, used)
    before = file.read_bytes()
    assert await said_of_the_database() == (True, f"Database {file}: works")
    assert file.read_bytes() == before
    file.write_text("This is a letter. " * 100)
    assert await said_of_the_database() == (False, "Database")


async def test_what_is_wrong_with_the_database_is_said_with_its_fix(bare: Path) -> None:
    await (await Store.open(DatabaseSettings(f"sqlite:///{bare / 'tickertape.db'}"))).close()
    with closing(sqlite3.connect(bare / "tickertape.db")) as other:
        other.execute("UPDATE alembic_version SET version_num = 'later'")
        other.commit()
    (found,) = [each for each in await check_all(load()) if each.subject == "Database"]
    assert not found.ok
    assert found.problem == english(DatabaseTooNew.sentence)
    assert found.fix == DatabaseTooNew.fix


@pytest.mark.parametrize(
    ("revision", "state"),
    [
        (None, "its tables will be created"),
        (Revision(None, "0002"), "its tables will be created"),
        (Revision("0001", "0002"), "will be migrated from 0001 to 0002"),
    ],
)
def test_what_becomes_of_a_database_is_told(revision: Revision | None, state: str) -> None:
    assert _state_of(Inspection("there", exists=True, revision=revision)) == state


async def said_of_the_database() -> tuple[bool, str]:
    """Return whether the database is all right, and what is said of it."""
    (found,) = [each for each in await check_all(load()) if each.subject.startswith("Database")]
    return found.ok, found.subject


async def test_a_used_up_balance_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    async with stand_ins(monkeypatch, Script(fault=Fault.STATUS_402)):
        (found,) = wrong(await check_all(load()))
    assert found.fix == "Top up the account behind OPENAI_API_KEY."


async def test_what_is_half_set_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    async with stand_ins(monkeypatch):
        monkeypatch.delenv("SLACK_APP_TOKEN")
        monkeypatch.delenv("OPENAI_MODEL")
        found = wrong(await check_all(load()))
    assert [finding.problem for finding in found] == [
        "OPENAI_MODEL is not set.",
        "SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP) is not set.",
    ]


async def test_a_persona_that_is_told_the_channel_needs_scopes(monkeypatch: pytest.MonkeyPatch) -> None:
    async with stand_ins(monkeypatch) as slack:
        slack.scopes -= {"channels:read"}
        assert wrong(await check_all(load())) == []
        monkeypatch.setenv("TICKERTAPE_MODEL_SYSTEM_PROMPT", "You are in {channel}.")
        (found,) = wrong(await check_all(load()))
    assert "channels:read" in found.problem


async def test_what_is_off_is_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    async with stand_ins(monkeypatch):
        for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"):
            monkeypatch.delenv(name)
        findings = await check_all(load())
    assert wrong(findings) == []
    assert "Slack" not in printed(findings)


def test_every_error_of_a_model_has_a_fix() -> None:
    assert "OPENAI_API_KEY" in fix_of(BadCredentials(""))
    assert "TICKERTAPE_MODEL_FIRST_EVENT" in fix_of(TimedOut("", Clock.FIRST))
    assert fix_of(Busy("")) == "Try again."


def test_the_table_prints_text_as_it_is() -> None:
    findings = [Finding(ok=False, subject="[bold]Model[/bold]", problem=":smile: [red]", fix="none")]
    assert "[bold]Model[/bold]" in printed(findings)
    assert ":smile: [red]" in printed(findings)
