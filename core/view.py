"""What is on screen of one answer, and the one call that would bring it closer to what should be."""

from __future__ import annotations

from dataclasses import dataclass

from core.draft import Draft, Mark
from core.render import Renderer
from core.surface import Body, Call, Dialect, MessageKey


@dataclass(frozen=True, slots=True)
class Step:
    """A call to make now: post or edit message number `page` so that it shows `body`.

    `mark` is the end of the text that is on screen when the call is confirmed; None while later pages are still due.
    """

    call: Call
    page: int
    body: Body
    mark: Mark | None
    message: MessageKey | None = None


class View:
    """Reconciles the wanted messages of an answer with those that the platform confirmed."""

    def __init__(self, dialect: Dialect, draft: Draft) -> None:
        self._draft = draft
        self._renderer = Renderer(dialect)
        self._confirmed: list[Body] = []
        self._messages: list[MessageKey] = []
        self._lost: set[MessageKey] = set()

    @property
    def next_call(self) -> Call:
        """The kind of call that comes next, as far as it is known without rendering."""
        return Call.EDIT if self._messages else Call.POST

    def step(self, *, live: bool, marker: str, placeholder: str) -> Step | None:
        """Return the first call that the screen needs, None if it shows all. `placeholder` stands in for no text."""
        mark = self._draft.mark()
        bodies = self._bodies(live=live, marker=marker, placeholder=placeholder)
        for page, body in enumerate(bodies):
            covered = mark if page == len(bodies) - 1 else None
            if page >= len(self._messages):
                return None if self._lost else Step(Call.POST, page, body, covered)
            message = self._messages[page]
            if body != self._confirmed[page] and message not in self._lost:
                return Step(Call.EDIT, page, body, covered, message)
        return None

    def confirm(self, step: Step, message: MessageKey) -> None:
        """Take note that the platform shows `step`, under the key `message`."""
        if step.page == len(self._messages):
            self._messages.append(message)
            self._confirmed.append(step.body)
        else:
            self._confirmed[step.page] = step.body

    def lose(self, message: MessageKey) -> None:
        """Take note that somebody deleted `message`: it is not edited again, and nothing new is posted."""
        self._lost.add(message)

    def _bodies(self, *, live: bool, marker: str, placeholder: str) -> list[Body]:
        self._renderer.push(self._draft.fresh())
        texts = [page.text for page in self._renderer.pages(live=live, marker=marker)]
        if not texts and placeholder:
            texts = [placeholder]
        last = len(texts) - 1
        return [Body(text, stoppable=live and page == last) for page, text in enumerate(texts)]
