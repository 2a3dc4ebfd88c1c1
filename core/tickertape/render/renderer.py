"""Turn a growing answer into pages, each of which one message shows.

No Markdown library does this: none reads partial text incrementally and gives back the slices of the source, both of
which are needed to cut an answer into messages and to close what is open while it is written. So the scanner is our
own; the tests compare what it cuts with a library's reading of each page.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from tickertape.render.blocks import Kind, State
from tickertape.render.dialect import Dialect
from tickertape.render.heal import heal
from tickertape.render.scan import Scan
from tickertape.render.seams import Composer
from tickertape.render.split import Splitter, following, visible_from

_BLANK_AHEAD = 64
"""How much white space after the last word is read: enough to see that a paragraph ended."""


@dataclass(frozen=True, slots=True)
class Page:
    """What one message shows, and the slice of the model's text that it covers."""

    text: str
    """Shown as it is: mentions neutralised, fences and emphasis closed, the marker included on the last page."""
    start: int
    end: int
    """The slice, in characters. The slices of all pages together are the text; white space at their ends, which no
    platform shows, belongs to them."""


@dataclass(frozen=True, slots=True)
class _Start:
    """Where a page begins in the text that is not frozen, and what is open there."""

    position: int
    state: State


class Renderer:
    """Renders one answer in one dialect.

    A page that is not the last is frozen: it is never rendered again, and each call works on what follows it only.
    A dialect is expected to count at least one for each character; one that counts less gets shorter pages.
    """

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._composer = Composer(dialect)
        self._fresh: list[str] = []
        self._frozen: list[Page] = []
        self._offset = 0
        self._tail = ""
        self._visible = 0
        self._unfrozen = _Start(0, State())
        self._kept: Page | None = None

    def push(self, text: str) -> None:
        """Append `text` to the answer; O(1), the text is read when the pages are asked for."""
        self._fresh.append(text)

    def pages(self, *, live: bool, marker: str = "") -> tuple[Page, ...]:
        """Return all pages of the text so far; none if there is nothing to show.

        A `live` frame is healed: what is open is closed, and what cannot be told yet is held back. With a `marker`,
        a plain sentence that says how the answer ended, the frame is final in any case.
        """
        self._absorb()
        final = not live or bool(marker)
        start, pending = self._unfrozen, None
        while (last := self._last(start, marker, final=final)) is None:
            self._freeze(pending, start)
            pending, start = self._full(start, final=final)
        if not last:
            last = self._held_back(pending)
        else:
            self._freeze(pending, start)
        if len(last) > 1:
            self._freeze(last[0], self._end_of_text(start))
        self._forget()
        self._kept = last[0] if len(last) == 1 and not marker else None
        return (*self._frozen, *last[-1:])

    def _absorb(self) -> None:
        """Append what was pushed, and note where the last word ends."""
        fresh = "".join(self._fresh)
        self._fresh.clear()
        if fresh.strip():
            self._visible = len(self._tail) + len(fresh.rstrip())
        self._tail += fresh

    def _freeze(self, page: Page | None, following_start: _Start) -> None:
        """Keep `page`, if there is one, for good; the next page starts at `following_start`."""
        if page is not None:
            self._frozen.append(page)
            self._unfrozen = following_start

    def _held_back(self, pending: Page | None) -> tuple[Page, ...]:
        """Return the last page when all text after `pending` is held back: that page, or what was shown before."""
        page = pending or self._kept
        return (replace(page, end=self._offset + len(self._tail)),) if page else ()

    def _forget(self) -> None:
        """Drop the text of the frozen pages."""
        start = self._unfrozen
        self._tail = self._tail[start.position :]
        self._offset += start.position
        self._visible = max(self._visible - start.position, 0)
        self._unfrozen = replace(start, position=0)

    def _begin(self, start: _Start) -> int:
        """Return where the shown text begins; indentation of code counts."""
        return start.position if start.state.fence else following(self._tail, start.position)

    def _page(self, text: str, start: _Start, end: int) -> Page:
        return Page(text, self._offset + start.position, self._offset + end)

    # ------------------------------------------------------------------ the last page

    def _last(self, start: _Start, marker: str, *, final: bool) -> tuple[Page, ...] | None:
        """Return the last page, with one more if the marker needs it, or None if the text needs more pages."""
        total = len(self._tail)
        if self._visible <= start.position:
            return (self._page(self._marker(marker), start, total),) if marker else ()
        begin = self._begin(start)
        first = begin if start.state.fence else visible_from(self._tail, begin)
        if self._visible - first > self._dialect.page:
            return None
        scan = Scan(self._tail, begin, min(total, self._visible + _BLANK_AHEAD), start.state, final=final)
        shown = self._final(scan, closed=bool(marker)) if final else self._healed(scan)
        if not shown:
            return ()
        if not self._composer.fits(shown):
            return None
        if not marker:
            return (self._page(shown, start, total),)
        return self._marked(shown, marker, start)

    def _final(self, scan: Scan, *, closed: bool) -> str:
        """Return the text as it is; a code fence is closed if it crosses a boundary or something follows it."""
        crosses = all(line.kind is Kind.CODE for line in scan.lines)
        body = self._tail[scan.start : self._visible]
        closing = self._composer.closing_fence(scan, body) if closed or crosses else ""
        return self._composer.compose(scan, body, closing)

    def _healed(self, scan: Scan) -> str:
        healed = heal(scan, self._composer)
        return self._composer.compose(healed.scan, healed.body, healed.closing) if healed else ""

    def _marked(self, shown: str, marker: str, start: _Start) -> tuple[Page, ...]:
        """Put the marker below the text, or on a page of its own if that is too long."""
        closing_line, total = self._marker(marker), len(self._tail)
        together = f"{shown}\n\n{closing_line}"
        if self._composer.fits(together):
            return (self._page(together, start, total),)
        return (self._page(shown, start, total), self._page(closing_line, _Start(total, State()), total))

    def _marker(self, sentence: str) -> str:
        """Return the marker's line, shortened if it is longer than a page."""
        line = self._dialect.marker(sentence)
        while sentence and not self._composer.fits(line):
            sentence = sentence[: len(sentence) * 3 // 4]
            line = self._dialect.marker(sentence.rstrip() + "…")
        return line

    def _end_of_text(self, start: _Start) -> _Start:
        scan = Scan(self._tail, self._begin(start), len(self._tail), start.state, final=True)
        return _Start(len(self._tail), scan.after)

    # ------------------------------------------------------------------ a full page

    def _full(self, start: _Start, *, final: bool) -> tuple[Page, _Start]:
        """Return a page that the text fills, and where the next one starts."""
        begin = self._begin(start)
        scan = self._window(begin, begin + 2 * self._dialect.page, start.state, final=final)
        limit = self._limit(scan)
        cut = Splitter(scan, limit).best(
            lambda cut: cut.next < self._visible and self._composer.fits(self._shown(scan, cut.shown))
        )
        shown = self._shown(scan, cut.shown)
        if cut.next >= scan.end:
            scan = self._window(begin, cut.next + self._dialect.page, start.state, final=final)
        page = self._page(shown, start, cut.next)
        return page, _Start(cut.next, scan.state_at(cut.next, cut.shown))

    def _window(self, begin: int, end: int, state: State, *, final: bool) -> Scan:
        total = len(self._tail)
        return Scan(self._tail, begin, min(end, total), state, final=final and end >= total)

    def _shown(self, scan: Scan, end: int) -> str:
        return self._composer.compose(scan, self._tail[scan.start : end], self._composer.closing(scan, end))

    def _limit(self, scan: Scan) -> int:
        """Return the last position up to which the text fits on the page."""
        first = scan.start if scan.state.fence else visible_from(self._tail, scan.start)
        high = min(scan.end, first + self._dialect.page)
        excess = self._dialect.size(self._shown(scan, high)) - self._dialect.page
        if excess <= 0:
            return high
        low, guess = scan.start + 1, high - excess
        if guess > low and self._composer.fits(self._shown(scan, guess)):
            low = guess
        while high - low > 1:
            middle = (low + high) // 2
            if self._composer.fits(self._shown(scan, middle)):
                low = middle
            else:
                high = middle
        return low
