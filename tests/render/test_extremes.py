"""Texts that no model should write: the limits hold, nothing is lost, and the cost stays in proportion."""

from __future__ import annotations

import pytest

from tests.render.dialect import CountingDialect, PlainDialect, Unit
from tests.render.joined import assert_shows
from tests.render.test_properties import check, rendered
from tickertape.render import Renderer

EXTREMES = {
    "backticks": "`" * 10_000,
    "backtick runs": " ".join("`" * (number % 50 + 1) for number in range(300)),
    "asterisks": "* " * 3000,
    "openers": "*a " * 3000,
    "brackets": "[" * 3000,
    "half links": "[a](" * 2000,
    "bullets": "- " * 2000 + "x",
    "empty quote": ">\n" * 3000,
    "spoilers": "||a " * 2000,
    "angles": "<a " * 2000,
    "backslashes": "\\" * 6000,
    "combining marks": "a" + "\u0301" * 6000,
    "surrogates": "\ud83d" * 5000,
    "nul": "\0" * 5000,
    "controls": "\x1c\x1d\x85" * 2000 + "a",
    "spaces": "a" + " " * 20_000 + "b" + "\n" * 20_000 + "c",
    "leading spaces": " " * 20_000 + "x",
    "no spaces": "x" * 20_000,
    "chinese": "漢字。" * 3000,
    "right to left": "שלום " * 3000,
    "families": "👩‍👩‍👧‍👦" * 1000,
    "fences": "```\n~~~\n```\n" * 500,
    "open fence": "```py\n" + "x = 1\n" * 2000,
    "long code line": "```py\n" + "x" * 10_000,
    "blank code": "```\n" + "\n" * 6000 + "x\n```",
    "table": "| a | b |\n|---|---|\n" + "| 1 | 2 |\n" * 1000,
    "wide row": "| a | b |\n|---|---|\n| " + "w " * 4000 + "|\n| 1 | 2 |",
    "url": "http://a.b/" + "c" * 6000,
    "carriage returns": "hello world\r\n" * 600,
    "mixture": "**a _b `c` ~~d [e](f) " * 300,
}


@pytest.mark.parametrize(
    ("limit", "unit"), [(40, Unit.CODE_POINTS), (2000, Unit.UTF16), (12_000, Unit.CODE_POINTS)]
)
@pytest.mark.parametrize("name", EXTREMES)
def test_extreme_texts(name: str, limit: int, unit: Unit) -> None:
    text = EXTREMES[name][: 3000 if limit == 40 else None]
    dialect, renderer = PlainDialect(limit, unit), Renderer(PlainDialect(limit, unit))
    step = len(text) // 5 + 1
    for start in range(0, len(text), step):
        renderer.push(text[start : start + step])
        check(renderer.pages(live=True), text[: start + step], dialect)
    check(renderer.pages(live=False), text, dialect)
    pages = rendered(text, dialect)
    check(pages, text, dialect)
    assert_shows([page.text for page in pages], text, dialect, marker="")


def _work(length: int) -> int:
    """Return how many characters a dialect is given when an answer of `length` is shown live."""
    sentence = "Some **bold words** and `code`, then a [link](http://a.b/c) in a sentence. "
    text = (sentence * 5 + "\n\n```py\n" + "x = f(y)\n" * 12 + "```\n\n") * (length // 500 + 1)
    dialect = CountingDialect()
    renderer = Renderer(dialect)
    for start in range(0, length, 400):
        renderer.push(text[start : min(start + 400, length)])
        renderer.pages(live=True)
    renderer.pages(live=False)
    return dialect.worked


def test_the_cost_of_a_live_answer_grows_with_its_length() -> None:
    short, long = _work(60_000), _work(600_000)
    assert long < 10.5 * short
    assert short < 60_000 * 40


def test_a_call_without_new_text_works_on_the_last_page_only() -> None:
    dialect = CountingDialect()
    renderer = Renderer(dialect)
    renderer.push("word " * 120_000)
    renderer.pages(live=True)
    before = dialect.worked
    renderer.pages(live=True)
    assert dialect.worked - before < 4 * dialect.page
