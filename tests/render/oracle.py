"""How a well-kept Markdown library reads a page: the judge of what pages and frames look like."""

from __future__ import annotations

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

_READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
_RUN = re.compile(r"(?:`{3,}|~{3,})\s*$")


def code_lines(page: str) -> list[str]:
    """Return the lines of all fenced code, without indentation."""
    return [
        line.strip()
        for token in _READER.parse(page)
        if token.type == "fence"
        for line in token.content.split("\n")[:-1]
    ]


def languages(page: str) -> list[str]:
    """Return the info strings of the fences."""
    return [token.info.strip() for token in _READER.parse(page) if token.type == "fence"]


def open_fences(page: str) -> int:
    """Return how many fences have no closing line."""
    lines = page.split("\n")
    fences = [token.map for token in _READER.parse(page) if token.type == "fence" and token.map]
    return sum(_RUN.search(lines[last - 1]) is None or last - first < 2 for first, last in fences)


def table_rows(page: str) -> list[list[str]]:
    """Return the cells of all table rows, header rows included."""
    rows: list[list[str]] = []
    tokens = _READER.parse(page)
    for token, inner in zip(tokens, [*tokens[1:], None], strict=True):
        if token.type == "tr_open":
            rows.append([])
        elif token.type in {"th_open", "td_open"} and inner is not None:
            rows[-1].append(inner.content)
    return rows


def _texts(tokens: list[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type == "text":
            yield token.content
        yield from _texts(token.children or [])


def plain_text(page: str) -> str:
    """Return what a reader sees of the prose: everything that is left when all markup was understood."""
    return "\n".join(_texts(_READER.parse(page)))
