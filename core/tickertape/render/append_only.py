"""Pages for a place where text can only be added to a live message: nothing shown is ever taken back.

There is no healing here, because what closes an open marker would have to be taken back. What is open is held back
instead: a link, an emphasised phrase, a row of a table is shown when it is complete, or when it has grown so long that
waiting is worse than a bare marker. An open code fence needs no closing while it is the last thing of a message.

A page can't end before what it has shown. So it ends early, at the first good boundary once it is nearly full, and its
last part is shown by whole words and lines only, to which it can be cut.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tickertape.render.blocks import Kind
from tickertape.render.dialect import AppendOnlyDialect
from tickertape.render.heal import heal, undecided
from tickertape.render.renderer import _BLANK_AHEAD, Page, Renderer, _Start
from tickertape.render.scan import CODE, PROSE, Scan
from tickertape.render.seams import OPENING_SHARE, Head
from tickertape.render.split import Cut, Rank, Splitter, visible_from

LONGEST_HELD = 300
"""Characters of an unfinished phrase, link or row after which it is shown as it is."""

ENOUGH = {Rank.PARAGRAPH: 0.85, Rank.LINE: 0.9, Rank.SENTENCE: 0.95}
"""The part of a page that must be filled for the first boundary of that rank to end it."""

NEARLY_FULL = 0.95
"""The part of a page after which only whole words and lines are shown."""

ROOMY = 0.6
"""The part of a page that text and opening may take without a look at what closes them: at most `CLOSING_SHARE`."""

_ROWS = frozenset({Kind.ROW, Kind.HEADER, Kind.DELIMITER})
_WHOLE = _ROWS | {Kind.CLOSER}
_TOGETHER = CODE | _ROWS
_MOST_STEPS = 64


class AppendOnlyRenderer(Renderer):
    """Renders one answer so that each live frame of a page begins its later ones. Same use as `Renderer`."""

    def __init__(self, dialect: AppendOnlyDialect) -> None:
        super().__init__(dialect)
        self._settled = dialect.settled
        self._new_page()

    def pages(self, *, live: bool, marker: str = "") -> tuple[Page, ...]:
        """Return all pages of the text so far; none if there is nothing to show."""
        self._absorb()
        final = not live or bool(marker)
        while (ended := self._ended(marker, final=final)) is not None:
            if not final and not self._goes_on(ended[1]):
                return (*self._frozen, *self._as_it_is())
            self._freeze(*ended)
            self._forget()
            self._new_page()
        return (*self._frozen, *(self._last(self._unfrozen, marker, final=final) or ()))

    def _new_page(self) -> None:
        self._head: Head | None = None
        self._frame = ""
        """What is on screen of the page."""
        self._grown = 0
        """Where in the text it ends."""

    def _goes_on(self, start: _Start) -> bool:
        """Whether some of the text from `start` on is certain: until then it may turn out to belong to what is before."""
        scan = self._window(self._begin(start), self._visible + _BLANK_AHEAD, start.state, final=False)
        return heal(scan, self._composer) is not None

    def _as_it_is(self) -> tuple[Page, ...]:
        return (self._page(self._frame, self._unfrozen, len(self._tail)),) if self._frame else ()

    def _final(self, scan: Scan, *, closed: bool) -> str:
        body = self._tail[scan.start : self._visible]
        crosses = all(line.kind is Kind.CODE for line in scan.lines)
        closing = self._composer.closing_fence(scan, body) if closed or crosses else ""
        return self._composer.compose(scan, body, closing, self._head)

    def _shown(self, scan: Scan, end: int) -> str:
        closing = self._composer.closing(scan, end)
        return self._composer.compose(scan, self._tail[scan.start : end], closing, self._head)

    # ------------------------------------------------------------------ the live frame

    def _healed(self, scan: Scan) -> str:
        """Return the live frame: what was shown before, and more if more of the text is certain."""
        end = self._stable_end(scan)
        if end > max(self._grown, scan.start) and self._fits_closed(scan, end):
            head = self._head or self._composer.head(scan)
            frame = self._composer.compose(scan, self._tail[scan.start : end], "", head)
            if frame.startswith(self._frame):
                self._head, self._frame, self._grown = head, frame, end
        return self._frame

    def _fits_closed(self, scan: Scan, end: int) -> bool:
        """Whether the page could end at `end`, with everything closed that is open there."""
        return self._is_roomy(scan.start, end) or self._composer.fits(self._shown(scan, end))

    def _is_roomy(self, begin: int, end: int) -> bool:
        """Whether the text from `begin` to `end` fits certainly, whatever is put before and behind it."""
        opening = (
            self._dialect.size(self._head.opening) if self._head else self._dialect.page // OPENING_SHARE
        )
        return opening / self._dialect.page + self._filled(begin, end) <= ROOMY

    def _stable_end(self, scan: Scan) -> int:
        """Return the end of the text that can be shown for good, at most up to the last visible character."""
        text, held = scan.text, scan.end
        for _ in range(_MOST_STEPS):
            if held < scan.end:
                scan = Scan(text, scan.start, held, scan.state, final=False)
            end = scan.start + len(text[scan.start : held].rstrip())
            if end <= max(self._grown, scan.start):
                return end
            earlier = self._held(scan, end)
            if earlier is None:
                return end
            held = earlier
        return self._grown

    def _held(self, scan: Scan, end: int) -> int | None:
        """Return where the text begins that has to be held back, None if all up to `end` may be shown."""
        settled = scan.start + self._settled(scan.text[scan.start : end])
        if settled < end:
            return settled
        candidates = [undecided(scan), *_unfinished(scan, end), self._half_word(scan, end)]
        near = [held for held in candidates if held is not None and held < end <= held + LONGEST_HELD]
        return min(near, default=None)

    def _half_word(self, scan: Scan, end: int) -> int | None:
        """Return where the last word or line of code begins if it may go on and the page is nearly full."""
        if self._filled(scan.start, end) < NEARLY_FULL:
            return None
        line = scan.line_at(end - 1)
        if line.kind in CODE:
            return None if scan.terminated(line) else line.start
        if self._tail[end : end + 1].isspace():
            return None
        word = self._tail[scan.start : end].split()[-1:]
        return end - len("".join(word))

    def _filled(self, begin: int, end: int) -> float:
        """Return how much of a page the text from `begin` to `end` takes."""
        return self._dialect.size(self._tail[begin:end]) / self._dialect.page

    # ------------------------------------------------------------------ a page that ends

    def _ended(self, marker: str, *, final: bool) -> tuple[Page, _Start] | None:
        """Return the current page if it ends before the text does, and where the next one starts."""
        if self._visible <= 0:
            return None
        start = self._unfrozen
        begin = self._begin(start)
        if self._is_roomy(begin, self._visible):
            return None
        first = begin if start.state.fence else visible_from(self._tail, begin)
        if self._visible - first > self._dialect.page:
            return self._full(start, final=final)
        scan = self._window(begin, self._visible + _BLANK_AHEAD, start.state, final=final)
        whole = self._final(scan, closed=bool(marker)) if final else self._shown(scan, self._visible)
        if not self._composer.fits(whole):
            return self._full(start, final=final)
        cut = None if final else self._early_cut(scan)
        return None if cut is None else self._cut_at(scan, cut)

    def _full(self, start: _Start, *, final: bool) -> tuple[Page, _Start]:
        """Return a page that the text fills: it ends no earlier than what it has shown."""
        begin = self._begin(start)
        scan = self._window(begin, begin + 2 * self._dialect.page, start.state, final=final)
        cut = _LateSplitter(scan, self._limit(scan), self._grown).best(
            lambda cut: self._possible(cut) and self._composer.fits(self._shown(scan, cut.shown))
        )
        if cut.next >= scan.end:
            scan = self._window(begin, cut.next + self._dialect.page, start.state, final=final)
        return self._cut_at(scan, cut)

    def _cut_at(self, scan: Scan, cut: Cut) -> tuple[Page, _Start]:
        shown = self._shown(scan, cut.shown)
        if not self._composer.fits(shown):
            shown = self._composer.compose(scan, self._tail[scan.start : cut.shown], "", self._head)
        page = self._page(shown, self._unfrozen, cut.next)
        return page, _Start(cut.next, scan.state_at(cut.next, cut.shown))

    def _possible(self, cut: Cut) -> bool:
        return self._grown <= cut.shown and cut.next < self._visible

    def _early_cut(self, scan: Scan) -> Cut | None:
        """Return the first boundary at which enough of the page is filled, if there is one already."""
        if self._filled(scan.start, self._visible) < min(ENOUGH.values()):
            return None
        cuts = _LateSplitter(scan, self._visible, self._grown).boundaries()
        return next((cut for cut in cuts if self._possible(cut) and self._is_enough(scan, cut)), None)

    def _is_enough(self, scan: Scan, cut: Cut) -> bool:
        if cut.rank is not Rank.PARAGRAPH and scan.line_at(cut.next).kind in _TOGETHER:
            return False
        return self._filled(scan.start, cut.shown) >= ENOUGH.get(cut.rank, 1.0)


class _LateSplitter(Splitter):
    """A splitter whose cuts are not before `least`; that is where it cuts when there is no good boundary."""

    def __init__(self, scan: Scan, limit: int, least: int) -> None:
        super().__init__(scan, limit)
        self._least = least

    def best(self, fits: Callable[[Cut], bool]) -> Cut:
        cut = super().best(fits)
        return cut if cut.shown >= self._least else self._cut(self._least)

    def boundaries(self) -> list[Cut]:
        """Return all good boundaries, the first one first."""
        return sorted(self._boundaries(), key=lambda cut: cut.shown)

    def _anywhere(self) -> Iterator[Cut]:
        yield from () if self._least else super()._anywhere()


def _unfinished(scan: Scan, end: int) -> list[int]:
    """Return where those constructs begin that are not complete at `end`."""
    line = scan.line_at(end - 1)
    if line.kind in _WHOLE and not scan.terminated(line):
        return [line.start]
    if line.kind not in PROSE:
        return []
    inline = scan.inline_at(end - 1)
    spans = [span.start for span in inline.spans if span.close is None]
    return [*spans, *(half.start for half in inline.halves)]
