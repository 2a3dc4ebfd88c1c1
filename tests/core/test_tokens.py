"""The estimate of tokens."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickertape.memory.tokens import (
    PER_IMAGE,
    PER_TURN,
    estimate_text,
    estimate_tokens,
)
from tickertape.prompts.turns import Image, Role, Turn

ANY_TEXT = st.text(st.characters(codec=None))


@given(ANY_TEXT, ANY_TEXT)
def test_more_text_is_never_fewer_tokens(first: str, second: str) -> None:
    whole = estimate_text(first + second)
    assert max(estimate_text(first), estimate_text(second)) <= whole
    assert whole <= estimate_text(first) + estimate_text(second)


@given(ANY_TEXT.filter(bool))
def test_text_is_never_free(text: str) -> None:
    assert 1 <= estimate_text(text) <= 3 * len(text)


def test_nothing_is_free() -> None:
    assert estimate_text("") == 0
    assert estimate_tokens(Turn(Role.USER, "")) == PER_TURN


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("Streams answers of any OpenAI-compatible model into Discord and Slack.", 13),
        ("今天早上我们讨论了很久，怎样才能更好地安排团队的工作。", 19),
        ("Grüße aus Köln: wir hören später voneinander.", 12),
        ('{"role": "user", "content": null, "n": [1, 2, 30]}', 23),
        ("👩‍👩‍👧‍👦🇩🇪🎉", 17),
    ],
)
def test_the_estimate_is_not_below_what_a_tokenizer_counts(text: str, tokens: int) -> None:
    """`tokens` are those of OpenAI's o200k_base."""
    assert tokens <= estimate_text(text) <= 3 * tokens


def test_images_and_turns_are_counted() -> None:
    image = Image("image/png", b"", "a.png")
    assert estimate_tokens(Turn(Role.USER, "", (image, image))) == PER_TURN + 2 * PER_IMAGE
    assert estimate_tokens(Turn(Role.SYSTEM, "Be brief.")) == PER_TURN + estimate_text("Be brief.")
