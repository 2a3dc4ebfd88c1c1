"""What values settings take, and how wrong ones are named."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tickertape.configuration import SettingsError, load

BOT_TOKEN = "xoxb-1-secret"
APP_TOKEN = "xapp-1-secret"


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("SLACK_BOT_TOKEN", APP_TOKEN, "must begin with xoxb-, but this looks like a Slack app-level token"),
        ("SLACK_APP_TOKEN", BOT_TOKEN, "must begin with xapp-, but this looks like a Slack bot token"),
        ("SLACK_BOT_TOKEN", "xoxp-1-secret", "looks like a Slack user token"),
        ("SLACK_BOT_TOKEN", " xoxb-1-secret", "begins or ends with white space"),
        ("SLACK_BOT_TOKEN", '"xoxb-1-secret"', "stands in quotation marks"),
        ("SLACK_SIGNING_SECRET", "a-secret b", "holds white space in the middle"),
        ("DISCORD_TOKEN", "Bot a-secret", 'holds the word "Bot "'),
        ("DISCORD_TOKEN", BOT_TOKEN, "looks like a Slack bot token"),
        ("DISCORD_TOKEN", "a-secret\n", "begins or ends with white space"),
        ("DISCORD_TOKEN", "a-secret…", "holds characters that no token has"),
        ("OPENAI_API_KEY", "'sk-secret'", "stands in quotation marks"),
        ("OPENAI_BASE_URL", "gateway.secret/v1", "must be an address that begins with http"),
        ("OPENAI_BASE_URL", "https://me:secret@gateway/v1", "must not hold a user name or password"),
        ("OPENAI_BASE_URL", "https://secret/v1/chat/completions", "must end before /chat/completions"),
        ("OPENAI_BASE_URL", "https://gateway/v1?key=secret", "must not hold a query"),
        ("OPENAI_BASE_URL", "https://[secret/v1", "must be an address"),
        ("OPENAI_BASE_URL", "https://gateway:secret/v1", "must be an address"),
        ("TICKERTAPE_MODEL_EXTRA", '{"secret": ', "must be a JSON object"),
        ("TICKERTAPE_MODEL_EXTRA", '["secret"]', "must be a JSON object"),
        ("TICKERTAPE_MODEL_RETRIES", "secret", "should be a valid integer"),
        ("TICKERTAPE_ANSWER_MESSAGES", "1", "greater than or equal to 2"),
        ("TICKERTAPE_SHUTDOWN_GRACE", "-1.7777", "greater than or equal to 0"),
        ("TICKERTAPE_MODEL_WHOLE", "nan", "finite"),
        ("TICKERTAPE_SLACK_COMMAND", "secret", "should match pattern"),
        ("TICKERTAPE_SLACK_STOP_REACTIONS", " , ", "at least 1 item"),
        ("TICKERTAPE_DISCORD_FILE_HOSTS", "a.example, https://secret/", "hosts such as files.example.org or 127.0.0.1:9005"),
        ("TICKERTAPE_SLACK_FILE_HOSTS", "me@secret", "number 1 is none"),
        ("TICKERTAPE_MODEL_REASONING", "secret", "should be 'hidden', 'summary' or 'shown'"),
        ("TICKERTAPE_MODEL_PRICE_PROMPT", "-0.17777", "greater than or equal to 0"),
        ("TICKERTAPE_PRICES_CURRENCY", "secret", "should match pattern"),
        ("TICKERTAPE_ACCESS_ADMINS", "discord:1, secret", "not names, which anybody can take; number 2 is none"),
        ("TICKERTAPE_ACCESS_ADMINS", "slack:C1", "such as discord:1234567890 or slack:U0123ABCD"),
        ("TICKERTAPE_ACCESS_DENY_USERS", "1", "number 1 is none"),
        ("TICKERTAPE_ACCESS_ALLOW_USERS", "discord:direct", "number 1 is none"),
        ("TICKERTAPE_ACCESS_ALLOW_ROLES", "slack:U1", "such as discord:1234567890 or slack:S0123ABCD"),
        ("TICKERTAPE_ACCESS_DENY_CHANNELS", "discord:#secret", "such as discord:1234567890, slack:C0123ABCD"),
        ("TICKERTAPE_LIMITS_USER_PER_HOUR", "0", "greater than 0"),
        ("TICKERTAPE_CONVERSATIONS_SECOND_PROMPT", "secret", "should be 'queue' or 'interrupt'"),
        ("TICKERTAPE_CONVERSATIONS_RETENTION_DAYS", "-1", "greater than or equal to 0"),
        ("TICKERTAPE_STORE_URL", "mysql://me:secret@host/tape", "must be sqlite:///FILE or postgresql://"),
        ("TICKERTAPE_STORE_URL", "sqlite:///", "must be sqlite:///FILE"),
        ("TICKERTAPE_STORE_URL", "postgresql://me:a/secret@host/tape", "is no address"),
        ("TICKERTAPE_LOG_LEVEL", "secret", "should be 'debug', 'info', 'warning' or 'error'"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_named_and_never_shown(
    variable: str, value: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsError) as raised:
        load()
    found = str(raised.value)
    assert variable in found
    assert said in found
    assert not re.search(r"\bsecret\b|1\.7777", found)


def test_only_the_password_of_a_database_is_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load().secrets() == ()
    monkeypatch.setenv("TICKERTAPE_STORE_URL", "postgresql://me:s%40crt@127.0.0.1/tape")
    settings = load()
    assert set(settings.secrets()) == {"s%40crt", "s@crt"}
    assert "crt" not in repr(settings)


@pytest.mark.parametrize(
    ("url", "file"),
    [
        (None, "{}/conf/tickertape.db"),
        ("sqlite:///data/a.db", "{}/conf/data/a.db"),
        ("sqlite:////var/a.db", "/var/a.db"),
    ],
)
def test_a_relative_database_is_beside_the_toml_file(
    url: str | None, file: str, bare: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (bare / "conf").mkdir()
    (bare / "conf" / "a.toml").write_text("")
    if url:
        monkeypatch.setenv("TICKERTAPE_STORE_URL", url)
    for config in (Path("conf/a.toml"), bare / "conf" / "a.toml"):
        assert load(config).store.url.get_secret_value() == f"sqlite:///{file.format(bare)}"


def test_without_a_toml_file_the_database_is_in_the_current_folder(bare: Path) -> None:
    assert load().store.url.get_secret_value() == f"sqlite:///{bare}/tickertape.db"
