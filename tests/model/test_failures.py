from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickertape.model.api import (
    BadCredentials,
    BalanceUsedUp,
    ModelError,
    ModelNotFound,
    ServerFailed,
    TooManyRequests,
)
from tickertape.model.failures import (
    Complaint,
    Unsettled,
    complaint,
    error_for,
    error_in_stream,
    seconds_to_wait,
)
from tickertape.model.redact import excerpt, redact
from tickertape.model.retry import pause_before_retry
from tickertape.model.settings import Retries

NOW = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after": "-3"}, 0.0),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "Sun, 01 Mar 2026 12:00:30 GMT"}, 30.0),
        ({"retry-after": "Sun, 01 Mar 2026 11:00:00 GMT"}, 0.0),
        ({"retry-after": "Sun, 01 Mar 2026 12:00:30 GMT", "date": "Sun, 01 Mar 2026 12:00:20 GMT"}, 10.0),
        ({"retry-after": "Sun, 01 Mar 2026 12:00:30 GMT", "date": "nonsense"}, 30.0),
    ],
)
def test_retry_after(headers: dict[str, str], seconds: float | None) -> None:
    assert seconds_to_wait(headers, NOW) == seconds


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({"error": {"code": 402, "message": "no credits"}}, BalanceUsedUp),
        ({"error": {"code": "429"}}, TooManyRequests),
        ({"error": {"type": "rate_limit_error"}}, TooManyRequests),
        ({"error": {"code": "invalid_api_key"}}, BadCredentials),
        ({"error": {"code": "model_not_found"}}, ModelNotFound),
        ({"error": {"code": 200}}, ServerFailed),
        ({"error": "text"}, ServerFailed),
        ({"error": {}}, ServerFailed),
        ("text", ServerFailed),
        (None, ServerFailed),
    ],
)
def test_errors_in_the_stream(body: object, kind: type[ModelError]) -> None:
    assert type(error_in_stream(body)) is kind


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"error": {"message": "no"}}, "no"),
        ({"message": "no", "type": "x"}, "no"),
        ({"error": "no"}, "no"),
        ({"error": {}}, ""),
        ({"detail": [{"loc": ["body"], "msg": "no"}]}, "[{'loc': ['body'], 'msg': 'no'}]"),
        ("  no\n way ", "no way"),
        (None, ""),
    ],
)
def test_messages(body: object, message: str) -> None:
    assert complaint(body).message == message


CHOSEN = Retries(attempts=3, base=1.0, longest=3.0, retry_after_cap=10.0)


@given(st.integers(1, 3), st.floats(0, 1))
def test_our_own_pauses_double_with_jitter_up_to_a_limit(failed: int, chance: float) -> None:
    pause = pause_before_retry(ServerFailed("x"), failed, CHOSEN, lambda: chance)
    assert pause is not None
    whole = min(2.0 ** (failed - 1), 3.0)
    assert whole / 2 <= pause <= whole


def test_pauses() -> None:
    def pause(error: ModelError, failed: int = 1) -> float | None:
        return pause_before_retry(error, failed, CHOSEN, lambda: 0.0)

    assert pause(TooManyRequests("x", 10.0)) == 10.0
    assert pause(TooManyRequests("x", 10.1)) is None
    assert pause(TooManyRequests("x", 0.0)) == 1.0
    assert pause(ServerFailed("x", 5.0)) == 5.0
    assert pause(Unsettled("x"), 3) == 3.0
    assert pause(Unsettled("x"), 4) is None
    assert pause(BalanceUsedUp("x")) is None
    assert pause(error_for(400, Complaint("x"))) is None


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("Incorrect API key provided: sk-abc***wxyz.", "Incorrect API key provided: [key]"),
        ("header Bearer abc.def rejected", "header Bearer [key] rejected"),
        ("https://user:pass@gateway/v1", "https://[key]@gateway/v1"),
        ("my-own-key was refused", "[key] was refused"),
        ("nothing to hide here", "nothing to hide here"),
    ],
)
def test_redaction(text: str, clean: str) -> None:
    assert redact(text, "my-own-key") == clean


def test_an_excerpt_is_one_short_line() -> None:
    assert excerpt("a\n  b\tc") == "a b c"
    assert len(excerpt("word " * 1000)) == 300
