"""The way back to the answers that an earlier process left unfinished; implements `tickertape.durable.repair.Restorer`."""

from __future__ import annotations

import structlog

from tickertape.answer.answer import Answer
from tickertape.durable.repair import Restored
from tickertape.durable.store.records import UnfinishedAnswer
from tickertape.inbound.lost_answers import tell_if_lost
from tickertape.prompts.keys import MessageKey
from tickertape.slack.gateway.senders import Senders
from tickertape.slack.restart.places import is_native, place_from_json
from tickertape.slack.showing.native_surface import NativeSurface
from tickertape.slack.showing.spots import AnySurface, Spots, placeholder_on
from tickertape.slack.showing.surface import SlackSurface
from tickertape.slack.workspace import Workspace

_log = structlog.get_logger(__name__)


class SlackRestorer:
    """Restores the answers of one workspace."""

    def __init__(self, workspace: Workspace, spots: Spots, senders: Senders) -> None:
        self._workspace = workspace
        self._spots = spots
        self._senders = senders

    async def restore(self, unfinished: UnfinishedAnswer) -> Restored | None:
        """Return where the answer goes on; None if that was in another workspace."""
        record = unfinished.record
        try:
            place, native, prompt = (
                place_from_json(record.surface),
                is_native(record.surface),
                record.as_asked,
            )
        except (KeyError, TypeError, ValueError) as error:
            _log.error("place_not_understood", answer=record.id, error=repr(error))
            return None
        if place is None or place.team != self._workspace.team:
            return None
        surface = self._spots.make(place, prompt, record.id, native=native)
        found = await self._resume(surface, unfinished)
        self._spots.clear_up(surface)
        awaited = isinstance(surface, NativeSurface)  # Slack said there that the app is thinking
        return Restored(surface, prompt, placeholder_on(surface), found, awaited)

    async def _resume(self, surface: AnySurface, unfinished: UnfinishedAnswer) -> tuple[MessageKey, ...]:
        """Let the surface know what there is already, and return the messages that nobody had noted."""
        messages = [key for _, key in unfinished.messages]
        if isinstance(surface, NativeSurface):
            return await _resume_native(surface, messages, has_text=bool(unfinished.text))
        surface.resume(len(messages))
        if messages or unfinished.text:
            return ()
        placeholder = await surface.find(0)
        return () if placeholder is None else (placeholder,)

    def follow(self, answer: Answer, restored: Restored) -> None:
        """Do for an answer that goes on what is done for every new one."""
        if not isinstance(restored.surface, SlackSurface | NativeSurface):
            raise TypeError(f"{restored} was not restored here")
        place = restored.surface.place
        self._spots.follow(answer, restored.surface)
        sender = self._senders.at(answer.prompt.asker.id, place.channel, place.thread_ts)
        spot = self._spots.at(place)
        spot.watch(tell_if_lost(answer, spot, sender), f"watch {answer.id}")


async def _resume_native(
    surface: NativeSurface, messages: list[MessageKey], *, has_text: bool
) -> tuple[MessageKey, ...]:
    """Do the same for native streams. With text that is stored, the surface itself looks for what shows it."""
    lost = None if messages or has_text else await surface.find_lost()
    found = () if lost is None else (lost,)
    surface.resume([*messages, *found], has_text=has_text)
    return found
