"""The way back to the answers that an earlier process left unfinished."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import discord
import structlog

from bots.discord.asking import PLACEHOLDER, Asking
from bots.discord.keys import ids_of, snowflake_of
from bots.discord.places import ChannelPlace, InteractionPlace, Place, place_from_json, prompt_from_json
from core.answer import Answer
from core.prompt import Prompt
from core.repair import Restored
from core.store.records import UnfinishedAnswer
from core.surface import MessageKey

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class RestoredHere(Restored):
    """An answer that goes on, with what is needed to follow it."""

    place: Place | None = None
    channel: discord.abc.Messageable | None = None


class DiscordRestorer:
    """Implements `core.repair.Restorer`. `client` knows the channels."""

    def __init__(self, client: discord.Client, asking: Asking) -> None:
        self._client = client
        self._asking = asking

    async def restore(self, unfinished: UnfinishedAnswer) -> Restored | None:
        """Return where the answer goes on; None if only an interaction's token led there, and it has expired."""
        record = unfinished.record
        try:
            place, prompt = place_from_json(record.surface), prompt_from_json(record)
        except (KeyError, TypeError) as error:
            _log.error("place_not_understood", answer=record.id, error=repr(error))
            return None
        channel = self._channel(place.channel_id)
        last = unfinished.messages[-1][1] if unfinished.messages else None
        if isinstance(place, ChannelPlace):
            return self._in_channel(place, prompt, channel, last, record.id)
        return self._in_response(place, prompt, channel, last, record.id)

    def follow(self, answer: Answer, restored: Restored) -> None:
        """Do for an answer that goes on what is done for every new one."""
        if not isinstance(restored, RestoredHere) or restored.channel is None:
            raise TypeError(f"{restored} was not restored here")
        if isinstance(restored.place, InteractionPlace):
            self._asking.watch_response(answer, restored.place)
        else:
            self._asking.watch_in_channel(answer, restored.channel, None)

    def _in_channel(
        self,
        place: ChannelPlace,
        prompt: Prompt,
        channel: discord.abc.Messageable,
        last: MessageKey | None,
        answer_id: str,
    ) -> Restored:
        surface = self._asking.channel_surface(place, channel, prompt, answer_id)
        surface.resume(snowflake_of(prompt.key) if last is None else ids_of(last)[1])
        return RestoredHere(surface, prompt, self._asking.channel_placeholder, place=place, channel=channel)

    def _in_response(
        self,
        place: InteractionPlace,
        prompt: Prompt,
        channel: discord.abc.Messageable,
        last: MessageKey | None,
        answer_id: str,
    ) -> Restored | None:
        lives = self._asking.loop_time(place.expires) > asyncio.get_running_loop().time()
        if not (lives or place.present):
            return None
        surface = self._asking.interaction_surface(place, channel, prompt, answer_id)
        surface.resume(last)
        return RestoredHere(
            surface, prompt, PLACEHOLDER, awaited=lives and last is None, place=place, channel=channel
        )

    def _channel(self, channel_id: int) -> discord.abc.Messageable:
        channel = self._client.get_channel(channel_id)
        if isinstance(channel, discord.abc.Messageable):
            return channel
        return self._client.get_partial_messageable(channel_id)
