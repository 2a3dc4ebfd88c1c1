"""Make the frame of a text that is still being written well-formed.

Everything open is closed in what is shown. What cannot be told yet, such as an asterisk at the very end, is held back
until the next characters decide. Only live frames are healed: the final one shows the text as it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from tickertape.render.blocks import Kind, Line, quote_end
from tickertape.render.inline import HalfLink
from tickertape.render.scan import PROSE, Scan
from tickertape.render.seams import Composer

LONGEST_HELD_HEADER = 300
"""A line that begins with `|` and is longer than this (characters) is shown before a delimiter row follows it."""

_MOST_STEPS = 32
_UNDECIDED = re.compile(r"[-=:| \t]+|#{1,6}|-#|[-*+]|\d{1,9}[.)]|>")
_CLOSED_ROW = re.compile(r"(?:^|[^\\])(?:\\\\)*\|$")


@dataclass(frozen=True, slots=True)
class Healed:
    """What a live frame shows: `body`, which stands for the text of `scan` up to `end`, and what closes it."""

    scan: Scan
    end: int
    body: str
    closing: str


def heal(scan: Scan, composer: Composer) -> Healed | None:
    """Return the well-formed frame of `scan`, or None if all of it is held back."""
    for _ in range(_MOST_STEPS):
        end = _visible(scan)
        if end <= scan.start:
            return None
        held = _held(scan, scan.line_at(end - 1), end)
        if held is None:
            break
        scan = Scan(scan.text, scan.start, held, scan.state, final=False)
    end = _visible(scan)
    return _close(scan, end, composer) if end > scan.start else None


def undecided(scan: Scan) -> int | None:
    """Return where the text at the end of `scan` begins of which cannot be told yet what it is, or None."""
    end = _visible(scan)
    return _held(scan, scan.line_at(end - 1), end) if end > scan.start else None


def _visible(scan: Scan) -> int:
    return scan.start + len(scan.text[scan.start : scan.end].rstrip())


def _held(scan: Scan, line: Line, end: int) -> int | None:
    """Return where the text begins that has to be held back, or None."""
    if line.kind is Kind.OPENER:
        return line.start
    if line.kind is Kind.BLANK or (line.kind is Kind.CODE and _half_code(scan, line)):
        return _after_text(scan, line)
    if line.kind is Kind.RULE:
        return None if scan.terminated(line) else line.start
    if line.kind not in PROSE:
        return None
    if _half_line(scan, line):
        return line.start
    return _half_marker(scan, end)


def _after_text(scan: Scan, line: Line) -> int:
    """Return where the lines begin that end with `line` and are empty but for quote signs."""
    index = scan.index_at(line.start)
    while index and scan.text[scan.lines[index - 1].content : scan.lines[index - 1].end].isspace():
        index -= 1
    return scan.lines[index].start


def _half_code(scan: Scan, line: Line) -> bool:
    """Say whether a line in a fence is its closing line being written, or nothing but quote signs."""
    fence = line.before.fence
    if fence is None:
        return False
    code = scan.text[line.start : line.end].rstrip()
    inside = 0 if line is scan.lines[0] and scan.state.midline else quote_end(code, fence.depth)
    code = code[inside:].strip()
    return not code or (
        len(code) < len(fence.run) and fence.run.startswith(code) and not scan.terminated(line)
    )


def _half_line(scan: Scan, line: Line) -> bool:
    """Say whether a line is so short that it is not known yet what it is."""
    content = scan.content(line)
    if not content or (line.kind is Kind.ROW and content == "|"):
        return True
    if line.kind is not Kind.TEXT or (line is scan.lines[0] and scan.state.midline):
        return False
    if _UNDECIDED.fullmatch(content) and not scan.terminated(line):
        return True
    last = line is scan.lines[-1]
    return last and scan.half_header(line) and len(content) <= LONGEST_HELD_HEADER


def _half_marker(scan: Scan, end: int) -> int | None:
    inline = scan.inline_at(end - 1)
    held = [half.start for half in inline.halves if half.image or _short(half, end)]
    if inline.tail is not None and inline.tail < end:
        held.append(inline.tail)
    return min(held, default=None)


def _short(half: HalfLink, end: int) -> bool:
    """Say whether a link has no text to show yet, or is a task's check box as yet."""
    return (end if half.text_end is None else half.text_end) - half.text <= 1


def _close(scan: Scan, end: int, composer: Composer) -> Healed:
    line = scan.line_at(end - 1)
    body = _without_brackets(scan, end)
    closing = composer.closing(scan, end)
    row = line.kind in {Kind.ROW, Kind.DELIMITER} and scan.content(line).startswith("|")
    if row and (closing or not _CLOSED_ROW.search(body)):
        closing += " |"
    return Healed(scan, end, body, closing)


def _without_brackets(scan: Scan, end: int) -> str:
    """Return the text with a link that is being written reduced to its text."""
    parts, position = [], scan.start
    for half in scan.inline_at(end - 1).halves if scan.line_at(end - 1).kind in PROSE else ():
        parts.append(scan.text[position : half.start])
        position = half.text
        if half.text_end is not None:
            return "".join(parts) + scan.text[position : half.text_end]
    return "".join(parts) + scan.text[position:end]
