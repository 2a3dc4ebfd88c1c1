from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickertape.screen.draft import Draft

DELTAS = st.lists(st.tuples(st.text(min_size=1, max_size=8), st.floats(0, 100)), max_size=20)


@given(DELTAS, st.integers(0, 20))
def test_lag_is_the_sum_of_the_waiting_characters_ages(deltas: list[tuple[str, float]], covered: int) -> None:
    deltas.sort(key=lambda delta: delta[1])
    draft = Draft()
    for number, (text, at) in enumerate(deltas):
        if number == covered:
            draft.cover(draft.mark())
        draft.append(text, at)
    waiting = deltas[covered:] or deltas
    now = 200.0
    assert draft.lag(now) == pytest.approx(sum(len(text) * (now - at) for text, at in waiting), abs=1e-6)
    assert draft.waiting == sum(len(text) for text, _ in waiting)


@given(st.lists(st.one_of(st.none(), st.text(min_size=1, max_size=5)), max_size=30))
def test_fresh_gives_every_character_once(steps: list[str | None]) -> None:
    draft = Draft()
    taken = ""
    for step in steps:
        if step is None:
            taken += draft.fresh()
        else:
            draft.append(step, 0.0)
    taken += draft.fresh()
    assert taken == draft.text == "".join(step for step in steps if step)


def test_a_draft_is_visible_from_its_first_text_on_that_is_more_than_white_space() -> None:
    draft = Draft()
    seen = []
    for text in (" ", "\n", "a", " ", "b"):
        draft.append(text, 0.0)
        seen.append(draft.visible)
    assert seen == [False, False, True, True, True]
