from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tickertape.sandbox.discord.limits import Budget, Limits
from tickertape.sandbox.discord.rate_limits import (
    FixedWindows,
    Grant,
    bucket_hash,
    headers,
    refusal_headers,
    round_up,
)

FIVE = Budget(5, 5.0)


def test_window_starts_at_its_first_call() -> None:
    windows = FixedWindows()
    first = windows.take("a", FIVE, 100.0)
    assert first == Grant(allowed=True, limit=5, remaining=4, reset_after=5.0)
    assert windows.take("a", FIVE, 104.0).reset_after == 1.0
    assert windows.take("a", FIVE, 105.0).remaining == 4


def test_refused_calls_are_not_counted() -> None:
    windows = FixedWindows()
    taken = [windows.take("a", FIVE, 0.0).allowed for _ in range(8)]
    assert taken == [True] * 5 + [False] * 3
    assert windows.take("b", FIVE, 0.0).allowed
    assert windows.take("a", FIVE, 5.0) == Grant(allowed=True, limit=5, remaining=4, reset_after=5.0)


def test_closed_budget_refuses_until_then() -> None:
    windows = FixedWindows()
    windows.close("a", 3.0)
    assert not windows.take("a", FIVE, 2.9).allowed
    assert windows.remaining("a", FIVE, 2.9) == 0
    assert windows.take("a", FIVE, 3.0).allowed


def test_looking_does_not_count() -> None:
    windows = FixedWindows()
    assert windows.remaining("a", FIVE, 0.0) == 5
    assert windows.reset_after("a", 0.0) == 0.0
    windows.take("a", FIVE, 0.0)
    assert windows.remaining("a", FIVE, 1.0) == 4
    assert windows.reset_after("a", 1.0) == 4.0


def test_ended_windows_are_forgotten() -> None:
    windows = FixedWindows()
    for number in range(3000):
        windows.take(number, Budget(1, 1.0), float(number))
    assert len(windows._windows) < 1100


@given(
    gaps=st.lists(st.floats(0, 3), max_size=200),
    calls=st.integers(1, 8),
    seconds=st.floats(0.1, 10),
)
def test_two_touching_windows_are_the_most_that_passes(gaps: list[float], calls: int, seconds: float) -> None:
    windows, now, passed = FixedWindows(), 0.0, []
    for gap in gaps:
        now += gap
        if windows.take("a", Budget(calls, seconds), now).allowed:
            passed.append(now)
    for first, beyond in zip(passed, passed[2 * calls :], strict=False):
        assert beyond - first >= seconds * (1 - 1e-9)  # two windows can touch, three cannot


@given(start=st.floats(0, 1e9), seconds=st.floats(0.01, 100), into=st.floats(0, 1))
def test_waiting_as_told_is_enough(start: float, seconds: float, into: float) -> None:
    windows, budget = FixedWindows(), Budget(1, seconds)
    windows.take("a", budget, start)
    refused_at = start + seconds * into
    grant = windows.take("a", budget, refused_at)
    if not grant.allowed:
        assert windows.take("a", budget, refused_at + grant.reset_after + 1e-6).allowed


def test_headers() -> None:
    assert headers(Grant(allowed=True, limit=5, remaining=4, reset_after=4.9994), "abc", 1000.0) == {
        "X-RateLimit-Limit": "5",
        "X-RateLimit-Remaining": "4",
        "X-RateLimit-Reset": "1005.000",
        "X-RateLimit-Reset-After": "4.999",
        "X-RateLimit-Bucket": "abc",
    }
    assert refusal_headers("global", 0.2) == {
        "X-RateLimit-Scope": "global",
        "Retry-After": "1",
        "Via": "1.1 google",
        "X-RateLimit-Global": "true",
    }
    assert round_up(0.0001) == 0.001


def test_creates_and_edits_share_a_bucket_name_but_no_budget() -> None:
    limits = Limits(posts=Budget(3, 1.0), edits=Budget(7, 2.0))
    post, edit = ("POST", "/channels/{}/messages"), ("PATCH", "/channels/{}/messages/{}")
    assert limits.bucket_name(*post) == limits.bucket_name(*edit)
    assert (limits.budget(*post), limits.budget(*edit)) == (Budget(3, 1.0), Budget(7, 2.0))
    apart = Limits(share_message_bucket=False)
    assert bucket_hash(apart.bucket_name(*post)) != bucket_hash(apart.bucket_name(*edit))


def test_every_kind_of_route_has_its_budget() -> None:
    limits = Limits()
    assert limits.budget("PUT", "/channels/{}/messages/{}/reactions/{}/@me") is limits.reactions
    assert limits.budget("GET", "/channels/{}/messages/{}/reactions/{}") is limits.others
    assert limits.budget("POST", "/channels/{}/typing") is limits.typing
    assert limits.budget("GET", "/channels/{}/messages") is limits.histories
    assert limits.budget("GET", "/channels/{}/messages/{}") is limits.others
    assert limits.budget("DELETE", "/channels/{}/messages/{}") is limits.deletes
    assert limits.budget("PATCH", "/webhooks/{}/{}/messages/{}") is limits.webhooks
    assert limits.budget("GET", "/users/@me") is limits.others
