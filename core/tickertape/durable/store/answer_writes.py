"""What happens to running answers, written behind their backs.

Every method but `flush` returns at once and never raises: an answer goes on whatever becomes of the database. What has
come since the last transaction is kept for each answer, and goes into the next one. If the database refuses it, it is
kept on until it is taken, so that nothing is missing between two pieces of a text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from tickertape.durable.store.answer_statements import (
    insert_messages,
    insert_texts,
    set_first_text,
    set_place,
    set_surface,
    write_end,
)
from tickertape.durable.store.answers import insert_answer
from tickertape.durable.store.errors import DatabaseRefuses, StoreError
from tickertape.durable.store.records import AnswerEnd, AnswerRecord, Json, NewTurn
from tickertape.durable.store.writer import Entry, Writer
from tickertape.prompts.keys import ConversationKey, MessageKey, PlaceKey

_log = structlog.get_logger(__name__)

MOST = 10_000
"""Answers that are kept while the database refuses them; then the earliest are given up, which is logged."""


@dataclass(slots=True)
class _Changes:
    """What is not stored yet of one answer; None or empty where nothing has changed."""

    begun: AnswerRecord | None = None
    surface: Json | None = None
    moved: tuple[PlaceKey, ConversationKey | None] | None = None
    first_text_at: float | None = None
    start: int = 0
    pieces: list[str] = field(default_factory=list)
    messages: dict[MessageKey, tuple[int, float]] = field(default_factory=dict)
    end: AnswerEnd | None = None
    turn: NewTurn | None = None

    def then(self, later: _Changes) -> _Changes:
        """Return these changes and `later` ones as one."""
        return _Changes(
            begun=self.begun or later.begun,
            surface=self.surface if later.surface is None else later.surface,
            moved=self.moved if later.moved is None else later.moved,
            first_text_at=later.first_text_at if self.first_text_at is None else self.first_text_at,
            start=self.start if self.pieces else later.start,
            pieces=[] if later.end else self.pieces + later.pieces,
            messages=self.messages | later.messages,
            end=self.end or later.end,
            turn=self.turn or later.turn,
        )


class AnswerWrites:
    """The state of running answers on its way into the database."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._changes: dict[str, _Changes] = {}
        writer.serve(self)

    def begin(self, record: AnswerRecord) -> None:
        """Store a new answer as soon as possible: for one that `Answers.begin` could not store."""
        self._of(record.id).begun = record

    def set_surface(self, answer: str, surface: Json) -> None:
        """Store what the platform needs to edit the answer's messages, where it has changed."""
        self._of(answer).surface = surface

    def move(self, answer: str, place: PlaceKey, conversation: ConversationKey | None, surface: Json) -> None:
        """Store that the answer belongs to another place and conversation than it was begun for."""
        changes = self._of(answer)
        changes.moved, changes.surface = (place, conversation), surface

    def add_text(self, answer: str, start: int, text: str, now: float) -> None:
        """Add `text`, which begins `start` characters into the answer's text, right behind what was added before."""
        changes = self._of(answer)
        if start == 0:
            changes.first_text_at = now
        if not changes.pieces:
            changes.start = start
        changes.pieces.append(text)

    def add_message(self, answer: str, page: int, key: MessageKey, now: float) -> None:
        """Note that the message `key` shows page number `page` of the answer."""
        self._of(answer).messages[key] = (page, now)

    def end(self, end: AnswerEnd, turn: NewTurn | None = None) -> None:
        """Store how an answer ended, and with it its turn of the conversation, which holds all its messages.

        To be called when nothing more will be sent. The pieces of its text are dropped. An answer has one end: a
        second one changes nothing.
        """
        changes = self._of(end.answer)
        if changes.end is None:
            changes.end, changes.turn = end, turn
            changes.pieces.clear()

    async def flush(self) -> bool:
        """Wait until all that was noted so far is stored; False if the database refuses it for now."""
        try:
            await self._writer.write(_nothing)
        except StoreError:
            return False
        return True

    @property
    def waiting(self) -> int:
        """Answers of which something is not stored yet, apart from what is being written now."""
        return len(self._changes)

    def take(self) -> Entry:
        """Return all that waits, for one transaction."""
        taken, self._changes = self._changes, {}
        return _Batch(self, taken)

    def put_back(self, changes: dict[str, _Changes]) -> None:
        """Keep changes that were refused, before those that have come since."""
        later, self._changes = self._changes, changes
        for answer, those in later.items():
            earlier = changes.get(answer)
            changes[answer] = those if earlier is None else earlier.then(those)
        self._give_up()

    def _of(self, answer: str) -> _Changes:
        changes = self._changes.get(answer)
        if changes is None:
            changes = self._changes[answer] = _Changes()
            self._give_up()
        self._writer.gather()
        return changes

    def _give_up(self) -> None:
        while len(self._changes) > MOST:
            answer = next(iter(self._changes))
            del self._changes[answer]
            _log.error("store_lost", answers=1, answer=answer)


class _Batch:
    """All that waited of some answers, on its way in one transaction."""

    def __init__(self, writes: AnswerWrites, changes: dict[str, _Changes]) -> None:
        self._writes = writes
        self._changes = changes

    async def run(self, connection: AsyncConnection) -> None:
        """Write everything, each kind of statement for all answers at once."""
        for those in self._changes.values():
            if those.begun is not None:
                await insert_answer(connection, those.begun)
        await _run(connection, self._changes)
        for those in self._changes.values():
            if those.end is not None:
                await write_end(connection, those.end, those.turn)

    def committed(self) -> None:
        """Nothing is left to do."""

    def failed(self, error: Exception) -> None:
        """Keep what was refused; what is at fault itself is given up, because no answer may suffer from it."""
        if isinstance(error, DatabaseRefuses):
            self._writes.put_back(self._changes)
        else:
            _log.error(
                "store_lost", answers=len(self._changes), answer=next(iter(self._changes)), exc_info=error
            )

    def parts(self) -> Sequence[Entry]:
        """Return the changes of each answer by themselves."""
        return [_Batch(self._writes, {answer: those}) for answer, those in self._changes.items()]


async def _run(connection: AsyncConnection, changes: dict[str, _Changes]) -> None:
    """Write what statements for many answers can write."""
    live = [({"for_answer": answer}, those) for answer, those in changes.items()]
    surfaces = [
        row | {"new_surface": dict(those.surface)} for row, those in live if those.surface is not None
    ]
    moves = [
        row | {"new_place": those.moved[0], "new_conversation": those.moved[1]}
        for row, those in live
        if those.moved is not None
    ]
    firsts = [row | {"at": those.first_text_at} for row, those in live if those.first_text_at is not None]
    texts = [
        row | {"from_start": those.start, "piece": "".join(those.pieces)}
        for row, those in live
        if those.pieces
    ]
    shown = [
        row | {"its_key": key, "its_page": page, "at": at}
        for row, those in live
        for key, (page, at) in those.messages.items()
    ]
    for statement, rows in (
        (set_surface, surfaces),
        (set_place, moves),
        (set_first_text, firsts),
        (insert_texts, texts),
        (insert_messages, shown),
    ):
        if rows:
            await statement(connection, rows)


async def _nothing(_: AsyncConnection) -> None:
    """Be a write that is done once everything before it is."""
