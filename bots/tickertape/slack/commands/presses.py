"""Presses of the buttons below an answer: Stop while it grows, then to ask again, to go on, to judge it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from tickertape.answer.preparation import PromptRefused
from tickertape.inbound.facts import Pressed, Sender
from tickertape.inbound.inbox import Inbox
from tickertape.languages import Sentence
from tickertape.screen.body import Offer
from tickertape.slack.gateway.senders import Senders
from tickertape.slack.showing.spots import Spots
from tickertape.slack.showing.surface import OFFER_ACTION
from tickertape.slack.workspace import Workspace

Event = Mapping[str, Any]


class Presses:
    """Takes presses. Whoever pressed is told in private what came of it, if nothing else shows it."""

    def __init__(self, workspace: Workspace, inbox: Inbox, spots: Spots, senders: Senders) -> None:
        self._workspace = workspace
        self._inbox = inbox
        self._spots = spots
        self._senders = senders

    def stop(self, body: Event, action: Event) -> asyncio.Task[None]:
        """Take a press of a Stop button."""
        answer = str(action.get("value", ""))
        return self._workspace.tasks.start(self._stop(answer, self._sender(body)), f"stop {answer}")

    def offer(self, body: Event, action: Event) -> asyncio.Task[None]:
        """Take a press of a button below an answer that is over. The task ends when what it asks is written down."""
        offer = Offer(str(action.get("action_id", "")).removeprefix(OFFER_ACTION))
        pressed = Pressed(
            offer=offer,
            answer=str(action.get("value", "")),
            sender=self._sender(body),
            spots=self._spots.again,
        )
        return self._workspace.tasks.start(self._offer(pressed), f"{offer.value} {pressed.answer}")

    async def _stop(self, answer: str, sender: Sender) -> None:
        sentence = await self._inbox.stopping.pressed(answer, sender)
        if sentence is not None:
            await sender.tell(sentence)

    async def _offer(self, pressed: Pressed) -> None:
        try:
            done = await self._inbox.offers.pressed(pressed)
        except PromptRefused as refusal:
            done = refusal.sentence
        if isinstance(done, Sentence):
            await pressed.sender.tell(done)

    def _sender(self, body: Event) -> Sender:
        """Return the way back to whoever pressed."""
        message = body.get("message") or {}
        thread_ts = message.get("thread_ts") or (body.get("container") or {}).get("thread_ts")
        return self._senders.at(body["user"]["id"], (body.get("channel") or {}).get("id", ""), thread_ts)
