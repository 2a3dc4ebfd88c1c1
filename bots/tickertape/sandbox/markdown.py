"""Markdown as HTML for the stand-ins' pages: no raw HTML passes, no image is loaded, and line breaks are kept."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt

_RENDERER = (
    MarkdownIt("commonmark", {"html": False, "breaks": True})
    .enable(["table", "strikethrough"])
    .disable("image")
)
_SMALL_PRINT = re.compile(r"(<p>|<br />\n)-# (.*?)(?=</p>|<br />)")
"""Discord's small print (`-# `), which no other Markdown knows."""


def to_html(text: str) -> str:
    """Return `text` as HTML; everything that is no Markdown is escaped."""
    html: str = _RENDERER.render(text)
    return _SMALL_PRINT.sub(r"\1<small>\2</small>", html)
