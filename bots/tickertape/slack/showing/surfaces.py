"""Which surface shows an answer: messages that are edited, or Slack's native streams."""

from __future__ import annotations

from tickertape.answer.answer import Answer
from tickertape.prompts.prompt import Prompt
from tickertape.screen.streamer import Placeholder
from tickertape.slack.keys import is_direct
from tickertape.slack.restart.places import SlackPlace
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


class Surfaces:
    """Makes the surfaces of one workspace, and follows the answers on them."""

    def __init__(self, workspace: Workspace, native: NativeStreams) -> None:
        self._workspace = workspace
        self._native = native
        self._sessions = Sessions(workspace)

    def are_native_in(self, channel: str) -> bool:
        """Whether answers in the conversation of this id are native streams."""
        return self._native.cover(channel)

    def make(self, place: SlackPlace, prompt: Prompt, *, native: bool) -> AnySurface:
        """Return a surface for the answer to `prompt`. Native streams need a `place` in a thread."""
        workspace = self._workspace
        files = can_send_files(workspace.identity.scopes)
        language = workspace.languages.of(prompt.locale)
        plain = SlackSurface(workspace.client, workspace.limits, place, language, files=files)
        if not native:
            return plain
        recipient = None if is_direct(place.channel) else prompt.asker.id
        calls = NativeCalls(workspace.client, place, recipient, lambda: self._sessions.status(place))
        return NativeSurface(plain, calls, place, workspace.limits, workspace.tasks)

    def follow(self, answer: Answer, surface: AnySurface) -> None:
        """Bind a surface to its answer, and show that the answer is being written."""
        surface.bind(answer.id)
        if isinstance(surface, NativeSurface):
            surface.follow(answer, self._workspace.answering)
            self._sessions.follow(answer, surface, surface.place)

    def clear_up(self, surface: AnySurface) -> None:
        """Take back what an earlier process may have left beside the messages: Slack's stop button, "is thinking…"."""
        if isinstance(surface, NativeSurface):
            self._sessions.clear_up(surface.place)


def placeholder_on(surface: AnySurface) -> Placeholder | None:
    """Return what stands in for an answer without text.

    A native stream can't take a placeholder back; Slack itself says that the app is thinking.
    """
    return Placeholder(after=PLACEHOLDER_AFTER) if isinstance(surface, SlackSurface) else None
