"""One Slack thread as a surface of native streams: chat.startStream, chat.appendStream, chat.stopStream.

Text is only ever added, so the dialect makes the renderer hold back what it could have to take back, and each call
sends what is missing. A page of the answer is one stream: it is far shorter than what a stream may hold [I].

What a stream can't do is done by chat.postMessage and chat.update, on the same message if there is one:

- a page that is complete when it is first shown, or for which no chat.startStream is left this minute, is posted;
- a stream that grows old is ended, and its page goes on by chat.update, which needs no boundary in the text;
- after any failure, Slack's refusals included, the stream is ended if it may still be live, the message gets its whole
  text by chat.update, and the rest of the answer is posted and edited.

A live stream carries no button. It is stopped by reaction, or by Slack's own stop button (`tickertape.slack.showing.sessions`).
"""

from __future__ import annotations

from collections.abc import Sequence

import structlog

from tickertape.answer.answer import Answer
from tickertape.answer.answering import Answering
from tickertape.languages import Language
from tickertape.prompts.keys import MessageKey
from tickertape.screen.body import Body, Call, Room
from tickertape.screen.budget import Budget
from tickertape.screen.outcome import Gone, Outcome, RateLimited, Refused, Shown, Unconfirmed
from tickertape.slack.http import outcomes
from tickertape.slack.http.budgets import SlackLimits
from tickertape.slack.http.web import CallFailed, CallRateLimited, CallRefused, CallUnclear
from tickertape.slack.keys import is_file, timestamp
from tickertape.slack.restart.places import SlackPlace
from tickertape.slack.showing.dialect import NATIVE_DIALECT, NativeDialect
from tickertape.slack.showing.late_ends import LateEnds
from tickertape.slack.showing.native_calls import (
    CONFLICT,
    ENDED,
    STOPPED_BY_USER,
    UNAVAILABLE,
    NativeCalls,
    NativeStream,
)
from tickertape.slack.showing.native_costs import NativeCosts, NativeState, is_old, now
from tickertape.slack.showing.surface import SlackSurface
from tickertape.tasks import Tasks

_log = structlog.get_logger(__name__)

REFUSED_SECONDS = 600.0
"""How long no stream is tried after Slack said that this app may not have any."""


class NativeSurface:
    """Shows one answer in one thread, by `calls` while it can, by `plain` where it must.

    `bind` and `follow` must be called before the first call.
    """

    dialect: NativeDialect = NATIVE_DIALECT

    def __init__(
        self, plain: SlackSurface, calls: NativeCalls, place: SlackPlace, limits: SlackLimits, tasks: Tasks
    ) -> None:
        self._plain = plain
        self._calls = calls
        self._place = place
        self._limits = limits
        self._late_ends = LateEnds(calls, limits, tasks)
        self._answering: Answering | None = None
        self._state = NativeState()
        self._costs = NativeCosts(self._state, plain, limits)
        self._spending = self._costs.spending
        self._known: frozenset[MessageKey] = frozenset()
        """The messages of the answer that an earlier process made."""

    @property
    def room(self) -> Room:
        """The room of a thread in general."""
        return self._plain.room

    def bind(self, answer_id: str) -> None:
        """Take the id that messages carry."""
        self._plain.bind(answer_id)

    def follow(self, answer: Answer, answering: Answering) -> None:
        """Take the answer itself: its end decides what the next call is, and Slack's own stop ends it."""
        self._state.answer, self._answering = answer, answering

    def resume(self, messages: Sequence[MessageKey], *, has_text: bool) -> None:
        """Go on with an answer of an earlier process, with the messages it has; it may have made one more.

        The last one may be a live stream still. No further stream is opened for an answer that has a message or text.
        """
        self._plain.resume(len(messages))
        self._state.fallen = self._state.begun = bool(messages) or has_text
        self._state.lost_start = "" if has_text else None
        if messages and not is_file(messages[-1]):
            self._state.stream = NativeStream(
                timestamp(messages[-1]), len(messages) - 1, now(), "", certain=False
            )
        self._known = frozenset(messages)

    async def find_lost(self) -> MessageKey | None:
        """Return the stream of an answer of an earlier process that stored nothing of it, ended; None if there is none.

        That it is a stream shows when it is ended: other messages without metadata are notices. Where nobody can look
        now, there is none.
        """
        try:
            ts = await self._calls.find("", self._limits, self._is_free, partly=True)
            if ts is None:
                return None
            await self._limits.turn(self._limits.streams.stops)
            await self._calls.stop(ts)
        except CallFailed:
            return None
        return self._place.message(ts)

    @property
    def language(self) -> Language:
        """The asker's."""
        return self._plain.language

    @property
    def place(self) -> SlackPlace:
        """Where it is."""
        return self._plain.place

    def has_begun(self) -> bool:
        """Whether a message of the answer has been sent."""
        return self._state.begun

    def costs(self, call: Call) -> tuple[Budget, ...]:
        """Return the budgets of `call`, which is made next."""
        return self._costs.of(call)

    # ------------------------------------------------------------------ a new message

    async def post(self, body: Body, page: int) -> Outcome:
        """Show page `page`: as a stream if there is more to come, else as a message."""
        if body.file is not None:
            return await self._plain.post(body, page)
        if self._state.lost_start is not None:
            return await self._recover(self._state.lost_start, body, page)
        posting = self._limits.posting(self._place.channel)
        starts = self._costs.may_stream() and self._spending.may(self._limits.streams.starts)
        if starts and (body.stoppable or not self._spending.may(*posting)):
            return await self._open(body, page)
        return await self._post_plain(body, page)

    async def _post_plain(self, body: Body, page: int) -> Outcome:
        self._state.begun = True
        self._state.posting = True
        self._spending.draw(*self._plain.costs(Call.POST))
        outcome = await self._plain.post(body, page)
        self._state.posting = not isinstance(outcome, Shown)
        return outcome

    async def _open(self, body: Body, page: int) -> Outcome:
        self._state.begun = True
        starts = self._limits.streams.starts
        self._spending.draw(starts)
        try:
            ts = await self._calls.start(body.text)
        except CallRateLimited as limited:
            return RateLimited(starts, limited.retry_after)
        except CallRefused as refused:
            return await self._go_without(refused, body, page)
        except CallFailed as failed:
            self._fall("start", failed)
            self._state.lost_start = body.text
            return Unconfirmed(str(failed))
        self._state.stream = NativeStream(ts, page, now(), body.text)
        if not body.stoppable:
            self._end_later(self._state.stream, body)
        return Shown(self._place.message(ts), now())

    async def _go_without(self, refused: CallRefused, body: Body, page: int) -> Outcome:
        """Post the page, because Slack opens no stream here."""
        self._fall("start", refused)
        if refused.code in UNAVAILABLE:
            self._limits.streams.refused_until = now() + REFUSED_SECONDS
        if not self._spending.may(*self._limits.posting(self._place.channel)):
            return Unconfirmed(str(refused))
        return await self._post_plain(body, page)

    async def _recover(self, text: str, body: Body, page: int) -> Outcome:
        """Look for the stream that a lost start may have opened; if there is none, post the page."""
        try:
            ts = await self._calls.find(text or body.text, self._limits, self._is_free, partly=not text)
        except CallFailed as failed:
            return outcomes.of_post(failed, self._limits.posts)
        self._state.lost_start = None
        if ts is None:
            return await self._post_plain(body, page)
        self._state.stream = NativeStream(ts, page, now(), "", certain=False)
        return Shown(self._place.message(ts), now(), certain=False)

    def _is_free(self, ts: str) -> bool:
        """Whether the message belongs to no running answer."""
        key = self._place.message(ts)
        if key in self._known:
            return False
        return self._answering is None or self._answering.registry.find(key) is None

    # ------------------------------------------------------------------ more text

    async def edit(self, message: MessageKey, body: Body) -> Outcome:
        """Add what is missing, and end the stream if the page is complete or the stream old; or replace the text."""
        stream = self._state.stream
        if stream is None or stream.ts != timestamp(message):
            return await self._edit_plain(message, body)
        if stream.certain and not body.text.startswith(stream.sent):
            left = self._leave(stream, "changed")
            if not self._spending.may(self._limits.streams.stops, self._limits.updates):
                return left
        if not stream.certain:
            return await self._replace(stream, body)
        ends = not body.stoppable or is_old(stream)
        if ends and self._spending.may(self._limits.streams.stops):
            return await self._end(stream, body)
        return await self._append(stream, body)

    async def _append(self, stream: NativeStream, body: Body) -> Outcome:
        appends, missing = self._limits.streams.appends, body.text[len(stream.sent) :]
        try:
            if missing:
                self._spending.draw(appends)
                await self._calls.append(stream.ts, missing)
        except CallFailed as failed:
            return self._take_in(failed, stream, appends)
        stream.sent = body.text
        if not body.stoppable:
            self._end_later(stream, body)
        return Shown(self._place.message(stream.ts), now())

    async def _end(self, stream: NativeStream, body: Body) -> Outcome:
        stops, missing = self._limits.streams.stops, body.text[len(stream.sent) :]
        self._spending.draw(stops)
        try:
            await self._calls.stop(
                stream.ts, missing, self._plain.metadata(stream.page), self._plain.buttons(body)
            )
        except CallFailed as failed:
            return self._take_in(failed, stream, stops)
        self._state.stream = None
        return Shown(self._place.message(stream.ts), now())

    def _take_in(self, failed: CallFailed, stream: NativeStream, budget: Budget) -> Outcome:
        """Return what a failed append or stop comes to; a text that Slack refused is shown another way, at once."""
        outcome = outcomes.of_edit(failed, budget)
        if isinstance(outcome, RateLimited | Gone):
            return outcome
        left = self._leave(stream, "stream", failed)
        if isinstance(failed, CallUnclear):
            return Unconfirmed(str(failed))
        if isinstance(failed, CallRefused) and failed.code in ENDED:
            self._state.stream = None
            if failed.code == STOPPED_BY_USER:
                self._stop_answer()
        return left

    def _leave(self, stream: NativeStream, what: str, failed: CallFailed | None = None) -> Shown:
        """Give the stream up: an edit is due, which costs something else than was announced for this one."""
        stream.certain = False
        self._fall(what, failed)
        return Shown(self._place.message(stream.ts), now(), certain=False)

    def _stop_answer(self) -> None:
        """End the answer: Slack's own button is offered to the one who asked."""
        if self._state.answer is not None and self._answering is not None:
            self._answering.stop(self._state.answer)

    # ------------------------------------------------------------------ without a stream

    async def _replace(self, stream: NativeStream, body: Body) -> Outcome:
        """End the stream, if it is still live, and give its message the whole text."""
        stops = self._limits.streams.stops
        self._spending.draw(stops)
        try:
            await self._calls.stop(stream.ts)
        except CallRefused as refused:
            if refused.code == STOPPED_BY_USER:
                return self._take_in(refused, stream, stops)
            if refused.code not in ENDED:
                return outcomes.of_edit(refused, stops)
        except CallFailed as failed:
            return outcomes.of_edit(failed, stops)
        self._fall("replaced")
        self._state.stream = None
        return await self._edit_plain(self._place.message(stream.ts), body)

    async def _edit_plain(self, message: MessageKey, body: Body) -> Outcome:
        self._spending.draw(self._limits.updates)
        outcome = await self._plain.edit(message, body)
        if isinstance(outcome, Refused) and outcome.reason == CONFLICT:
            self._state.stream = NativeStream(timestamp(message), 0, now(), "", certain=False)
            return Unconfirmed(CONFLICT)
        return outcome

    def _fall(self, what: str, failed: CallFailed | None = None) -> None:
        """Take note that this answer is posted and edited from now on."""
        if not self._state.fallen:
            _log.warning(
                "native_stream_left", call=what, channel=self._place.channel, reason=str(failed or "")
            )
        self._state.fallen = True

    def _end_later(self, stream: NativeStream, body: Body) -> None:
        """Leave it to its turn to end a stream whose text is complete."""
        self._state.stream = None
        self._late_ends.add(stream.ts, self._plain.metadata(stream.page), self._plain.buttons(body))
