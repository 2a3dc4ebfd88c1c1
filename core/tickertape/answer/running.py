"""The answers that are being written: each from its turn in the conversation to its end."""

from __future__ import annotations

import asyncio
import enum
from dataclasses import dataclass

import structlog

from tickertape.answer.answer import Answer, Ending
from tickertape.answer.opening import Moved, Opening
from tickertape.answer.preparation import Preparation
from tickertape.answer.reading import ModelReader
from tickertape.answer.states import State
from tickertape.durable.journal import Journal, SurfaceJson
from tickertape.languages import words
from tickertape.prompts.keys import ConversationKey
from tickertape.screen.streamer import Placeholder, Streamer

_log = structlog.get_logger(__name__)


class SecondPrompt(enum.Enum):
    """What a prompt does while an answer of its conversation is running."""

    QUEUE = "queue"
    """It waits until that answer is over."""
    INTERRUPT = "interrupt"
    """It ends that answer."""


@dataclass(slots=True)
class _Job:
    """An answer to be written: where it is shown, and the answer that it has to wait for."""

    answer: Answer
    opening: Opening
    waits_for: Answer | None
    recorded: bool
    """It was begun by an earlier process and is known to the journal."""
    opened: asyncio.Event
    """Set when there is a place to show it in."""
    moved: SurfaceJson | None = None
    """Where it is shown after all, to be written down."""
    reader: asyncio.Task[None] | None = None


class RunningAnswers:
    """Writes answers, and has them shown. `journal` hears of each one's beginning, its place and its end."""

    def __init__(
        self, preparation: Preparation, streamer: Streamer, journal: Journal, second_prompt: SecondPrompt
    ) -> None:
        self._streamer = streamer
        self._journal = journal
        self._model = ModelReader(preparation, streamer)
        self._second_prompt = second_prompt
        self._jobs: dict[Answer, _Job] = {}
        self._running: dict[ConversationKey, list[Answer]] = {}
        """The answers of each conversation that are not shown whole yet, oldest first."""

    @property
    def readers(self) -> list[asyncio.Task[None]]:
        """The tasks that write answers."""
        return [job.reader for job in self._jobs.values() if job.reader is not None]

    def begin(self, answer: Answer, opening: Opening, *, recorded: bool = False) -> None:
        """Begin to write `answer`; one that was `recorded` is known to the journal, one with an opener waits for `open`."""
        opens = opening.opener is not None
        self._streamer.open(answer, opening.surface, self.end, held=opens)
        before = self._running_before(answer)
        answer.wait_for(before if self._second_prompt is SecondPrompt.QUEUE else None)
        job = self._jobs[answer] = _Job(answer, opening, before, recorded, asyncio.Event())
        if not opens:
            job.opened.set()
        job.reader = asyncio.create_task(self._read(job), name=f"read {answer.id}")
        job.reader.add_done_callback(lambda _: self._read_to_end(answer))

    def _read_to_end(self, answer: Answer) -> None:
        self._jobs.pop(answer, None)
        answer.note_recorded()  # if it was ended before that, nobody needs to wait for it

    def open(self, answer: Answer, moved: Moved | None) -> None:
        """Let an answer be written and shown now that its place is open, or say there how it ended meanwhile."""
        job = self._jobs.get(answer)
        if moved is not None:
            self._move(answer, moved, job)
        if job is not None:
            job.opened.set()
        self._streamer.release(answer)

    def _move(self, answer: Answer, moved: Moved, job: _Job | None) -> None:
        """Let an answer belong to the place that was opened for it; `job` waits for its turn there."""
        answer.relocate(moved.prompt(answer.prompt))
        before = self._running_before(answer)
        if answer.over:
            self._journal.moved(answer, moved.place)
            self._journal.ended(answer)  # which is written down with the place
        elif job is not None:
            job.waits_for, job.moved = before, moved.place

    def _running_before(self, answer: Answer) -> Answer | None:
        """Return the running answer that `answer` has to wait for, and let it be the last of its conversation alone."""
        self._running = {
            name: left for name, answers in self._running.items() if (left := _unfinished(answers, answer))
        }
        conversation = answer.prompt.conversation
        if conversation is None:
            return None
        running = self._running.setdefault(conversation, [])
        before = running[-1] if running else None
        running.append(answer)
        return before

    async def _read(self, job: _Job) -> None:
        """Have one answer written, from its turn in the conversation to its end, which is always set."""
        answer = job.answer
        try:
            if not job.recorded and not await self._journal.begin(answer, job.opening.place):
                _log.info("prompt_taken_before", prompt=str(answer.prompt.key))
                self.drop(answer, "the prompt was taken before")
                return
            answer.note_recorded()
            await job.opened.wait()
            if job.moved is not None:
                self._journal.moved(answer, job.moved)
            if job.waits_for is not None:
                await self._wait_for_turn(job, job.waits_for)
                answer.wait_for(None)
            if job.opening.placeholder is not None:
                self._streamer.hold_place(answer, job.opening.placeholder)
            self.end(answer, await self._model.read(answer))
        finally:
            answer.wait_for(None)
            self.end(answer, Ending(State.INTERRUPTED, words.INTERRUPTED, "cancelled"))

    async def _wait_for_turn(self, job: _Job, before: Answer) -> None:
        """Wait until the answer `before` is shown whole, or end it first, as it is set; people see which."""
        if self._second_prompt is SecondPrompt.INTERRUPT:
            self.end(before, Ending(State.STOPPED, words.SUPERSEDED, "a new prompt came"))
        elif job.opening.placeholder is not None:
            self._streamer.hold_place(job.answer, Placeholder(words.WAITING_TURN))
        await before.done.wait()

    def drop(self, answer: Answer, why: str) -> None:
        """Show nothing of an answer that is not ours to show, or that has no place."""
        answer.end(Ending(State.INTERRUPTED, None, why), self._now())
        self._stop_reading(answer)
        self._streamer.drop(answer)

    def end(self, answer: Answer, ending: Ending) -> bool:
        """End an answer, and have its end shown; False if it had already ended."""
        now = self._now()
        if not answer.end(ending, now):
            return False
        level = _log.warning if ending.state is State.FAILED else _log.info
        level("answer_ended", answer=answer.id, state=ending.state.value, detail=ending.detail,
              characters=answer.draft.length, seconds=round(now - answer.asked_at, 3))  # fmt: skip
        self._stop_reading(answer)
        self._journal.ended(answer)
        self._streamer.touch(answer)
        return True

    def _stop_reading(self, answer: Answer) -> None:
        job = self._jobs.get(answer)
        if job is not None and job.reader is not None and job.reader is not asyncio.current_task():
            job.reader.cancel()

    def _now(self) -> float:
        return asyncio.get_running_loop().time()


def _unfinished(answers: list[Answer], other_than: Answer) -> list[Answer]:
    return [answer for answer in answers if answer is not other_than and not answer.done.is_set()]
