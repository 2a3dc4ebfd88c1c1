"""Where pages end, and what is closed and reopened there: one example for each construct."""

from __future__ import annotations

import pytest

from tests.render.dialect import PlainDialect
from tests.render.joined import assert_shows
from tests.render.test_properties import rendered
from tickertape.render import Page
from tickertape.render.split import FILL, Rank


def texts(text: str, limit: int, marker: str = "") -> list[str]:
    """Return what the pages show, which is the text."""
    dialect = PlainDialect(limit)
    shown = [page.text for page in rendered(text, dialect, marker=marker)]
    assert_shows(shown, text, dialect, marker=marker)
    return shown


def test_nothing_gives_no_page_and_a_marker_alone_gives_one() -> None:
    assert rendered("", PlainDialect()) == ()
    assert rendered(" \n\t ", PlainDialect()) == ()
    assert rendered("", PlainDialect(), marker="Stopped.") == (Page("-# Stopped.", 0, 0),)
    assert rendered(" \n", PlainDialect(), marker="Stopped.") == (Page("-# Stopped.", 0, 2),)


def test_one_page_shows_the_text_as_it_is() -> None:
    text = "  **open, `and\n\n```py\nnever closed  "
    assert texts(text, 2000) == [text.strip()]


def test_mentions_are_neutralised_on_every_page() -> None:
    pages = rendered("hello @everyone " * 10, PlainDialect(60))
    assert all("@everyone" not in page.text for page in pages)


def test_a_paragraph_end_is_preferred_to_a_line_a_sentence_and_a_word() -> None:
    text = "a" * 50 + " b\n\n" + "c" * 25 + "\nd d d. e e e e e e e e e e e e e"
    assert texts(text, 70)[0] == "a" * 50 + " b"


def test_a_boundary_far_from_the_end_is_not_taken() -> None:
    text = "one.\n\n" + "word " * 40
    first = texts(text, 100)[0]
    assert len(first) >= FILL[Rank.WORD] * 100


def test_a_sentence_end_is_preferred_to_a_word() -> None:
    assert texts("word " * 17 + "end. more words that go on and on", 100)[0].endswith("end.")
    assert texts("文" * 90 + "。" + "字" * 30, 100)[0].endswith("。")


@pytest.mark.parametrize(
    "unit",
    [
        "[the text of a link](http://example.com/path)",
        "![an image](http://example.com/image.png)",
        "https://example.com/a/long/path?with=query&more=1",
        "<@123456789012345678>",
        "<#123456789012345678>",
        "<!subteam^S12345678>",
        "<:emoji:123456789012345>",
        "<t:1234567890:R>",
        "&CounterClockwiseContourIntegral;",
        "👩‍👩‍👧‍👦👩‍👩‍👧‍👦",
    ],
)
def test_what_belongs_together_is_not_cut(unit: str) -> None:
    for length in range(60, 96):
        shown = texts("x" * (length - 3) + " y " + unit + " and so on, a little further", 100)
        assert any(PlainDialect().show(unit) in page for page in shown), shown


def test_a_unit_longer_than_a_page_is_cut_at_graphemes() -> None:
    family = "👩‍👩‍👧‍👦"
    shown = texts(family * 20, 40)
    assert all(page.count(family) * len(family) == len(page) for page in shown)
    assert len(texts("https://example.com/" + "a" * 100, 40)) == 3


def test_a_grapheme_longer_than_a_page_is_cut_at_code_points() -> None:
    assert [len(page) for page in texts("a" + "\u0301" * 99, 40)] == [40, 40, 20]


def test_a_fence_is_closed_and_reopened_with_its_language() -> None:
    shown = texts("```python\n" + "x = 1\n" * 12 + "```\ndone", 60)
    assert all(page.startswith("```python\n") and page.count("```") == 2 for page in shown)
    assert shown[-1].endswith("\n```\ndone")


def test_indentation_at_the_start_of_a_page_of_code_is_kept() -> None:
    shown = texts("```\n" + "    indented\n" * 10 + "```", 60)
    assert all("```\n    indented" in page for page in shown)


@pytest.mark.parametrize("run", ["```", "~~~", "`````"])
def test_any_fence_is_reopened_with_its_own_run(run: str) -> None:
    shown = texts(f"{run}js\n" + "let a;\n" * 12 + run, 60)
    assert len(shown) > 1
    assert all(page.startswith(f"{run}js\n") and page.endswith(f"\n{run}") for page in shown)


def test_a_fence_in_a_list_is_closed_inside_it_and_reopened_without_its_indentation() -> None:
    text = "1. a\n   - b\n\n     ```sh\n" + "     ls -la\n" * 8 + "     ```\n   end"
    first, second, last = texts(text, 70)
    assert first.endswith("\n     ls -la\n     ```")
    assert second == "```sh\n" + "ls -la\n" * 5 + "```"
    assert last == "end"


def test_a_fence_in_a_quote_is_reopened_in_a_quote() -> None:
    shown = texts("> ```py\n" + "> x = 1\n" * 10 + "> ```\n\nafter", 60)
    assert all(page.startswith("> ```py\n> x = 1") for page in shown)
    assert all(page.endswith("\n> ```") for page in shown[:-1])


def test_a_fence_inside_a_longer_fence_is_code() -> None:
    shown = texts("````md\n" + "```py\nx\n```\n" * 6 + "````", 60)
    assert all(page.startswith("````md\n") and page.endswith("\n````") for page in shown)


def test_a_page_may_end_after_a_fence_before_a_unit_that_does_not_fit() -> None:
    shown = texts("Why is it so long?\n```py\n}\n```\n\n[link](http://a.b/c_d) and", 40)
    assert shown[0].endswith("\n}\n```")


def test_a_table_repeats_its_header() -> None:
    shown = texts("| a | b |\n|---|---|\n" + "| 1 | 2 |\n" * 9, 60)
    assert len(shown) > 1
    assert all(page.startswith("| a | b |\n|---|---|\n| 1 | 2 |") for page in shown)


def test_a_table_that_fits_is_kept_whole() -> None:
    table = "| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |"
    assert texts("x" * 75 + "\n\n" + table, 100)[1] == table


def test_a_quote_cut_in_a_line_goes_on_as_a_quote() -> None:
    shown = texts("> " + "word " * 30, 60)
    assert all(page.startswith("> word") for page in shown)


def test_list_items_begin_pages_as_items() -> None:
    shown = texts("\n".join(f"- item number {number}" for number in range(12)), 100)
    assert all(page.startswith("- item") for page in shown)


@pytest.mark.parametrize("marker", ["**", "*", "_", "__", "~~", "||", "`", "``", "***"])
def test_emphasis_and_code_are_closed_and_reopened(marker: str) -> None:
    shown = texts(marker + "word " * 30 + "end" + marker + " after", 60)
    assert len(shown) > 2
    assert all(page.startswith(f"{marker}word") for page in shown)
    assert all(page.endswith(f"word{marker}") for page in shown[:-1])


def test_nested_emphasis_is_closed_inside_out() -> None:
    shown = texts("**bold _" + "word " * 20 + "end_ bold**", 60)
    assert shown[0].endswith("word_**")
    assert shown[1].startswith("**_word")


def test_a_marker_that_is_never_closed_is_not_closed_at_a_boundary() -> None:
    assert texts("a *b " + "word " * 20 + "\n\nend", 60)[0].endswith("word")


def test_a_heading_stays_with_its_paragraph() -> None:
    shown = texts("word " * 17 + "\n\n## Heading\n\n" + "more " * 20, 100)
    assert shown[1].startswith("## Heading\n\nmore")


def test_the_marker_stands_on_its_own_line_below_a_closed_fence() -> None:
    assert texts("```py\nx = 1", 100, "Stopped.") == ["```py\nx = 1\n```\n\n-# Stopped."]


def test_a_marker_that_does_not_fit_gets_a_page() -> None:
    assert texts("x" * 55, 60, "Stopped.") == ["x" * 55, "-# Stopped."]


def test_a_marker_longer_than_a_page_is_shortened() -> None:
    (page,) = rendered("", PlainDialect(40), marker="word " * 20)
    assert len(page.text) <= 40
    assert page.text.endswith("…")


def test_white_space_at_a_boundary_belongs_to_a_page_and_is_not_shown() -> None:
    pages = rendered("a" * 30 + "\n\n   \n\n" + "b" * 30, PlainDialect(40))
    assert [page.text for page in pages] == ["a" * 30, "b" * 30]
    assert pages[0].end == pages[1].start == 37
