"""From a question to an answer under way, in one call: who may ask, what it belongs to, and where it is shown."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace

import structlog

from tickertape.answer.answer import Answer, new_id
from tickertape.answer.answering import Answering
from tickertape.answer.assistant import Assistant
from tickertape.answer.preparation import PromptRefused
from tickertape.inbound.facts import Caller, Question, Sender
from tickertape.inbound.lost_answers import tell_if_lost
from tickertape.inbound.reply_chains import ReplyChains
from tickertape.inbound.spot import Spot
from tickertape.languages import words
from tickertape.memory.catalogue import UnknownName
from tickertape.prompts.keys import MessageKey
from tickertape.prompts.prompt import MAX_PROMPT, Prompt

_log = structlog.get_logger(__name__)


class Asking:
    """Asks questions, each once, in the words that they have when their turn comes."""

    def __init__(self, answering: Answering, assistant: Assistant, chains: ReplyChains) -> None:
        self._answering = answering
        self._assistant = assistant
        self._chains = chains
        self._expected: dict[MessageKey, str | None] = {}
        """The questions that are being looked at, each with its text if that was edited meanwhile."""

    @contextlib.contextmanager
    def expecting(self, key: MessageKey) -> Iterator[bool]:
        """Take note of edits of the message `key`, which may hold a question; yield whether it comes for the first time."""
        if key in self._expected or self._answering.registry.asked(key):
            yield False
            return
        self._expected[key] = None
        try:
            yield True
        finally:
            self._expected.pop(key, None)

    async def ask(self, question: Question) -> Answer | None:
        """Have a question answered; return when its answer is written down, and begun.

        None if it was taken before, is deleted, or could not be shown to all. Raises `PromptRefused`.
        """
        with self.expecting(question.key) as is_first:
            return await self.ask_expected(question) if is_first else None

    async def ask_expected(self, question: Question) -> Answer | None:
        """Do the same for a question that is `expecting` edits already."""
        try:
            async with in_time(question.patience):
                prompt = await self._admitted(question, await question.sender.caller())
            return await self._publish(question, prompt)
        except PromptRefused:
            self.note_refused(question)
            raise

    async def _publish(self, question: Question, prompt: Prompt) -> Answer | None:
        """Show an admitted question to all, where nobody sees it yet, and begin to answer it."""
        spot, sender = question.spot, question.sender
        if question.publish is not None:
            try:
                published = await question.publish()
            finally:  # from now on it goes by its message's key
                self._answering.registry.note_asked(question.key)
            if published is None:
                return None
            spot, sender = published.spot, published.sender
            prompt = replace(prompt, key=published.key, conversation=published.conversation)
        prompt = replace(prompt, text=self._expected.get(question.key) or prompt.text)
        return await self.begin(prompt, spot, sender)

    def note_refused(self, question: Question) -> None:
        """Take note that whoever asked is told why there is no answer: a second delivery is not refused again."""
        self._answering.registry.note_asked(question.key)

    async def _admitted(self, question: Question, caller: Caller) -> Prompt:
        """Return the question as a prompt that may be asked, with its conversation, its model and its persona.

        What costs calls comes last: the chain of replies is read for those alone who may ask.
        """
        prompt = Prompt(
            key=question.key,
            text=question.text,
            asker=question.sender.key,
            place=question.place,
            conversation=question.conversation,
            origin=caller.origin,
            attachments=question.attachments,
            model=self._named(question.model),
        )
        self._answering.check(prompt, question.if_empty)
        await self._assistant.rules.admit(prompt)
        if prompt.conversation is None:
            found = await self._chains.conversation(question.key, question.replies_to, caller.asker)
            prompt = replace(prompt, conversation=found)
        return await self._assistant.resolve(prompt)

    def _named(self, model: str) -> str:
        try:
            return self._assistant.choices.named(model)
        except UnknownName as unknown:
            raise PromptRefused(unknown.sentence) from unknown

    async def begin(self, prompt: Prompt, spot: Spot, sender: Sender) -> Answer | None:
        """Begin to answer an admitted prompt, as `ask` does. Whoever asked is told if the platform does not take it."""
        answer_id = new_id()
        opening = spot.prepare(prompt, answer_id)
        answer = self._answering.ask(prompt, opening, answer_id)
        if answer is None:
            return None
        if opening.opener is not None:
            await self._answering.open(answer, opening.opener)
        if not answer.over:
            spot.follow(answer, opening.surface)
        spot.watch(tell_if_lost(answer, spot, sender), f"watch {answer.id}")
        await answer.recorded.wait()
        return answer

    def edited(self, key: MessageKey, text: str) -> bool:
        """Take note that the question in the message `key` now says `text`; return whether that is taken up.

        It is if the question is being looked at, or its answer waits for its turn; what is being answered goes on.
        """
        if not 0 < len(text) <= MAX_PROMPT:
            return False
        is_expected = key in self._expected
        if is_expected:
            self._expected[key] = text
        return self._answering.question_edited(key, text) or is_expected


@contextlib.asynccontextmanager
async def in_time(seconds: float | None) -> AsyncIterator[None]:
    """Refuse the prompt if what is only read takes longer than that."""
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError:
        _log.error("database_too_slow", seconds=seconds)
        raise PromptRefused(words.TOO_SLOW) from None
