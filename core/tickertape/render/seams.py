"""What a page shows beside its slice of the text: what it reopens at its start and closes at its end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tickertape.render.blocks import Fence, Kind, quote_end
from tickertape.render.dialect import Dialect
from tickertape.render.scan import CODE, Scan

OPENING_SHARE = 2
"""A page's opening may take at most one in so many characters of it; a longer one is shortened or left out."""
CLOSING_SHARE = 4
"""A page's closing may take at most one in so many characters of it; a longer one is left out."""

_LEAD = re.compile(r"[ \t]*(?:>[ ]?[ \t]*)*")


@dataclass(frozen=True, slots=True)
class Head:
    """What a page shows before its slice of the text."""

    opening: str
    """A fence, a table's header, or quote signs that the slice goes on with."""
    markers: str
    """Emphasis that is reopened, after the quote signs that the slice begins with."""


class Composer:
    """Puts pages together for one dialect."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect

    def head(self, scan: Scan) -> Head:
        """Return what the page of `scan` begins with, as far as its text shows yet."""
        return Head(self._opening(scan), "".join(scan.reopened()))

    def compose(self, scan: Scan, body: str, closing: str, head: Head | None = None) -> str:
        """Return what a page shows: `body` is the slice of text at the start of `scan`, healed or not.

        `head` is the page's head if it has been shown before.
        """
        head, body = head or self.head(scan), _dedent(scan, body)
        if head.markers:
            lead = 0 if scan.state.midline else _lead(body)
            body = body[:lead] + head.markers + body[lead:]
        return self._dialect.show(head.opening + body + closing).strip()

    def fits(self, shown: str) -> bool:
        """Say whether one message can show `shown`."""
        return self._dialect.size(shown) <= self._dialect.page

    def closing(self, scan: Scan, end: int) -> str:
        """Return what closes everything that is open at `end`, or nothing if that is too long."""
        closing = "".join(_closing(scan, end))
        if self._dialect.size(closing) > self._dialect.page // CLOSING_SHARE:
            return ""
        return closing

    def closing_fence(self, scan: Scan, body: str) -> str:
        """Return what closes the fence that is open after `body`, which ends the text, or nothing."""
        fence = scan.after.fence
        return "" if fence is None else _closing_fence(fence, body)

    def _opening(self, scan: Scan) -> str:
        room = self._dialect.page // OPENING_SHARE
        return next((text for text in _openings(scan) if self._dialect.size(text) <= room), "")


def _openings(scan: Scan) -> Iterator[str]:
    """Yield openings for the page, the best first."""
    state, first = scan.state, scan.lines[0]
    quote = "> " * state.depth if state.midline else ""
    if state.fence is not None and first.kind in CODE:
        fence = state.fence
        for info in (fence.info, fence.info.partition(" ")[0], ""):
            yield f"{fence.margin}{fence.run}{info}\n{quote}"
    elif state.table is not None and first.kind is Kind.ROW:
        yield f"{state.table.header}\n{state.table.delimiter}\n{quote}"
    yield quote


def _closing(scan: Scan, end: int) -> Iterator[str]:
    line = scan.line_at(end - 1)
    after = scan.line_at(end if scan.text[end : line.end].strip() else line.end)
    if line.kind in {Kind.CODE, Kind.OPENER}:
        fence = line.before.fence if line.kind is Kind.CODE else after.before.fence
        if fence is not None and (after is line or after.kind in CODE):
            yield _closing_fence(fence, scan.text[scan.start : end])
    else:
        yield from reversed(scan.inline_at(end - 1).open_at(end))


def _closing_fence(fence: Fence, body: str) -> str:
    return ("" if body.endswith("\n") else "\n") + fence.margin + fence.run


def _lead(body: str) -> int:
    """Return how many characters of white space and quote signs `body` begins with."""
    match = _LEAD.match(body)
    return match.end() if match else 0


def _dedent(scan: Scan, body: str) -> str:
    """Take off the indentation of a list item whose beginning is on the page before.

    It would show here as part of the code in a fence, and four spaces of it would make code of everything; the
    indentation of a page's first line is trimmed by the platforms in any case.
    """
    shift = _shift(scan)
    if not shift:
        return body
    parts: list[str] = []
    for line in scan.lines:
        text = body[line.start - scan.start : line.end - scan.start]
        if line is not scan.lines[0] or not scan.state.midline:
            inside = quote_end(text, line.depth) if line.kind in CODE else 0
            spaces = len(text) - inside - len(text[inside:].lstrip(" "))
            if spaces < shift and text.strip() and line.kind not in CODE:
                break
            text = text[:inside] + text[inside + min(spaces, shift) :]
        parts.append(text)
    return "".join(parts) + body[sum(line.end - line.start for line in scan.lines[: len(parts)]) :]


def _shift(scan: Scan) -> int:
    """Return how many spaces the item that goes on here is indented by."""
    if scan.state.fence is not None:
        return scan.state.fence.indent
    if not scan.state.listed:
        return 0
    lines = scan.lines[1:] if scan.state.midline else scan.lines
    texts = (scan.text[line.start : line.end] for line in lines if line.kind is not Kind.BLANK)
    first = next(texts, "")
    return len(first) - len(first.lstrip(" "))
