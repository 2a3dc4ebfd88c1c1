"""The way back to the answers that an earlier process left unfinished."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import discord
import structlog

from tickertape.answer.answer import Answer
from tickertape.discord.commands import thread_starts
from tickertape.discord.gateway.senders import AskerSender
from tickertape.discord.http.notices import Notices
from tickertape.discord.http.rest import Rest
from tickertape.discord.keys import ids_of, snowflake_of
from tickertape.discord.restart.lost_questions import find_question
from tickertape.discord.restart.places import (
    ChannelPlace,
    DiscordPlace,
    InteractionPlace,
    ThreadPlace,
    place_from_json,
)
from tickertape.discord.showing.spots import PLACEHOLDER, Spots
from tickertape.durable.repair import Restored
from tickertape.durable.store.records import UnfinishedAnswer
from tickertape.inbound.lost_answers import tell_if_lost
from tickertape.prompts.keys import MessageKey
from tickertape.prompts.prompt import Prompt

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class RestoredHere(Restored):
    """An answer that goes on, with what is needed to follow it."""

    place: DiscordPlace | None = None
    channel: discord.abc.Messageable | None = None


class DiscordRestorer:
    """Implements `tickertape.durable.repair.Restorer`. `client` knows the channels."""

    def __init__(self, client: discord.Client, spots: Spots, rest: Rest, notices: Notices) -> None:
        self._rest = rest
        self._notices = notices
        self._client = client
        self._spots = spots

    async def restore(self, unfinished: UnfinishedAnswer) -> Restored | None:
        """Return where the answer goes on; None if nothing leads there any more, such as a token that has expired."""
        record = unfinished.record
        try:
            place, prompt = place_from_json(record.surface), record.as_asked
        except (KeyError, TypeError, ValueError) as error:
            _log.error("place_not_understood", answer=record.id, error=repr(error))
            return None
        channel = self._channel(place.channel_id)
        last = unfinished.messages[-1][1] if unfinished.messages else None
        if isinstance(place, ThreadPlace):
            return await self._in_thread(place, prompt, channel, record.id)
        if isinstance(place, ChannelPlace):
            return self._in_channel(place, prompt, channel, last, record.id)
        return self._in_response(place, prompt, channel, last, record.id)

    def follow(self, answer: Answer, restored: Restored) -> None:
        """Do for an answer that goes on what is done for every new one."""
        if not isinstance(restored, RestoredHere) or restored.channel is None or restored.place is None:
            raise TypeError(f"{restored} was not restored here")
        if isinstance(restored.place, InteractionPlace):
            self._spots.end_in_time(answer, restored.place)
        else:
            self._spots.show_typing(answer, restored.channel)
        spot = self._spots.in_channel(ChannelPlace(restored.place.channel_id), restored.channel)
        spot.watch(
            tell_if_lost(answer, spot, AskerSender(answer.prompt, self._notices)), f"watch {answer.id}"
        )

    def _in_channel(
        self,
        place: ChannelPlace,
        prompt: Prompt,
        channel: discord.abc.Messageable,
        last: MessageKey | None,
        answer_id: str,
    ) -> Restored:
        surface = self._spots.channel_surface(place, channel, prompt, answer_id)
        surface.resume(snowflake_of(prompt.key) if last is None else ids_of(last)[1])
        return RestoredHere(surface, prompt, PLACEHOLDER, place=place, channel=channel)

    async def _in_thread(
        self, place: ThreadPlace, prompt: Prompt, channel: discord.abc.Messageable, answer_id: str
    ) -> Restored | None:
        """Go on where a thread was about to start: in it, or below the question where Discord refuses a thread.

        None if the question was never shown, which Discord has told whoever asked, or is gone.
        """
        question = await find_question(self._rest, place)
        if question is None:
            return None
        thread = None
        if isinstance(channel, discord.TextChannel):
            thread = await thread_starts.start_from(channel, question, prompt.text)
        if thread is None:
            found = ChannelPlace(place.channel_id, reply_to=question)
        else:
            found, channel, prompt = ChannelPlace(thread.id), thread, thread_starts.moved(prompt, thread.id)
        surface = self._spots.channel_surface(found, channel, prompt, answer_id)
        surface.resume(question)
        return RestoredHere(
            surface,
            prompt,
            PLACEHOLDER,
            awaited=True,
            moved=found.to_json(prompt),
            place=found,
            channel=channel,
        )

    def _in_response(
        self,
        place: InteractionPlace,
        prompt: Prompt,
        channel: discord.abc.Messageable,
        last: MessageKey | None,
        answer_id: str,
    ) -> Restored | None:
        lives = self._spots.loop_time(place.expires) > asyncio.get_running_loop().time()
        if not (lives or place.present):
            return None
        surface = self._spots.interaction_surface(place, channel, prompt, answer_id)
        surface.resume(last)
        return RestoredHere(
            surface, prompt, PLACEHOLDER, awaited=lives and last is None, place=place, channel=channel
        )

    def _channel(self, channel_id: int) -> discord.abc.Messageable:
        channel = self._client.get_channel(channel_id)
        if isinstance(channel, discord.abc.Messageable):
            return channel
        return self._client.get_partial_messageable(channel_id)
