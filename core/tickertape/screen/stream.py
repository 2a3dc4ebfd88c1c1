"""One answer on its way to the screen: its lane in the schedule, its view, and when a failed call is made again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

from tickertape.answer.answer import Answer, Ending
from tickertape.languages import Language, Sentence
from tickertape.screen.budget import Urgency
from tickertape.screen.pacing import Lane
from tickertape.screen.surface import Surface
from tickertape.screen.view import Step, View

_PATIENCE = 600.0
"""Seconds for which calls may fail to reach the platform before an answer's text is given up."""

_LONGEST_PAUSE = 30.0
"""Seconds before a failed call is made again, at most; the first pause is half a second, and each one doubles it."""

_LONGEST_LAST_PAUSE = 3.0
"""The same for an answer that has ended: people wait for its end, and so does a shutdown."""


class Stream(Lane):
    """What is under way for one answer. `end` ends the answer when the platform makes it impossible to go on."""

    __slots__ = (
        "answer", "busy", "cut_off", "end", "failing_since", "failures", "language", "most_messages", "placeholder",
        "resting", "surface", "takes_no_file", "timer", "view",
    )  # fmt: skip

    def __init__(
        self,
        answer: Answer,
        surface: Surface,
        end: Callable[[Answer, Ending], bool],
        most_messages: int | None,
        language: Language,
    ) -> None:
        super().__init__(answer.draft)
        self.language = language
        """The asker's."""
        self.most_messages = most_messages
        self.answer = answer
        self.surface = surface
        self.end = end
        self.view = View(surface.dialect, answer.draft, language)
        self.placeholder: Sentence | None = None
        self.cut_off: Sentence | None = None
        """What the last message has to say before how the answer ended: that no further one is allowed."""
        self.takes_no_file = False
        self.busy = False
        """A call is in flight, one per answer at a time, or there is no place yet to make one in."""
        self.resting: asyncio.TimerHandle | None = None
        """The last call did not reach the platform: the next one waits for this timer."""
        self.failing_since: float | None = None
        self.failures = 0
        self.timer: asyncio.TimerHandle | None = None
        """When the placeholder is due."""

    def next_step(self) -> Step | None:
        """Render now and return the call that is needed, if any."""
        ending = self.answer.ending
        closing = (self.cut_off, *self.answer.notes, ending.sentence) if ending else ()
        placeholder = None if ending else self.placeholder
        room = self.surface.room.at_most(self.most_messages)
        if self.takes_no_file:
            room = replace(room, file=0)
        return self.view.step(
            live=ending is None,
            marker=" ".join(self.language.say(each) for each in closing if each is not None),
            placeholder="" if placeholder is None else self.language.say(placeholder),
            room=room,
            offers=ending.offers if ending else (),
        )

    def block(self) -> None:
        """Make no call before `unblock`: one is in flight, or there is no place yet to make one in."""
        self.busy = True

    def unblock(self) -> None:
        """Let calls be made again."""
        self.busy = False

    def expect(self, text: Sentence, after: float, due: Callable[[Answer], None]) -> None:
        """Let `text` stand in for the answer's from `after` seconds on, and call `due` then; it replaces the one before."""
        if self.timer is not None:
            self.timer.cancel()
        self.timer = asyncio.get_running_loop().call_later(after, self._stand_in, text, due)

    def _stand_in(self, text: Sentence, due: Callable[[Answer], None]) -> None:
        self.timer = None
        self.placeholder = text
        due(self.answer)

    def refuse_files(self) -> None:
        """Take note that the place takes no files, although it seemed to: all text comes in messages."""
        self.takes_no_file = True

    def cut_off_with(self, sentence: Sentence) -> None:
        """Let the last message say why there is no further one."""
        self.cut_off = sentence

    def line_up(self) -> None:
        """Take note of how urgent the next call is by now."""
        self.urgency = self.next_urgency

    @property
    def next_urgency(self) -> Urgency:
        """How urgent the next call is."""
        first = self.draft.shown == 0 and (self.draft.visible or not self.answer.messages)
        if first or self.answer.over:
            return Urgency.NOW
        return Urgency.FULL if self.draft.waiting >= self.surface.dialect.page else Urgency.PARTIAL

    @property
    def is_due(self) -> bool:
        """Whether there is something to queue: text that has room, or an end that was queued as something less."""
        if self.busy or self.resting is not None or (self.view.full and not self.answer.over):
            return False
        return not self.queued or self.urgency is not self.next_urgency

    def succeed(self) -> None:
        """Take note that a call reached the platform."""
        self.failing_since, self.failures = None, 0

    def pause_after_failure(self, now: float) -> float | None:
        """Return the seconds before a call that failed just now is made again; None if it has failed for too long."""
        self.failing_since = self.failing_since or now
        self.failures += 1
        if now - self.failing_since > _PATIENCE:
            return None
        longest = _LONGEST_LAST_PAUSE if self.answer.over else _LONGEST_PAUSE
        return min(longest, 0.25 * 2.0 ** min(self.failures, 10))

    def rest(self, pause: float, wake: Callable[[Answer], None]) -> None:
        """Make no call for `pause` seconds, then `wake`."""
        self.resting = asyncio.get_running_loop().call_later(pause, self._rested, wake)

    def _rested(self, wake: Callable[[Answer], None]) -> None:
        self.resting = None
        wake(self.answer)

    def shorten_rest(self, wake: Callable[[Answer], None]) -> None:
        """Let an answer that has ended not sit out a long pause."""
        now = asyncio.get_running_loop().time()
        resting = self.resting
        if resting is not None and self.answer.over and resting.when() > now + _LONGEST_LAST_PAUSE:
            resting.cancel()
            self.rest(_LONGEST_LAST_PAUSE, wake)

    def cancel_timers(self) -> None:
        """Let nothing happen any more."""
        for timer in (self.timer, self.resting):
            if timer is not None:
                timer.cancel()
