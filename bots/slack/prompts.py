"""What counts as a question, where its answer goes, and how it is asked: mentions and direct messages.

A mention is answered in its thread, and so is whatever is answered by a native stream, because Slack has none outside
of threads. Any other direct message is answered in the conversation itself, or in its thread if it was written in one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from weakref import WeakKeyDictionary

import structlog

from bots.slack import mrkdwn, words
from bots.slack.native_calls import NativeCalls
from bots.slack.native_surface import NativeSurface
from bots.slack.notices import Notices, Reader
from bots.slack.scopes import can_send_files
from bots.slack.seen import Seen
from bots.slack.sessions import Sessions
from bots.slack.settings import NativeStreams
from bots.slack.surface import Place, SlackSurface
from bots.slack.workspace import Workspace
from core.answer import Answer
from core.preparation import PromptRefused
from core.prompt import Prompt
from core.streamer import Placeholder
from core.surface import MessageKey

_log = structlog.get_logger(__name__)

_QUESTION_SUBTYPES = frozenset({None, "file_share", "thread_broadcast"})
"""Other subtypes are edits, deletions, bots and what Slack itself writes (message event reference)."""


@dataclass(frozen=True, slots=True)
class Question:
    """A message that asks the bot something."""

    channel: str
    ts: str
    thread_ts: str | None
    """The thread in which it is answered."""
    user: str
    text: str


def read_question(event: Mapping[str, Any], bot_user: str) -> Question | None:
    """Return what `event` (app_mention or message) asks the bot, None if nothing."""
    user, text = event.get("user"), event.get("text") or ""
    if not user or user in {bot_user, "USLACKBOT"} or event.get("bot_id") or event.get("edited"):
        return None
    if event.get("subtype") not in _QUESTION_SUBTYPES:
        return None
    is_direct = str(event["channel"]).startswith("D")
    if not is_direct and not mrkdwn.mentions(text, bot_user):
        return None
    thread_ts = event.get("thread_ts") or (None if is_direct else event["ts"])
    return Question(event["channel"], event["ts"], thread_ts, user, mrkdwn.question(text, bot_user))


PLACEHOLDER_AFTER = 1.5
"""Seconds without text after which a placeholder is posted. A text that comes sooner is posted itself: of the workspace's
edits, which all answers share, none is spent on turning placeholders into first texts."""


class Prompts:
    """Asks what people ask, once each, and tells the asker if no answer can be shown."""

    def __init__(self, workspace: Workspace, notices: Notices, native: NativeStreams) -> None:
        self._workspace = workspace
        self._notices = notices
        self._native = native
        self._sessions = Sessions(workspace)
        self._seen = Seen()
        self._places: WeakKeyDictionary[Answer, Place] = WeakKeyDictionary()

    def take(self, event: Mapping[str, Any]) -> None:
        """Answer the question in `event`, if there is one that has not been taken before."""
        question = read_question(event, self._workspace.identity.bot_user)
        if question is None:
            return
        place = Place(self._workspace.team, question.channel, question.thread_ts, question.ts)
        key = place.key(question.ts)
        if self._seen.first(key):
            self.ask(key, place, question.user, question.text)

    def ask(self, key: MessageKey, place: Place, asker: str, text: str) -> None:
        """Have `text` answered at `place`; a refusal is told to the asker."""
        if self._native.cover(place.channel):
            place = replace(place, thread_ts=place.thread_ts or place.asked_ts)
        surface = self._surface(place, asker)
        # A native stream can't take a placeholder back; Slack itself says that the app is thinking.
        placeholder = Placeholder(after=PLACEHOLDER_AFTER) if isinstance(surface, SlackSurface) else None
        prompt = Prompt(key, text, asker, f"slack:{place.team}/{place.channel}")
        try:
            answer = self._workspace.answering.ask(prompt, surface, placeholder)
        except PromptRefused as refused:
            self._tell(Reader(asker, place.channel, place.thread_ts), refused.sentence)
            return
        if answer is None:
            return
        surface.bind(answer.id)
        if isinstance(surface, NativeSurface):
            surface.follow(answer, self._workspace.answering)
            self._sessions.follow(answer, surface, place)
        self._places[answer] = place
        self._workspace.tasks.watch(self._watch(answer, place), f"watch {answer.id}")

    def _surface(self, place: Place, asker: str) -> SlackSurface | NativeSurface:
        workspace = self._workspace
        files = can_send_files(workspace.identity.scopes)
        plain = SlackSurface(workspace.client, workspace.limits, place, files=files)
        if not self._native.cover(place.channel):
            return plain
        recipient = None if place.channel.startswith("D") else asker
        calls = NativeCalls(workspace.client, place, recipient)
        return NativeSurface(plain, calls, place, workspace.limits, workspace.tasks)

    def running_in(self, channel: str, thread_ts: str) -> list[Answer]:
        """Return the running answers of a thread."""
        running = self._workspace.answering.registry.running(place=f"slack:{self._workspace.team}/{channel}")
        places = ((answer, self._places.get(answer)) for answer in running)
        return [answer for answer, place in places if place is not None and place.thread_ts == thread_ts]

    async def _watch(self, answer: Answer, place: Place) -> None:
        """Tell the asker when it is over and Slack did not take the answer."""
        await answer.done.wait()
        refused = answer.refused
        if refused is None:
            return
        _log.error("slack_refused_answer", answer=answer.id, channel=place.channel, reason=refused.reason,
                   permission=refused.permission)  # fmt: skip
        reader = Reader(answer.prompt.asker, place.channel, place.thread_ts)
        self._tell(reader, words.cannot_answer(refused.permission))

    def _tell(self, reader: Reader, sentence: str) -> None:
        self._workspace.tasks.start(self._notices.tell(reader, sentence), f"tell {reader.user}")
