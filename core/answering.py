"""The service that platforms call: ask, stop, shut down. It reads the model's stream into the answer's draft."""

from __future__ import annotations

import asyncio
import contextlib
import enum
from collections.abc import Awaitable, Callable, Iterator
from contextlib import aclosing
from dataclasses import dataclass, replace

import structlog

from core import words
from core.answer import Answer, Ending, State
from core.journal import Place
from core.languages import Languages, Sentence
from core.model.api import Delta, EmptyAnswer, Finish, ModelError
from core.preparation import Preparation, Prepared, PromptRefused
from core.prompt import MAX_PROMPT, Prompt
from core.reasoning import Thinking
from core.streamer import Placeholder, Streamer
from core.surface import MessageKey, Offer, Surface

_log = structlog.get_logger(__name__)

_RECORDED = 0.5
"""Seconds that a place which has to be opened waits for its answer to be written down. A commit takes milliseconds, and
Discord waits 3 s for a response."""


class SecondPrompt(enum.Enum):
    """What a prompt does while an answer of its conversation is running."""

    QUEUE = "queue"
    """It waits until that answer is over."""
    INTERRUPT = "interrupt"
    """It ends that answer."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A place that was not known before it was opened: how it is written down, and what a prompt is there."""

    place: Place
    prompt: Callable[[Prompt], Prompt]


@dataclass(frozen=True, slots=True)
class Opened:
    """A place that a platform has opened; `moved` if it is another one than was written down."""

    moved: Moved | None = None


Opener = Callable[[Answer], Awaitable[Opened | None]]
"""Opens the place of an answer; None if there is none to show it in."""


@dataclass(slots=True)
class _Job:
    """An answer to be written: where it is shown, what holds its place, and the answer that it has to wait for."""

    answer: Answer
    place: Place
    placeholder: Placeholder | None
    before: Answer | None
    recorded: bool
    """It was begun by an earlier process and is known to the journal."""
    opened: asyncio.Event
    """Set when there is a place to show it in."""
    reader: asyncio.Task[None] | None = None


def offers_for(ending: Ending) -> tuple[Offer, ...]:
    """Return what an answer that ended so offers: to ask again if there is a question, and to judge it if it is whole."""
    if not ending.repeatable:
        return ()
    if ending.state is not State.COMPLETE:
        return (Offer.AGAIN,)
    return (*(Offer.CONTINUE,) * ending.continues, Offer.AGAIN, Offer.GOOD, Offer.BAD)


class Answering:
    """Answers prompts on surfaces. One instance serves all platforms of a process.

    With `makes_offers`, an answer's last message gets buttons that a platform has to know what to do with.
    """

    def __init__(
        self,
        preparation: Preparation,
        streamer: Streamer,
        second_prompt: SecondPrompt = SecondPrompt.QUEUE,
        *,
        makes_offers: bool = False,
    ) -> None:
        self._preparation = preparation
        self._streamer = streamer
        self._second_prompt = second_prompt
        self._makes_offers = makes_offers
        self._jobs: dict[Answer, _Job] = {}
        self._running: dict[str, list[Answer]] = {}
        """The answers of each conversation that are not shown whole yet, oldest first."""
        self._expected: dict[MessageKey, str | None] = {}
        """The prompts that are about to be asked, each with its text if that was edited meanwhile."""
        self._closing = False
        self.registry = streamer.registry

    @property
    def languages(self) -> Languages:
        """The languages in which people are told things, here and by the platforms."""
        return self._streamer.languages

    def check(self, text: str) -> str:
        """Return the prompt without surrounding space, or raise `PromptRefused` if it cannot be asked."""
        if self._closing:
            raise PromptRefused(words.SHUTTING_DOWN)
        text = text.strip()
        if not text:
            raise PromptRefused(words.PROMPT_EMPTY)
        if len(text) > MAX_PROMPT:
            raise PromptRefused(words.PROMPT_TOO_LONG)
        return text

    def _check(self, prompt: Prompt) -> None:
        """Check a prompt; one that comes with files may be all in them, as a long text is that Discord makes a file of."""
        if self._closing or prompt.text.strip() or not prompt.attachments:
            self.check(prompt.text)

    async def admit(self, prompt: Prompt) -> None:
        """Return if `prompt` may be asked here and now, else raise `PromptRefused`; ask it right after."""
        self._check(prompt)
        await self._preparation.admit(prompt)

    @contextlib.contextmanager
    def expecting(self, key: MessageKey) -> Iterator[None]:
        """Take note of edits of the message `key`: it may hold a prompt, which is then asked as it is by then."""
        self._expected[key] = None
        try:
            yield
        finally:
            self._expected.pop(key, None)

    def ask(
        self,
        prompt: Prompt,
        surface: Surface,
        placeholder: Placeholder | None = None,
        *,
        place: Place | None = None,
    ) -> Answer | None:
        """Begin to answer `prompt` on `surface` and return at once; None if this prompt was taken before.

        So was a question that is asked again when it is deleted, or while it is being answered in the same words; if
        they are others, the answer to those before ends. Raises `PromptRefused` as `check` does. The placeholder, if given, is posted when no text has come in time.
        `place` is what the platform needs to find the answer again after a restart.
        """
        return self._ask(prompt, surface, placeholder, place or {}, opens=False)

    async def ask_and_open(
        self,
        prompt: Prompt,
        surface: Surface,
        placeholder: Placeholder | None,
        opener: Opener,
        *,
        place: Place,
    ) -> Answer | None:
        """Begin to answer `prompt` as `ask` does, where its platform has to open the place; return when that is done.

        The answer is written down before `opener` is called, so that a crash leaves no open place that nobody knows of
        (a slow database holds that up for half a second). The model is asked, and anything shown, only after that: an
        answer that was stopped meanwhile says so there. Where nothing is opened, or `opener` raises, it is dropped.
        """
        answer = self._ask(prompt, surface, placeholder, place, opens=True)
        if answer is None:
            return None
        opened = None
        try:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(answer.recorded.wait(), _RECORDED)
            opened = None if answer.done.is_set() else await opener(answer)
        finally:
            if opened is None:
                self._drop(answer, "there is no place to show it")
            else:
                self._open(answer, opened.moved)
        return answer

    def _ask(
        self, prompt: Prompt, surface: Surface, placeholder: Placeholder | None, place: Place, *, opens: bool
    ) -> Answer | None:
        prompt = replace(prompt, text=self._expected.get(prompt.key) or prompt.text)
        self._check(prompt)
        if self.registry.asked(prompt.key):
            return None
        if self._needs_no_answer(prompt):
            self.registry.note_asked(prompt.key)
            return None
        answer = Answer(prompt, self._now())
        self._begin(answer, surface, placeholder, place, recorded=False, opens=opens)
        return answer

    def _needs_no_answer(self, prompt: Prompt) -> bool:
        """Whether a question that is asked again is deleted, or being answered as it is; answers to its former words end."""
        if not prompt.said_in:
            return False
        if self.registry.deleted(prompt.source):
            return True
        running = self.registry.answering(prompt.source)
        if any(each.prompt.text.strip() == prompt.text.strip() for each in running):
            return True
        for each in running:
            self._end(each, Ending(State.STOPPED, words.SUPERSEDED, "its question was edited"))
        return False

    def ask_anew(
        self, answer: Answer, surface: Surface, placeholder: Placeholder | None, *, place: Place
    ) -> None:
        """Begin once more to write an answer that an earlier process left without any text, in the messages it has."""
        self._begin(answer, surface, placeholder, place, recorded=True)

    def close_interrupted(self, answer: Answer, surface: Surface, ending: Ending) -> None:
        """Show the end of an answer that an earlier process left half-written: its text, and how it ended."""
        self._streamer.open(answer, surface, self._end)
        self._end(answer, ending)

    def _begin(
        self,
        answer: Answer,
        surface: Surface,
        placeholder: Placeholder | None,
        place: Place,
        *,
        recorded: bool,
        opens: bool = False,
    ) -> None:
        self._streamer.open(answer, surface, self._end, held=opens)
        before = self._running_before(answer)
        answer.before = before if self._second_prompt is SecondPrompt.QUEUE else None
        job = self._jobs[answer] = _Job(answer, place, placeholder, before, recorded, asyncio.Event())
        if not opens:
            job.opened.set()
        job.reader = asyncio.create_task(self._read(job), name=f"read {answer.id}")
        job.reader.add_done_callback(lambda _: self._read_to_end(answer))

    def _read_to_end(self, answer: Answer) -> None:
        self._jobs.pop(answer, None)
        answer.recorded.set()  # if it was ended before that, nobody needs to wait for it

    def _open(self, answer: Answer, moved: Moved | None) -> None:
        """Let an answer be written and shown now that its place is open, or say there how it ended meanwhile."""
        job = self._jobs.get(answer)
        if moved is not None:
            before = self._move(answer, moved)
            if job is not None:
                job.before = before
        if job is not None:
            job.opened.set()
        self._streamer.release(answer)

    def _move(self, answer: Answer, moved: Moved) -> Answer | None:
        """Let the answer belong to a place that was opened for it; return the answer there that it has to wait for."""
        answer.prompt = moved.prompt(answer.prompt)
        self._streamer.journal.moved(answer, moved.place)
        if answer.over:
            self._streamer.journal.ended(answer)  # it is written down with the place
        return self._running_before(answer)

    def _running_before(self, answer: Answer) -> Answer | None:
        """Return the running answer that `answer` has to wait for, and let it be the last of its conversation."""
        conversation = answer.prompt.conversation
        if not conversation:
            return None
        self._running = {
            name: left for name, answers in self._running.items() if (left := _unfinished(answers))
        }
        running = self._running.setdefault(conversation, [])
        before = running[-1] if running else None
        running.append(answer)
        return before

    def stop(self, answer: Answer, by: str | None = None, *, saying: Sentence | None = None) -> bool:
        """Stop a running answer: close the model's stream now, show what came and who stopped it (None: the asker).

        Who may stop it is for the caller to check. Returns False if the answer had already ended. `saying` is another
        closing line, where nobody stopped it.
        """
        sentence = saying or words.stopped_by(by)
        detail = f"stopped by {'the asker' if by is None else 'another'}" if saying is None else sentence.id
        return self._end(answer, Ending(State.STOPPED, sentence, detail))

    def message_deleted(self, key: MessageKey) -> bool:
        """Take note that somebody deleted the message `key`; if it belongs to a running answer, that answer ends."""
        answer = self.registry.find(key)
        if answer is None or key == answer.prompt.key:
            return False
        self._streamer.lost(answer, key)
        return True

    def question_deleted(self, key: MessageKey) -> bool:
        """Take note that the question in the message `key` was deleted; return whether an answer to it was running.

        Running answers to it end, those that were asked for again among them: the model's streams are closed, and what
        was shown stays, with a line that says why it ended. A prompt of this key that is asked later gets no answer.
        """
        self.registry.note_deleted(key)
        ending = Ending(State.STOPPED, words.QUESTION_DELETED, "the question was deleted", repeatable=False)
        return sum(self._end(each, ending) for each in self.registry.answering(key)) > 0

    def question_edited(self, key: MessageKey, text: str) -> bool:
        """Take note that the question in the message `key` now says `text`.

        Returns whether that is taken up, because the question is expected or its answer still waits for its turn; what
        is being answered goes on.
        """
        try:
            text = self.check(text)
        except PromptRefused:
            return False
        is_expected = key in self._expected
        if is_expected:
            self._expected[key] = text
        waiting = [each for each in self.registry.answering(key) if not each.begun]
        for answer in waiting:
            answer.prompt = replace(answer.prompt, text=text)
        return is_expected or bool(waiting)

    async def close(self, grace: float, drain: float = 20.0) -> None:
        """Take no more prompts, give running answers `grace` seconds to finish, then end them as interrupted.

        Their last text gets `drain` further seconds to reach the screen. Both times are in seconds.
        """
        self._closing = True
        await self._wait_for_answers(grace)
        for answer in self.registry.running():
            self._end(answer, Ending(State.INTERRUPTED, words.INTERRUPTED, "shut down"))
        await self._wait_for_answers(drain)
        for answer in self.registry.running():
            _log.error("answer_not_delivered", answer=answer.id, characters=answer.draft.waiting)
        await self._streamer.close()
        if readers := [job.reader for job in self._jobs.values() if job.reader is not None]:
            await asyncio.wait(readers)

    async def _wait_for_answers(self, seconds: float) -> None:
        waits = [asyncio.ensure_future(answer.done.wait()) for answer in self.registry.running()]
        if not waits:
            return
        _, pending = await asyncio.wait(waits, timeout=seconds)
        for wait in pending:
            wait.cancel()

    async def _read(self, job: _Job) -> None:
        """Have one answer written, from its turn in the conversation to its end, which is always set."""
        answer = job.answer
        try:
            resolved = await self._preparation.resolve(answer.prompt)
            answer.prompt = replace(answer.prompt, model=resolved.model, persona=resolved.persona)
            if not job.recorded and not await self._streamer.journal.begin(answer, job.place):
                _log.info("prompt_taken_before", prompt=answer.prompt.key)
                self._drop(answer, "the prompt was taken before")
                return
            answer.recorded.set()
            await job.opened.wait()
            if job.before is not None:
                await self._wait_for_turn(job, job.before)
                answer.before = None
            if job.placeholder is not None:
                self._streamer.hold_place(answer, job.placeholder)
            self._end(answer, await self._read_stream(answer))
        finally:
            answer.before = None
            self._end(answer, Ending(State.INTERRUPTED, words.INTERRUPTED, "cancelled"))

    async def _wait_for_turn(self, job: _Job, before: Answer) -> None:
        """Wait until the answer `before` is shown whole, or end it first, as it is set; people see which."""
        if self._second_prompt is SecondPrompt.INTERRUPT:
            self._end(before, Ending(State.STOPPED, words.SUPERSEDED, "a new prompt came"))
        elif job.placeholder is not None:
            self._streamer.hold_place(job.answer, Placeholder(words.WAITING_TURN))
        await before.done.wait()

    def _drop(self, answer: Answer, why: str) -> None:
        """Show nothing of an answer that is not ours to show, or that has no place."""
        answer.end(Ending(State.INTERRUPTED, None, why), self._now())
        self._stop_reading(answer)
        self._streamer.drop(answer)

    async def _read_stream(self, answer: Answer) -> Ending:
        """Read the model's stream to its end and return how the answer ended, whatever happened."""
        answer.begun = True
        try:
            prepared = await self._preparation.prepare(answer.prompt)
            answer.notes = prepared.notes
            answer.thinking = Thinking(prepared.reasoning)
            return await self._take_all(answer, prepared)
        except PromptRefused as refusal:
            return Ending(State.FAILED, refusal.sentence, "refused")
        except ModelError as error:
            sentence = words.failed(error, after_text=answer.thinking.answered)
            return Ending(State.FAILED, sentence, f"{type(error).__name__}: {error.detail}")
        except Exception:  # noqa: BLE001 - the supervisor of everything that can stand in the model's place
            _log.exception("model_crashed", answer=answer.id)
            return Ending(State.FAILED, words.BUG, "crash")

    async def _take_all(self, answer: Answer, prepared: Prepared) -> Ending:
        finish = Finish.COMPLETE
        async with aclosing(prepared.model.stream(prepared.conversation)) as deltas:
            async for delta in deltas:
                self._take(answer, delta)
                finish = delta.finish or finish
        if not answer.thinking.answered and finish in {Finish.COMPLETE, Finish.UNCONFIRMED}:
            raise EmptyAnswer("the stream held no text")
        return Ending(State.COMPLETE, words.finished(finish), finish.value, finish is Finish.LENGTH)

    def _take(self, answer: Answer, delta: Delta) -> None:
        if delta.usage is not None:
            answer.usage = delta.usage
        now = self._now()
        if text := answer.thinking.take(delta, now):
            answer.append(text, now)
            self._streamer.touch(answer)
        elif delta.reasoning and (seconds := answer.thinking.thinking_for(now)):
            self._streamer.hold_place(answer, Placeholder(words.thinking(seconds)))

    def _end(self, answer: Answer, ending: Ending) -> bool:
        now = self._now()
        if not answer.end(ending, now):
            return False
        if thought := words.thought_for(answer.thinking.thought_for(now)):
            answer.notes = (*answer.notes, thought)
        if self._makes_offers:
            answer.offers = offers_for(ending)
        level = _log.warning if ending.state is State.FAILED else _log.info
        level("answer_ended", answer=answer.id, state=ending.state.value, detail=ending.detail,
              characters=answer.draft.length, seconds=round(now - answer.asked_at, 3))  # fmt: skip
        self._stop_reading(answer)
        self._streamer.journal.ended(answer)
        self._streamer.touch(answer)
        return True

    def _stop_reading(self, answer: Answer) -> None:
        job = self._jobs.get(answer)
        if job is not None and job.reader is not None and job.reader is not asyncio.current_task():
            job.reader.cancel()

    def _now(self) -> float:
        return asyncio.get_running_loop().time()


def _unfinished(answers: list[Answer]) -> list[Answer]:
    return [answer for answer in answers if not answer.done.is_set()]
