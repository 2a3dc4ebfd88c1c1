"""What an answer that is over offers: to be asked again, to go on, to be judged; by buttons, and again by a reaction."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import discord
import structlog

from tickertape.answer.answering import Answering
from tickertape.answer.preparation import PromptRefused
from tickertape.discord.commands.responses import defer, in_time, reply, respond
from tickertape.discord.gateway import permissions
from tickertape.discord.gateway.origins import asker_of, locale_of, name_of, origin_of_interaction
from tickertape.discord.gateway.upkeep import AGAIN
from tickertape.discord.keys import PLATFORM, is_interaction, message_key, person_key, rule_id, snowflake_of
from tickertape.discord.restart.places import PRIVATE, ChannelPlace
from tickertape.discord.showing.asking import Asking
from tickertape.discord.tasks import Tasks
from tickertape.durable.store.records import Rating
from tickertape.inbound.desk import Again, Desk
from tickertape.prompts.asker import Asker, direct_messages
from tickertape.prompts.prompt import Origin, Prompt
from tickertape.screen.body import Offer

_log = structlog.get_logger(__name__)

Interaction = discord.Interaction[Any]

_RATINGS = {Offer.GOOD: Rating.GOOD, Offer.BAD: Rating.BAD}


class Offers:
    """Takes presses and reactions; an answer that is written again is a new one."""

    def __init__(self, desk: Desk, answering: Answering, asking: Asking, tasks: Tasks) -> None:
        self._desk = desk
        self._answering = answering
        self._asking = asking
        self._tasks = tasks

    async def pressed(self, interaction: Interaction, offer: Offer, answer_id: str) -> None:
        """Do what a button offers, or say in private why not."""
        origin = origin_of_interaction(interaction)
        try:
            if offer in _RATINGS:
                await respond(interaction, self._desk.rate(answer_id, origin.asker, _RATINGS[offer]))
                return
            moderates = interaction.permissions.manage_messages
            again, prompt = await in_time(self._admitted(answer_id, origin, offer, moderates=moderates))
            private = again.record.surface.get(PRIVATE, False)
            if await self._asking.in_response(interaction, prompt, private=private) is None:
                await defer(interaction)  # it is being answered
        except PromptRefused as refusal:
            await reply(interaction, refusal.sentence)

    async def _admitted(
        self, answer_id: str, origin: Origin, offer: Offer, *, moderates: bool
    ) -> tuple[Again, Prompt]:
        """Return the prompt that a button stands for, which may be asked now."""
        ask = self._desk.again if offer is Offer.AGAIN else self._desk.go_on
        again = await ask(answer_id, origin.asker, moderates=moderates)
        prompt = replace(again.prompt, origin=origin)
        await self._answering.admit(prompt)
        return again, prompt

    def reacted(self, event: discord.RawReactionActionEvent, channel: object) -> None:
        """Take in a reaction: one on an answer or on its prompt has that prompt answered once more."""
        if str(event.emoji) == AGAIN and isinstance(channel, discord.abc.Messageable):
            self._tasks.start(self._react(event, channel), f"again {event.message_id}")

    async def _react(self, event: discord.RawReactionActionEvent, channel: discord.abc.Messageable) -> None:
        record = await self._desk.answer_of(message_key(event.channel_id, event.message_id))
        if record is None:
            return
        asker = _asker(event, channel)
        try:
            again = await self._desk.again(
                record.id, asker, moderates=permissions.moderates(channel, event.member)
            )
            name = event.member.display_name if event.member is not None else ""
            origin = Origin(asker, name, name_of(channel), locale_of(channel))
            prompt = replace(again.prompt, origin=origin)
            await self._answering.admit(prompt)
            place = ChannelPlace(event.channel_id, _message_of(prompt))
            self._asking.in_channel(prompt, place, channel, event.member)
        except PromptRefused as refusal:  # a reaction has no private reply
            _log.info("again_refused", answer=record.id, reason=str(refusal))


def _asker(event: discord.RawReactionActionEvent, channel: object) -> Asker:
    if event.member is not None:
        return asker_of(event.member, channel, channel_id=event.channel_id, server_id=event.guild_id)
    channels = frozenset({rule_id(event.channel_id), direct_messages(PLATFORM)})
    return Asker(person_key(event.user_id), channels)


def _message_of(prompt: Prompt) -> int | None:
    """Return the message that holds the question, None if it came as a command."""
    return None if is_interaction(prompt.source) else snowflake_of(prompt.source)
