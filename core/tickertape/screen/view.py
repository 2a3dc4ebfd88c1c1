"""What is on screen of one answer, and the one call that would bring it closer to what should be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tickertape.languages import ENGLISH, Language, words
from tickertape.prompts.keys import MessageKey
from tickertape.render import Page, renderer_of
from tickertape.render.dialect import Dialect
from tickertape.screen.body import Body, Call, Offer, Room
from tickertape.screen.draft import Draft, Mark
from tickertape.screen.overflow import Cut, cut_after, file_bodies


@dataclass(frozen=True, slots=True)
class Step:
    """A call to make now: post or edit message number `page` so that it shows `body`.

    `mark` is the end of the text that is on screen when the call is confirmed; None while more is still due.
    """

    call: Call
    page: int
    body: Body
    mark: Mark | None
    message: MessageKey | None = None


_UNKNOWN = Body("\0")
"""Stands for what nobody knows; no wanted body is equal to it."""


class View:
    """Reconciles the wanted messages of an answer with those that the platform confirmed.

    What a file is, is said in `language`.
    """

    def __init__(self, dialect: Dialect, draft: Draft, language: Language = ENGLISH) -> None:
        self._dialect = dialect
        self._language = language
        self._draft = draft
        self._renderer = renderer_of(dialect)
        self._cut: Cut | None = None
        """Set once the text needs more messages than there are."""
        self.full = False
        """All messages that there are show all they can: what comes now is for the file, after the answer's end."""
        self._confirmed: list[Body] = []
        self._messages: list[MessageKey] = []
        self._lost: set[MessageKey] = set()
        self._closed = False
        """The platform takes no further message."""
        self.next_call = Call.POST
        """The kind of call that comes next, as far as it is known without rendering."""

    def restore(self, messages: Sequence[MessageKey]) -> None:
        """Take over the messages that an answer has already; what they show is not known."""
        self._messages = list(messages)
        self._confirmed = [_UNKNOWN] * len(messages)
        self.next_call = Call.EDIT if messages else Call.POST

    def step(
        self, *, live: bool, marker: str, placeholder: str, room: Room, offers: tuple[Offer, ...] = ()
    ) -> Step | None:
        """Return the first call that the screen needs, None if it shows all. `placeholder` stands in for no text.

        Text for which there is no `room` comes as a file when the answer is no longer `live`; then the last message
        carries the `offers`.
        """
        mark = self._draft.mark()
        bodies = self._bodies(live=live, marker=marker, placeholder=placeholder, room=room)
        if offers and bodies:
            bodies[-1] = replace(bodies[-1], offers=offers)
        holds_back = live and self._cut is not None
        step = self._first_due(bodies, None if holds_back else mark)
        self.full = holds_back and step is None
        return step

    def _first_due(self, bodies: list[Body], mark: Mark | None) -> Step | None:
        for page, body in enumerate(bodies):
            covered = mark if page == len(bodies) - 1 else None
            if page >= len(self._messages) and self._closed:
                return None
            if page >= len(self._messages):
                call = Call.POST if body.file is None else Call.FILE
                return None if self._lost else Step(call, page, body, covered)
            message = self._messages[page]
            if body != self._confirmed[page] and message not in self._lost:
                return Step(Call.EDIT, page, body, covered, message)
        return None

    def confirm(self, step: Step, message: MessageKey, *, certain: bool = True) -> None:
        """Take note that the platform shows `message`, and `step` in it unless that is not `certain`."""
        body = step.body if certain else _UNKNOWN
        if step.page == len(self._messages):
            self._messages.append(message)
            self._confirmed.append(body)
        else:
            self._confirmed[step.page] = body
        goes_on = certain and step.mark is None and step.page == len(self._messages) - 1
        self.next_call = Call.POST if goes_on and not self._closed else Call.EDIT

    @property
    def is_intact(self) -> bool:
        """Whether no message was lost or refused: then the screen shows all when it needs no call."""
        return not (self._lost or self._closed)

    def repeat(self, step: Step) -> None:
        """Take note that `step` has to be made again, with what is to be shown by then."""
        self.next_call = step.call

    def close(self) -> bool:
        """Take note that the platform takes no further message; return whether there is one that can say so."""
        self._closed = True
        self.next_call = Call.EDIT
        return any(message not in self._lost for message in self._messages)

    def lose(self, message: MessageKey) -> None:
        """Take note that somebody deleted `message`: it is not edited again, and nothing new is posted."""
        self._lost.add(message)

    def _bodies(self, *, live: bool, marker: str, placeholder: str, room: Room) -> list[Body]:
        most = room.messages if room.file and not self._closed else None
        pages = self._pages(live=live, marker=marker, most=most)
        if self._cut is not None:
            rest = [] if live else self._file_bodies(self._cut, marker, room.file)
            return [*_text_bodies(self._cut.texts, live=live), *rest]
        texts = tuple(page.text for page in pages)
        if self._closed and marker:
            texts = self._with_marker_on_last_message(texts, marker)
        return _text_bodies(texts or ((placeholder,) if placeholder else ()), live=live)

    def _file_bodies(self, cut: Cut, marker: str, most: int) -> list[Body]:
        said = self._language.say(words.REST_IN_FILE)
        return file_bodies(cut.rest(self._draft), self._dialect, said, marker, most)

    def _pages(self, *, live: bool, marker: str, most: int | None) -> tuple[Page, ...]:
        """Return the pages of all text, and set the cut: then only those before the file count.

        The last one of `most` messages is left for the file until it is known at the end that none is needed.
        """
        if most is not None and self._cut is not None and (live or self._rest_is_long(self._cut)):
            return ()
        self._renderer.push(self._draft.fresh())
        pages = self._renderer.pages(live=live, marker=marker)
        self._cut = None
        if most is not None and len(pages) > (most - 1 if live else most):
            self._cut = cut_after(pages[: most - 1], self._draft)
        return pages

    def _with_marker_on_last_message(self, texts: tuple[str, ...], marker: str) -> tuple[str, ...]:
        """Return the texts of the messages that there are; the last one makes room for the marker if it must."""
        texts = texts[: len(self._messages)]
        text = texts[-1]
        if text.endswith(self._dialect.marker(marker)):
            return texts
        while len(pages := self._render(text, marker)) > 1:
            text = text.removesuffix("…").rpartition(" ")[0] + "…"
        return (*texts[:-1], pages[0].text)

    def _render(self, text: str, marker: str) -> tuple[Page, ...]:
        """Return the pages of a text by itself, with what it leaves open closed."""
        renderer = renderer_of(self._dialect)
        renderer.push(text)
        return renderer.pages(live=False, marker=marker)

    def _rest_is_long(self, cut: Cut) -> bool:
        """Whether what is left certainly needs more than one message: an enormous text need not be rendered."""
        return len(cut.rest(self._draft).strip()) > self._dialect.page


def _text_bodies(texts: tuple[str, ...], *, live: bool) -> list[Body]:
    last = len(texts) - 1
    return [Body(text, stoppable=live and page == last) for page, text in enumerate(texts)]
