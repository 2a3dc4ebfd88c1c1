"""What an answer that is over offers: to be asked again, to go on, to be judged; by buttons, and again by a reaction."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import replace

import structlog

from tickertape.answer.answer import Answer
from tickertape.answer.assistant import Assistant
from tickertape.answer.preparation import PromptRefused
from tickertape.durable.store import Store
from tickertape.durable.store.errors import StoreError
from tickertape.durable.store.records import AnswerRecord, Rating
from tickertape.inbound.asking import Asking, in_time
from tickertape.inbound.facts import Caller, Pressed, Sender
from tickertape.inbound.refusals import sorry
from tickertape.inbound.spot import Spot, SpotFinder
from tickertape.languages import Sentence, words
from tickertape.prompts.keys import MessageKey
from tickertape.prompts.prompt import Prompt
from tickertape.prompts.stored import attachments_of
from tickertape.screen.body import Offer

_log = structlog.get_logger(__name__)

_CONTINUE = "Go on exactly where you stopped, without repeating anything."
"""What a model is told when somebody wants more of an answer that its length limit ended."""

RATINGS = {Offer.GOOD: Rating.GOOD, Offer.BAD: Rating.BAD}


class Offers:
    """Takes presses and reactions; an answer that is written again is a new one. `clock` tells Unix time in seconds."""

    def __init__(
        self, asking: Asking, assistant: Assistant, store: Store, clock: Callable[[], float]
    ) -> None:
        self._asking = asking
        self._assistant = assistant
        self._rules = assistant.rules
        self._store = store
        self._clock = clock

    async def rate(self, answer: str, sender: Sender, rating: Rating) -> Sentence:
        """Keep what somebody thinks of an answer, and return what to tell them; the last word counts.

        Raises `PromptRefused`, as do the others.
        """
        caller = await sender.caller()
        self._rules.check(caller.asker)
        try:
            known = await self._store.answers.feedback(answer, sender.key, rating, self._clock())
        except StoreError as error:
            raise sorry(error) from error
        return words.RATED if known else words.ANSWER_UNKNOWN

    async def pressed(self, pressed: Pressed) -> Answer | Sentence | None:
        """Do what a button offers: return the new answer, or what to tell; None if it is being answered already."""
        if pressed.offer in RATINGS:
            return await self.rate(pressed.answer, pressed.sender, RATINGS[pressed.offer])
        async with in_time(pressed.patience):
            caller = await pressed.sender.caller()
            record = await self._allowed(pressed.answer, caller)
            spot = _spot(record, pressed)
            again = self._again if pressed.offer is Offer.AGAIN else self._go_on
            prompt = await self._assistant.admit(await again(record, caller))
        return await self._asking.begin(prompt, spot, pressed.sender)

    async def reacted(self, message: MessageKey, sender: Sender, spots: SpotFinder) -> None:
        """Have the prompt answered once more that a message is, or whose answer; say in private why not."""
        record = await self._answer_of(message)
        if record is None or (await sender.caller()).is_app:
            return
        try:
            await self.pressed(Pressed(offer=Offer.AGAIN, answer=record.id, sender=sender, spots=spots))
        except PromptRefused as refusal:
            await sender.tell(refusal.sentence)

    async def _again(self, record: AnswerRecord, caller: Caller) -> Prompt:
        """Return the prompt of an answer, to be asked again in its place in the conversation."""
        if record.prompt is None:
            raise PromptRefused(words.PROMPT_GONE)
        try:
            turn = await self._store.answers.turn_of(record.prompt_key.message)
        except StoreError as error:
            raise sorry(error) from error
        prompt = _anew(record, record.prompt, caller)
        return replace(
            prompt,
            said_in=record.prompt_key.message,
            replaces=turn,
            attachments=attachments_of(record.surface),
        )

    async def _go_on(self, record: AnswerRecord, caller: Caller) -> Prompt:
        """Return a prompt that has the model go on with an answer that its length limit ended."""
        return _anew(record, _CONTINUE, caller)

    async def _allowed(self, answer: str, caller: Caller) -> AnswerRecord:
        """Return an answer that somebody may have written again."""
        self._rules.check(caller.asker)
        try:
            record = await self._store.answers.find(answer)
        except StoreError as error:
            raise sorry(error) from error
        if record is None:
            raise PromptRefused(words.ANSWER_UNKNOWN)
        theirs = caller.asker.user == record.asker
        if not (theirs or caller.moderates or self._rules.is_admin(caller.asker)):
            raise PromptRefused(words.NOT_YOURS_AGAIN)
        return record

    async def _answer_of(self, message: MessageKey) -> AnswerRecord | None:
        """Return the answer that a message is part of, or whose prompt it is; None as well if that can't be told now."""
        answers = self._store.answers
        try:
            return await answers.by_message(message) or await answers.by_prompt(message)
        except StoreError as error:
            _log.error("answer_not_found", message=str(message), error=error.detail)
            return None


def _spot(record: AnswerRecord, pressed: Pressed) -> Spot:
    """Return where an answer is written anew."""
    spot = pressed.spots(record)
    if spot is None:
        _log.error("place_not_understood", answer=record.id)
        raise PromptRefused(words.ANSWER_UNKNOWN)
    return spot


def _anew(record: AnswerRecord, text: str, caller: Caller) -> Prompt:
    """Return a prompt that belongs to who asked first, and counts for who asks now."""
    return Prompt(
        key=replace(record.prompt_key, again=secrets.token_hex(4)),
        text=text,
        asker=record.asker,
        place=record.place,
        conversation=record.conversation,
        origin=caller.origin,
        model=record.model,
        persona=record.persona,
    )
