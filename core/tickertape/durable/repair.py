"""At the start: what an earlier process left unfinished is brought to an end, or answered after all.

Each answer that the store holds without an end was cut off, at whatever moment. All its messages are edited to what
was stored of it, so that no half-written text, live button or cursor is left. Where no text was shown yet and the
question is recent, it is answered in the message that holds its place.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import structlog

from tickertape.answer.answer import Answer, Ending
from tickertape.answer.answering import Answering
from tickertape.answer.opening import Opening
from tickertape.answer.states import State
from tickertape.durable.journal import ENDED, NOTES, SurfaceJson
from tickertape.durable.store import Store
from tickertape.durable.store.errors import StoreError
from tickertape.durable.store.forgetting import without_end
from tickertape.durable.store.records import AnswerEnd, AnswerRecord, UnfinishedAnswer
from tickertape.durable.store_journal import StoreJournal
from tickertape.languages import Sentence, from_json, words
from tickertape.memory.choices import Choices
from tickertape.prompts.keys import MessageKey
from tickertape.prompts.prompt import Prompt
from tickertape.screen.streamer import Placeholder
from tickertape.screen.surface import Surface

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class RepairSettings:
    """What is done about answers that were cut off. Times are in seconds."""

    close_interrupted: bool = True
    answer_again: bool = True
    answer_again_within: float = 300.0


@dataclass(frozen=True, slots=True)
class Restored:
    """What a platform makes of an answer's record: where it goes on, and the prompt as it was asked.

    `found` are messages of the answer that were not noted before the process ended, behind those that were.
    `awaited` says that people see an answer announced there, although no message of it is known. `moved` is the place as
    it is to be written down from now on, if that is another one.
    """

    surface: Surface
    prompt: Prompt
    placeholder: Placeholder | None = None
    found: tuple[MessageKey, ...] = ()
    awaited: bool = False
    moved: SurfaceJson | None = None


class Restorer(Protocol):
    """A platform's way back to the answers of an earlier process."""

    async def restore(self, unfinished: UnfinishedAnswer) -> Restored | None:
        """Return where the answer goes on, None if nothing of it can be reached any more."""
        ...

    def follow(self, answer: Answer, restored: Restored) -> None:
        """Do for an answer that goes on what is done for every new one."""
        ...


class Repairer:
    """Repairs the answers of one platform at a time."""

    def __init__(
        self,
        store: Store,
        answering: Answering,
        choices: Choices,
        journal: StoreJournal,
        settings: RepairSettings,
        clock: Callable[[], float],
    ) -> None:
        self._store = store
        self._answering = answering
        self._choices = choices
        self._journal = journal
        self._settings = settings
        self._clock = clock

    async def repair(self, platform: str, restorer: Restorer) -> None:
        """Take up all unfinished answers of a platform; returns when they are on their way."""
        try:
            unfinished = await self._store.answers.unfinished(platform)
        except StoreError as error:
            _log.error("repair_failed", platform=platform, error=error.detail)
            return
        running = {answer.id for answer in self._answering.registry.running()}
        for each in unfinished:
            if each.record.id not in running:
                await self._try(each, restorer)

    async def _try(self, unfinished: UnfinishedAnswer, restorer: Restorer) -> None:
        try:
            await self._take_up(unfinished, restorer)
        except Exception:  # noqa: BLE001 - what one record is made of hurts no other answer
            _log.exception("repair_crashed", answer=unfinished.record.id)

    async def _take_up(self, unfinished: UnfinishedAnswer, restorer: Restorer) -> None:
        record = unfinished.record
        restored = await restorer.restore(unfinished)
        if restored is None:
            self._give_up(record, "its place is gone")
            return
        prompt = await self._choices.resolve(restored.prompt)  # what was chosen may be gone
        answer = Answer(prompt, asyncio.get_running_loop().time(), record.id)
        answer.take_over([*(key for _, key in unfinished.messages), *restored.found])
        again = self._is_to_be_asked(unfinished) and await self._restart(record)
        _log.info("answer_repaired", answer=record.id, characters=len(unfinished.text), asked_again=again)
        if again:
            self._ask(answer, restored, record, restorer)
        else:
            self._close(answer, restored, unfinished)

    def _is_to_be_asked(self, unfinished: UnfinishedAnswer) -> bool:
        """Whether the prompt is simply answered: it is recent, its text is known, and nothing was shown of an answer."""
        record = unfinished.record
        recent = self._clock() - record.started_at <= self._settings.answer_again_within
        known = record.prompt is not None and not record.forgotten
        untouched = not unfinished.text and ENDED not in record.surface
        return self._settings.answer_again and recent and known and untouched

    async def _restart(self, record: AnswerRecord) -> bool:
        try:
            return await self._store.answers.restart(record.id)
        except StoreError as error:
            _log.error("repair_failed", answer=record.id, error=error.detail)
            return False

    def _ask(self, answer: Answer, restored: Restored, record: AnswerRecord, restorer: Restorer) -> None:
        place = self._resume(answer, restored, record)
        opening = Opening(restored.surface, place, restored.placeholder)
        if self._answering.ask_anew(answer, opening):
            restorer.follow(answer, restored)

    def _close(self, answer: Answer, restored: Restored, unfinished: UnfinishedAnswer) -> None:
        """Show all text that was stored, and how it ended, if anything of it is on screen or was to be."""
        if not self._settings.close_interrupted or not (
            unfinished.text or answer.messages or restored.awaited
        ):
            self._give_up(unfinished.record, "nothing was shown")
            return
        now = asyncio.get_running_loop().time()
        answer.restore(unfinished.text, _notes(unfinished), now)
        self._resume(answer, restored, unfinished.record)
        self._answering.close_interrupted(answer, restored.surface, _ending(unfinished))

    def _resume(self, answer: Answer, restored: Restored, record: AnswerRecord) -> SurfaceJson:
        """Let the journal go on with the answer where it is shown from now on, and return that."""
        self._journal.resume(answer, record.surface)
        if restored.moved is None:
            return record.surface
        self._journal.moved(answer, restored.moved)
        return restored.moved

    def _give_up(self, record: AnswerRecord, why: str) -> None:
        """Note the end of an answer of which nothing can be shown."""
        end = AnswerEnd(record.id, State.INTERRUPTED, self._clock(), why)
        self._store.answer_writes.set_surface(record.id, without_end(record.surface))
        self._store.answer_writes.end(end)


def _notes(unfinished: UnfinishedAnswer) -> tuple[Sentence, ...]:
    """Return what was to be said below the answer, if it had ended before its process did."""
    ended = unfinished.record.surface.get(ENDED)
    notes = () if ended is None else ended[NOTES]
    return tuple(note for each in notes if (note := from_json(each)) is not None)


def _ending(unfinished: UnfinishedAnswer) -> Ending:
    """Return how the answer had ended before its process did, else that it was interrupted."""
    ended = unfinished.record.surface.get(ENDED)
    if ended is None:
        return Ending(State.INTERRUPTED, words.INTERRUPTED, "the process ended")
    return Ending(
        State(ended["state"]),
        from_json(ended["sentence"]),
        "ended before the process did",
        continues=ended.get("continues", False),
        repeatable=ended.get("repeatable", True),
        remembered=ended.get("remembered", True),
    )
