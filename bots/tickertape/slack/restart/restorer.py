"""The way back to the answers that an earlier process left unfinished; implements `tickertape.durable.repair.Restorer`."""

from __future__ import annotations

from tickertape.answer.answer import Answer
from tickertape.durable.repair import Restored
from tickertape.durable.store.records import UnfinishedAnswer
from tickertape.prompts.keys import MessageKey
from tickertape.slack.restart.places import is_native, place_from_json
from tickertape.slack.showing.native_surface import NativeSurface
from tickertape.slack.showing.spots import AnySurface, Spots, placeholder_on
from tickertape.slack.showing.surface import SlackSurface
from tickertape.slack.workspace import Workspace


class SlackRestorer:
    """Restores the answers of one workspace."""

    def __init__(self, workspace: Workspace, spots: Spots) -> None:
        self._workspace = workspace
        self._spots = spots

    async def restore(self, unfinished: UnfinishedAnswer) -> Restored | None:
        """Return where the answer goes on; None if that was in another workspace."""
        record = unfinished.record
        place = place_from_json(record.surface)
        if place is None or place.team != self._workspace.team:
            return None
        prompt = record.as_asked
        surface = self._spots.make(place, prompt, record.id, native=is_native(record.surface))
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
        if isinstance(restored.surface, SlackSurface | NativeSurface):
            self._spots.follow(answer, restored.surface)


async def _resume_native(
    surface: NativeSurface, messages: list[MessageKey], *, has_text: bool
) -> tuple[MessageKey, ...]:
    """Do the same for native streams. With text that is stored, the surface itself looks for what shows it."""
    lost = None if messages or has_text else await surface.find_lost()
    found = () if lost is None else (lost,)
    surface.resume([*messages, *found], has_text=has_text)
    return found
