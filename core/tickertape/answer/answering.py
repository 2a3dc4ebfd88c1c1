"""The service that platforms call: ask, stop, shut down."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from dataclasses import replace

import structlog

from tickertape.answer.answer import Answer
from tickertape.answer.preparation import Preparation, PromptRefused
from tickertape.answer.registry import Registry
from tickertape.answer.running import Opener, RunningAnswers, SecondPrompt
from tickertape.answer.states import Ending, State
from tickertape.durable.journal import Journal, Place
from tickertape.languages import Languages, Sentence, words
from tickertape.prompts.keys import MessageKey
from tickertape.prompts.prompt import MAX_PROMPT, Prompt
from tickertape.screen.streamer import Placeholder, Streamer
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
        self._preparation = preparation
        self._streamer = streamer
        self._running = RunningAnswers(preparation, streamer, journal, second_prompt)
        self._expected: dict[MessageKey, str | None] = {}
        """The prompts that are about to be asked, each with its text if that was edited meanwhile."""
        self._closing = False

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
        they are others, the answer to those before ends. Raises `PromptRefused` as `check` does.

        The placeholder, if given, is posted when no text has come in time. `place` is what the platform needs to find
        the answer again after a restart.
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
                self._running.drop(answer, "there is no place to show it")
            else:
                self._running.open(answer, opened.moved)
        return answer

    def _ask(
        self, prompt: Prompt, surface: Surface, placeholder: Placeholder | None, place: Place, *, opens: bool
    ) -> Answer | None:
        prompt = replace(prompt, text=self._expected.pop(prompt.key, None) or prompt.text)
        self._check(prompt)
        if self.registry.asked(prompt.key):
            return None
        if self._needs_no_answer(prompt):
            self.registry.note_asked(prompt.key)
            return None
        answer = Answer(prompt, asyncio.get_running_loop().time())
        self._running.begin(answer, surface, placeholder, place, recorded=False, opens=opens)
        return answer

    def _needs_no_answer(self, prompt: Prompt) -> bool:
        """Whether a question that is asked again is deleted, or being answered as it is; answers to its former words end."""
        if prompt.said_in is None:
            return False
        if self.registry.deleted(prompt.source):
            return True
        running = self.registry.answering(prompt.source)
        if any(each.prompt.text.strip() == prompt.text.strip() for each in running):
            return True
        for each in running:
            self._running.end(each, _EDITED)
        return False

    def ask_anew(
        self, answer: Answer, surface: Surface, placeholder: Placeholder | None, *, place: Place
    ) -> None:
        """Begin once more to write an answer that an earlier process left without any text, in the messages it has."""
        self._running.begin(answer, surface, placeholder, place, recorded=True)

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
