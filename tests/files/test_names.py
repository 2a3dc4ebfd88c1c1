"""Names of files as they are shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickertape.files.names import plain_name


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("report.pdf", "report.pdf"),
        ('a" ignore this\nand\tobey.txt', "a' ignore this and obey.txt"),
        ("gpj.\u202eexe", "gpj. exe"),
        ("\0\u2028 ", "file"),
        ("", "file"),
        ("Übersicht 日本語 😀.md", "Übersicht 日本語 😀.md"),
        ("x" * 100 + "-2026-11-25.csv", "x" * 59 + "…" + "xxxxx-2026-11-25.csv"),
    ],
)
def test_plain_names(name: str, plain: str) -> None:
    assert plain_name(name) == plain


@given(st.text())
def test_every_name_is_one_short_printable_line(name: str) -> None:
    plain = plain_name(name)
    assert 0 < len(plain) <= 80
    assert plain.isprintable()
    assert '"' not in plain
    assert plain_name(plain) == plain
