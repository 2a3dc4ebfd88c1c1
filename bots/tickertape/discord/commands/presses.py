"""Presses of the buttons below an answer: Stop while it grows, then to ask again, to go on, to judge it."""

from __future__ import annotations

from typing import Any

import discord

from tickertape.answer.preparation import PromptRefused
from tickertape.discord.commands.responses import PATIENCE, defer, reply, respond
from tickertape.discord.gateway.senders import InteractionSender
from tickertape.discord.http.notices import Notices
from tickertape.discord.restart.places import PRIVATE
from tickertape.discord.showing.spots import Spots
from tickertape.durable.store.records import AnswerRecord
from tickertape.inbound.facts import Pressed
from tickertape.inbound.inbox import Inbox
from tickertape.inbound.offers import RATINGS
from tickertape.inbound.spot import Spot
from tickertape.screen.body import Offer

Interaction = discord.Interaction[Any]


class Presses:
    """Takes presses. Each is answered by a response: what came of it, or what shows it."""

    def __init__(self, inbox: Inbox, spots: Spots, notices: Notices) -> None:
        self._inbox = inbox
        self._spots = spots
        self._notices = notices

    async def stop(self, interaction: Interaction, answer_id: str) -> None:
        """Take a press of a Stop button. If it worked, the answer itself shows it."""
        sender = InteractionSender(interaction, self._notices)
        sentence = await self._inbox.stopping.pressed(answer_id, sender)
        if sentence is not None:
            await reply(interaction, sentence)
        else:
            await defer(interaction)

    async def offer(self, interaction: Interaction, offer: Offer, answer_id: str) -> None:
        """Do what a button offers, or say in private why not."""
        sender = InteractionSender(interaction, self._notices)
        if offer in RATINGS:
            await respond(interaction, self._inbox.offers.rate(answer_id, sender, RATINGS[offer]))
            return

        def spot(record: AnswerRecord) -> Spot:
            return self._spots.in_response(interaction, private=record.surface.get(PRIVATE, False))

        pressed = Pressed(offer=offer, answer=answer_id, sender=sender, spots=spot, patience=PATIENCE)
        try:
            if await self._inbox.offers.pressed(pressed) is None:
                await defer(interaction)  # it is being answered
        except PromptRefused as refusal:
            await reply(interaction, refusal.sentence)
