"""What an answer that is over offers in Slack: buttons below it, a reaction, and a hint to who edited a question."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import structlog

from tickertape.answer.preparation import PromptRefused
from tickertape.durable.store.records import AnswerRecord, Rating
from tickertape.inbound.desk import Again, Desk
from tickertape.prompts.asker import Asker
from tickertape.screen.body import Offer
from tickertape.prompts.keys import MessageKey
from tickertape.screen.surface import Offer
from tickertape.slack import words
from tickertape.slack.gateway.origins import Origins
from tickertape.slack.gateway.prompts import Prompts
from tickertape.slack.http.notices import Notices, Reader
from tickertape.slack.keys import message_key
from tickertape.slack.restart.places import place_from_json
from tickertape.slack.showing.surface import OFFER_ACTION, offer_button
from tickertape.slack.workspace import Workspace

_log = structlog.get_logger(__name__)

AGAIN_REACTION = "repeat"
"""The name of 🔁 in Slack."""

_RATINGS = {Offer.GOOD: Rating.GOOD, Offer.BAD: Rating.BAD}

Event = Mapping[str, Any]


class Offers:
    """Takes presses and reactions; an answer that is written again is a new one in the same thread."""

    def __init__(
        self, workspace: Workspace, desk: Desk, prompts: Prompts, origins: Origins, notices: Notices
    ) -> None:
        self._workspace = workspace
        self._desk = desk
        self._prompts = prompts
        self._origins = origins
        self._notices = notices

    def on_button(self, body: Event, action: Event) -> asyncio.Task[None]:
        """Take a press of a button below an answer. The task ends when what it asks is written down."""
        message = body.get("message") or {}
        thread_ts = message.get("thread_ts") or (body.get("container") or {}).get("thread_ts")
        reader = Reader(body["user"]["id"], (body.get("channel") or {}).get("id", ""), thread_ts)
        offer = Offer(str(action.get("action_id", "")).removeprefix(OFFER_ACTION))
        answer = str(action.get("value", ""))
        return self._workspace.tasks.start(self._press(offer, answer, reader), f"{offer.value} {answer}")

    def on_reaction(self, event: Event) -> asyncio.Task[None] | None:
        """Take a reaction_added event: 🔁 on an answer or its question has it answered once more, if it is not being so.

        The task, if there is one, ends when what it asks is written down.
        """
        item, user = event.get("item") or {}, str(event.get("user", ""))
        is_ours = user == self._workspace.identity.bot_user
        if event.get("reaction") != AGAIN_REACTION or item.get("type") != "message" or is_ours:
            return None
        key = message_key(self._workspace.team, item["channel"], item["ts"])
        reader = Reader(user, item["channel"])
        return self._workspace.tasks.start(self._react(key, reader), f"again {key}")

    def edited(self, record: AnswerRecord, message: Event) -> None:
        """Ask whoever edited a question whether it is to be answered anew."""
        reader = Reader(str(message.get("user", "")), str(message["channel"]), message.get("thread_ts"))
        self._workspace.tasks.start(self._hint(record.id, reader), f"edited {record.id}")

    async def _hint(self, answer: str, reader: Reader) -> None:
        language = await self._workspace.language_of(reader.user)
        button = offer_button(Offer.AGAIN, answer, language)
        await self._notices.offer(reader, language.say(words.EDITED), [button])

    async def _react(self, key: MessageKey, reader: Reader) -> None:
        record = await self._desk.answer_of(key)
        if record is not None:
            await self._press(Offer.AGAIN, record.id, reader)

    async def _press(self, offer: Offer, answer: str, reader: Reader) -> None:
        origin = await self._origins.of(reader.user, reader.channel)
        try:
            if offer in _RATINGS:
                said = await self._desk.rate(answer, origin.asker, _RATINGS[offer])
                await self._notices.tell(reader, said)
                return
            again = await self._ask(offer, answer, origin.asker, reader)
        except PromptRefused as refusal:
            await self._notices.tell(reader, refusal.sentence)
            return
        place = place_from_json(again.record.surface)
        if place is None:
            _log.error("place_not_understood", answer=answer)
            return
        await self._prompts.ask(replace(again.prompt, origin=origin), place)

    async def _ask(self, offer: Offer, answer: str, asker: Asker, reader: Reader) -> Again:
        moderates = await self._origins.moderates(reader.user)
        ask = self._desk.again if offer is Offer.AGAIN else self._desk.go_on
        return await ask(answer, asker, moderates=moderates)
