"""Each page and each live frame alone, read by a Markdown library, shows well-formed Markdown."""

from __future__ import annotations

import re
from itertools import groupby

from hypothesis import given
from hypothesis import strategies as st

from tests.render import oracle
from tests.render.dialect import PlainDialect
from tests.render.test_properties import SETTINGS, rendered
from tests.render.texts import code_blocks, documents, tables, words
from tickertape.render import Renderer

_RAW = re.compile(r"[*`\[\]~]|(?<!\w)_|_(?!\w)|(?<!\w)\|")
wide = st.sampled_from((120, 200, 500))


def raw_markers(page: str) -> list[str]:
    """Return the markers that a reader would see, but for those that the texts' words contain."""
    seen = oracle.plain_text(page)
    if seen.count("||") % 2 == 0:
        seen = seen.replace("||", "")
    return _RAW.findall(seen)


@SETTINGS
@given(text=documents, limit=wide)
def test_every_page_has_closed_fences_and_no_raw_markers(text: str, limit: int) -> None:
    for page in rendered(text, PlainDialect(limit)):
        assert oracle.open_fences(page.text) == 0, page.text
        assert raw_markers(page.text) == [], page.text


@SETTINGS
@given(text=documents, limit=wide)
def test_pages_have_the_same_code(text: str, limit: int) -> None:
    pages = rendered(text, PlainDialect(limit))
    shown = [line for page in pages for line in oracle.code_lines(page.text)]
    assert "".join(shown) == "".join(oracle.code_lines(text)), pages


@SETTINGS
@given(before=words, block=code_blocks, after=words)
def test_code_keeps_its_language_on_every_page(before: str, block: str, after: str) -> None:
    pages = rendered(f"{before}\n\n{block}\n\n{after}", PlainDialect(80))
    shown = [language for page in pages for language in oracle.languages(page.text)]
    assert [language for language, _ in groupby(shown)] == oracle.languages(block)


@SETTINGS
@given(before=words, table=tables, after=words)
def test_tables_keep_their_rows_and_header(before: str, table: str, after: str) -> None:
    header, *rows = oracle.table_rows(table)
    pages = rendered(f"{before}\n\n{table}\n\n{after}", PlainDialect(80))
    shown = [found for page in pages if (found := oracle.table_rows(page.text))]
    assert all(found[0] == header for found in shown)
    assert [row for found in shown for row in found[1:]] == rows


@SETTINGS
@given(text=documents, limit=wide, start=st.integers(0, 400))
def test_live_frames_are_well_formed(text: str, limit: int, start: int) -> None:
    renderer = Renderer(PlainDialect(limit))
    renderer.push(text[:start])
    for char in text[start : start + 60]:
        renderer.push(char)
        for page in renderer.pages(live=True):
            assert oracle.open_fences(page.text) == 0, page.text
            assert raw_markers(page.text) == [], page.text
