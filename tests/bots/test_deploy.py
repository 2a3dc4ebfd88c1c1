"""What operators are given agrees with the program."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from tests.bots.settings_table import named_table, table
from tests.pages.page import PAGES, Page
from tickertape.configuration import load, rows
from tickertape.settings import NAMED_TABLES, SECTIONS

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"


@pytest.mark.parametrize("lines", [table(), named_table()])
def test_the_page_has_the_tables_of_settings_as_they_are(lines: list[str]) -> None:
    page = (ROOT / "bots" / "README.md").read_text(encoding="utf-8")
    assert "\n".join(lines) in page, (
        "run `python -m tests.bots.settings_table` and paste it into bots/README.md"
    )


def test_the_example_toml_names_every_setting_that_is_no_secret(
    bare: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GROQ_API_KEY", "gsk_1")
    text = (DEPLOY / "tickertape.example.toml").read_text(encoding="utf-8")
    (bare / "commented.toml").write_text(text, encoding="utf-8")
    load(bare / "commented.toml")
    enabled = re.sub(r"^#(?=[\w\[])", "", text, flags=re.MULTILINE)
    (bare / "enabled.toml").write_text(enabled, encoding="utf-8")
    load(bare / "enabled.toml")
    tables = tomllib.loads(enabled)
    secrets = {"api_key", "token", "bot_token", "app_token", "signing_secret"}
    for section in SECTIONS:
        assert set(tables[section.table]) == set(section.model_fields) - secrets
    for kind in NAMED_TABLES:
        assert [set(entry) for entry in tables[kind.table].values()] == [set(kind.model_fields)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_examples_of_settings_in_a_page_can_be_loaded(
    page: Page, bare: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GROQ_API_KEY", "gsk_1")
    for number, block in enumerate(page.blocks("toml")):
        (bare / f"{number}.toml").write_text(block, encoding="utf-8")
        load(bare / f"{number}.toml")


def test_the_example_env_file_names_only_what_exists(bare: Path) -> None:
    text = (DEPLOY / ".env.example").read_text(encoding="utf-8")
    named = re.findall(r"^#?([A-Z_]+)=", text, re.MULTILINE)
    assert set(named) <= {row.variable for row in rows()}
    (bare / ".env").write_text(text, encoding="utf-8")
    settings = load()
    assert not settings.discord.wanted
    assert not settings.slack.wanted


def test_the_time_to_stop_is_longer_than_a_shutdown_takes() -> None:
    shutdown = load().shutdown
    at_most = shutdown.grace + shutdown.drain + 30
    (systemd,) = re.findall(r"TimeoutStopSec=(\d+)", (DEPLOY / "tickertape.service").read_text())
    (compose,) = re.findall(r"stop_grace_period: (\d+)s", (DEPLOY / "compose.yaml").read_text())
    assert int(systemd) >= at_most
    assert int(compose) >= at_most
