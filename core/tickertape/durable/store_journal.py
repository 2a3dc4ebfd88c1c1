"""Writes answers into the store as they happen; implements `tickertape.durable.journal.Journal`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from weakref import WeakKeyDictionary, WeakSet

import structlog

from tickertape.answer.answer import Answer
from tickertape.durable.journal import ENDED, NOTES, SurfaceJson
from tickertape.durable.store import Store
from tickertape.durable.store.errors import StoreError
from tickertape.durable.store.forgetting import without_end
from tickertape.durable.store.records import AnswerEnd, AnswerRecord, NewTurn
from tickertape.memory.catalogue import UnknownName
from tickertape.memory.models import Models
from tickertape.memory.tokens import tokens_of
from tickertape.prompts.keys import MessageKey
from tickertape.prompts.turns import Role
from tickertape.rules.costs import Prices, cost

_log = structlog.get_logger(__name__)

_BEGIN = 2.0
"""Seconds that an answer waits for being written down before it goes on without."""

_BEFORE_CALL = 6.0
"""Seconds that a call waits for the text that it shows to be safe. A commit takes milliseconds, a busy machine longer, and
after five seconds a database that is locked is known to refuse: then nothing waits for it any more."""


class StoreJournal:
    """The notes of all running answers. `clock` tells Unix time in seconds."""

    def __init__(self, store: Store, models: Models, clock: Callable[[], float]) -> None:
        self._store = store
        self._models = models
        self._clock = clock
        self._written: WeakKeyDictionary[Answer, int] = WeakKeyDictionary()
        """Characters of each answer's text that are on their way into the store."""
        self._places: WeakKeyDictionary[Answer, SurfaceJson] = WeakKeyDictionary()
        self._unsafe: WeakSet[Answer] = WeakSet()
        """Answers of which something was noted that may not be in the database yet."""

    async def begin(self, answer: Answer, place: SurfaceJson) -> bool:
        """Write a new answer down; False if its prompt was taken before."""
        self._places[answer] = place
        record = self._record(answer, place)
        try:
            async with asyncio.timeout(_BEGIN):
                return await self._store.answers.begin(record)
        except (StoreError, TimeoutError) as error:
            _log.error("answer_not_recorded", answer=answer.id, error=getattr(error, "detail", "too slow"))
            self._store.answer_writes.begin(record)
            return True

    def resume(self, answer: Answer, place: SurfaceJson) -> None:
        """Go on with an answer that an earlier process began, with the text that it has."""
        self._places[answer] = place
        self._written[answer] = answer.draft.length

    def moved(self, answer: Answer, place: SurfaceJson) -> None:
        """Write down where the answer is shown after all."""
        self._places[answer] = place
        self._unsafe.add(answer)
        prompt = answer.prompt
        self._store.answer_writes.move(answer.id, prompt.place, prompt.conversation, dict(place))

    async def before_call(self, answer: Answer) -> None:
        """Write down the text so far, and wait until all that was noted is safe while the database is well."""
        self._add_text(answer)
        if answer not in self._unsafe or self._store.refusal is not None:
            return
        self._unsafe.discard(answer)  # before the wait: what is noted during it is not safe after it
        is_safe = False
        try:
            async with asyncio.timeout(_BEFORE_CALL):
                is_safe = await self._store.answer_writes.flush()
        except TimeoutError:
            _log.info("text_not_safe_yet", answer=answer.id)
        finally:
            if not is_safe:
                self._unsafe.add(answer)

    def _add_text(self, answer: Answer) -> None:
        """Have the text written down that is not yet."""
        written = self._written.get(answer, 0)
        text = answer.draft.text[written:]
        if text:
            self._written[answer] = written + len(text)
            self._unsafe.add(answer)
            self._store.answer_writes.add_text(answer.id, written, text, self._clock())

    def posted(self, answer: Answer, message: MessageKey) -> None:
        """Write down the answer's next message."""
        self._store.answer_writes.add_message(answer.id, len(answer.messages) - 1, message, self._clock())

    def ended(self, answer: Answer) -> None:
        """Write down how the answer ended, for the case that its last text is never shown."""
        ending, place = answer.ending, self._places.get(answer)
        if ending is None or place is None:
            return
        self._add_text(answer)  # or a new process would take what was shown until now for the whole of it
        said = {
            "state": ending.state.value,
            "sentence": ending.sentence and ending.sentence.to_json(),
            "continues": ending.continues,
            "repeatable": ending.repeatable,
            "remembered": ending.remembered,
            NOTES: [note.to_json() for note in answer.notes],
        }
        self._unsafe.add(answer)
        self._store.answer_writes.set_surface(answer.id, {**place, ENDED: said})

    def delivered(self, answer: Answer) -> None:
        """Write down the end, what the answer took, and its turn of the conversation."""
        ending = answer.ending
        if ending is None or answer not in self._places:
            return
        now = self._clock()
        prices = self._prices(answer.prompt.model)
        spent = cost(answer.usage, prices) if answer.usage and prices else None
        end = AnswerEnd(
            answer.id,
            ending.state,
            now,
            ending.detail,
            answer.usage,
            None if spent is None else float(spent),
            answer.draft.length,
        )
        self._store.answer_writes.set_surface(answer.id, without_end(self._places[answer]))
        self._store.answer_writes.end(end, self._turn(answer, now) if ending.remembered else None)

    def _prices(self, model: str) -> Prices | None:
        """Return what a model costs; nothing is known of one that is no longer set up."""
        try:
            return self._models.pick(model or None)[0].prices
        except UnknownName:
            return None

    def _turn(self, answer: Answer, now: float) -> NewTurn | None:
        prompt, text = answer.prompt, answer.text
        if prompt.conversation is None or not text.strip():
            return None
        turn = NewTurn(prompt.conversation, Role.ASSISTANT, text, tokens_of(text), now,
                       keys=tuple(answer.messages), answer=answer.id)  # fmt: skip
        return replace(turn, replaces=prompt.replaces)

    def _record(self, answer: Answer, place: SurfaceJson) -> AnswerRecord:
        prompt = answer.prompt
        asker = prompt.origin.asker if prompt.origin is not None else None
        return AnswerRecord(
            id=answer.id,
            prompt_key=prompt.key,
            conversation=prompt.conversation,
            platform=prompt.platform,
            workspace=(asker.workspace if asker else None) or "",
            place=prompt.place,
            asker=asker.user if asker else prompt.asker,
            prompt=prompt.text,
            model=prompt.model,
            persona=prompt.persona,
            started_at=self._clock(),
            surface=dict(place),
        )
