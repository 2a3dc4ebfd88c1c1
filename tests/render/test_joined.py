"""The judge of joined messages forgives the seams of a renderer and nothing else."""

from __future__ import annotations

import pytest

from tests.render.joined import assert_shows


@pytest.mark.parametrize(
    ("pages", "text"),
    [
        (["a b"], " a b\n"),
        (["a", "b"], "a\n\nb"),
        (["a", "b"], "a b"),
        (["ab", "cd"], "abcd"),
        (["**a**", "**b** c"], "**a b** c"),
        (["```py\na\n```", "```py\nb\n```"], "```py\na\nb\n```"),
        (["```py\na\n```", "```py\nb\n```"], "```py\nab\n```"),
        (["> a", "> b"], "> a b"),
        (["|a|b|\n|-|-|\n|1|2|", "|a|b|\n|-|-|\n|3|4|"], "|a|b|\n|-|-|\n|1|2|\n|3|4|"),
        (["hi @\u200beveryone"], "hi @everyone"),
        (["a\n\n-# Stopped by alice."], "a"),
        (["a", "-# Stopped by alice."], "a"),
    ],
)
def test_seams_are_forgiven(pages: list[str], text: str) -> None:
    assert_shows(pages, text)


@pytest.mark.parametrize(
    ("pages", "text"),
    [
        (["a"], "a b"),
        (["a", "c"], "a b c"),
        (["a b"], "a  b"),
        (["a", "a"], "a"),
        (["b", "a"], "a b"),
        (["**a**", "b"], "a b"),
        (["a", "**b** c"], "a b c"),
        (["**a**"], "**a"),
        (["```py\na\n```", "b"], "```py\na\nb\n```"),
        (["```py\na\n```", "```js\nb\n```"], "```py\na\nb\n```"),
        (["```\na\n```", "```\n b\n```"], "```\na\nb\n```"),
        (["```\na\n```", "```\nb\n```"], "```\na\n\nb\n```"),
        (["|a|b|\n|-|-|\n|1|2|", "|a|c|\n|-|-|\n|3|4|"], "|a|b|\n|-|-|\n|1|2|\n|3|4|"),
        (["hi @everyone"], "hi @everyone"),
        (["a\n\nStopped by alice."], "a"),
    ],
)
def test_everything_else_is_refused(pages: list[str], text: str) -> None:
    with pytest.raises(AssertionError, match="message"):
        assert_shows(pages, text)


def test_the_marker_asked_for_is_demanded() -> None:
    assert_shows(["a\n\n-# Stopped."], "a", marker="Stopped.")
    for pages, marker in ((["a"], "Stopped."), (["a\n\n-# Other."], "Stopped."), (["a\n\n-# Stopped."], "")):
        with pytest.raises(AssertionError, match="message"):
            assert_shows(pages, "a", marker=marker)
