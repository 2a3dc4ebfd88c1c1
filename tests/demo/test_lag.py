from __future__ import annotations

import pytest

from tickertape.demo.lag import Step, covered, mean_lag


@pytest.mark.parametrize(
    ("answer", "shown", "characters"),
    [
        ("Hello world.", [], 0),
        ("Hello world.", ["Hello"], 5),
        ("Hello world.", ["Hello world."], 12),
        ("Hello world.\n", ["Hello world."], 13),
        ("one\n\ntwo three", ["one", "two"], 8),
        ("```py\nx = 1\ny = 2\n```", ["```py\nx = 1\n```"], 11),
        ("text", ["te", "_Stopped._"], 2),
    ],
)
def test_covered_counts_what_is_on_screen(answer: str, shown: list[str], characters: int) -> None:
    assert covered(answer, shown) in range(characters, characters + 2)


def test_mean_lag_is_the_mean_wait_of_all_characters() -> None:
    sent = [Step(0.0, 2), Step(1.0, 4)]
    assert mean_lag(sent, [Step(2.0, 4)]) == pytest.approx((2 + 2 + 1 + 1) / 4)
    assert mean_lag(sent, [Step(0.5, 2), Step(1.5, 4)]) == pytest.approx(0.5)
    assert mean_lag(sent, [Step(0.5, 2), Step(0.6, 1), Step(1.5, 4)]) == pytest.approx(0.5)
    assert mean_lag(sent, []) == 0.0
