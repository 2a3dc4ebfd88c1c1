from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tickertape.sandbox.slack.web_api.rate_limits import DEFAULT_LIMITS, UNLIMITED, Limit, RateLimiter


def test_a_tier_admits_its_calls_and_then_says_how_long_to_wait() -> None:
    limiter = RateLimiter()
    assert all(limiter.admit("chat.update", "T1", "C1", 10.0 + n / 10) == 0 for n in range(50))
    assert limiter.admit("chat.update", "T1", "C2", 20.5) == 50
    assert limiter.admit("chat.update", "T2", "C1", 20.5) == 0
    assert limiter.admit("chat.update", "T1", "C1", 70.0) == 0
    assert limiter.admit("chat.update", "T1", "C1", 70.0) == 1


def test_posts_have_a_burst_per_channel() -> None:
    limiter = RateLimiter()
    assert [limiter.admit("chat.postMessage", "T1", "C1", 0.0) for _ in range(6)] == [0, 0, 0, 0, 0, 5]
    assert limiter.admit("chat.postMessage", "T1", "C2", 0.0) == 0


def test_posts_are_limited_per_workspace_too() -> None:
    limiter = RateLimiter()
    assert not any(limiter.admit("chat.postMessage", "T1", f"C{n}", 0.0) for n in range(300))
    assert limiter.admit("chat.postMessage", "T1", "C301", 0.0) == 60


def test_methods_do_not_share_their_limits() -> None:
    limiter = RateLimiter()
    for _ in range(50):
        limiter.admit("chat.update", "T1", "C1", 0.0)
    assert limiter.admit("chat.delete", "T1", "C1", 0.0) == 0


def test_a_limit_of_nothing_never_admits_and_no_limit_always_does() -> None:
    assert RateLimiter({"*": (Limit(0),)}).admit("any", "T1", "", 0.0) == 60
    assert RateLimiter(UNLIMITED).admit("any", "T1", "", 0.0) == 0
    assert DEFAULT_LIMITS["chat.update"] == (Limit(50),)


@given(st.lists(st.floats(0.0, 30.0), max_size=200))
def test_no_window_ever_holds_more_than_the_limit(gaps: list[float]) -> None:
    limiter, now, admitted = RateLimiter({"*": (Limit(5, window=20.0),)}), 0.0, list[float]()
    for gap in gaps:
        now += gap
        wait = limiter.admit("m", "T1", "", now)
        if wait == 0:
            admitted.append(now)
        else:
            assert limiter.admit("m", "T1", "", now + wait) == 0
            admitted.append(now + wait)
            now += wait
    assert all(late - early >= 20.0 - 1e-9 for early, late in zip(admitted, admitted[5:], strict=False))
