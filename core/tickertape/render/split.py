"""Where a page that is full ends: at a paragraph, a line, a sentence, a word; never inside what belongs together.

A good boundary is taken only if the page is filled to `FILL` of what fits, because what follows the boundary moves to
the next message, and the reader has seen most of it in this one already.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from tickertape.render import graphemes
from tickertape.render.blocks import Kind, Line
from tickertape.render.scan import CODE, Scan


class Rank(enum.IntEnum):
    """How good a boundary is; the smaller the better."""

    PARAGRAPH = 0
    LINE = 1
    SENTENCE = 2
    WORD = 3


FILL = {Rank.PARAGRAPH: 0.7, Rank.LINE: 0.8, Rank.SENTENCE: 0.85, Rank.WORD: 0.9}
"""The part of a page (of the characters that fit) that must be filled for a boundary of that rank to be taken."""
SOLID_FILL = 0.25
"""The same for a line's end if the page would otherwise end inside a line of code or a row of a table that is longer
than a page; before one that is not, the page may end however empty it is."""
LAST_FILL = 0.5
"""The same for any boundary, before a word is cut."""

_SOLID = frozenset(
    {Kind.CODE, Kind.CLOSER, Kind.ROW, Kind.HEADER, Kind.DELIMITER, Kind.OPENER, Kind.INDENTED}
)
_UNBROKEN = frozenset({Kind.OPENER, Kind.CLOSER, Kind.HEADER, Kind.DELIMITER})
_GAP = re.compile(r"(?<=\S)[^\S\n]++(?=\S)|(?<=[。！？])(?=[^\s。！？」』）])")
_SENTENCE_END = re.compile(r"[.!?…。！？][\"'”’»)\]*_]*$")
_BLOCK_START = re.compile(
    r"[ \t]*(?:#{1,6}(?:\s|$)|-#|[-+*](?:\s|$)|\d{1,9}[.)](?:\s|$)|>|```|~~~|\||[-=]+[ \t]*(?:\n|$))"
)
_PATIENCE = 8
"""After so many cuts that do not fit, only every so-many-th is tried."""
_NEWLINE = re.compile(r"\r?\n")
_LONGEST_INDENT = 16
_SPACE = re.compile(r"\s*")


@dataclass(frozen=True, slots=True)
class Cut:
    """The page shows the text up to `shown`; the next one begins at `next`, after white space that neither shows."""

    shown: int
    next: int
    rank: Rank = Rank.WORD


class Splitter:
    """Finds boundaries in the text of `scan`, of which everything up to `limit` fits on the page."""

    def __init__(self, scan: Scan, limit: int) -> None:
        self._scan, self._text, self._limit = scan, scan.text, limit
        self._graphemes = set(graphemes.starts(scan.text, scan.start, min(limit + 1, scan.end)))
        self._begin = scan.start if scan.state.fence else visible_from(scan.text, scan.start)

    def best(self, fits: Callable[[Cut], bool]) -> Cut:
        """Return the best boundary whose page fits; one character is taken in any case."""
        tried: set[tuple[int, int]] = set()
        for cut in self._by_preference():
            if (cut.shown, cut.next) not in tried and fits(cut):
                return cut
            tried.add((cut.shown, cut.next))
        return Cut(self._begin + 1, self._begin + 1)

    def _by_preference(self) -> Iterator[Cut]:
        cuts = sorted(self._boundaries(), key=lambda cut: -cut.shown)
        for rank in (Rank.PARAGRAPH, Rank.LINE):
            yield from self._filled([cut for cut in cuts if cut.rank is rank], FILL[rank])
        last = self._scan.line_at(self._limit - 1)
        if last.kind in _SOLID:
            lines = [cut for cut in cuts if cut.rank <= Rank.LINE]
            fits_elsewhere = last.end - last.start <= self._limit - self._begin
            yield from self._filled(lines, 0 if fits_elsewhere else SOLID_FILL)
        for rank in (Rank.SENTENCE, Rank.WORD):
            yield from self._filled([cut for cut in cuts if cut.rank is rank], FILL[rank])
        yield from self._filled(cuts, LAST_FILL)
        yield from self._anywhere()

    def _filled(self, cuts: list[Cut], share: float) -> Iterator[Cut]:
        least = self._begin + share * (self._limit - self._begin)
        return (cut for cut in cuts if cut.shown >= least)

    def _anywhere(self) -> Iterator[Cut]:
        """Yield cuts inside words, between graphemes; then inside units; then inside graphemes."""
        points = range(self._limit, self._begin, -1)
        yield from self._at(point for point in points if point in self._graphemes and self._harmless(point))
        yield from self._at(point for point in points if point in self._graphemes)
        yield from self._at(points)

    def _at(self, points: Iterable[int]) -> Iterator[Cut]:
        for number, point in enumerate(points):
            cut = self._cut(point) if number < _PATIENCE or number % _PATIENCE == 0 else None
            if cut is not None and cut.shown > self._begin:
                yield cut

    def _cut(self, point: int) -> Cut:
        """Return the cut at `point`; white space there belongs to the page before and is not shown."""
        if self._scan.line_at(point - 1).kind is Kind.CODE:
            newline = _NEWLINE.match(self._text, point)
            end = newline.end() if newline else point
            return Cut(end, end)
        shown = self._shown(point)
        return Cut(shown, following(self._text, shown))

    def _shown(self, point: int) -> int:
        """Return where the text before `point` ends, without the white space."""
        while point > self._begin and self._text[point - 1].isspace():
            point -= 1
        return point

    def _harmless(self, point: int) -> bool:
        line = self._scan.line_at(point - 1)
        if line.kind is not Kind.CODE and self._text[point - 1].isspace():
            return False
        cut = self._cut(point)
        if line.kind is Kind.CODE:
            closes = self._scan.line_at(cut.next).kind is Kind.CLOSER
            return not closes and not self._text.startswith(("```", "~~~"), cut.next)
        ends_fence = line.kind is Kind.CLOSER and not self._text[point : line.end].strip()
        unbroken = (line.kind in _UNBROKEN and not ends_fence) or self._scan.half_header(line)
        return not unbroken and self._allowed(cut)

    def _allowed(self, cut: Cut) -> bool:
        whole = cut.shown in self._graphemes and (cut.next > self._limit or cut.next in self._graphemes)
        return whole and self._free(cut.shown) and self._free(cut.next)

    def _free(self, point: int) -> bool:
        """Say whether `point` is outside everything that may not be cut."""
        if point >= self._scan.end:
            return True
        scan = self._scan
        return scan.inline_at(point - 1).divisible(point) and scan.inline_at(point).divisible(point)

    def _boundaries(self) -> Iterator[Cut]:
        for index, line in enumerate(self._scan.lines):
            if line.start > self._limit:
                return
            if line.start > self._begin and (cut := self._before_line(index, line)):
                yield cut
            yield from self._inside(line)

    def _before_line(self, index: int, line: Line) -> Cut | None:
        above = self._scan.lines[index - 1]
        if line.kind in CODE:
            solid = line.kind is Kind.CLOSER or above.kind is Kind.OPENER
            return None if solid else Cut(line.start, line.start, Rank.LINE)
        if line.kind is Kind.BLANK or line.kind is Kind.DELIMITER or above.kind is Kind.DELIMITER:
            return None
        if above.kind is Kind.TEXT and line.kind is Kind.RULE:
            return None
        shown = self._shown(line.start)
        if shown <= self._begin or self._scan.line_at(shown - 1).kind is Kind.HEADING:
            return None
        block = above.kind in {Kind.BLANK, Kind.CLOSER, Kind.RULE} or line.kind in {
            Kind.HEADING,
            Kind.OPENER,
            Kind.HEADER,
        }
        cut = Cut(shown, line.start, Rank.PARAGRAPH if block else Rank.LINE)
        return cut if self._allowed(cut) else None

    def _inside(self, line: Line) -> Iterator[Cut]:
        """Yield the ends of words and sentences in `line`."""
        if line.kind in _SOLID or line.kind is Kind.HEADING or self._scan.half_header(line):
            return
        least = self._begin + int(LAST_FILL * (self._limit - self._begin))
        for gap in _GAP.finditer(self._text, max(line.content, least), min(line.end, self._limit + 64)):
            cut = Cut(gap.start(), gap.end(), self._rank(gap.start()))
            on_page = self._begin < cut.shown <= self._limit
            if on_page and self._allowed(cut) and not _BLOCK_START.match(self._text, cut.next):
                yield cut

    def _rank(self, position: int) -> Rank:
        ends = _SENTENCE_END.search(self._text[max(position - 8, self._begin) : position])
        return Rank.SENTENCE if ends else Rank.WORD


def following(text: str, position: int) -> int:
    """Return where to go on after the white space at `position`: at the text, or at the indentation of its line."""
    end = visible_from(text, position)
    begin = text.rfind("\n", position, end) + 1
    if not begin:
        begin = position if text[max(position - 1, 0) : position] in {"", "\n"} else end
    return begin if end - begin <= _LONGEST_INDENT else end


def visible_from(text: str, position: int) -> int:
    """Return where the first character at or after `position` stands that is not white space."""
    match = _SPACE.match(text, position)
    return match.end() if match else position
