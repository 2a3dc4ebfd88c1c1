from __future__ import annotations

import io
import json
import logging
import sys
import warnings
from collections.abc import Callable, Iterator

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from tickertape.cli import logs
from tickertape.cli.logs import REDACTED, Redactor, configure

SECRET = 'a"secret\\of-mine'


@pytest.fixture(autouse=True)
def _restore() -> Iterator[None]:
    """Leave logging as it was found."""
    root = logging.getLogger()
    handlers, level, hook = root.handlers[:], root.level, sys.excepthook
    levels = {name: logging.getLogger(name).level for name in logs.NOISY_LOGGERS}
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    sys.excepthook = hook
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)
    logging.captureWarnings(capture=False)
    structlog.reset_defaults()


def written(act: Callable[[], None], *, style: str = "json", level: str = "info") -> str:
    """Return what is logged while `act` runs."""
    stream = io.StringIO()
    configure(level=level, style=style, secrets=[SECRET], stream=stream)
    act()
    return stream.getvalue()


def test_an_event_is_one_line_of_json_with_its_values() -> None:
    line = json.loads(
        written(lambda: structlog.get_logger("tickertape.x").info("answer_ended", characters=3))
    )
    assert (line["event"], line["characters"], line["level"], line["logger"]) == (
        "answer_ended",
        3,
        "info",
        "tickertape.x",
    )
    assert line["timestamp"].endswith("Z")


def test_the_standard_librarys_loggers_are_bridged() -> None:
    line = json.loads(written(lambda: logging.getLogger("some.library").warning("%s of %d", "one", 2)))
    assert (line["event"], line["level"], line["logger"]) == ("one of 2", "warning", "some.library")


@pytest.mark.parametrize(
    "name",
    [
        "discord.http",
        "slack_sdk.web",
        "openai._base_client",
        "aiohttp.access",
        "httpx2",
        "alembic.runtime.migration",
    ],
)
def test_noisy_loggers_speak_up_only_to_warn(name: str) -> None:
    def act() -> None:
        logging.getLogger(name).debug("chatter")
        logging.getLogger(name).info("chatter")
        logging.getLogger(name).warning("heard")

    assert [json.loads(line)["event"] for line in written(act, level="debug").splitlines()] == ["heard"]


def test_the_level_holds_for_both_kinds_of_logger() -> None:
    def act() -> None:
        structlog.get_logger("ours").info("chatter")
        logging.getLogger("theirs").info("chatter")
        structlog.get_logger("ours").error("heard")

    assert len(written(act, level="warning").splitlines()) == 1


def test_the_console_style_is_readable_and_has_no_colours_in_a_file() -> None:
    text = written(lambda: structlog.get_logger().info("ready", platform="Discord"), style="console")
    assert "ready" in text
    assert "platform=Discord" in text
    assert "\x1b" not in text


def fail() -> None:
    raise RuntimeError(f"raised {SECRET}")


@pytest.mark.parametrize("style", ["json", "console"])
def test_secrets_are_taken_out_of_events_values_and_tracebacks(style: str) -> None:
    def act() -> None:
        log = structlog.get_logger()
        log.info("event", value=SECRET, **{SECRET: 1}, nested={"headers": [f"Bearer {SECRET}"]})
        logging.getLogger("library").warning("said %r", SECRET)
        try:
            fail()
        except RuntimeError:
            log.exception("failed")
            logging.getLogger("library").exception("failed")

    text = written(act, style=style)
    assert "raised" in text
    assert text.count(REDACTED) >= 6
    assert "secret" not in text
    assert "of-mine" not in text


def test_an_uncaught_exception_is_logged_without_secrets() -> None:
    def act() -> None:
        try:
            fail()
        except RuntimeError as error:
            sys.excepthook(type(error), error, error.__traceback__)
        sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)

    line = json.loads(written(act))
    assert (line["event"], line["level"]) == ("crashed", "critical")
    assert "RuntimeError" in line["exception"]
    assert "of-mine" not in line["exception"]


def test_warnings_are_logged() -> None:
    def act() -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("always")
            configure_again = logging.getLogger("py.warnings")
            logging.captureWarnings(capture=True)
            warnings.warn("take care", stacklevel=1)
            assert configure_again.name

    assert "take care" in written(act)


LOOK_ALIKES = [
    "xoxb-123-456-abcDEF",
    "xoxe.xoxp-1-Mi0yLTEyMzQ",
    "xapp-1-A1-2-deadbeef",
    "sk-proj-AbC_123-xyz456",
    "MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.ZnCjm1XVW7vRze4b7Cq4se7kKWs",
]


@pytest.mark.parametrize("token", LOOK_ALIKES)
@pytest.mark.parametrize(
    "around", ["{}", "Authorization: {}", "token='{}',", "https://x/?t={}&b=1", '{{"k": "{}"}}']
)
def test_what_looks_like_a_token_is_taken_out_though_nobody_configured_it(token: str, around: str) -> None:
    assert Redactor().redact(around.format(token)) == around.format(REDACTED)


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("Authorization: Bearer abc.def-123", "abc.def"),
        ("{'Authorization': 'Bot MTk4NjIyNDgzNDcxOTI1MjQ4'}", "MTk4"),
        (
            "POST https://discord.com/api/v10/webhooks/123/aW50ZXJhY3Rpb246MTIzNDU2Nzg5/messages/@original",
            "aW50",
        ),
        ("POST /interactions/123/aW50ZXJhY3Rpb246MTIzNDU2Nzg5/callback", "aW50"),
        ("wss://wss-primary.slack.com/link/?ticket=0a1b-2c3d&app_id=A1", "0a1b"),
        ("https://hooks.slack.com/commands/T1/2/3abc", "3abc"),
    ],
)
def test_what_opens_a_door_is_taken_out(text: str, gone: str) -> None:
    assert gone not in Redactor().redact(text)


@pytest.mark.parametrize(
    "text",
    [
        "answer_ended state=complete detail=complete characters=1200 seconds=3.25",
        "discord PATCH /channels/{}/messages 1234567890 slack:T1/C2/1712345678.000100",
        "The bot cannot post there. The sk-y is blue. 2026-01-01T00:00:00.000000Z tickertape.discord.http.trace",
        "http://127.0.0.1:9001/api/chat.postMessage 0123456789abcdef",
    ],
)
def test_ordinary_lines_stay_as_they_are(text: str) -> None:
    assert Redactor([""]).redact(text) == text


@given(secret=st.text(min_size=6, max_size=40))
def test_a_configured_secret_is_never_left_however_it_is_written(secret: str) -> None:
    redactor = Redactor([secret])
    said = repr(secret)
    for form in (
        secret,
        said[1:-1],
        json.dumps(secret)[1:-1],
        json.dumps(said[1:-1], ensure_ascii=False)[1:-1],
    ):
        assert redactor.redact(f"<{form}>") == f"<{REDACTED}>"
