"""The dialect: what Slack could act on is made harmless, everything else passes as it is."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tickertape.render import Renderer, renderer_of
from tickertape.sandbox.slack.blocks.blocks import MAX_MARKDOWN
from tickertape.sandbox.slack.mentions import in_text
from tickertape.slack.showing.dialect import DIALECT, JOINER, NATIVE_DIALECT, literal

FORMS = (
    "<!channel>", "<!here>", "<!everyone>", "<!here|@here>", "<@U123>", "<@W9ab|bob>", "<#C123>", "<#C123|general>",
    "<!subteam^S123>", "<!subteam^S1|team>", "<!date^1^{date}|now>", "<\\!channel>", "<\\@U1>", "&lt;!channel&gt;",
    "&#60;@U1>", "&#x3C;!here>", "<!group>",
)  # fmt: skip
HARMLESS = (
    "<!DOCTYPE html>", "<!-- comment -->", "a < b && c > d", "&amp; &lt; &gt;", "vec![1, 2]", "#![allow(dead_code)]",
    "std::vector<int>", "<https://example.com>", "<b>bold</b>", "#include <stdio.h>", "a@b.example", "@here", "!important",
    "[link](https://example.com/?a=1&b=2)", "x <- y", 'println!("{}", 1)', "| a | b |\n|---|---|\n| 1 | 2 |",
)  # fmt: skip
PIECES = st.lists(
    st.sampled_from([*FORMS, *HARMLESS, " ", "\n", "```\n", "\\", "<", "&lt;", "!", "🎉", "![a](b)"])
)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("frame", ["{}", "`{}`", "```\n{}\n```", "**{}**", "\\{}"])
def test_every_special_form_is_broken_up_everywhere(form: str, frame: str) -> None:
    shown = DIALECT.show(frame.format(form))
    assert shown != frame.format(form)
    assert shown.replace(JOINER, "") == frame.format(form)
    for read in (
        shown,
        shown.replace("\\", ""),
        shown.replace("&lt;", "<").replace("&#60;", "<").replace("&#x3C;", "<"),
    ):
        assert in_text(read) == ()
        assert not re.search(r"<[!@#](?:channel|here|U|C|S)", read)


@pytest.mark.parametrize("text", HARMLESS)
def test_everything_else_passes_untouched(text: str) -> None:
    assert DIALECT.show(text) == text


@pytest.mark.parametrize(
    "image", ["![alt](https://evil.example/?q=secret)", "![](http://x)", "![a [b] c](u)", "![a][ref]"]
)
def test_images_become_links(image: str) -> None:
    assert DIALECT.show(f"See {image}.") == f"See !{JOINER}{image[1:]}."


@given(PIECES)
@settings(max_examples=300, deadline=None, derandomize=True)
def test_it_only_inserts_and_nothing_pings(pieces: list[str]) -> None:
    text = "".join(pieces)
    shown = DIALECT.show(text)
    assert shown.replace(JOINER, "") == text
    assert in_text(shown) == ()
    assert DIALECT.show(shown) == shown
    assert not shown.startswith(JOINER)
    assert not shown.endswith(JOINER)


@given(st.text())
@settings(max_examples=300, deadline=None, derandomize=True)
def test_the_size_covers_characters_utf16_units_and_entities(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert DIALECT.size(text) == len(escaped.encode("utf-16-le", "surrogatepass")) // 2


HALVES = st.lists(
    st.sampled_from(
        [*FORMS, *HARMLESS, "<", "&", "&l", "&lt", "&#0", "&#x", "3c", "\\\\", "@", "!", "![", "[", "]", "](", "chan", "nel",
         "here", "every", "one", "group", "s", " ", "\n", "U1", "#", "C"]
    )
)  # fmt: skip


@given(HALVES, HALVES)
@settings(max_examples=2_000, deadline=None, derandomize=True)
def test_what_is_settled_looks_the_same_whatever_follows(before: list[str], after: list[str]) -> None:
    text, more = "".join(before), "".join(after)
    settled = text[: NATIVE_DIALECT.settled(text)]
    assert DIALECT.show(text + more).startswith(NATIVE_DIALECT.show(settled))


@pytest.mark.parametrize("text", [text for text in HARMLESS if not text.endswith("!")])
def test_nothing_ordinary_is_held_back(text: str) -> None:
    assert NATIVE_DIALECT.settled(f"{text} ") == len(text) + 1


@given(PIECES, st.integers(1, 9))
@settings(max_examples=150, deadline=None, derandomize=True)
def test_a_stream_only_grows_and_pings_nobody(pieces: list[str], step: int) -> None:
    text, renderer, shown = "".join(pieces), renderer_of(NATIVE_DIALECT), ""
    for start in range(0, len(text), step):
        renderer.push(text[start : start + step])
        now = "".join(page.text for page in renderer.pages(live=True))
        assert now.startswith(shown)
        assert in_text(now) == ()
        shown = now
    final = "".join(page.text for page in renderer.pages(live=False))
    assert final == DIALECT.show(text).strip()
    assert final.startswith(shown)


def test_a_full_page_with_its_marker_stays_within_slacks_limit() -> None:
    renderer = Renderer(DIALECT)
    renderer.push("<!channel> 🎉 & more. " * 4_000)
    pages = renderer.pages(live=False, marker="Stopped by alice.")
    assert len(pages) > 2
    assert all(len(page.text) <= DIALECT.page < MAX_MARKDOWN for page in pages)


def test_a_marker_is_small_print_and_takes_names_literally() -> None:
    assert DIALECT.marker("Stopped by alice.") == "_Stopped by alice._"
    marker = DIALECT.marker("Stopped by *x* <!channel>\n![i](u) `c`.")
    assert "\n" not in marker
    assert in_text(marker) == ()
    assert "\\*x\\*" in marker


@given(st.text(max_size=40))
@settings(max_examples=200, deadline=None, derandomize=True)
def test_a_literal_shows_its_characters_and_nothing_else(text: str) -> None:
    shown = literal(text)
    assert in_text(shown) == ()
    assert "\n" not in shown
    unescaped = re.sub(r"\\([\\`*_~\[\]()<>#|!&])", r"\1", shown).replace(JOINER, "")
    assert unescaped == " ".join(text.split()).replace(JOINER, "")
