"""A page as a reader meets it: its prose, headings, links, code spans, tables, and blocks of code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).parents[2]

_FENCED = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Page:
    """A page in Markdown; `name` is its path in the project."""

    name: str

    @cached_property
    def text(self) -> str:
        return (ROOT / self.name).read_text(encoding="utf-8")

    @cached_property
    def prose(self) -> str:
        """The text without its blocks of code."""
        return _FENCED.sub("", self.text)

    @property
    def anchors(self) -> set[str]:
        """What a link can name after the `#`, as GitHub derives it from the headings."""
        headings = re.findall(r"^#+ (.+)$", self.prose, re.MULTILINE)
        return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}

    @property
    def links(self) -> list[str]:
        """The targets of all links and pictures."""
        return re.findall(r"\]\(([^)]+)\)", self.prose)

    @property
    def spans(self) -> list[str]:
        """All that is set in backticks within the prose."""
        return re.findall(r"`([^`\n]+)`", self.prose)

    def blocks(self, language: str) -> list[str]:
        """Return the blocks of code of a language."""
        return [code for named, code in _FENCED.findall(self.text) if named == language]

    def between(self, name: str) -> str:
        """Return what stands between the comments `name:begin` and `name:end`."""
        return self.text.split(f"<!-- {name}:begin -->")[1].split(f"<!-- {name}:end -->")[0]

    def chapter(self, heading: str) -> str:
        """Return the prose below a heading, up to the next one of its level or above."""
        (found,) = re.finditer(rf"^(#+) {re.escape(heading)}$", self.prose, re.MULTILINE)
        rest = self.prose[found.end() :]
        return re.split(rf"^#{{1,{len(found[1])}}} ", rest, maxsplit=1, flags=re.MULTILINE)[0]

    def first_cells(self, heading: str) -> Iterator[str]:
        """Yield the first cells of all tables of a chapter, without the tables' heads."""
        lines = self.chapter(heading).splitlines()
        for line, following in zip(lines, [*lines[1:], ""], strict=True):
            if line.startswith("|") and not line.startswith("|--") and not following.startswith("|--"):
                yield line.split("|")[1].strip()


README = Page("README.md")
CORE = Page("core/README.md")
BOTS = Page("bots/README.md")
TESTS = Page("tests/README.md")
DEPLOY = Page("deploy/README.md")

PAGES = (README, CORE, BOTS, TESTS, DEPLOY)
