"""Judge by the texts of an answer's messages alone whether together they show what the model wrote.

What may stand between two messages beside the model's text is what a renderer has to put there, and nothing else:
- white space is missing where one message ends and the next begins, outside code;
- a code fence is closed, and reopened with the same run, its language (or none) and its quote signs, and what
  follows of the code loses at most the indentation that the fence has in the model's text;
- the indentation of a list item that goes on is missing;
- emphasis and inline code are closed, and reopened in the opposite order as far as they are closed later;
- a table's own header and delimiter row are repeated, quote signs where a quoted line is cut;
- the last message ends with a marker.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tests.render.dialect import PlainDialect
from tickertape.render.dialect import Dialect

_FENCE_CLOSED = re.compile(r"(?P<margin>[ >]*)(?P<run>`{3,}|~{3,})$")
_FENCE_OPENED = re.compile(r"(?P<quote>(?:> )*)(?P<run>`{3,}|~{3,})(?P<info>[^\n]*)\n(?P<inner>(?:> )*)")
_TABLE = re.compile(r"(?P<header>[^\n]*\|[^\n]*)\n(?P<delimiter>[ >|:\-\t]*-[ >|:\-\t]*)\n(?P<quote>(?:> )*)")
_EMPHASIS = re.compile(r"[*_~|`]+$")
_LEAD = re.compile(r"[ \t]*(?:>[ ]?[ \t]*)*")
_SPACE = re.compile(r"\s*")
_NEAR = 4


@dataclass(frozen=True, slots=True)
class _Seam:
    """What a page closes at its end, to be reopened by the next."""

    shown: str = ""
    """The closing, as shown."""
    fence: str = ""
    """The run of the fence that is closed."""
    emphasis: str = ""
    """The markers that are closed."""


@dataclass(frozen=True, slots=True)
class _Opening:
    before: str = ""
    markers: str = ""
    """Written after the quote signs that the slice begins with."""
    indent: int = 0
    code: bool = False


@dataclass(frozen=True, slots=True)
class _Place:
    """All before `position` is shown by the pages before `page`, the last of which ended with `seam`."""

    page: int = 0
    position: int = 0
    seam: _Seam = field(default_factory=_Seam)


def assert_shows(
    pages_texts: Sequence[str],
    model_text: str,
    dialect: Dialect | None = None,
    *,
    marker: str | None = None,
    goes_on: bool = False,
) -> None:
    """Fail unless the messages `pages_texts` show `model_text`, all of it, in order, and nothing else.

    With `marker` None the last message may end with any one marker of the dialect, with "" with none, otherwise with
    just that sentence. With `goes_on` the text goes on elsewhere, e.g. in a file, so that the last message may close
    what is open.
    """
    dialect = dialect or PlainDialect()
    furthest = _Place()
    for pages in _without_marker(list(pages_texts), dialect, marker):
        place = _Joiner(pages, model_text, dialect, goes_on=goes_on).furthest()
        if place.page == len(pages):
            return
        furthest = max(furthest, place, key=lambda place: place.page)
    shown = list(pages_texts)[furthest.page] if furthest.page < len(pages_texts) else ""
    expected = model_text[furthest.position : furthest.position + 300]
    raise AssertionError(f"message {furthest.page} shows\n{shown!r}\nwhere the model wrote\n{expected!r}")


def _without_marker(pages: list[str], dialect: Dialect, marker: str | None) -> Iterator[list[str]]:
    if not marker:
        yield pages
    if marker == "" or not pages:
        return
    body, _, line = pages[-1].rpartition("\n\n")
    head, _, foot = dialect.marker("\0").partition("\0")
    if marker is None:
        marked = line.startswith(head) and line.endswith(foot) and "\n" not in line
    else:
        marked = line == dialect.marker(marker)
    if marked:
        yield [*pages[:-1], body] if body else pages[:-1]


class _Joiner:
    """Searches for slices of the text that the pages show one after another."""

    def __init__(self, pages: list[str], text: str, dialect: Dialect, *, goes_on: bool) -> None:
        self._pages, self._text, self._dialect = pages, text, dialect
        self._ends_at = len(pages) if goes_on else len(pages) - 1

    def furthest(self) -> _Place:
        """Return the place at which all pages are explained, or the furthest that could be reached."""
        best, seen = _Place(), set[_Place]()
        waiting: list[Iterator[_Place]] = [iter((_Place(),))]
        while waiting:
            place = next(waiting[-1], None)
            if place is None:
                waiting.pop()
            elif place not in seen:
                seen.add(place)
                best = max(best, place, key=lambda place: place.page)
                if place.page < len(self._pages):
                    waiting.append(self._next(place))
                elif not self._text[place.position :].strip():
                    return place
        return _Place(best.page - 1, best.position) if best.page == len(self._pages) else best

    def _next(self, place: _Place) -> Iterator[_Place]:
        page = self._pages[place.page]
        for opening in self._openings(place, page):
            for seam in self._closings(place, page):
                end = self._end(place.position, page, opening, seam)
                if end is not None:
                    after = end if seam.fence else self._skip(end)
                    yield _Place(place.page + 1, after, seam)

    def _skip(self, position: int) -> int:
        match = _SPACE.match(self._text, position)
        end = match.end() if match else position
        newline = self._text.rfind("\n", position, end)
        return end if newline < 0 else newline + 1

    # ------------------------------------------------------------------ what a page may add

    def _openings(self, place: _Place, page: str) -> Iterator[_Opening]:
        if place.seam.fence:
            yield from self._fences(place, page)
            return
        yield _Opening()
        if not place.page:
            return
        yield from self._items(place.position)
        mirrored = place.seam.emphasis[::-1]
        quote = self._quote(place.position)
        for markers in {
            mirrored[start:end] for start in range(len(mirrored)) for end in range(len(mirrored) + 1)
        }:
            yield _Opening(quote, markers)
        if quote:
            yield _Opening(quote)
        table = _TABLE.match(page)
        if table and self._is_table(table["header"], table["delimiter"], place.position):
            yield _Opening(table[0][: table.end("delimiter") + 1] + quote)

    def _items(self, position: int) -> Iterator[_Opening]:
        """Yield the indentation that the list item has which goes on at `position`."""
        rest = self._text[position:]
        begins = position == 0 or self._text[position - 1] == "\n"
        lines = [line for line in rest.split("\n")[0 if begins else 1 :] if line.strip()]
        if lines and lines[0].startswith(" "):
            yield _Opening(indent=len(lines[0]) - len(lines[0].lstrip(" ")))

    def _fences(self, place: _Place, page: str) -> Iterator[_Opening]:
        match = _FENCE_OPENED.match(page)
        if match is None or match["run"] != place.seam.fence:
            return
        opener = re.compile(
            rf"^(?P<lead>[ \t>\-*+.)\d]*){re.escape(match['run'])}[ \t]*{re.escape(match['info'])}",
            re.MULTILINE,
        )
        quote = self._quote(place.position)
        for indent in {len(re.sub(r"^.*>[ ]?", "", each["lead"])) for each in opener.finditer(self._text)}:
            yield _Opening(
                f"{match['quote']}{match['run']}{match['info']}\n{quote}", indent=indent, code=True
            )

    def _quote(self, position: int) -> str:
        """Return the quote signs of the line that is cut at `position`."""
        line = self._text[self._text.rfind("\n", 0, position) + 1 : position]
        lead = _LEAD.match(line.lstrip(" -*+.)0123456789"))
        return "> " * lead[0].count(">") if lead and line.strip() else ""

    def _is_table(self, header: str, delimiter: str, position: int) -> bool:
        lines = [line.strip() for line in self._text[:position].split("\n")]
        return any(
            first.endswith(header.strip()) and second == delimiter.strip()
            for first, second in itertools.pairwise(lines)
        )

    def _closings(self, place: _Place, page: str) -> Iterator[_Seam]:
        yield _Seam()
        fence = _FENCE_CLOSED.search(page)
        if fence and re.search(rf"{re.escape(fence['run'])}", self._text):
            yield _Seam(fence[0], fence["run"])
            yield _Seam("\n" + fence[0], fence["run"])
        emphasis = _EMPHASIS.search(page)
        if emphasis is None or place.page == self._ends_at:
            return
        for length in range(1, min(len(emphasis[0]), 24) + 1):
            yield _Seam(page[-length:], emphasis=page[-length:])

    # ------------------------------------------------------------------ which slice a page shows

    def _end(self, start: int, page: str, opening: _Opening, seam: _Seam) -> int | None:
        """Return the end of the slice from `start` that the page shows between `opening` and `seam`."""
        space = _SPACE.match(self._text, start)
        first = space.end() if space else start
        low, high = start, min(len(self._text), first + len(page) * 2 + 64)
        while low < high:
            middle = (low + high) // 2
            if len(self._shown(start, middle, opening, seam)) < len(page):
                low = middle + 1
            else:
                high = middle
        for end in range(max(start, low - _NEAR), min(len(self._text), low + _NEAR) + 1):
            if self._shown(start, end, opening, seam) == page:
                return self._whole(end, seam)
        return None

    def _whole(self, end: int, seam: _Seam) -> int | None:
        """Refuse a fence that is closed on a line of its own while the code before it ends with a newline."""
        if seam.fence and seam.shown.startswith("\n") == self._text.endswith("\n", 0, end):
            return None
        return end

    def _shown(self, start: int, end: int, opening: _Opening, seam: _Seam) -> str:
        body = self._text[start:end]
        if opening.indent:
            body = self._dedented(body, start, opening)
        lead = 0
        if opening.markers and not opening.before:
            match = _LEAD.match(body)
            lead = match.end() if match else 0
        body = body[:lead] + opening.markers + body[lead:]
        return self._dialect.show(opening.before + body + seam.shown).strip()

    def _dedented(self, body: str, start: int, opening: _Opening) -> str:
        """Take `indent` spaces off each line, up to one that is not indented so far and is no code."""
        lines, run = body.split("\n"), opening.before.lstrip("> ")[:3] if opening.code else ""
        midline = start > 0 and self._text[start - 1] != "\n"
        for number in range(int(midline), len(lines)):
            line = lines[number]
            quote = re.match(r"(?:[ \t]*>[ ]?)*", line) if run else None
            inside = quote.end() if quote else 0
            spaces = len(line) - inside - len(line[inside:].lstrip(" "))
            if spaces < opening.indent and line.strip() and not run:
                break
            lines[number] = line[:inside] + line[inside + min(spaces, opening.indent) :]
            run = _run_after(run, line[inside:].strip())
        return "\n".join(lines)


def _run_after(run: str, line: str) -> str:
    """Return the beginning of the fence open after `line`, when `run` was open before it."""
    if run:
        return "" if line.startswith(run) and not line.strip(run[0]) else run
    return line[:3] if line.startswith(("```", "~~~")) else ""
