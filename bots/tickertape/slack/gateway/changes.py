"""Messages that were edited or deleted: the memory follows, and whoever edited a question may ask it anew."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from tickertape.durable.store.records import AnswerRecord
from tickertape.inbound.desk import Desk
from tickertape.prompts.keys import MessageKey
from tickertape.slack.gateway import mrkdwn
from tickertape.slack.keys import message_key
from tickertape.slack.workspace import Workspace

Event = Mapping[str, Any]


def deleted_in(event: Event) -> str | None:
    """Return the ts of the message that a message event says is gone, None if it says no such thing.

    Where a thread goes on below it, its root leaves a tombstone: then `message_changed` comes instead.
    """
    if event.get("subtype") == "message_deleted":
        return str(event.get("deleted_ts", ""))
    message = event.get("message") or {}
    is_tombstone = event.get("subtype") == "message_changed" and message.get("subtype") == "tombstone"
    return str(message.get("ts", "")) if is_tombstone else None


class Changes:
    """Hears of changes to messages. `edited` is called with the answer whose question says something else now."""

    def __init__(
        self, workspace: Workspace, desk: Desk, edited: Callable[[AnswerRecord, Event], None]
    ) -> None:
        self._workspace = workspace
        self._desk = desk
        self._edited = edited

    def on_changed(self, event: Event) -> asyncio.Task[None] | None:
        """Take a message event of subtype message_changed.

        It also comes when a link unfolds or a thread grows, without an `edited` of its own.
        """
        message, previous = event.get("message") or {}, event.get("previous_message") or {}
        channel = str(event.get("channel", ""))
        if message.get("bot_id") or message.get("user") == self._workspace.identity.bot_user:
            return None
        was_edited = message.get("edited") and message.get("edited") != previous.get("edited")
        if not was_edited or message.get("text") == previous.get("text"):
            return None
        return self._workspace.tasks.start(self._edit(channel, message), f"edit {message.get('ts')}")

    def on_deleted(self, key: MessageKey) -> asyncio.Task[None]:
        """Take note that somebody deleted the message `key`."""
        return self._workspace.tasks.start(self._desk.deleted(key), f"deletion {key}")

    async def _edit(self, channel: str, message: Event) -> None:
        key = message_key(self._workspace.team, channel, str(message.get("ts", "")))
        text = mrkdwn.question(str(message.get("text") or ""), self._workspace.identity.bot_user)
        taken_up = self._workspace.answering.question_edited(key, text)
        record = await self._desk.edited(key, text)
        if record is not None and not taken_up:
            self._edited(record, {**message, "channel": channel})
