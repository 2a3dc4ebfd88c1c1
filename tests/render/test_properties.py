"""What holds for every text, however it arrives: nothing is lost, nothing is too long, nothing shown is rewritten."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.render.dialect import PlainDialect, Unit
from tests.render.joined import assert_shows
from tests.render.texts import anything, documents, limits
from tickertape.render import Page, Renderer

SETTINGS = settings(
    deadline=None, derandomize=True, database=None, max_examples=300, suppress_health_check=list(HealthCheck)
)
units = st.sampled_from(Unit)


def rendered(text: str, dialect: PlainDialect, *, live: bool = False, marker: str = "") -> tuple[Page, ...]:
    renderer = Renderer(dialect)
    renderer.push(text)
    return renderer.pages(live=live, marker=marker)


def check(pages: tuple[Page, ...], text: str, dialect: PlainDialect) -> None:
    """Assert what holds for any call's pages."""
    for page in pages:
        assert dialect.size(page.text) <= dialect.page
        assert page.text
        assert page.text == page.text.strip()
    if pages:
        assert "".join(text[page.start : page.end] for page in pages) == text
        assert pages[0].start == 0
        assert all(before.end == after.start for before, after in pairwise(pages))


@SETTINGS
@given(text=anything, limit=limits, unit=units)
def test_pages_cover_the_text_and_keep_the_limit(text: str, limit: int, unit: Unit) -> None:
    dialect = PlainDialect(limit, unit)
    pages = rendered(text, dialect)
    check(pages, text, dialect)
    assert bool(pages) == bool(text.strip())
    if len(pages) == 1:
        assert pages[0].text == dialect.show(text).strip()


@SETTINGS
@given(text=anything, limit=limits, marker=st.sampled_from(("", "Stopped by alice.")))
def test_joined_pages_show_the_text(text: str, limit: int, marker: str) -> None:
    dialect = PlainDialect(limit)
    pages = rendered(text, dialect, marker=marker)
    check(pages, text, dialect)
    assert_shows([page.text for page in pages], text, dialect, marker=marker)


@st.composite
def arrivals(draw: st.DrawFn) -> tuple[str, list[str], list[bool]]:
    """Draw a text, the parts in which it arrives, and whether a frame is drawn after each."""
    text = draw(anything)
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=12)))
    parts = [text[start:end] for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    return text, parts, draw(st.lists(st.booleans(), min_size=len(parts), max_size=len(parts)))


@SETTINGS
@given(arrival=arrivals(), limit=limits, unit=units)
def test_frozen_pages_stay(arrival: tuple[str, list[str], list[bool]], limit: int, unit: Unit) -> None:
    text, parts, frames = arrival
    dialect, seen = PlainDialect(limit, unit), ""
    renderer = Renderer(dialect)
    frozen: tuple[Page, ...] = ()
    for part, frame in zip(parts, frames, strict=True):
        renderer.push(part)
        seen += part
        if frame:
            pages = renderer.pages(live=True)
            check(pages, seen, dialect)
            assert all(new is old for new, old in zip(pages, frozen, strict=False))
            assert len(pages) >= len(frozen)
            assert renderer.pages(live=True) == pages
            frozen = pages[:-1]
    pages = renderer.pages(live=False)
    check(pages, text, dialect)
    assert all(new is old for new, old in zip(pages, frozen, strict=False))
    assert renderer.pages(live=False) == pages
    again = renderer.pages(live=False, marker="Stopped.")
    assert all(new is old for new, old in zip(again, pages[:-1], strict=False))


@SETTINGS
@given(text=documents, limit=st.sampled_from((60, 100, 200, 500)), step=st.integers(1, 40))
def test_pages_frozen_while_streaming_show_the_text(text: str, limit: int, step: int) -> None:
    dialect = PlainDialect(limit)
    renderer = Renderer(dialect)
    for start in range(0, len(text), step):
        renderer.push(text[start : start + step])
        check(renderer.pages(live=True), text[: start + step], dialect)
    pages = renderer.pages(live=False)
    assert_shows([page.text for page in pages], text, dialect, marker="")
