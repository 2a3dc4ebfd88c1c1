"""Live frames, character by character: what is being written never shows as raw markup."""

from __future__ import annotations

import pytest

from tests.render.dialect import PlainDialect
from tickertape.render import Renderer


def frames(text: str, limit: int = 2000) -> list[str]:
    """Return what each frame shows when `text` arrives one character at a time."""
    renderer, shown = Renderer(PlainDialect(limit)), []
    for char in text:
        renderer.push(char)
        pages = renderer.pages(live=True)
        shown.append(pages[-1].text if pages else "")
    return shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("**bo", "**bo**"),
        ("**bold*", "**bold**"),
        ("*it", "*it*"),
        ("__un", "__un__"),
        ("~~st", "~~st~~"),
        ("||sp", "||sp||"),
        ("`co", "`co`"),
        ("``co` de", "``co` de``"),
        ("**a *b", "**a *b***"),
        ("**a `b", "**a `b`**"),
        ("word **", "word"),
        ("word *", "word"),
        ("word `", "word"),
        ("word ~", "word"),
        ("word |", "word"),
        ("word [", "word"),
        ("word ![", "word"),
        ("word <@12", "word"),
        ("word <https://exa", "word"),
        ("word &am", "word"),
        ("word \\", "word"),
        ("word\n#", "word"),
        ("word\n##  ", "word"),
        ("word\n-", "word"),
        ("word\n- **", "word"),
        ("word\n>", "word"),
        ("word\n1.", "word"),
        ("word\n--", "word"),
        ("word\n==", "word"),
        ("word\n``", "word"),
        ("word\n```p", "word"),
        ("word\n```py\n", "word"),
        ("see [the te", "see the te"),
        ("see [the text]", "see the text"),
        ("see [the text](htt", "see the text"),
        ("see [the text](http://a.b)", "see [the text](http://a.b)"),
        ("see [1] and", "see [1] and"),
        ("an ![ima", "an"),
        ("an ![image](htt", "an"),
        ("- [", ""),
        ("- [x", ""),
        ("- [x] done", "- [x] done"),
        ("```py\nx = 1", "```py\nx = 1\n```"),
        ("```py\nx = 1\n", "```py\nx = 1\n```"),
        ("```py\nx = 1\n``", "```py\nx = 1\n```"),
        ("```py\nx = 1\n```", "```py\nx = 1\n```"),
        ("> ```\n> x", "> ```\n> x\n> ```"),
        ("1. a\n   ```\n   x", "1. a\n   ```\n   x\n   ```"),
        ("word\n\n| a |", "word"),
        ("word\n\n| a | b |\n|--", "word"),
        ("| a | b |\n|---|---|\n|", "| a | b |\n|---|---|"),
        ("| a | b |\n|---|---|\n| 1", "| a | b |\n|---|---|\n| 1 |"),
        ("| a | b |\n|---|---|\n| **1", "| a | b |\n|---|---|\n| **1** |"),
        ("2 * 3 is", "2 * 3 is"),
        ("2*3 is", "2*3 is"),
        ("snake_case_na", "snake_case_na"),
        ("a || b", "a || b"),
        ("never **closed\n\nnext", "never **closed\n\nnext"),
    ],
)
def test_a_frame_is_well_formed(text: str, shown: str) -> None:
    renderer = Renderer(PlainDialect())
    renderer.push(text)
    pages = renderer.pages(live=True)
    assert "".join(page.text for page in pages) == shown


def test_what_is_held_back_is_shown_in_the_end() -> None:
    renderer = Renderer(PlainDialect())
    renderer.push("word **")
    assert renderer.pages(live=True)[0].text == "word"
    assert renderer.pages(live=True)[0].end == len("word **")
    assert renderer.pages(live=False)[0].text == "word **"


def test_a_page_never_vanishes_because_its_text_is_held_back() -> None:
    shown = frames("1.  **one** `")
    assert "" not in shown[shown.index("1") :]


def test_a_page_is_not_begun_by_what_is_held_back() -> None:
    renderer = Renderer(PlainDialect(40))
    renderer.push("x" * 39 + " **")
    assert [(page.text, page.end) for page in renderer.pages(live=True)] == [("x" * 39, 42)]
    renderer.push("b")
    assert [page.text for page in renderer.pages(live=True)] == ["x" * 39, "**b**"]


def test_an_answer_of_every_construct_never_shows_a_raw_marker() -> None:
    text = (
        "# Title\n\nSome **bold _it_** with [link](http://x.y/z) and `code`.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n"
        "- item *one*\n- ![image](http://a.b) done\n\nEnd <@12> ~~x~~ ||s||"
    )
    for shown in frames(text):
        for marker in ("**", "~~", "||", "`"):
            assert shown.count(marker) % 2 == 0, shown
        assert shown.count("[") == shown.count("](") == shown.count("]"), shown
