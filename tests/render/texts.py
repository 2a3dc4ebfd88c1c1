"""Texts for Hypothesis: Markdown as models write it, Markdown gone wrong, and anything at all."""

from __future__ import annotations

from hypothesis import strategies as st

_WORDS = (
    "alpha",
    "be",
    "the",
    "snake_case",
    "5%",
    "café",
    "日本語。",
    "שלום",
    "👩‍👩‍👧",
    "e\u0301",
    "@everyone",
    "x.",
    "Why?",
)
_UNITS = (
    "[link](http://a.b/c_d)",
    "![alt](http://i.j)",
    "https://x.y/z?a=1&b=2",
    "<@123>",
    "<:smile:1>",
    "&amp;",
)
_STYLED = (
    "**{}**",
    "*{}*",
    "_{}_",
    "__{}__",
    "~~{}~~",
    "||{}||",
    "`{}`",
    "``{}``",
    "***{}***",
    "**a *{}* b**",
)
_SHARDS = (
    "*", "**", "_", "`", "``", "```", "~~", "||", "|", "#", "# ", "-", "- ", "> ", ">", "1. ", "[", "](", "]", "(", ")",
    "!", "<", "<@", "&", "\\", "\n", "\n\n", "```py\n", "\n```\n", "~~~", "    ", " ", "a", "b.", "\t", "\r\n", "|---|",
    "| a | b |\n|---|---|\n", "---", "\0", "\ud83d", "\u200b", "=", "word", "1", "  - ",
)  # fmt: skip

words = st.lists(st.sampled_from(_WORDS), min_size=1, max_size=8).map(" ".join)
phrases = st.one_of(
    words,
    st.sampled_from(_UNITS),
    st.builds(lambda form, text: form.format(text), st.sampled_from(_STYLED), words),
)
sentences = st.lists(phrases, min_size=1, max_size=6).map(lambda parts: " ".join(parts) + ".")
_lines = st.lists(sentences, min_size=1, max_size=3)
_code_lines = st.lists(
    st.sampled_from(("x = 1", "    return f(x)", "", "print('`')", "# no heading", "| a |", "**kw", "}")),
    min_size=1,
    max_size=8,
).filter(lambda lines: lines[0] != "" and lines[-1] != "")


def _fence(run: str, info: str, lines: list[str]) -> str:
    return "\n".join((run + info, *lines, run))


def _indented(prefix: str, text: str, first: str | None = None) -> str:
    head, *rest = text.split("\n")
    return "\n".join(((prefix if first is None else first) + head, *(prefix + line for line in rest)))


def _table(rows: list[list[str]]) -> str:
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join((lines[0], "|---|:--|", *lines[1:]))


code_blocks = st.builds(
    _fence,
    st.sampled_from(("```", "~~~", "````")),
    st.sampled_from(("", "py", "python title=a")),
    _code_lines,
)
tables = st.lists(
    st.lists(st.sampled_from(("a", "two words", "**b**", "`c`", "1")), min_size=2, max_size=2),
    min_size=2,
    max_size=7,
).map(_table)
paragraphs = _lines.map("\n".join)
headings = st.builds(lambda level, text: "#" * level + " " + text, st.integers(1, 4), words)
lists = st.lists(sentences, min_size=1, max_size=4).map(
    lambda items: "\n".join("- " + item for item in items)
)
listed_code = st.builds(lambda text, code: f"1. {text}\n{_indented('   ', code)}", words, code_blocks)
nested_code = st.builds(lambda code: f"1. a\n   - b\n\n{_indented('     ', code)}", code_blocks)
quotes = st.one_of(paragraphs, code_blocks).map(lambda text: _indented("> ", text))

documents = st.lists(
    st.one_of(paragraphs, paragraphs, headings, code_blocks, tables, lists, listed_code, nested_code, quotes),
    min_size=1,
    max_size=8,
).map("\n\n".join)
"""Well-formed Markdown."""

rubble = st.lists(st.sampled_from(_SHARDS), max_size=60).map("".join)
"""Markers in any order."""

anything = st.one_of(
    documents, rubble, st.builds(lambda one, two: one + two, documents, rubble), st.text(max_size=300)
)
limits = st.sampled_from((40, 41, 60, 100, 200, 500))
