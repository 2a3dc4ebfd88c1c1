from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest
from pydantic import SecretStr

from tickertape.cli.catalogue import chat_settings
from tickertape.cli.composition import discord_settings, everyday, slack_settings
from tickertape.configuration import SettingsError, load, rows, variable_of
from tickertape.discord.settings import DiscordSettings
from tickertape.languages import Language
from tickertape.model.settings import ChatSettings
from tickertape.settings import SECTIONS
from tickertape.slack.settings import SlackSettings

BOT_TOKEN = "xoxb-1-secret"
APP_TOKEN = "xapp-1-secret"


def problems(**files: str) -> str:
    for name, text in files.items():
        Path({"env": ".env", "toml": "tickertape.toml"}[name]).write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as raised:
        load()
    return str(raised.value)


def test_nothing_is_needed_to_load_the_settings() -> None:
    settings = load()
    assert settings.model.missing == ("OPENAI_MODEL", "OPENAI_API_KEY")
    assert settings.discord.missing == ("DISCORD_TOKEN",)
    assert len(settings.slack.missing) == 2
    assert (settings.shutdown.grace, settings.log.level) == (25.0, "info")
    assert settings.secrets() == ()


def test_the_environment_wins_over_env_file_wins_over_toml(
    bare: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (bare / "tickertape.toml").write_text(
        '[model]\nname = "toml"\nbase_url = "http://toml/v1"\nsystem_prompt = "toml"\nretries = 1\n'
    )
    (bare / ".env").write_text(
        'OPENAI_MODEL=dotenv\nOPENAI_BASE_URL=http://dotenv/v1\nTICKERTAPE_MODEL_SYSTEM_PROMPT="from dotenv"\nOTHER=1\n'
    )
    monkeypatch.setenv("OPENAI_MODEL", "environment")
    model = load().model
    assert (model.name, model.base_url, model.system_prompt, model.retries) == (
        "environment", "http://dotenv/v1", "from dotenv", 1,
    )  # fmt: skip


@pytest.mark.parametrize(
    "variable", [variable_of(section, name) for section in SECTIONS for name in section.model_fields]
)
def test_every_setting_can_be_set_by_its_variable_and_in_toml(
    variable: str, bare: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    section, name = next((s, n) for s in SECTIONS for n in s.model_fields if variable_of(s, n) == variable)
    value = SAMPLES.get(variable, "7")
    (bare / "tickertape.toml").write_text(NAMED, encoding="utf-8")
    monkeypatch.setenv(variable, value)
    by_variable = getattr(getattr(load(), section.table), name)
    assert by_variable != section.model_fields[name].default
    monkeypatch.delenv(variable)
    toml = f"{NAMED}[{section.table}]\n{name} = '''{value}'''\n"
    (bare / "tickertape.toml").write_text(toml, encoding="utf-8")
    assert getattr(getattr(load(), section.table), name) == by_variable


NAMED = "[models.7]\n[personas.7]\nprompt = 'Hi'\n"
"""What the samples of defaults refer to."""

SAMPLES = {
    "OPENAI_BASE_URL": "http://127.0.0.1:1/v1",
    "OPENAI_MODEL": "gpt",
    "TICKERTAPE_MODEL_VISION": "true",
    "TICKERTAPE_SLACK_EXPLORE": "false",
    "TICKERTAPE_MODEL_REASONING": "Shown",
    "TICKERTAPE_PRICES_CURRENCY": "EUR",
    "TICKERTAPE_ACCESS_ADMINS": "discord:1, slack:U1",
    "TICKERTAPE_ACCESS_ADMIN_ROLES": "discord:1,slack:S1",
    "TICKERTAPE_ACCESS_ALLOW_USERS": "slack:W1",
    "TICKERTAPE_ACCESS_ALLOW_ROLES": "slack:S1",
    "TICKERTAPE_ACCESS_ALLOW_CHANNELS": "slack:C1, slack:D1, slack:G1, discord:1, discord:direct, slack:direct",
    "TICKERTAPE_ACCESS_DENY_USERS": "slack:U1",
    "TICKERTAPE_ACCESS_DENY_ROLES": "slack:S1",
    "TICKERTAPE_ACCESS_DENY_CHANNELS": "slack:C1",
    "TICKERTAPE_CONVERSATIONS_FOLLOW_UPS": "false",
    "TICKERTAPE_CONVERSATIONS_SECOND_PROMPT": "Interrupt",
    "TICKERTAPE_CONVERSATIONS_READ_HISTORY": "false",
    "TICKERTAPE_REPAIR_CLOSE_INTERRUPTED": "false",
    "TICKERTAPE_REPAIR_ANSWER_AGAIN": "false",
    "TICKERTAPE_STORE_URL": "postgresql://me:s%40crt@127.0.0.1/tape",
    "TICKERTAPE_MODEL_TEMPERATURE": "0.5",
    "TICKERTAPE_MODEL_EXTRA": '{"seed": 1}',
    "DISCORD_API_URL": "http://127.0.0.1:1/api/v10",
    "TICKERTAPE_DISCORD_MESSAGE_CONTENT": "true",
    "TICKERTAPE_DISCORD_STOP_EMOJIS": "✋, 🚫",
    "TICKERTAPE_DISCORD_FILE_HOSTS": "CDN.example.org, 127.0.0.1:9005",
    "TICKERTAPE_SLACK_FILE_HOSTS": "localhost",
    "SLACK_BOT_TOKEN": BOT_TOKEN,
    "SLACK_APP_TOKEN": APP_TOKEN,
    "SLACK_API_URL": "http://127.0.0.1:1/api/",
    "TICKERTAPE_SLACK_PATH": "/events",
    "TICKERTAPE_SLACK_COMMAND": "/tape",
    "TICKERTAPE_SLACK_NATIVE_STREAMS": "Always",
    "TICKERTAPE_LANGUAGE": "de-AT",
    "TICKERTAPE_LOG_LEVEL": "WARNING",
    "TICKERTAPE_LOG_FORMAT": "json",
}


def test_an_empty_variable_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "")
    monkeypatch.setenv("TICKERTAPE_MODEL_RETRIES", "")
    settings = load()
    assert not settings.discord.wanted
    assert settings.model.retries == 2


def test_the_toml_file_can_be_named(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (bare / "tickertape.toml").write_text('[model]\nname = "default"\n')
    (bare / "a.toml").write_text('[model]\nname = "a"\n')
    (bare / "b.toml").write_text('[model]\nname = "b"\n')
    assert load().model.name == "default"
    (bare / ".env").write_text("TICKERTAPE_CONFIG=b.toml\n")
    assert load().model.name == "b"
    monkeypatch.setenv("TICKERTAPE_CONFIG", "a.toml")
    assert load().model.name == "a"
    assert load(Path("b.toml")).model.name == "b"


def test_a_named_file_must_exist() -> None:
    with pytest.raises(SettingsError, match=r"nowhere\.toml cannot be read: no such file"):
        load(Path("nowhere.toml"))


def test_unreadable_files_are_named(bare: Path) -> None:
    assert "tickertape.toml is not valid TOML" in problems(toml="[model\n")
    (bare / "tickertape.toml").unlink()
    (bare / ".env").write_bytes(b"OPENAI_MODEL=\xff\n")
    with pytest.raises(SettingsError, match=r"\.env cannot be read: byte 13 is not UTF-8"):
        load()


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ("[model]\nnmae = 1", "model.nmae, which is unknown. Did you mean model.name?"),
        ("[modle]\nname = 1", "[modle], which is unknown. Did you mean model?"),
        ("temperature = 1", "temperature, which is unknown. Did you mean model.temperature?"),
        ("model = 1", "model = …, but [model] is a table"),
        ("[slack]\nzzzzzz = 1", "slack.zzzzzz, which is unknown."),
    ],
)
def test_an_unknown_key_names_the_nearest_known_one(toml: str, said: str) -> None:
    assert said in problems(toml=toml)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("DISCORD_TOKE=x", "DISCORD_TOKE is unknown. Did you mean DISCORD_TOKEN?"),
        ("OPENAI_MODLE=x", "OPENAI_MODLE is unknown. Did you mean OPENAI_MODEL?"),
        ("SLACK_BOT_TOKN=x", "SLACK_BOT_TOKN is unknown. Did you mean SLACK_BOT_TOKEN?"),
    ],
)
def test_a_slip_in_the_env_file_is_named(bare: Path, line: str, said: str) -> None:
    (bare / ".env").write_text(line, encoding="utf-8")
    with pytest.raises(SettingsError, match=re.escape(said)):
        load()


def test_names_of_other_programs_in_the_env_file_are_left_alone(bare: Path) -> None:
    (bare / ".env").write_text("OPENAI_ORG_ID=x\nSLACK_CLIENT_ID=x\nDISCORD_GUILD=x", encoding="utf-8")
    load()


def test_an_unknown_variable_of_ours_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TICKERTAPE_SHUTDOWN_GRACES", "1")
    said = problems(env="TICKERTAPE_MODEL_STREAM=1\nUNRELATED=1\n")
    assert "TICKERTAPE_SHUTDOWN_GRACES is unknown. Did you mean TICKERTAPE_SHUTDOWN_GRACE?" in said
    assert "TICKERTAPE_MODEL_STREAM is unknown. Did you mean TICKERTAPE_MODEL_STREAMS?" in said
    assert "UNRELATED" not in said


def test_all_problems_are_said_at_once() -> None:
    found = problems(
        toml="[model]\nretries = -1\nstreams = 0\n[slack]\nport = 70000\n", env="SLACK_BOT_TOKEN=x\n"
    )
    assert len(found.splitlines()) == 4


def test_secrets_are_not_in_the_settings_repr(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable, secret in {"OPENAI_API_KEY": "sk-1-secret", "SLACK_BOT_TOKEN": BOT_TOKEN}.items():
        monkeypatch.setenv(variable, secret)
    settings = load()
    assert "1-secret" not in repr(settings)
    assert "1-secret" not in repr((chat_settings(settings.model), slack_settings(settings.slack)))
    assert set(settings.secrets()) == {"sk-1-secret", BOT_TOKEN}


def test_a_gateway_of_ones_own_needs_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_MODEL", "llama")
    assert load().model.missing == ("OPENAI_API_KEY",)
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:11434/v1/")
    assert load().model.missing == ()


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({"SLACK_BOT_TOKEN": BOT_TOKEN}, ("SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP)",)),
        ({"SLACK_APP_TOKEN": APP_TOKEN}, ("SLACK_BOT_TOKEN",)),
        ({"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_APP_TOKEN": APP_TOKEN}, ()),
        ({"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_SIGNING_SECRET": "abcdef"}, ()),
    ],
)
def test_slack_needs_a_bot_token_and_a_way_to_get_events(
    given: dict[str, str], missing: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable, value in given.items():
        monkeypatch.setenv(variable, value)
    slack = load().slack
    assert slack.wanted
    assert slack.missing == missing


def test_the_defaults_are_those_of_the_parts_they_are_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", BOT_TOKEN)
    settings = load()
    assert chat_settings(settings.model) == ChatSettings(model="")
    assert discord_settings(settings.discord) == DiscordSettings(token="")
    assert slack_settings(settings.slack) == SlackSettings(bot_token=BOT_TOKEN)


def test_addresses_are_given_to_the_adapters_as_they_want_them(monkeypatch: pytest.MonkeyPatch) -> None:
    for end in ("", "/"):
        monkeypatch.setenv("SLACK_API_URL", f"http://127.0.0.1:9001/api{end}")
        monkeypatch.setenv("DISCORD_API_URL", f"http://127.0.0.1:9000/api/v10{end}")
        settings = load()
        assert slack_settings(settings.slack).api_url == "http://127.0.0.1:9001/api/"
        assert discord_settings(settings.discord).api_url == "http://127.0.0.1:9000/api/v10"


def test_every_setting_is_documented() -> None:
    assert all(row.description.endswith(".") for row in rows())
    assert len({row.variable for row in rows()}) == len(rows())


def test_every_secret_is_a_secret_string() -> None:
    sections = [getattr(load(), field.name) for field in fields(load())]
    named = [
        (name, value) for section in sections for name, value in section
        if re.search(r"key$|token$|secret$", name)
    ]  # fmt: skip
    assert len(named) == 5
    assert isinstance(load().store.url, SecretStr), "it may hold a password"
    assert all(isinstance(value, SecretStr) for _, value in named)


@pytest.mark.parametrize(("written", "tag"), [("de", "de"), ("DE-at", "de"), ("en_GB", "en")])
def test_the_owners_language_is_for_those_of_whom_none_is_known(
    written: str, tag: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TICKERTAPE_LANGUAGE", written)
    languages = everyday(load()).languages
    assert languages.of("") == languages.of("fr") == Language(tag)


def test_a_language_that_there_is_not_is_refused_at_the_start() -> None:
    said = "TICKERTAPE_LANGUAGE (defaults.language in the TOML file) is no language that Tickertape speaks"
    assert f"{said}; there are de, en." in problems(toml="[defaults]\nlanguage = 'fr'\n")
