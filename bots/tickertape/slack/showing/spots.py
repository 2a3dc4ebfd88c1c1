"""Where answers are shown in Slack: by which surface, messages that are edited or native streams.

Implements `tickertape.inbound.spot.Spot`.
"""

from __future__ import annotations

from collections.abc import Coroutine
from dataclasses import replace
from typing import Any
from weakref import WeakKeyDictionary

from tickertape.answer.answer import Answer
from tickertape.answer.opening import Opening
from tickertape.durable.store.records import AnswerRecord
from tickertape.languages import Sentence
from tickertape.prompts.prompt import Prompt
from tickertape.screen.outcome import Refused
from tickertape.screen.streamer import Placeholder
from tickertape.screen.surface import Surface
from tickertape.slack import words
from tickertape.slack.keys import is_direct, place_of
from tickertape.slack.restart.places import SlackPlace, place_from_json
from tickertape.slack.scopes import can_send_files
from tickertape.slack.settings import NativeStreams
from tickertape.slack.showing.native_calls import NativeCalls
from tickertape.slack.showing.native_surface import NativeSurface
from tickertape.slack.showing.sessions import Sessions
from tickertape.slack.showing.surface import SlackSurface
from tickertape.slack.workspace import Workspace

AnySurface = SlackSurface | NativeSurface

PLACEHOLDER_AFTER = 1.5
"""Seconds without text after which a placeholder is posted. A text that comes sooner is posted itself: of the workspace's
edits, which all answers share, none is spent on turning placeholders into first texts."""


class Spots:
    """Makes the spots of one workspace and their surfaces, and follows the answers on them."""

    def __init__(self, workspace: Workspace, native: NativeStreams) -> None:
        self._workspace = workspace
        self._native = native
        self._sessions = Sessions(workspace)
        self._places: WeakKeyDictionary[Answer, SlackPlace] = WeakKeyDictionary()

    def at(self, place: SlackPlace) -> SlackSpot:
        """Return the spot for an answer at `place`; Slack has no native streams outside of threads."""
        native = self._native.cover(place.channel)
        if native:
            place = replace(place, thread_ts=place.thread_ts or place.asked_ts)
        return SlackSpot(self, place, native=native)

    def again(self, record: AnswerRecord) -> SlackSpot | None:
        """Return the spot where an earlier answer is written anew; None if its place is not understood."""
        place = place_from_json(record.surface)
        return None if place is None else self.at(place)

    def make(self, place: SlackPlace, prompt: Prompt, answer_id: str, *, native: bool) -> AnySurface:
        """Return a surface for the answer to `prompt`. Native streams need a `place` in a thread."""
        workspace = self._workspace
        files = can_send_files(workspace.identity.scopes)
        language = workspace.languages.of(prompt.locale)
        plain = SlackSurface(workspace.client, workspace.limits, place, language, files=files)
        plain.bind(answer_id)
        if not native:
            return plain
        recipient = None if is_direct(place.channel) else prompt.asker.id
        calls = NativeCalls(workspace.client, place, recipient, lambda: self._sessions.status(place))
        return NativeSurface(plain, calls, place, workspace.limits, workspace.tasks)

    def follow(self, answer: Answer, surface: Surface) -> None:
        """Show that an answer is being written."""
        if isinstance(surface, SlackSurface | NativeSurface):
            self._places[answer] = surface.place
        if isinstance(surface, NativeSurface):
            surface.follow(answer, self._workspace.answering)
            self._sessions.follow(answer, surface, surface.place)

    def watch(self, waiting: Coroutine[Any, Any, None], name: str) -> None:
        """Run what waits, as long as the workspace is served."""
        self._workspace.tasks.watch(waiting, name)

    def running_in(self, channel: str, thread_ts: str) -> list[Answer]:
        """Return the running answers of a thread."""
        running = self._workspace.answering.registry.running(place=place_of(self._workspace.team, channel))
        places = ((answer, self._places.get(answer)) for answer in running)
        return [answer for answer, place in places if place is not None and place.thread_ts == thread_ts]

    def clear_up(self, surface: AnySurface) -> None:
        """Take back what an earlier process may have left beside the messages: Slack's stop button, "is thinking…"."""
        if isinstance(surface, NativeSurface):
            self._sessions.clear_up(surface.place)


def placeholder_on(surface: AnySurface) -> Placeholder | None:
    """Return what stands in for an answer without text.

    A native stream can't take a placeholder back; Slack itself says that the app is thinking.
    """
    return Placeholder(after=PLACEHOLDER_AFTER) if isinstance(surface, SlackSurface) else None


class SlackSpot:
    """A conversation, or a thread of it."""

    def __init__(self, spots: Spots, place: SlackPlace, *, native: bool) -> None:
        self._spots = spots
        self._place = place
        self._native = native

    def prepare(self, prompt: Prompt, answer_id: str) -> Opening:
        """Return how the answer to `prompt` is shown there."""
        surface = self._spots.make(self._place, prompt, answer_id, native=self._native)
        stored = self._place.to_json(prompt, native=self._native)
        return Opening(surface, stored, placeholder_on(surface))

    def follow(self, answer: Answer, surface: Surface) -> None:
        """Show that the answer is being written."""
        self._spots.follow(answer, surface)

    def watch(self, waiting: Coroutine[Any, Any, None], name: str) -> None:
        """Run what waits for the answer, as long as the workspace is served."""
        self._spots.watch(waiting, name)

    def sorry(self, refused: Refused) -> Sentence:
        """Return what the asker is told where Slack did not take the answer."""
        return words.cannot_answer(refused.permission)
