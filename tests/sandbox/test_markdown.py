from __future__ import annotations

import pytest

from tickertape.sandbox.markdown import to_html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**bold** and `code`", "<p><strong>bold</strong> and <code>code</code></p>\n"),
        ("one\ntwo", "<p>one<br />\ntwo</p>\n"),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n"),
        ("text\n\n-# Stopped.", "<p>text</p>\n<p><small>Stopped.</small></p>\n"),
    ],
)
def test_markdown_becomes_html(text: str, html: str) -> None:
    assert to_html(text) == html


def test_tables_are_shown_and_images_never_load() -> None:
    assert "<td>1</td>" in to_html("| a |\n|---|\n| 1 |")
    assert "<img" not in to_html("![x](https://evil.example/pixel.png)")
    assert "href" not in to_html("[x](javascript:alert(1))")
