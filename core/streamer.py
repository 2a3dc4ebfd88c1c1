"""The one shell that waits: it asks the pacer what goes next, makes the call, and reports back what came of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from core import words
from core.answer import Answer, Ending, State
from core.pacing import Lane, Pacer
from core.registry import Registry
from core.surface import Call, Gone, MessageKey, Outcome, RateLimited, Refused, Shown, Surface, Unconfirmed
from core.view import Step, View

_log = structlog.get_logger(__name__)

MAX_TRIES = 24
"""Calls in a row that may fail to reach the platform before an answer's text is given up: about ten minutes."""

_BACKOFF_CAP = 30.0
"""Longest wait in seconds before a failed call is made again; it begins with 0.5 s and doubles."""


@dataclass(frozen=True, slots=True)
class Placeholder:
    """What to show when no text has come `after` seconds; 0 shows it at once."""

    text: str = words.THINKING
    after: float = 0.0


class _Stream(Lane):
    """One answer on its way to the screen: its lane in the schedule, its view, and what is under way."""

    __slots__ = ("answer", "busy", "end", "failures", "placeholder", "resting", "surface", "timer", "view")

    def __init__(self, answer: Answer, surface: Surface, end: Callable[[Answer, Ending], bool]) -> None:
        super().__init__(answer.draft)
        self.answer = answer
        self.surface = surface
        self.end = end
        self.view = View(surface.dialect, answer.draft)
        self.placeholder = ""
        self.busy = False
        """A call is in flight: one per answer at a time."""
        self.resting = False
        """The last call did not reach the platform: the next one waits for the timer."""
        self.failures = 0
        self.timer: asyncio.TimerHandle | None = None

    def next_step(self) -> Step | None:
        """Render now and return the call that is needed, if any."""
        ending = self.answer.ending
        marker = ending.sentence if ending else ""
        return self.view.step(live=ending is None, marker=marker, placeholder=self.placeholder)

    @property
    def is_urgent(self) -> bool:
        """Whether the next call shows the answer's first text, its placeholder, or its end."""
        return self.answer.over or self.draft.shown == 0


class Streamer:
    """Shows running answers. All state belongs to one event loop; nothing here is shared with threads."""

    def __init__(self) -> None:
        self.registry = Registry()
        self._pacer: Pacer[_Stream] = Pacer()
        self._streams: dict[Answer, _Stream] = {}
        self._calls: set[asyncio.Task[None]] = set()
        self._timer: asyncio.TimerHandle | None = None

    def open(
        self,
        answer: Answer,
        surface: Surface,
        placeholder: Placeholder | None,
        end: Callable[[Answer, Ending], bool],
    ) -> None:
        """Begin to show `answer`; `end` is called when the platform makes it impossible to go on."""
        stream = self._streams[answer] = _Stream(answer, surface, end)
        self.registry.add(answer)
        self._pacer.open(stream, surface.costs(Call.EDIT))
        if placeholder is not None:
            stream.timer = asyncio.get_running_loop().call_later(
                placeholder.after, self._hold_place, stream, placeholder.text
            )

    def touch(self, answer: Answer) -> None:
        """Take note that text arrived or that the answer ended; O(1) while a call is due or in flight."""
        stream = self._streams.get(answer)
        if stream is None or stream.busy or stream.resting:
            return
        if stream.queued and stream.urgent == stream.is_urgent:
            return
        self._queue(stream, stream.view.next_call)
        self._run()

    def lost(self, answer: Answer, message: MessageKey) -> None:
        """Take note that somebody deleted `message`: the answer ends, and nothing is posted in its place."""
        stream = self._streams.get(answer)
        if stream is not None:
            self._lose(stream, message)

    async def close(self) -> None:
        """Give up what has not been shown, and let the calls in flight end: they are never cancelled."""
        for stream in list(self._streams.values()):
            self._finish(stream)
        self._arm(None)
        while self._calls:
            await asyncio.wait(self._calls)

    def _hold_place(self, stream: _Stream, text: str) -> None:
        stream.timer = None
        stream.placeholder = text
        self.touch(stream.answer)

    def _queue(self, stream: _Stream, call: Call) -> None:
        """Put the stream in line for `call`."""
        stream.urgent = stream.is_urgent
        self._pacer.want(stream, stream.surface.costs(call), self._now())

    def _run(self) -> None:
        """Start every call that may leave now, then sleep until the next one may."""
        now = self._now()
        while (stream := self._pacer.next(now)) is not None:
            self._start(stream, now)
        self._arm(self._pacer.wakes_at())

    def _arm(self, at: float | None) -> None:
        """Keep one timer, for the earliest moment at which there may be something to do."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None if at is None else asyncio.get_running_loop().call_at(at, self._run)

    def _start(self, stream: _Stream, now: float) -> None:
        """Render as late as possible and let the call leave, unless nothing changed or it costs something else."""
        step = stream.next_step()
        if step is None:
            self._pacer.drop(stream)
            if stream.answer.over:
                self._finish(stream)
            return
        if stream.surface.costs(step.call) != stream.costs:
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
                self._give_up(stream, outcome)

    def _confirm(self, stream: _Stream, step: Step, shown: Shown) -> None:
        answer = stream.answer
        stream.failures = 0
        stream.view.confirm(step, shown.message)
        if step.message is None:
            answer.messages.append(shown.message)
            self.registry.link(answer, shown.message)
        if step.mark is not None:
            stream.draft.cover(step.mark)
        answer.shown.set()
        if answer.over or step.mark is None or stream.draft.waiting:
            self._queue(stream, stream.view.next_call)

    def _retry_later(self, stream: _Stream, step: Step, outcome: Unconfirmed) -> None:
        """Make the call again after a growing pause, with the text of then."""
        stream.failures += 1
        _log.warning("call_unconfirmed", answer=stream.answer.id, call=step.call.value, reason=outcome.reason,
                     tries=stream.failures)  # fmt: skip
        if stream.failures >= MAX_TRIES:
            self._give_up(stream, Refused(outcome.reason))
            return
        stream.resting = True
        pause = min(_BACKOFF_CAP, 0.25 * 2**stream.failures)
        asyncio.get_running_loop().call_later(pause, self._wake, stream)

    def _wake(self, stream: _Stream) -> None:
        stream.resting = False
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

    def _give_up(self, stream: _Stream, refused: Refused) -> None:
        """The platform will not show this answer: close the model's stream and say so in the log."""
        answer = stream.answer
        answer.refused = refused
        _log.error("answer_refused", answer=answer.id, reason=refused.reason, permission=refused.permission,
                   lost_characters=answer.draft.waiting)  # fmt: skip
        stream.end(answer, Ending(State.FAILED, "", f"refused: {refused.reason}"))
        self._finish(stream)

    def _finish(self, stream: _Stream) -> None:
        """Nothing more will be sent for this answer."""
        answer = stream.answer
        if self._streams.pop(answer, None) is None:
            return
        self._pacer.close(stream)
        if stream.timer is not None:
            stream.timer.cancel()
        self.registry.remove(answer)
        answer.done.set()

    @staticmethod
    def _now() -> float:
        return asyncio.get_running_loop().time()
