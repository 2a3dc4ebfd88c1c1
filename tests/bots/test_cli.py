"""The commands without a platform: what they say when something is missing or wrong, and their statuses."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tickertape.version import __version__

ROOT = Path(__file__).parents[2]
SECRET = "1-very-secret"


def python(*arguments: str, cwd: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run Python as a process of its own, with nothing set but `variables`."""
    environment = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "PYTHONWARNINGS": "error", **variables}
    return subprocess.run(  # noqa: S603 - our own program
        [sys.executable, *arguments],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )


def tickertape(*arguments: str, cwd: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the command."""
    return python("-m", "tickertape", *arguments, cwd=cwd, **variables)


@pytest.mark.real_time
def test_help_names_the_commands(bare: Path) -> None:
    done = tickertape("--help", cwd=bare)
    assert done.returncode == 0
    assert all(command in done.stdout for command in ("run", "check", "demo", "--version"))


@pytest.mark.real_time
@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("run", "The TOML file. [default: ($TICKERTAPE_CONFIG, then tickertape.toml)]"),
        ("check", "The TOML file. [default: ($TICKERTAPE_CONFIG, then tickertape.toml)]"),
        ("check", "2 if nothing is set or the settings cannot be read."),
        ("demo", "such as TICKERTAPE_LANGUAGE, has no effect here."),
    ],
)
def test_help_is_whole(command: str, said: str, bare: Path) -> None:
    done = tickertape(command, "--help", cwd=bare)
    assert said in " ".join(done.stdout.replace("│", " ").split())


@pytest.mark.real_time
def test_a_demo_that_is_to_end_after_some_seconds_has_to_be_served(bare: Path) -> None:
    done = tickertape("demo", "--seconds", "5", cwd=bare)
    assert done.returncode == 2
    assert "--seconds: only has a meaning with --serve" in " ".join(done.stderr.replace("│", " ").split())


@pytest.mark.real_time
def test_the_version_is_printed(bare: Path) -> None:
    done = tickertape("--version", cwd=bare)
    assert (done.returncode, done.stdout) == (0, f"tickertape {__version__}\n")


@pytest.mark.real_time
def test_help_and_an_incomplete_run_import_no_client_library(bare: Path) -> None:
    code = (
        "import sys\n"
        "from tickertape.__main__ import main\n"
        "sys.argv = ['tickertape', *sys.argv[1:]]\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "heavy = {'openai', 'discord', 'slack_bolt', 'slack_sdk', 'aiohttp'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    for argument in ("--help", "run", "check"):
        done = python("-c", code, argument, cwd=bare)
        assert done.returncode == 0, done.stderr


@pytest.mark.real_time
@pytest.mark.parametrize("command", ["run", "check"])
def test_with_nothing_set_it_says_what_is_missing_and_ends_with_2(command: str, bare: Path) -> None:
    done = tickertape(command, cwd=bare)
    assert done.returncode == 2
    assert "Model: OPENAI_MODEL and OPENAI_API_KEY are not set." in done.stderr
    assert "Discord: DISCORD_TOKEN is not set." in done.stderr
    assert (
        "Slack: SLACK_BOT_TOKEN and SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP)"
        in done.stderr
    )
    assert done.stdout == ""


@pytest.mark.real_time
def test_a_platform_without_a_model_ends_with_2(bare: Path) -> None:
    done = tickertape("run", cwd=bare, DISCORD_TOKEN=SECRET, OPENAI_BASE_URL="http://127.0.0.1:1/v1")
    assert done.returncode == 2
    assert "Model: OPENAI_MODEL is not set." in done.stderr
    assert "Discord" not in done.stderr


@pytest.mark.real_time
def test_a_half_set_platform_alone_ends_with_2_and_names_the_other_half(bare: Path) -> None:
    done = tickertape(
        "run", cwd=bare, SLACK_BOT_TOKEN=f"xoxb-{SECRET}", OPENAI_API_KEY="sk", OPENAI_MODEL="m"
    )
    assert done.returncode == 2
    assert "Slack: SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP) is not set." in done.stderr


@pytest.mark.real_time
def test_wrong_settings_are_all_named_and_end_with_2(bare: Path) -> None:
    (bare / "other.toml").write_text("[model]\ntemprature = 1\n")
    done = tickertape("run", "--config", "other.toml", cwd=bare, SLACK_BOT_TOKEN=f"xapp-{SECRET}")
    assert done.returncode == 2
    assert "Did you mean model.temperature?" in done.stderr
    assert "SLACK_BOT_TOKEN" in done.stderr
    assert SECRET not in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.real_time
def test_an_unreachable_server_is_named_with_what_to_do_and_no_traceback(bare: Path) -> None:
    done = tickertape(
        "run",
        cwd=bare,
        SLACK_BOT_TOKEN=f"xoxb-{SECRET}",
        SLACK_APP_TOKEN=f"xapp-{SECRET}",
        SLACK_API_URL="http://127.0.0.1:1/api/",
        OPENAI_MODEL="m",
        OPENAI_BASE_URL="http://127.0.0.1:1/v1",
    )
    assert done.returncode == 1, done.stderr
    assert "m at http://127.0.0.1:1/v1" in done.stdout
    assert "Slack    on, on the server 127.0.0.1:1" in done.stdout
    assert "Discord  off: DISCORD_TOKEN is not set." in done.stdout
    assert "What to do:" in done.stderr
    assert "Traceback" not in done.stderr
    assert SECRET not in done.stdout + done.stderr
