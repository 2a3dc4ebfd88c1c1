"""Where nothing can be taken back: each live frame begins the next one, and the whole text is shown in the end."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.render.dialect import PlainDialect
from tests.render.joined import assert_shows
from tests.render.texts import anything, documents
from tickertape.render import AppendOnlyRenderer, renderer_of
from tickertape.render.dialect import AppendOnlyDialect

SETTINGS = settings(
    deadline=None, derandomize=True, database=None, max_examples=400, suppress_health_check=list(HealthCheck)
)
limits = st.sampled_from((60, 100, 200, 500, 2000))
_HALF_MENTION = re.compile(r"(?:<|@(?:e|ev|eve|ever|every|everyo|everyon|h|he|her)?)\Z")


@dataclass(frozen=True, slots=True)
class GrowingDialect(PlainDialect):
    """The plain dialect of a place where a live message can only grow."""

    def settled(self, text: str) -> int:
        half = _HALF_MENTION.search(text)
        return half.start() if half else len(text)


def frames_of(text: str, limit: int, step: int) -> tuple[list[list[str]], list[str]]:
    """Return the live frames of `text` as it arrives `step` characters at a time, and the final pages."""
    renderer = renderer_of(GrowingDialect(limit))
    frames = []
    for start in range(0, len(text), step):
        renderer.push(text[start : start + step])
        frames.append([page.text for page in renderer.pages(live=True)])
    assert not frames or [page.text for page in renderer.pages(live=True)] == frames[-1]
    return frames, [page.text for page in renderer.pages(live=False)]


def assert_grows(frames: list[list[str]], final: list[str], limit: int) -> None:
    """Fail unless every page of every frame begins the same page of each later one."""
    for before, after in pairwise([*frames, final]):
        assert len(before) <= len(after)
        for number, page in enumerate(before):
            assert after[number].startswith(page), (page, after[number])
            assert len(page) <= limit
        for number in range(len(before) - 1):
            assert after[number] == before[number]


def test_the_dialect_chooses_the_renderer() -> None:
    assert isinstance(GrowingDialect(), AppendOnlyDialect)
    assert isinstance(renderer_of(GrowingDialect()), AppendOnlyRenderer)
    assert not isinstance(renderer_of(PlainDialect()), AppendOnlyRenderer)


@SETTINGS
@given(text=anything, limit=limits, step=st.integers(1, 40))
def test_nothing_shown_is_taken_back(text: str, limit: int, step: int) -> None:
    frames, final = frames_of(text, limit, step)
    assert_grows(frames, final, limit)


@SETTINGS
@given(text=documents, limit=limits, step=st.integers(1, 40), marker=st.sampled_from(("", "Stopped.")))
def test_the_pages_show_the_text(text: str, limit: int, step: int, marker: str) -> None:
    frames, _ = frames_of(text, limit, step)
    renderer = renderer_of(GrowingDialect(limit))
    for start in range(0, len(text), step):
        renderer.push(text[start : start + step])
        renderer.pages(live=True)
    final = [page.text for page in renderer.pages(live=False, marker=marker)]
    assert_grows(frames, final, limit)
    assert_shows(final, text, GrowingDialect(limit), marker=marker)
