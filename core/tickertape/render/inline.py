"""Markup inside a paragraph: emphasis, code, links, mentions; which of it is open, and where no cut may fall."""

from __future__ import annotations

import bisect
import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass, field

LONGEST_HALF_LINK = 200
"""An opening bracket further from the end than this (characters) is taken for text, not for a link being written."""

LONGEST_EMPHASIS = 8
"""A row of more asterisks or underscores than this is text."""

MOST_OPEN = 10
"""Where more characters of markers than this are open at once, they are taken for text."""

_SEARCH_DEPTH = 64
_TOKEN = re.compile(
    r"""(?P<escape>\\[!-/:-@\[-`{-~])
      | (?P<code>`+)
      | (?P<run>\*+|_+|~+|\|+)
      | (?P<open>!?\[)
      | (?P<close>\])
      | (?P<unit><(?:[@\#!:][^<>\s]{0,200}|[A-Za-z/][^<>\s]*(?:\s[^<>\n]{0,200})?)>
          | &(?:\#\d{1,7}|\#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});
          | https?://(?:[^\s<>*`|\[\]()~]|\([^\s()<>]*\)|~(?!~))+)""",
    re.VERBOSE,
)
_TARGET = re.compile(
    r"""\([ ]*(?:<[^<>\n]*>|(?:[^\s()\\]|\\.|\([^\s()]*\))*)(?:\s+(?:"[^"\n]*"|'[^'\n]*'))?[ ]*\)""",
    re.VERBOSE,
)
_HALF_TARGET = re.compile(r"""\(\S*(?:[ \t]+(?:["'][^"'\n]*["']?)?)?$""")
_PARTIAL = re.compile(r"(?:\\|(?<!\S)!|<[@#!:/A-Za-z][^<>\s]{0,200}|<|&\#?\w{0,31})$")


@dataclass(frozen=True, slots=True)
class Span:
    """Emphasised or code text: `marker` opens at `start`, the text begins at `inner`."""

    marker: str
    start: int
    inner: int
    close: int | None
    """Where the closing marker begins; None while it has not been written."""


@dataclass(frozen=True, slots=True)
class HalfLink:
    """A link or image that is being written."""

    start: int
    text: int
    """Where its text begins."""
    text_end: int | None
    """Where its text ends, if the closing bracket stands."""
    image: bool


@dataclass(slots=True)
class Inline:
    """The markup of one paragraph."""

    spans: list[Span] = field(default_factory=list)
    units: list[tuple[int, int]] = field(default_factory=list)
    """Slices not to be cut, in order: links, mentions, markers with the character that they touch."""
    halves: list[HalfLink] = field(default_factory=list)
    tail: int | None = None
    """Where a marker begins that ends the text and may still grow."""

    def divisible(self, position: int) -> bool:
        """Say whether `position` is inside no unit."""
        index = bisect.bisect_left(self.units, (position,)) - 1
        return index < 0 or position >= self.units[index][1]

    def open_at(self, position: int) -> tuple[str, ...]:
        """Return the markers open at `position`, outermost first; none if they are too many to be meant."""
        markers = tuple(
            span.marker
            for span in self.spans
            if span.inner <= position and (span.close is None or position <= span.close)
        )
        return markers if sum(map(len, markers)) <= MOST_OPEN else ()


@dataclass(slots=True)
class _Run:
    """A row of equal marker characters; `left` of them are not yet used."""

    char: str
    start: int
    end: int
    opens: bool
    closes: bool
    left: int = 0
    used: int = 0
    """Characters used to close."""
    carried: bool = False

    def __post_init__(self) -> None:
        self.left = self.end - self.start

    @property
    def length(self) -> int:
        return self.left if self.carried else self.end - self.start


class InlineScanner:
    """Reads `text[start:end]`.

    `open_ended` says that the paragraph may go on after `end`: what is unclosed then counts as open, otherwise as
    text. `carried` are markers that are open before `start`. In a table `|` is a cell's border, not a spoiler.
    """

    def __init__(
        self, text: str, start: int, end: int, *, open_ended: bool, table: bool, carried: tuple[str, ...] = ()
    ) -> None:
        self._text, self._start, self._end = text, start, end
        self._open_ended, self._table = open_ended, table
        self._stack: list[_Run] = []
        self._runs: list[_Run] = []
        self._brackets: list[tuple[int, int, bool]] = []
        self._code_runs = self._find_code_runs()
        self._plain_end = True
        self.found = Inline()
        position = self._carry(carried)
        while position < end and (match := _TOKEN.search(text, position, end)) is not None:
            position = self._token(match)
        self._finish()

    def _find_code_runs(self) -> dict[int, list[int]]:
        runs: dict[int, list[int]] = defaultdict(list)
        for match in re.finditer(r"`+", self._text[self._start : self._end]):
            runs[len(match[0])].append(self._start + match.start())
        return runs

    def _carry(self, carried: tuple[str, ...]) -> int:
        """Begin with markers that are open already; return where to read on."""
        for marker in carried:
            if marker[0] == "`":
                return self._code(self._start, self._start, len(marker))
            run = _Run(marker[0], self._start, self._start, opens=True, closes=False, carried=True)
            run.left = len(marker)
            self._stack.append(run)
        return self._start

    def _token(self, match: re.Match[str]) -> int:
        kind, start, end = match.lastgroup, match.start(), match.end()
        if kind == "code":
            return self._code(start, end, end - start)
        if kind == "run":
            self._run(start, end)
        elif kind == "open":
            self._brackets.append((start, end, match[0] == "!["))
        elif kind == "close":
            return self._bracket_closes(end)
        else:
            self._plain_end = end < self._end
            if match[0].startswith("http"):
                self._half_autolink(start, end)
                end = start + len(match[0].rstrip("_.,;:!?'\""))
            self.found.units.append((start, end))
        return end

    def _half_autolink(self, start: int, end: int) -> None:
        """Hold back a link in angle brackets of which the second is still to come."""
        if self._open_ended and end == self._end and start > self._start and self._text[start - 1] == "<":
            self.found.tail = start - 1

    def _code(self, start: int, inner: int, length: int) -> int:
        """Read a code span that opens at `start`; return where to read on."""
        candidates = self._code_runs.get(length, [])
        index = bisect.bisect_left(candidates, inner)
        if index < len(candidates):
            close = candidates[index]
            self.found.spans.append(Span("`" * length, start, inner, close))
            self.found.units += [(start, inner + 1), (close - 1, close + length)]
            return close + length
        self.found.units.append((start, inner + 1))
        if not self._open_ended:
            return inner
        self.found.spans.append(Span("`" * length, start, inner, None))
        stripped = self._text[inner : self._end].rstrip("`")
        trailing = inner + len(stripped)
        self._plain_end = False
        if trailing < self._end or not stripped.strip():
            self.found.tail = trailing if stripped.strip() else start
        return self._end

    def _run(self, start: int, end: int) -> None:
        char = self._text[start]
        if self._table and char == "|":
            return
        run = _Run(char, start, end, *self._flanks(char, start, end))
        self._runs.append(run)
        if run.closes:
            self._close(run)
        if run.left and run.opens:
            self._stack.append(run)

    def _flanks(self, char: str, start: int, end: int) -> tuple[bool, bool]:
        """Return whether the run may open and whether it may close, by CommonMark's rule of flanks."""
        before = self._text[start - 1] if start > self._start else " "
        after = self._text[end] if end < self._end else " "
        if char in "~|" and end - start != 2:
            return False, False
        if char == "|":
            return not after.isspace() and not before.isalnum(), not before.isspace()
        if end - start > LONGEST_EMPHASIS:
            return False, False
        left = not after.isspace() and (not _punctuation(after) or before.isspace() or _punctuation(before))
        right = not before.isspace() and (not _punctuation(before) or after.isspace() or _punctuation(after))
        if char != "_":
            product = end - start == 1 and before.isdigit() and after.isdigit()
            return left and not product, right
        return (
            left and (not right or _punctuation(before)),
            right and (not left or _punctuation(after)),
        )

    def _close(self, run: _Run) -> None:
        while run.left and (index := self._opener(run)) is not None:
            opener = self._stack[index]
            del self._stack[index + 1 :]
            size = 2 if min(run.left, opener.left) >= 2 else 1
            opener.left -= size
            start = opener.start + (0 if opener.carried else opener.left)
            inner = start + (0 if opener.carried else size)
            self.found.spans.append(Span(run.char * size, start, inner, run.start + run.used))
            run.used += size
            run.left -= size
            if not opener.left:
                self._stack.pop()

    def _opener(self, run: _Run) -> int | None:
        for back, opener in enumerate(reversed(self._stack[-_SEARCH_DEPTH:]), 1):
            if opener.char != run.char or (run.char in "~|" and opener.left != 2):
                continue
            both = opener.closes or run.opens
            if both and (opener.length + run.length) % 3 == 0 and opener.length % 3 != 0:
                continue
            return len(self._stack) - back
        return None

    def _bracket_closes(self, end: int) -> int:
        if not self._brackets:
            return end
        start, text, image = self._brackets.pop()
        if target := _TARGET.match(self._text, end, self._end):
            self.found.units.append((start, target.end()))
            self._plain_end = target.end() < self._end
            return target.end()
        near = self._end - start <= LONGEST_HALF_LINK or self._text.startswith("(", end)
        if (
            self._open_ended
            and near
            and (end == self._end or _HALF_TARGET.match(self._text[end : self._end]))
        ):
            self.found.halves.append(HalfLink(start, text, end - 1, image))
            self.found.units.append((start, self._end))
            self._plain_end = False
            return self._end
        return end

    def _finish(self) -> None:
        if self._open_ended:
            self._leave_open()
        still_open = {run.start for run in self._stack} if self._open_ended else set()
        for run in self._runs:
            opened = run.start in still_open or run.left + run.used < run.end - run.start
            closed = bool(run.used) and not run.left
            undecided = self._open_ended and run.end == self._end
            self.found.units.append((run.start - (not opened and not undecided), run.end + (not closed)))
        self.found.spans.sort(key=lambda span: (span.start, span.inner, -(span.close or self._end + 1)))
        self.found.units = _merged(self.found.units)
        if self._open_ended and self.found.tail is None:
            self.found.tail = self._tail()

    def _leave_open(self) -> None:
        for run in self._stack:
            inner = run.start if run.carried else run.start + run.left
            self.found.spans.append(Span(run.char * run.left, run.start, inner, None))
        for start, text, image in self._brackets:
            if self._end - start <= LONGEST_HALF_LINK and "\n" not in self._text[start : self._end]:
                self.found.halves.append(HalfLink(start, text, None, image))
                self.found.units.append((start, self._end))

    def _tail(self) -> int | None:
        last = self._runs[-1] if self._runs else None
        if last is not None and last.end == self._end:
            return last.start if last.left else None
        if not self._plain_end:
            return None
        near = max(self._start, self._end - LONGEST_HALF_LINK - 4)
        partial = _PARTIAL.search(self._text[near : self._end])
        if partial is None:
            return None
        return near + partial.start()


def _merged(units: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return `units` in order, with those that overlap made one."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(units):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _punctuation(char: str) -> bool:
    return unicodedata.category(char)[0] in "PS"
