"""Messages of Slack as facts: what somebody says, for whom it is, and which thread it goes on with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tickertape.inbound.facts import Addressed, Follows, Question, Said
from tickertape.slack.gateway import mrkdwn
from tickertape.slack.gateway.attachments import read_attachments
from tickertape.slack.gateway.senders import Senders
from tickertape.slack.keys import is_direct
from tickertape.slack.restart.places import SlackPlace
from tickertape.slack.showing.spots import Spots
from tickertape.slack.workspace import Workspace

Event = Mapping[str, Any]

_SAID = frozenset({None, "file_share", "thread_broadcast"})
"""Subtypes of what a person wrote; others are edits, deletions, apps and what Slack itself writes (message event
reference)."""

_SLACKBOT = "USLACKBOT"

ASKED = "tickertape_question"
"""The type of the metadata of a question that the bot posted for somebody; its payload is `{command, user}`."""


def asked_by(message: Event, bot_id: str) -> str | None:
    """Return who asked the question that a message of the bot's own shows; None for all other messages."""
    metadata = message.get("metadata") or {}
    if message.get("bot_id") != bot_id or metadata.get("event_type") != ASKED:  # any app can write metadata
        return None
    return str((metadata.get("event_payload") or {}).get("user") or message.get("user") or "")


class Messages:
    """Reads events about messages."""

    def __init__(self, workspace: Workspace, spots: Spots, senders: Senders) -> None:
        self._workspace = workspace
        self._bot_user = workspace.identity.bot_user
        self._spots = spots
        self._senders = senders

    def said(self, event: Event) -> Said | None:
        """Return what a person said to whom (app_mention or message); None for notices, and for other apps.

        A mention is answered in its thread. A direct message is answered in the conversation itself, or in its thread
        if it was written in one.
        """
        user, channel = str(event.get("user") or ""), str(event.get("channel") or "")
        if user in {"", self._bot_user, _SLACKBOT} or event.get("bot_id") or event.get("edited"):
            return None
        if event.get("subtype") not in _SAID:
            return None
        ts, thread_ts = str(event["ts"]), event.get("thread_ts")
        place = SlackPlace(
            self._workspace.team, channel, thread_ts or (None if is_direct(channel) else ts), ts
        )
        return Said(
            question=self._question(event, place, user),
            addressed=self._addressed(str(event.get("text") or ""), channel),
            follows=Follows.THREAD if thread_ts else Follows.NOTHING,
        )

    def _question(self, event: Event, place: SlackPlace, user: str) -> Question:
        return Question(
            key=place.message(place.asked_ts),
            text=self.text_of(event),
            place=place.key,
            conversation=place.conversation,
            sender=self._senders.at(user, place.channel, place.thread_ts),
            spot=self._spots.at(place),
            attachments=read_attachments(event),
        )

    def text_of(self, message: Event) -> str:
        """Return what a person typed, without the mention of the bot."""
        return mrkdwn.question(str(message.get("text") or ""), self._bot_user)

    def _addressed(self, text: str, channel: str) -> Addressed:
        if is_direct(channel) or mrkdwn.mentions(text, self._bot_user):
            return Addressed.US
        return Addressed.OTHERS if mrkdwn.mentions_anybody(text) else Addressed.NOBODY
