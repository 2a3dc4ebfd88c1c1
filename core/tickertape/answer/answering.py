"""The service that platforms call: ask, stop, shut down."""

from __future__ import annotations

import asyncio
import contextlib

import structlog

from tickertape.answer.answer import Answer, Ending
from tickertape.answer.opening import Opener, Opening
from tickertape.answer.preparation import Preparation, PromptRefused
from tickertape.answer.registry import Registry
from tickertape.answer.running import RunningAnswers, SecondPrompt
from tickertape.answer.states import State
from tickertape.durable.journal import Journal
from tickertape.languages import Languages, Sentence, words
from tickertape.prompts.keys import MessageKey
from tickertape.prompts.prompt import MAX_PROMPT, Prompt
from tickertape.screen.streamer import Streamer
from tickertape.screen.surface import Surface

_log = structlog.get_logger(__name__)

_RECORDED = 0.5
"""Seconds that a place which has to be opened waits for its answer to be written down. A commit takes milliseconds, and
Discord waits 3 s for a response."""

_EDITED = Ending(State.STOPPED, words.SUPERSEDED, "its question was edited", remembered=False)
"""How an answer ends whose question is asked anew in other words."""


class Answering:
    """Answers prompts on surfaces. One instance serves all platforms of a process.

    `languages` are those in which people are told things, here and by the platforms.
    """

    def __init__(
        self,
        preparation: Preparation,
        streamer: Streamer,
        journal: Journal,
        registry: Registry,
        languages: Languages,
        second_prompt: SecondPrompt = SecondPrompt.QUEUE,
    ) -> None:
        self.registry = registry
        self.languages = languages
        self._streamer = streamer
        self._running = RunningAnswers(preparation, streamer, journal, second_prompt)
        self._closing = False

    def check(self, prompt: Prompt, if_empty: Sentence = words.PROMPT_EMPTY) -> None:
        """Raise `PromptRefused` if `prompt` cannot be asked now, by anybody.

        One that comes with files may be all in them, as a long text is that Discord makes a file of.
        """
        if self._closing:
            raise PromptRefused(words.SHUTTING_DOWN)
        text = prompt.text.strip()
        if not (text or prompt.attachments):
            raise PromptRefused(if_empty)
        if len(text) > MAX_PROMPT:
            raise PromptRefused(words.PROMPT_TOO_LONG)

    def ask(self, prompt: Prompt, opening: Opening, answer_id: str | None = None) -> Answer | None:
        """Begin to answer `prompt`, which was admitted, and return at once; None if it was taken before.

        So was a question that is asked again when it is deleted, or while it is being answered in the same words; if
        they are others, the answer to those before ends. Raises `PromptRefused` as `check` does.

        Where the place has to be opened, nothing is shown before `open`.
        """
        self.check(prompt)
        if self.registry.asked(prompt.key):
            return None
        if self._needs_no_answer(prompt):
            self.registry.note_asked(prompt.key)
            return None
        answer = Answer(prompt, asyncio.get_running_loop().time(), answer_id)
        self._running.begin(answer, opening)
        return answer

    async def open(self, answer: Answer, opener: Opener) -> None:
        """Open the place of an answer that `ask` began with this opener; return when that is done.

        The answer is written down before `opener` is called, so that a crash leaves no open place that nobody knows of
        (a slow database holds that up for half a second). The model is asked, and anything shown, only after that: an
        answer that was stopped meanwhile says so there. Where nothing is opened, or `opener` raises, it is dropped.
        """
        opened = None
        try:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(answer.recorded.wait(), _RECORDED)
            opened = None if answer.done.is_set() else await opener(answer)
        finally:
            if opened is None:
                self._running.drop(answer, "there is no place to show it")
            else:
                self._running.open(answer, opened.moved)

    def _needs_no_answer(self, prompt: Prompt) -> bool:
        """Whether a question that is asked again is deleted, or being answered as it is; answers to its former words end."""
        if prompt.said_in is None:
            return False
        if self.registry.deleted(prompt.said_in):
            return True
        running = self.registry.answering(prompt.said_in)
        if any(each.prompt.text.strip() == prompt.text.strip() for each in running):
            return True
        for each in running:
            self._running.end(each, _EDITED)
        return False

    def ask_anew(self, answer: Answer, opening: Opening) -> bool:
        """Begin once more to write an answer that an earlier process left without any text, in the messages it has.

        Returns False, and begins nothing, if the process is about to end: the next one takes it up.
        """
        if not self._closing:
            self._running.begin(answer, opening, recorded=True)
        return not self._closing

    def close_interrupted(self, answer: Answer, surface: Surface, ending: Ending) -> None:
        """Show the end of an answer that an earlier process left half-written: its text, and how it ended."""
        self._streamer.open(answer, surface, self._running.end)
        self._running.end(answer, ending)

    def stop(self, answer: Answer, by: str | None = None, *, saying: Sentence | None = None) -> bool:
        """Stop a running answer: close the model's stream now, show what came and who stopped it (None: the asker).

        Who may stop it is for the caller to check. Returns False if the answer had already ended. `saying` is another
        closing line, where nobody stopped it.
        """
        sentence = saying or words.stopped_by(by)
        detail = f"stopped by {'the asker' if by is None else 'another'}" if saying is None else sentence.id
        return self._running.end(answer, Ending(State.STOPPED, sentence, detail))

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
        return sum(self._running.end(each, ending) for each in self.registry.answering(key)) > 0

    def question_edited(self, key: MessageKey, text: str) -> bool:
        """Let the answers to the question in the message `key` that wait for their turn answer `text`.

        Returns whether there are any; what is being answered goes on.
        """
        waiting = [each for each in self.registry.answering(key) if each.rewordable]
        for answer in waiting:
            answer.reword(text)
        return bool(waiting)

    async def close(self, grace: float, drain: float = 20.0) -> None:
        """Take no more prompts, give running answers `grace` seconds to finish, then end them as interrupted.

        Their last text gets `drain` further seconds to reach the screen. Both times are in seconds.
        """
        self._closing = True
        await self._wait_for_answers(grace)
        for answer in self.registry.running():
            self._running.end(answer, Ending(State.INTERRUPTED, words.INTERRUPTED, "shut down"))
        await self._wait_for_answers(drain)
        for answer in self.registry.running():
            _log.error("answer_not_delivered", answer=answer.id, characters=answer.draft.waiting)
        await self._streamer.close()
        if readers := self._running.readers:
            await asyncio.wait(readers)

    async def _wait_for_answers(self, seconds: float) -> None:
        waits = [asyncio.ensure_future(answer.done.wait()) for answer in self.registry.running()]
        if not waits:
            return
        _, pending = await asyncio.wait(waits, timeout=seconds)
        for wait in pending:
            wait.cancel()
