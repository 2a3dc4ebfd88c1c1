"""Slack's events, each handed to the inbox as what it is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from tickertape.inbound.facts import Edited, Gesture, Reacted
from tickertape.inbound.inbox import Inbox
from tickertape.prompts.keys import MessageKey
from tickertape.screen.body import Offer
from tickertape.slack import words
from tickertape.slack.acknowledging import safe
from tickertape.slack.gateway.messages import Messages
from tickertape.slack.gateway.seen import Seen
from tickertape.slack.gateway.senders import Senders
from tickertape.slack.http.notices import Recipient
from tickertape.slack.keys import message_key
from tickertape.slack.showing.spots import Spots
from tickertape.slack.showing.surface import offer_button
from tickertape.slack.workspace import Workspace

Event = Mapping[str, Any]
Handler = Callable[[Event], asyncio.Task[None] | None]
"""Takes an event; the task, if there is one, ends when what it asks is safe."""

AGAIN_REACTION = "repeat"
"""The name of 🔁 in Slack."""


def deleted_in(event: Event) -> str | None:
    """Return the ts of the message that a message event says is gone, None if it says no such thing.

    Where a thread goes on below it, its root leaves a tombstone: then `message_changed` comes instead.
    """
    if event.get("subtype") == "message_deleted":
        return str(event.get("deleted_ts", ""))
    message = event.get("message") or {}
    is_tombstone = event.get("subtype") == "message_changed" and message.get("subtype") == "tombstone"
    return str(message.get("ts", "")) if is_tombstone else None


class Events:
    """Hands what Slack's events tell to the inbox, each event once.

    `handlers` take the events that concern nobody else, by their type.
    """

    def __init__(
        self,
        workspace: Workspace,
        inbox: Inbox,
        spots: Spots,
        senders: Senders,
        stop_reactions: frozenset[str],
        handlers: Mapping[str, Handler],
    ) -> None:
        self._workspace = workspace
        self._inbox = inbox
        self._spots = spots
        self._senders = senders
        self._messages = Messages(workspace, spots, senders)
        self._gestures = {AGAIN_REACTION: Gesture.AGAIN} | dict.fromkeys(stop_reactions, Gesture.STOP)
        self._seen = Seen()
        self._handlers: dict[str, Handler] = {
            "app_mention": self._on_said,
            "message": self._on_message,
            "reaction_added": self._on_reaction,
            "agent_session_stopped": self._on_session_stopped,
            **handlers,
        }

    async def on_event(self, body: Event, event: Event) -> None:
        """Take an Events API event, which Bolt acknowledges then; a retry of one that was taken is dropped."""
        handler = self._handlers.get(str(event.get("type", "")))
        event_id = body.get("event_id")
        if handler is not None and (not event_id or self._seen.first(event_id)):
            work = handler(event)
            if work is not None:
                await safe(work)

    def _on_message(self, event: Event) -> asyncio.Task[None] | None:
        gone = deleted_in(event)
        if gone is not None:
            key = self._key(str(event.get("channel", "")), gone)
            return self._start(self._inbox.deleted(key), f"deletion {key}")
        if event.get("subtype") == "message_changed":
            return self._on_changed(event)
        return self._on_said(event)

    def _on_said(self, event: Event) -> asyncio.Task[None] | None:
        said = self._messages.said(event)
        if said is None or not self._inbox.may_concern(said):
            return None
        return self._start(self._inbox.said(said), f"question {said.question.key}")

    def _on_changed(self, event: Event) -> asyncio.Task[None] | None:
        """Take a changed message. The event also comes when a link unfolds or a thread grows, without a new `edited`."""
        message, previous = event.get("message") or {}, event.get("previous_message") or {}
        if message.get("bot_id") or message.get("user") == self._workspace.identity.bot_user:
            return None
        was_edited = message.get("edited") and message.get("edited") != previous.get("edited")
        if not was_edited or message.get("text") == previous.get("text"):
            return None
        channel = str(event.get("channel", ""))

        async def offer(answer: str) -> None:
            await self._offer_anew(answer, channel, message)

        edited = Edited(
            self._key(channel, str(message.get("ts", ""))), self._messages.text_of(message), offer
        )
        return self._start(self._inbox.edited(edited), f"edit {edited.message}")

    async def _offer_anew(self, answer: str, channel: str, message: Event) -> None:
        """Ask whoever edited a question whether it is to be answered anew."""
        recipient = Recipient(str(message.get("user", "")), channel, message.get("thread_ts"))
        language = await self._workspace.language_of(recipient.user)
        button = offer_button(Offer.AGAIN, answer, language)
        await self._senders.notices.offer(recipient, language.say(words.EDITED), [button])

    def _on_reaction(self, event: Event) -> asyncio.Task[None] | None:
        """Take a reaction. Skin tones, as in `raised_hand::skin-tone-2`, don't matter."""
        item, user = event.get("item") or {}, str(event.get("user", ""))
        gesture = self._gestures.get(str(event.get("reaction", "")).partition("::")[0])
        if gesture is None or item.get("type") != "message" or user == self._workspace.identity.bot_user:
            return None
        key, sender = self._key(item["channel"], item["ts"]), self._senders.at(user, item["channel"])
        work = self._inbox.reacted(Reacted(key, gesture, sender, self._spots.again))
        if gesture is Gesture.STOP:
            self._workspace.tasks.watch(work, f"stop {key}")
            return None
        return self._start(work, f"again {key}")

    def _on_session_stopped(self, event: Event) -> asyncio.Task[None]:
        """Take Slack's own stop: the answers of its thread end."""
        channel, thread_ts = str(event.get("channel", "")), str(event.get("thread_ts", ""))
        sender = self._senders.at(str(event.get("user", "")), channel, thread_ts)
        answers = self._spots.running_in(channel, thread_ts)
        return self._start(self._inbox.stopping.stop_all(answers, sender), f"session {thread_ts}")

    def _key(self, channel: str, ts: str) -> MessageKey:
        return message_key(self._workspace.team, channel, ts)

    def _start(self, work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
        return self._workspace.tasks.start(work, name)
