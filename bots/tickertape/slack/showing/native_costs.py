"""How far an answer by native streams has come, and what its next call therefore costs."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from tickertape.answer.answer import Answer
from tickertape.screen.body import Call
from tickertape.screen.budget import Budget, Urgency
from tickertape.slack.http import lookup
from tickertape.slack.http.budgets import SlackLimits
from tickertape.slack.http.spending import Spending, is_ready
from tickertape.slack.showing.native_calls import MAX_AGE, NativeStream
from tickertape.slack.showing.surface import SlackSurface


@dataclass(slots=True)
class NativeState:
    """What has become of an answer's messages so far."""

    answer: Answer | None = None
    stream: NativeStream | None = None
    """The answer's latest message while it is a stream."""
    lost_start: str | None = None
    """The text of a start of which nobody knows whether it took effect, empty if that was an earlier process's."""
    posting: bool = False
    """A message was tried to be posted and is not confirmed: it is not opened as a stream after that."""
    fallen: bool = False
    """Something failed: no further stream is opened for this answer."""
    begun: bool = False
    """A message of the answer has been sent."""

    @property
    def over(self) -> bool:
        """Whether no more text will come."""
        return self.answer is not None and self.answer.over


class NativeCosts:
    """The budgets of the next call: they depend on the stream, its age, and whether the answer is over."""

    def __init__(self, state: NativeState, plain: SlackSurface, limits: SlackLimits) -> None:
        self._state = state
        self._plain = plain
        self._limits = limits
        self.spending = Spending()

    def of(self, call: Call) -> tuple[Budget, ...]:
        """Return the budgets of `call`, which is made next."""
        spending, state = self.spending, self._state
        if call is Call.EDIT:
            spending.expected = self._of_edit()
        elif call is Call.POST and not state.over and self.may_stream() and self._start_is_due():
            spending.expected = (self._limits.streams.starts,)
        else:
            spending.expected = self._plain.costs(call)
        looks = self._limits.looks(lookup.REPLIES)
        if call is Call.POST and state.lost_start is not None and looks not in spending.expected:
            spending.expected += (looks,)
        return spending.expected

    def may_stream(self) -> bool:
        """Whether a further stream may be opened for this answer."""
        state = self._state
        return not state.fallen and not state.posting and now() >= self._limits.streams.refused_until

    def _of_edit(self) -> tuple[Budget, ...]:
        streams, stream = self._limits.streams, self._state.stream
        if stream is None:
            begins = not self._state.begun and self.may_stream()
            return (streams.appends,) if begins else self._plain.costs(Call.EDIT)
        if not stream.certain:
            return (streams.stops, self._limits.updates)
        ends = self._state.over or is_old(stream)
        return (streams.stops,) if ends and is_ready(streams.stops) else (streams.appends,)

    def _start_is_due(self) -> bool:
        """Whether a stream may be opened at once; if not, a posted message is there sooner."""
        return is_ready(self._limits.streams.starts, Urgency.PARTIAL if self._state.begun else Urgency.NOW)


def is_old(stream: NativeStream) -> bool:
    """Whether the stream is to be ended before Slack ends it."""
    return now() - stream.started_at >= MAX_AGE


def now() -> float:
    """Return the loop's time in seconds."""
    return asyncio.get_running_loop().time()
