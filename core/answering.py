"""The service that platforms call: ask, stop, shut down. It reads the model's stream into the answer's draft."""

from __future__ import annotations

import asyncio
import enum
from collections.abc import Awaitable, Callable
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


class SecondPrompt(enum.Enum):
    """What a prompt does while an answer of its conversation is running."""

    QUEUE = "queue"
    """It waits until that answer is over."""
    INTERRUPT = "interrupt"
    """It ends that answer."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A place that a platform had to open before it was known: how it is written down, and what a prompt is there."""

    place: Place
    prompt: Callable[[Prompt], Prompt]


@dataclass(frozen=True, slots=True)
class _Job:
    """An answer to be written: where it is shown, what holds its place, and the answer that it has to wait for."""

    answer: Answer
    place: Place
    placeholder: Placeholder | None
    before: Answer | None
    recorded: bool
    """It was begun by an earlier process and is known to the journal."""
    opened: Awaitable[bool | Moved] | None = None
    """Tells when there is a place to show it in, and if need be which; False if there will be none."""


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
        self._readers: dict[Answer, asyncio.Task[None]] = {}
        self._running: dict[str, list[Answer]] = {}
        """The answers of each conversation that are not shown whole yet, oldest first."""
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

    def ask(
        self,
        prompt: Prompt,
        surface: Surface,
        placeholder: Placeholder | None = None,
        *,
        place: Place | None = None,
        opened: Awaitable[bool | Moved] | None = None,
    ) -> Answer | None:
        """Begin to answer `prompt` on `surface` and return at once; None if this prompt was taken before.

        Raises `PromptRefused` as `check` does. The placeholder, if given, is posted when no text has come in time.
        `place` is what the platform needs to find the answer again after a restart. Where the platform has to open the
        surface first, `opened` tells whether it did, and where that is if it was not known before: the answer is written
        down before, so that a crash leaves no opened place that nobody knows of, but the model is only asked after.
        """
        self._check(prompt)
        if self.registry.asked(prompt.key):
            return None
        answer = Answer(prompt, self._now())
        self._begin(answer, surface, placeholder, place or {}, recorded=False, opened=opened)
        return answer

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
        opened: Awaitable[bool | Moved] | None = None,
    ) -> None:
        self._streamer.open(answer, surface, self._end)
        before = self._running_before(answer)
        answer.before = before if self._second_prompt is SecondPrompt.QUEUE else None
        job = _Job(answer, place, placeholder, before, recorded, opened)
        reader = asyncio.create_task(self._read(job), name=f"read {answer.id}")
        self._readers[answer] = reader
        reader.add_done_callback(lambda _: self._read_to_end(answer))

    def _read_to_end(self, answer: Answer) -> None:
        self._readers.pop(answer, None)
        answer.recorded.set()  # if it was ended before that, nobody needs to wait for it

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
        self.registry.note_asked(key)
        ending = Ending(State.STOPPED, words.QUESTION_DELETED, "the question was deleted", repeatable=False)
        answers = [each for each in self.registry.running() if each.prompt.source == key]
        return sum(self._end(each, ending) for each in answers) > 0

    def question_edited(self, key: MessageKey, text: str) -> bool:
        """Take note that the question in the message `key` now says `text`.

        Returns whether an answer takes that up, because it still waits for its turn; what is being answered goes on.
        """
        try:
            text = self.check(text)
        except PromptRefused:
            return False
        running = [each for each in self.registry.running() if each.prompt.source == key]
        waiting = [each for each in running if not (each.begun or each.over)]
        for answer in waiting:
            answer.prompt = replace(answer.prompt, text=text)
        return bool(waiting)

    def supersede(self, answer: Answer) -> bool:
        """End a running answer whose question is asked anew in other words; False if it had already ended."""
        detail = "its question was edited"
        return self._end(answer, Ending(State.STOPPED, words.SUPERSEDED, detail, remembered=False))

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
        if self._readers:
            await asyncio.wait(list(self._readers.values()))

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
            before = job.before
            if job.opened is not None:
                opened = await job.opened
                if not opened:
                    self._drop(answer, "there is no place to show it")
                    return
                before = self._move(answer, opened) if isinstance(opened, Moved) else before
            if before is not None:
                await self._wait_for_turn(job, before)
                answer.before = None
            if job.placeholder is not None:
                self._streamer.hold_place(answer, job.placeholder)
            self._end(answer, await self._read_stream(answer))
        finally:
            answer.before = None
            self._end(answer, Ending(State.INTERRUPTED, words.INTERRUPTED, "cancelled"))

    def _move(self, answer: Answer, moved: Moved) -> Answer | None:
        """Let the answer belong to a place that was opened for it; return the answer there that it has to wait for."""
        answer.prompt = moved.prompt(answer.prompt)
        self._streamer.journal.moved(answer, moved.place)
        return self._running_before(answer)

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
        reader = self._readers.get(answer)
        if reader is not None and reader is not asyncio.current_task():
            reader.cancel()
        self._streamer.journal.ended(answer)
        self._streamer.touch(answer)
        return True

    def _now(self) -> float:
        return asyncio.get_running_loop().time()


def _unfinished(answers: list[Answer]) -> list[Answer]:
    return [answer for answer in answers if not answer.done.is_set()]
