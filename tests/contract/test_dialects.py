"""What every platform's way of writing promises of the closing line, which may hold names that people chose."""

from __future__ import annotations

import html
import re

import pytest

from tests.support.catalogues import in_section
from tests.support.english import english
from tickertape.discord.showing.dialect import DIALECT as DISCORD
from tickertape.files import words as file_words
from tickertape.files.problems import LeftOut, Problem
from tickertape.languages import SUPPORTED, Language, Sentence, words
from tickertape.render.dialect import Dialect
from tickertape.sandbox.markdown import to_html
from tickertape.slack.showing.dialect import DIALECT as SLACK
from tickertape.slack.showing.dialect import JOINER

NAMES = [
    "my__old__file.py",
    "*Ada*",
    "~~Ada~~",
    "||Ada||",
    "`Ada`",
    "[**Ada**](https://example.org/a)",
    "![Ada](https://example.org/a.png)",
    "a\\*b*",
    "-# Ada",
    "<https://example.org>",
    "<@1>",
    "Ada\n# Lovelace",
]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("dialect", [DISCORD, SLACK], ids=["discord", "slack"])
def test_a_name_in_the_closing_line_is_shown_as_it_is(dialect: Dialect, name: str) -> None:
    for sentence in (words.stopped_by(name), file_words.line(LeftOut(name, Problem.GONE))):
        line = dialect.marker(english(sentence))
        assert "\n" not in line
        assert shown(line) == " ".join(english(sentence).split())
        assert not re.search(r"\|\||__", line), (
            "Discord's spoilers and underlines, which no other Markdown knows"
        )


def shown(line: str) -> str:
    """Return the text of a line in small print, which has to be one piece: no link, no second style."""
    piece = re.fullmatch(r"<p><(small|em)>([^<>]*)</\1></p>\n", to_html(line))
    assert piece is not None, to_html(line)
    return html.unescape(piece[2]).replace(JOINER, "")


@pytest.mark.parametrize("tag", SUPPORTED)
@pytest.mark.parametrize("dialect", [DISCORD, SLACK], ids=["discord", "slack"])
def test_closing_lines_have_no_markdown_that_would_be_lost(dialect: Dialect, tag: str) -> None:
    names = in_section(tag, "The closing line below an answer") + in_section(
        tag, "The same, where the model failed in the middle of an answer"
    )
    assert "stopped" in names
    assert "cut-off" in names
    for name in names:
        said = Language(tag).say(Sentence(name, {"name": "Ada", "time": "5 s", "reason": "No."}))
        assert said in dialect.marker(said)
