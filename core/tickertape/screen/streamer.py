"""The one shell that waits: it asks the pacer what goes next, makes the call, and reports back what came of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from tickertape.answer.answer import Answer, Ending
from tickertape.answer.registry import Registry
from tickertape.answer.states import Delivery, State
from tickertape.durable.journal import Journal
from tickertape.languages import Languages, Sentence, in_english, words
from tickertape.prompts.keys import MessageKey
from tickertape.screen.body import Call
from tickertape.screen.outcome import Gone, Outcome, RateLimited, Refused, Shown, Unconfirmed
from tickertape.screen.pacing import Pacer
from tickertape.screen.stream import Stream
from tickertape.screen.surface import Surface
from tickertape.screen.view import Step

_log = structlog.get_logger(__name__)

_LAST_CALLS = 10.0
"""Seconds that `close` waits for calls in flight."""


@dataclass(frozen=True, slots=True)
class Placeholder:
    """What to show when no text has come `after` seconds; 0 shows it at once."""

    text: Sentence = words.THINKING
    after: float = 0.0


class Streamer:
    """Shows running answers. All state belongs to one event loop; nothing here is shared with threads.

    An answer gets at most `most_messages` messages (2 or more); where the place takes files, the last one brings what
    does not fit into the others. `journal` hears of every call before it is made, and of every message;
    `registry` finds the answer by each of them.
    """

    def __init__(
        self,
        journal: Journal,
        registry: Registry,
        languages: Languages,
        most_messages: int | None = None,
    ) -> None:
        self._journal = journal
        self._registry = registry
        self._languages = languages
        self._most_messages = most_messages
        self._pacer: Pacer[Stream] = Pacer()
        self._streams: dict[Answer, Stream] = {}
        self._touched: dict[Stream, None] = {}
        """Streams to be looked at as soon as the event loop comes round."""
        self._calls: set[asyncio.Task[None]] = set()
        self._timer: asyncio.TimerHandle | None = None

    def open(
        self,
        answer: Answer,
        surface: Surface,
        end: Callable[[Answer, Ending], bool],
        *,
        held: bool = False,
    ) -> None:
        """Begin to show `answer`; `end` is called when the platform makes it impossible to go on.

        The messages that it has already are taken to show anything but what they should. If it is `held`, no call is
        made for it before `release`.
        """
        language = self._languages.of(answer.prompt.locale)
        stream = self._streams[answer] = Stream(answer, surface, end, self._most_messages, language)
        if held:
            stream.block()
        stream.view.restore(answer.messages)
        self._registry.add(answer)
        for message in answer.messages:
            self._registry.link(answer, message)
        self._pacer.open(stream, surface.costs(Call.EDIT))

    def release(self, answer: Answer) -> None:
        """Take note that the place of an answer that was held is open: what there is of it is shown."""
        stream = self._streams.get(answer)
        if stream is not None:
            stream.unblock()
            self.touch(answer)

    def touch(self, answer: Answer) -> None:
        """Take note that text arrived or that the answer ended; O(1) while a call is due or in flight."""
        stream = self._streams.get(answer)
        if stream is None:
            return
        if stream.resting is not None:
            stream.shorten_rest(self.touch)
        elif stream not in self._touched and stream.is_due:
            if not self._touched:
                self._arm(self._now())  # not at once: ends that fall together go out in order of waiting
            self._touched[stream] = None
        elif stream.held:
            self._pacer.grew(stream, self._now())
            self._arm(self._now())

    def hold_place(self, answer: Answer, placeholder: Placeholder) -> None:
        """Show the placeholder from its time on until the first text comes; it replaces the one before."""
        stream = self._streams.get(answer)
        if stream is not None and placeholder.text != stream.placeholder:
            stream.expect(placeholder.text, placeholder.after, self.touch)

    def drop(self, answer: Answer) -> None:
        """Show nothing of `answer`: it is not ours to show."""
        stream = self._streams.get(answer)
        if stream is not None:
            self._finish(stream, Delivery.PART)

    def lost(self, answer: Answer, message: MessageKey) -> None:
        """Take note that somebody deleted `message`: the answer ends, and nothing is posted in its place."""
        stream = self._streams.get(answer)
        if stream is not None:
            self._lose(stream, message)

    async def close(self) -> None:
        """Give up what has not been shown, and let the calls in flight end: they are not cancelled, only left."""
        for stream in list(self._streams.values()):
            self._finish(stream, Delivery.REPAIR)
        self._arm(None)
        if self._calls:
            await asyncio.wait(self._calls, timeout=_LAST_CALLS)
        if self._calls:
            _log.error("calls_left", calls=len(self._calls))

    def _queue(self, stream: Stream, call: Call) -> None:
        """Put the stream in line for `call`."""
        stream.line_up()
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

    def _start(self, stream: Stream, now: float) -> None:
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
                self._finish(stream, Delivery.WHOLE if stream.view.is_intact else Delivery.PART)
            return
        if costs != stream.costs:
            self._queue(stream, step.call)
            return
        self._pacer.begin(stream, now)
        stream.block()
        call = asyncio.create_task(self._perform(stream, step), name=f"{step.call.value} {stream.answer.id}")
        self._calls.add(call)
        call.add_done_callback(self._calls.discard)

    async def _perform(self, stream: Stream, step: Step) -> None:
        """Make the call and take in what came of it."""
        costs = stream.costs
        try:
            await self._journal.before_call(stream.answer)
            outcome = await self._call(stream.surface, step)
        except Exception as error:  # noqa: BLE001 - the supervisor of every platform's surface
            _log.exception("surface_crashed", answer=stream.answer.id)
            outcome = Refused(f"crash: {type(error).__name__}")
        self._pacer.settle(costs, self._now())
        stream.unblock()
        if stream.answer in self._streams:
            self._take_in(stream, step, outcome)
        self._run()

    @staticmethod
    async def _call(surface: Surface, step: Step) -> Outcome:
        if step.message is None:
            return await surface.post(step.body, step.page)
        return await surface.edit(step.message, step.body)

    def _take_in(self, stream: Stream, step: Step, outcome: Outcome) -> None:
        """Change the view by what came of `step`, and queue what is needed next."""
        match outcome:
            case Shown():
                self._confirm(stream, step, outcome)
            case RateLimited():
                _log.warning("rate_limited", budget=str(outcome.budget.key), retry_after=outcome.retry_after)
                outcome.budget.close(self._now(), outcome.retry_after)
                self._queue(stream, step.call)
            case Unconfirmed():
                self._retry_later(stream, step, outcome)
            case Gone():
                self._take_in_gone(stream, step)
            case Refused():
                self._take_in_refusal(stream, step, outcome)

    def _confirm(self, stream: Stream, step: Step, shown: Shown) -> None:
        answer = stream.answer
        stream.succeed()
        stream.view.confirm(step, shown.message, certain=shown.certain)
        if step.message is None:
            answer.add_message(shown.message)
            self._registry.link(answer, shown.message)
            self._journal.posted(answer, shown.message)
        if step.mark is not None and shown.certain:
            stream.draft.cover(step.mark)
        answer.note_shown()
        if answer.over or step.mark is None or stream.draft.waiting or not shown.certain:
            self._queue(stream, stream.view.next_call)

    def _retry_later(self, stream: Stream, step: Step, outcome: Unconfirmed) -> None:
        """Make the call again after a growing pause, with the text of then."""
        pause = stream.pause_after_failure(self._now())
        _log.warning("call_unconfirmed", answer=stream.answer.id, call=step.call.value, reason=outcome.reason,
                     tries=stream.failures)  # fmt: skip
        if pause is None:
            self._give_up(stream, Refused(outcome.reason))
            return
        stream.view.repeat(step)
        stream.rest(pause, self.touch)

    def _take_in_gone(self, stream: Stream, step: Step) -> None:
        if step.message is not None:
            self._lose(stream, step.message)
        else:
            stream.end(stream.answer, Ending(State.STOPPED, words.DELETED, "its place was deleted"))
            self._finish(stream, Delivery.PART)

    def _lose(self, stream: Stream, message: MessageKey) -> None:
        stream.view.lose(message)
        stream.end(stream.answer, Ending(State.STOPPED, words.DELETED, "a message was deleted"))
        self.touch(stream.answer)

    def _take_in_refusal(self, stream: Stream, step: Step, refused: Refused) -> None:
        """End the answer; where only a further message was refused, the last one that there is says so.

        The text of a refused file is tried as messages first.
        """
        if step.call is Call.FILE and not stream.takes_no_file:
            _log.warning("file_refused", answer=stream.answer.id, reason=refused.reason)
            stream.refuse_files()
            self._queue(stream, Call.POST)
        elif step.message is None and stream.view.close():
            self._note_refusal(stream.answer, refused)
            stream.cut_off_with(words.CANNOT_GO_ON)
            stream.end(stream.answer, Ending(State.FAILED, None, f"refused: {refused.reason}"))
            self._queue(stream, Call.EDIT)
        else:
            self._give_up(stream, refused)

    def _give_up(self, stream: Stream, refused: Refused) -> None:
        """The platform will not show this answer: send nothing more, and close the model's stream."""
        self._note_refusal(stream.answer, refused)
        stream.end(stream.answer, Ending(State.FAILED, None, f"refused: {refused.reason}"))
        self._finish(stream, Delivery.PART)

    @staticmethod
    def _note_refusal(answer: Answer, refused: Refused) -> None:
        answer.refuse(refused)
        _log.error("answer_refused", answer=answer.id, reason=refused.reason, permission=in_english(refused.permission),
                   lost_characters=answer.draft.waiting)  # fmt: skip

    def _finish(self, stream: Stream, delivery: Delivery) -> None:
        """Nothing more will be sent for this answer; unless it is left to repair, the journal hears that it is over."""
        answer = stream.answer
        if self._streams.pop(answer, None) is None:
            return
        self._pacer.close(stream)
        stream.cancel_timers()
        self._registry.remove(answer)
        answer.settle(delivery)
        if not delivery.needs_repair:
            self._journal.delivered(answer)

    @staticmethod
    def _now() -> float:
        return asyncio.get_running_loop().time()
