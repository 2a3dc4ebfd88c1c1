"""The lines of Markdown text: which of them are code, tables, headings, and what is open where each begins.

A scanner of our own, because no Markdown library takes text that is still being written, starts in the middle of a
document with what is open there, and gives the slice of the source that each part came from. It knows what matters
for cutting and healing and is lenient where models are: a fence inside a list needs no exact indentation.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

LONGEST_RUN = 8
"""Most characters of a fence's run; a longer row of backticks is text, as no page could afford to close it."""

_MOST_CONTAINERS = 16
_QUOTE = re.compile(r"[ \t]*>[ ]?")
_BULLET = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)])(?:[ \t]+(?=\S)|[ \t]*$)")
_FENCE = re.compile(rf"([ \t]*)(`{{3,{LONGEST_RUN}}}(?!`)|~{{3,{LONGEST_RUN}}}(?!~))([^\n]*)$")
_HEADING = re.compile(r"[ ]{0,3}(?:#{1,6}|-#)(?:[ \t]|$)")
_RULE = re.compile(r"[ ]{0,3}(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})$")
_UNDERLINE = re.compile(r"[ ]{0,3}(?:=+|-+)[ \t]*$")
_DELIMITER_CELL = re.compile(r":?-+:?")
_CELL_BORDER = re.compile(r"(?<!\\)\|")


class Kind(enum.Enum):
    """What a line is."""

    BLANK = enum.auto()
    TEXT = enum.auto()
    HEADING = enum.auto()
    RULE = enum.auto()
    INDENTED = enum.auto()
    OPENER = enum.auto()
    CODE = enum.auto()
    CLOSER = enum.auto()
    HEADER = enum.auto()
    DELIMITER = enum.auto()
    ROW = enum.auto()


@dataclass(frozen=True, slots=True)
class Fence:
    """An open code fence."""

    run: str
    """The backticks or tildes."""
    info: str
    margin: str
    """What stands before the run of a closing line: quote signs, and the indentation of the list item around it."""
    indent: int
    """Spaces before the run, after the quote signs."""
    depth: int
    """How many quotes it stands in."""


@dataclass(frozen=True, slots=True)
class Table:
    """An open table: its first two lines."""

    header: str
    delimiter: str


@dataclass(frozen=True, slots=True)
class State:
    """What is open at some position of the text."""

    depth: int = 0
    """Quotes."""
    listed: bool = False
    """Whether a list is open."""
    fence: Fence | None = None
    table: Table | None = None
    midline: bool = False
    """Whether the position is inside a line."""
    inline: tuple[str, ...] = ()
    """Markers of emphasis and code that are open, outermost first."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line, `text[start:end]` with its newline."""

    start: int
    end: int
    kind: Kind
    content: int
    """Where the text begins, after quote signs, bullet and heading marker."""
    before: State
    """What is open where the line begins; for code, the fence that it stands in."""
    depth: int
    fresh: bool
    """Whether emphasis that is open before it ends there: it begins a paragraph, an item, a cell row."""
    item: bool
    """Whether it begins a list item."""


@dataclass(frozen=True, slots=True)
class _Margin:
    """What stands before a line's content: quotes and bullets."""

    depth: int
    end: int
    """Characters up to the content."""
    item: bool


def quote_end(line: str, depth: int) -> int:
    """Return how many characters of `line` are quote signs, at most `depth` of them, with their spaces."""
    position = 0
    for _ in range(depth):
        match = _QUOTE.match(line, position)
        if match is None:
            break
        position = match.end()
    return position


def spread(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the (start, end) of each line of `text[start:end]`, with its newline."""
    while start < end:
        newline = text.find("\n", start, end)
        following = end if newline < 0 else newline + 1
        yield start, following
        start = following


class Scanner:
    """Reads lines one by one; `lines` are those read so far."""

    def __init__(self, text: str, start: int, end: int, state: State) -> None:
        self._text = text
        self._state = state
        self.lines: list[Line] = []
        for first, last in spread(text, start, end):
            self._read(first, last)
            self._state = replace(self._state, midline=False)

    @property
    def after(self) -> State:
        """What is open after the last line."""
        return self._state

    def _read(self, start: int, end: int) -> None:
        line = self._text[start:end].rstrip("\r\n")
        if self._state.fence is not None and self._in_fence(start, end, line, self._state.fence):
            return
        margin = self._margin(line)
        if not line[margin.end :].strip() and not margin.item:
            self._add(start, end, Kind.BLANK, margin)
            self._state = replace(self._state, table=None)
        elif not (self._opener(start, end, line, margin) or self._table(start, end, line, margin)):
            self._plain(start, end, line, margin)

    def _margin(self, line: str) -> _Margin:
        """Read quote signs and bullets; inside a line there are none to read."""
        if self._state.midline:
            return _Margin(self._state.depth, 0, item=False)
        depth, end, item = 0, 0, False
        for _ in range(_MOST_CONTAINERS):
            if _RULE.match(line, end):
                break
            quote = _QUOTE.match(line, end)
            bullet = None if quote else _BULLET.match(line, end)
            if (match := quote or bullet) is None:
                break
            depth, item, end = depth + bool(quote), item or bool(bullet), match.end()
        return _Margin(depth, end, item)

    def _in_fence(self, start: int, end: int, line: str, fence: Fence) -> bool:
        """Read a line of code; a line outside the fence's quote ends the fence and is not read."""
        state = self._state
        inside = 0 if state.midline else quote_end(line, fence.depth)
        if not state.midline and line[:inside].count(">") < fence.depth:
            self._state = replace(state, fence=None, depth=0)
            return False
        closed = not state.midline and re.match(
            rf"[ \t]*{re.escape(fence.run)}{re.escape(fence.run[0])}*[ \t]*$", line[inside:]
        )
        kind = Kind.CLOSER if closed else Kind.CODE
        self._add(start, end, kind, _Margin(fence.depth, inside, item=False))
        if closed:
            self._state = replace(state, fence=None)
        return True

    def _opener(self, start: int, end: int, line: str, margin: _Margin) -> bool:
        match = _FENCE.match(line, margin.end)
        if match is None or (match[2][0] == "`" and "`" in match[3]):
            return False
        if len(match[1]) > 3 and not (self._state.listed or margin.item):
            return False
        lead = re.sub(r"[^>\s]", " ", line[: match.start(2)]).expandtabs(4)
        fence = Fence(match[2], match[3].strip(), lead, len(lead) - lead.rfind(">") - 1, margin.depth)
        if margin.depth:
            fence = replace(fence, indent=max(fence.indent - 1, 0))
        self._add(start, end, Kind.OPENER, margin)
        listed = margin.item or (self._state.listed and bool(match[1]))
        self._state = State(depth=margin.depth, listed=listed, fence=fence)
        return True

    def _table(self, start: int, end: int, line: str, margin: _Margin) -> bool:
        """Read a delimiter row, which makes the line before it a header, or a row of the open table."""
        content = line[margin.end :]
        if self._state.table is not None and not self._leaves_table(content, margin):
            self._add(start, end, Kind.ROW, margin)
            return True
        if not self._delimits(content, margin):
            return False
        header = self.lines[-1]
        self.lines[-1] = replace(header, kind=Kind.HEADER, fresh=True)
        table = Table(self._text[header.start : header.end].strip(), line.strip())
        self._add(start, end, Kind.DELIMITER, margin)
        self._state = replace(self._state, table=table)
        return True

    def _leaves_table(self, content: str, margin: _Margin) -> bool:
        return margin.item or margin.depth != self._state.depth or _HEADING.match(content) is not None

    def _delimits(self, content: str, margin: _Margin) -> bool:
        if "|" not in content or margin.item or not self.lines or not _is_delimiter(content):
            return False
        header = self.lines[-1]
        above = self._text[header.content : header.end]
        alike = header.kind is Kind.TEXT and header.depth == margin.depth and "|" in above
        return alike and _columns(above) == _columns(content)

    def _plain(self, start: int, end: int, line: str, margin: _Margin) -> None:
        content = line[margin.end :]
        under_text = bool(self.lines) and self.lines[-1].kind is Kind.TEXT and not margin.item
        kind = Kind.TEXT
        if self._state.midline:
            pass
        elif heading := _HEADING.match(content):
            kind, margin = Kind.HEADING, replace(margin, end=margin.end + heading.end())
        elif _RULE.match(content) or (under_text and _UNDERLINE.match(content)):
            kind = Kind.RULE
        elif content.startswith(("    ", "\t")) and not (under_text or self._state.listed or margin.item):
            kind = Kind.INDENTED
        listed = margin.item or (self._state.listed and not self._ends_list(content, kind))
        self._add(start, end, kind, margin)
        self._state = State(depth=margin.depth, listed=listed)

    def _ends_list(self, content: str, kind: Kind) -> bool:
        after_blank = bool(self.lines) and self.lines[-1].kind is Kind.BLANK
        return not content.startswith(("  ", "\t")) and (after_blank or kind is not Kind.TEXT)

    def _add(self, start: int, end: int, kind: Kind, margin: _Margin) -> None:
        previous = self.lines[-1] if self.lines else None
        follows = (
            previous is not None and previous.kind is kind is Kind.TEXT and previous.depth == margin.depth
        )
        fresh = margin.item or not follows
        content = min(start + margin.end, end)
        self.lines.append(Line(start, end, kind, content, self._state, margin.depth, fresh, margin.item))


def _is_delimiter(content: str) -> bool:
    """Whether a line is a table's delimiter row, such as `|---|:-:|`; takes time in proportion to its length."""
    cells = content.strip().removeprefix("|").removesuffix("|").split("|")
    return all(_DELIMITER_CELL.fullmatch(cell.strip()) for cell in cells)


def _columns(row: str) -> int:
    return len(_CELL_BORDER.findall(row.strip().removeprefix("|").removesuffix("|")))
