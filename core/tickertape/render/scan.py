"""What stands where in the text from a page's start on, and what is open at each position."""

from __future__ import annotations

import bisect
from dataclasses import replace
from itertools import accumulate

from tickertape.render.blocks import Kind, Line, Scanner, State
from tickertape.render.inline import Inline, InlineScanner

PROSE = frozenset({Kind.TEXT, Kind.HEADING, Kind.HEADER, Kind.ROW})
"""Lines with inline markup."""
CODE = frozenset({Kind.CODE, Kind.CLOSER})
"""Lines that stand in a fence."""

_NOTHING = Inline()


class Scan:
    """The lines of `text[start:end]`, with `state` open at its start, and their inline markup on demand.

    `final` says that the text ends at `end` and nothing will follow.
    """

    def __init__(self, text: str, start: int, end: int, state: State, *, final: bool) -> None:
        self.text, self.start, self.end, self.state = text, start, end, state
        self._final = final
        scanner = Scanner(text, start, end, state)
        self.lines = scanner.lines
        self.after = scanner.after
        self._starts = [line.start for line in self.lines]
        fresh = (index if line.fresh else 0 for index, line in enumerate(self.lines))
        self._firsts = list(accumulate(fresh, max))
        self._inlines: dict[int, Inline] = {}

    def index_at(self, position: int) -> int:
        """Return the number of the line in which the character at `position` stands."""
        return max(bisect.bisect_right(self._starts, position) - 1, 0)

    def line_at(self, position: int) -> Line:
        """Return the line in which the character at `position` stands."""
        return self.lines[self.index_at(position)]

    def content(self, line: Line) -> str:
        """Return the text of `line` after its quote signs, bullets and heading marker, without surrounding space."""
        return self.text[line.content : line.end].strip()

    def terminated(self, line: Line) -> bool:
        """Say whether the newline of `line` has been written."""
        return self.text.endswith("\n", line.start, line.end)

    def half_header(self, line: Line) -> bool:
        """Say whether `line` may turn out to be a table's header, when the next line has been written."""
        begins = self.text[line.content : line.content + 2]
        return line.kind is Kind.TEXT and line.fresh and begins.startswith("|") and begins != "||"

    def inline(self, index: int) -> Inline:
        """Return the markup of the paragraph that line `index` belongs to."""
        if self.lines[index].kind not in PROSE:
            return _NOTHING
        first = self._firsts[index]
        if first not in self._inlines:
            self._inlines[first] = self._read(first, bisect.bisect_right(self._firsts, first) - 1)
        return self._inlines[first]

    def inline_at(self, position: int) -> Inline:
        """Return the markup of the paragraph that the character at `position` belongs to."""
        return self.inline(self.index_at(position))

    def _read(self, first: int, last: int) -> Inline:
        head, tail = self.lines[first], self.lines[last]
        at_end = last == len(self.lines) - 1 and not self._final
        open_ended = at_end and (tail.kind is Kind.TEXT or not self.terminated(tail))
        table = head.kind in {Kind.ROW, Kind.HEADER} or (open_ended and self.half_header(head))
        carried = self.state.inline if first == 0 else ()
        stop = tail.start + len(self.text[tail.start : tail.end].rstrip("\r\n"))
        scanner = InlineScanner(
            self.text, head.content, stop, open_ended=open_ended, table=table, carried=carried
        )
        return scanner.found

    def reopened(self) -> tuple[str, ...]:
        """Return those markers of the state at the start that are closed here, or still may be."""
        if not self.state.inline or not self.lines:
            return ()
        return tuple(span.marker for span in self.inline(0).spans if span.start == span.inner)

    def state_at(self, position: int, shown: int) -> State:
        """Return what is open at `position`, before which the text up to `shown` is on the page before."""
        line = self.line_at(position)
        midline = bool(self.text[line.start : position].strip()) or (
            position > line.start and line.kind in CODE
        )
        state = State(depth=line.depth, listed=line.before.listed or line.item, midline=midline)
        if line.kind in CODE and line.before.fence is not None:
            fence = line.before.fence
            return replace(state, fence=replace(fence, margin="> " * fence.depth))
        if line.kind is Kind.ROW:
            state = replace(state, table=line.before.table)
        if midline or not line.fresh:
            state = replace(state, inline=self.inline_at(position).open_at(shown))
        return state
