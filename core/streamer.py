"""The one shell that waits: it asks the pacer what goes next, makes the call, and reports back what came of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace

import structlog

from core import words
from core.answer import Answer, Ending, State
from core.journal import Journal, NoJournal
from core.pacing import Lane, Pacer, Urgency
from core.registry import Registry
from core.surface import Call, Gone, MessageKey, Outcome, RateLimited, Refused, Shown, Surface, Unconfirmed
from core.view import Step, View

_log = structlog.get_logger(__name__)

PATIENCE = 600.0
"""Seconds for which calls may fail to reach the platform before an answer's text is given up."""

_LONGEST_PAUSE = 30.0
"""Seconds before a failed call is made again, at most; the first pause is half a second, and each one doubles it."""

_LONGEST_LAST_PAUSE = 3.0
"""The same for an answer that has ended: people wait for its end, and so does a shutdown."""

_LAST_CALLS = 10.0
"""Seconds that `close` waits for calls in flight."""


@dataclass(frozen=True, slots=True)
class Placeholder:
    """What to show when no text has come `after` seconds; 0 shows it at once."""

    text: str = words.THINKING
    after: float = 0.0


class _Stream(Lane):
    """One answer on its way to the screen: its lane in the schedule, its view, and what is under way."""

    __slots__ = (
        "answer", "busy", "cut_off", "end", "failing_since", "failures", "most_messages", "placeholder", "resting",
        "surface", "takes_no_file", "timer", "view",
    )  # fmt: skip

    def __init__(
        self,
        answer: Answer,
        surface: Surface,
        end: Callable[[Answer, Ending], bool],
        most_messages: int | None,
    ) -> None:
        super().__init__(answer.draft)
        self.most_messages = most_messages
        self.answer = answer
        self.surface = surface
        self.end = end
        self.view = View(surface.dialect, answer.draft)
        self.placeholder = ""
        self.cut_off = ""
        """What the last message has to say before how the answer ended: that no further one is allowed."""
        self.takes_no_file = False
        self.busy = False
        """A call is in flight: one per answer at a time."""
        self.resting: asyncio.TimerHandle | None = None
        """The last call did not reach the platform: the next one waits for this timer."""
        self.failing_since: float | None = None
        self.failures = 0
        self.timer: asyncio.TimerHandle | None = None

    def next_step(self) -> Step | None:
        """Render now and return the call that is needed, if any."""
        ending = self.answer.ending
        marker = " ".join(filter(None, (self.cut_off, *self.answer.notes, ending.sentence))) if ending else ""
        room = self.surface.room.at_most(self.most_messages)
        if self.takes_no_file:
            room = replace(room, file=0)
        return self.view.step(
            live=ending is None,
            marker=marker,
            placeholder="" if ending else self.placeholder,
            room=room,
            offers=self.answer.offers if ending else (),
        )

    @property
    def presses(self) -> Urgency:
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
        return not self.queued or self.urgency is not self.presses


class Streamer:
    """Shows running answers. All state belongs to one event loop; nothing here is shared with threads.

    An answer gets at most `most_messages` messages (2 or more); where the place takes files, the last one brings what
    does not fit into the others. `journal` hears of every call before it is made, and of every message.
    """

    def __init__(self, most_messages: int | None = None, journal: Journal | None = None) -> None:
        self._most_messages = most_messages
        self.journal: Journal = journal or NoJournal()
        self.registry = Registry()
        self._pacer: Pacer[_Stream] = Pacer()
        self._streams: dict[Answer, _Stream] = {}
        self._touched: dict[_Stream, None] = {}
        """Streams to be looked at as soon as the event loop comes round."""
        self._calls: set[asyncio.Task[None]] = set()
        self._timer: asyncio.TimerHandle | None = None

    def open(
        self,
        answer: Answer,
        surface: Surface,
        end: Callable[[Answer, Ending], bool],
    ) -> None:
        """Begin to show `answer`; `end` is called when the platform makes it impossible to go on.

        The messages that it has already are taken to show anything but what they should.
        """
        stream = self._streams[answer] = _Stream(answer, surface, end, self._most_messages)
        stream.view.restore(answer.messages)
        self.registry.add(answer)
        for message in answer.messages:
            self.registry.link(answer, message)
        self._pacer.open(stream, surface.costs(Call.EDIT))

    def touch(self, answer: Answer) -> None:
        """Take note that text arrived or that the answer ended; O(1) while a call is due or in flight."""
        stream = self._streams.get(answer)
        if stream is None:
            return
        if stream.resting is not None:
            self._shorten_rest(stream)
        elif stream not in self._touched and stream.is_due:
            if not self._touched:
                self._arm(self._now())  # not at once: ends that fall together go out in order of waiting
            self._touched[stream] = None

    def hold_place(self, answer: Answer, placeholder: Placeholder) -> None:
        """Show the placeholder from its time on until the first text comes; it replaces the one before."""
        stream = self._streams.get(answer)
        if stream is None or placeholder.text == stream.placeholder:
            return
        if stream.timer is not None:
            stream.timer.cancel()
        stream.timer = asyncio.get_running_loop().call_later(
            placeholder.after, self._hold_place, stream, placeholder.text
        )

    def drop(self, answer: Answer) -> None:
        """Show nothing of `answer`: it is not ours to show."""
        stream = self._streams.get(answer)
        if stream is not None:
            self._finish(stream)

    def lost(self, answer: Answer, message: MessageKey) -> None:
        """Take note that somebody deleted `message`: the answer ends, and nothing is posted in its place."""
        stream = self._streams.get(answer)
        if stream is not None:
            self._lose(stream, message)

    async def close(self) -> None:
        """Give up what has not been shown, and let the calls in flight end: they are not cancelled, only left."""
        for stream in list(self._streams.values()):
            self._finish(stream, delivered=False)
        self._arm(None)
        if self._calls:
            await asyncio.wait(self._calls, timeout=_LAST_CALLS)
        if self._calls:
            _log.error("calls_left", calls=len(self._calls))

    def _hold_place(self, stream: _Stream, text: str) -> None:
        stream.timer = None
        stream.placeholder = text
        self.touch(stream.answer)

    def _queue(self, stream: _Stream, call: Call) -> None:
        """Put the stream in line for `call`."""
        stream.urgency = stream.presses
        costs = stream.surface.costs(call)
        if call is Call.EDIT:
            self._pacer.claim(stream, costs)
        self._pacer.want(stream, costs, self._now())

    def _run(self) -> None:
        """Start every call that may leave now, then sleep until the next one may."""
        now = self._now()
        touched, self._touched = self._touched, {}
        for stream in sorted(touched, key=lambda each: each.waits_since if each.queued else now):
            if stream.answer in self._streams and stream.is_due:
                self._queue(stream, stream.view.next_call)
                self._start_all(now)
        self._start_all(now)
        self._arm(self._pacer.wakes_at())

    def _start_all(self, now: float) -> None:
        while (stream := self._pacer.next(now)) is not None:
            self._start(stream, now)

    def _arm(self, at: float | None) -> None:
        """Keep one timer, for the earliest moment at which there may be something to do."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None if at is None else asyncio.get_running_loop().call_at(at, self._run)

    def _start(self, stream: _Stream, now: float) -> None:
        """Render as late as possible and let the call leave, unless nothing changed or it costs something else."""
        try:
            step = stream.next_step()
            costs = stream.surface.costs(step.call) if step is not None else ()
        except Exception as error:  # noqa: BLE001 - whatever a text does to the renderer, the other answers go on
            _log.exception("render_crashed", answer=stream.answer.id)
            self._give_up(stream, Refused(f"crash: {type(error).__name__}"))
            return
        if step is None:
            self._pacer.drop(stream)
            if stream.answer.over:
                self._finish(stream)
            return
        if costs != stream.costs:
            self._queue(stream, step.call)
            return
        self._pacer.begin(stream, now)
        stream.busy = True
        call = asyncio.create_task(self._perform(stream, step), name=f"{step.call.value} {stream.answer.id}")
        self._calls.add(call)
        call.add_done_callback(self._calls.discard)

    async def _perform(self, stream: _Stream, step: Step) -> None:
        """Make the call and take in what came of it."""
        costs = stream.costs
        try:
            await self.journal.before_call(stream.answer)
            outcome = await self._call(stream.surface, step)
        except Exception as error:  # noqa: BLE001 - the supervisor of every platform's surface
            _log.exception("surface_crashed", answer=stream.answer.id)
            outcome = Refused(f"crash: {type(error).__name__}")
        self._pacer.settle(costs, self._now())
        stream.busy = False
        if stream.answer in self._streams:
            self._take_in(stream, step, outcome)
        self._run()

    @staticmethod
    async def _call(surface: Surface, step: Step) -> Outcome:
        if step.message is None:
            return await surface.post(step.body, step.page)
        return await surface.edit(step.message, step.body)

    def _take_in(self, stream: _Stream, step: Step, outcome: Outcome) -> None:
        """Change the view by what came of `step`, and queue what is needed next."""
        match outcome:
            case Shown():
                self._confirm(stream, step, outcome)
            case RateLimited():
                _log.warning("rate_limited", budget=outcome.budget.key, retry_after=outcome.retry_after)
                outcome.budget.close(self._now(), outcome.retry_after)
                self._queue(stream, step.call)
            case Unconfirmed():
                self._retry_later(stream, step, outcome)
            case Gone():
                self._take_in_gone(stream, step)
            case Refused():
                self._take_in_refusal(stream, step, outcome)

    def _confirm(self, stream: _Stream, step: Step, shown: Shown) -> None:
        answer = stream.answer
        stream.failing_since, stream.failures = None, 0
        stream.view.confirm(step, shown.message, certain=shown.certain)
        if step.message is None:
            answer.messages.append(shown.message)
            self.registry.link(answer, shown.message)
            self.journal.posted(answer, shown.message)
        if step.mark is not None and shown.certain:
            stream.draft.cover(step.mark)
        answer.shown.set()
        if answer.over or step.mark is None or stream.draft.waiting or not shown.certain:
            self._queue(stream, stream.view.next_call)

    def _retry_later(self, stream: _Stream, step: Step, outcome: Unconfirmed) -> None:
        """Make the call again after a growing pause, with the text of then."""
        now = self._now()
        stream.failing_since = stream.failing_since or now
        stream.failures += 1
        _log.warning("call_unconfirmed", answer=stream.answer.id, call=step.call.value, reason=outcome.reason,
                     tries=stream.failures)  # fmt: skip
        if now - stream.failing_since > PATIENCE:
            self._give_up(stream, Refused(outcome.reason))
            return
        stream.view.next_call = step.call
        longest = _LONGEST_LAST_PAUSE if stream.answer.over else _LONGEST_PAUSE
        self._rest(stream, min(longest, 0.25 * 2.0 ** min(stream.failures, 10)))

    def _rest(self, stream: _Stream, pause: float) -> None:
        stream.resting = asyncio.get_running_loop().call_later(pause, self._wake, stream)

    def _shorten_rest(self, stream: _Stream) -> None:
        """Let an answer that has ended not sit out a long pause."""
        resting = stream.resting
        if resting is not None and stream.answer.over and resting.when() > self._now() + _LONGEST_LAST_PAUSE:
            resting.cancel()
            self._rest(stream, _LONGEST_LAST_PAUSE)

    def _wake(self, stream: _Stream) -> None:
        stream.resting = None
        self.touch(stream.answer)

    def _take_in_gone(self, stream: _Stream, step: Step) -> None:
        if step.message is not None:
            self._lose(stream, step.message)
        else:
            stream.end(stream.answer, Ending(State.STOPPED, words.DELETED, "its place was deleted"))
            self._finish(stream)

    def _lose(self, stream: _Stream, message: MessageKey) -> None:
        stream.view.lose(message)
        stream.end(stream.answer, Ending(State.STOPPED, words.DELETED, "a message was deleted"))
        self.touch(stream.answer)

    def _take_in_refusal(self, stream: _Stream, step: Step, refused: Refused) -> None:
        """End the answer; where only a further message was refused, the last one that there is says so.

        The text of a refused file is tried as messages first.
        """
        if step.call is Call.FILE and not stream.takes_no_file:
            _log.warning("file_refused", answer=stream.answer.id, reason=refused.reason)
            stream.takes_no_file = True
            self._queue(stream, Call.POST)
        elif step.message is None and stream.view.close():
            self._note_refusal(stream.answer, refused)
            stream.cut_off = words.CANNOT_GO_ON
            stream.end(stream.answer, Ending(State.FAILED, "", f"refused: {refused.reason}"))
            self._queue(stream, Call.EDIT)
        else:
            self._give_up(stream, refused)

    def _give_up(self, stream: _Stream, refused: Refused) -> None:
        """The platform will not show this answer: send nothing more, and close the model's stream."""
        self._note_refusal(stream.answer, refused)
        stream.end(stream.answer, Ending(State.FAILED, "", f"refused: {refused.reason}"))
        self._finish(stream)

    @staticmethod
    def _note_refusal(answer: Answer, refused: Refused) -> None:
        answer.refused = refused
        _log.error("answer_refused", answer=answer.id, reason=refused.reason, permission=refused.permission,
                   lost_characters=answer.draft.waiting)  # fmt: skip

    def _finish(self, stream: _Stream, *, delivered: bool = True) -> None:
        """Nothing more will be sent for this answer; if it is not `delivered`, the next process goes on with it."""
        answer = stream.answer
        if self._streams.pop(answer, None) is None:
            return
        self._pacer.close(stream)
        for timer in (stream.timer, stream.resting):
            if timer is not None:
                timer.cancel()
        self.registry.remove(answer)
        if delivered:
            self.journal.delivered(answer)
        answer.done.set()

    @staticmethod
    def _now() -> float:
        return asyncio.get_running_loop().time()
