"""What counts as a question: a mention, a direct message, a message in a thread where the bot takes part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tickertape.files.attachment import Attachment
from tickertape.slack.gateway import mrkdwn
from tickertape.slack.gateway.attachments import read_attachments
from tickertape.slack.keys import is_direct
from tickertape.slack.restart.places import SlackPlace

_QUESTION_SUBTYPES = frozenset({None, "file_share", "thread_broadcast"})
"""Other subtypes are edits, deletions, bots and what Slack itself writes (message event reference)."""


@dataclass(frozen=True, slots=True)
class Question:
    """A message that may ask the bot something."""

    channel: str
    ts: str
    thread_ts: str | None
    """The thread in which it is answered."""
    user: str
    text: str
    attachments: tuple[Attachment, ...] = ()
    is_follow_up: bool = False
    """It neither mentions the bot nor is a direct message: it counts only in a thread where the bot takes part."""

    def place(self, team: str) -> SlackPlace:
        """Return where it is answered."""
        return SlackPlace(team, self.channel, self.thread_ts, self.ts)


def read_question(event: Mapping[str, Any], bot_user: str) -> Question | None:
    """Return what `event` (app_mention or message) asks the bot, None if nothing."""
    user, text = event.get("user"), event.get("text") or ""
    if not user or user in {bot_user, "USLACKBOT"} or event.get("bot_id") or event.get("edited"):
        return None
    if event.get("subtype") not in _QUESTION_SUBTYPES:
        return None
    in_private = is_direct(str(event["channel"]))
    is_addressed = in_private or mrkdwn.mentions(text, bot_user)
    if not is_addressed and not event.get("thread_ts"):
        return None
    thread_ts = event.get("thread_ts") or (None if in_private else event["ts"])
    return Question(
        event["channel"],
        event["ts"],
        thread_ts,
        user,
        mrkdwn.question(text, bot_user),
        read_attachments(event),
        is_follow_up=not is_addressed,
    )
