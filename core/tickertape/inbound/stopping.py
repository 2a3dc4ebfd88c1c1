"""Who may stop an answer, and the ways to do it: a reaction, a button, a command, the platform's own stop.

The asker may, whoever moderates there, and the owner's admins. Apps may not.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

import structlog

from tickertape.answer.answer import Answer
from tickertape.answer.answering import Answering
from tickertape.inbound.facts import Caller, Sender
from tickertape.languages import Sentence, words
from tickertape.prompts.keys import MessageKey, PlaceKey
from tickertape.rules.rulebook import Rulebook

_log = structlog.get_logger(__name__)

_MOST_EARLY = 100
"""Reactions on unknown messages that are kept at a time."""

_LOOKS = 20
_PAUSE = 0.25
"""Such a reaction is kept for 5 s, and looked at four times a second."""


class Stopping:
    """Stops running answers for those who may."""

    def __init__(self, answering: Answering, rules: Rulebook) -> None:
        self._answering = answering
        self._registry = answering.registry
        self._rules = rules
        self._early = 0
        """Reactions that wait for their message to become known."""

    async def reacted(self, message: MessageKey, sender: Sender) -> None:
        """Stop the answer that a message belongs to, or whose question it is. Whoever may not is not answered."""
        answer = self._registry.find(message) or await self._find_soon(message)
        if answer is not None:
            await self._stop(answer, sender)

    async def _find_soon(self, message: MessageKey) -> Answer | None:
        """Look for a while whether a message is an answer's: people can be faster than the reply to its create."""
        if self._early >= _MOST_EARLY or not self._registry.running(place=message.place):
            return None
        self._early += 1
        try:
            for _ in range(_LOOKS):
                await asyncio.sleep(_PAUSE)
                if (answer := self._registry.find(message)) is not None:
                    return answer
            return None
        finally:
            self._early -= 1

    async def pressed(self, answer_id: str, sender: Sender) -> Sentence | None:
        """Take in a press of a Stop button; return what to tell the person in private, None if nothing."""
        answer = self._registry.by_id(answer_id)
        if answer is None:
            return words.NOT_RUNNING
        return None if await self._stop(answer, sender) else words.NOT_YOURS

    async def commanded(self, place: PlaceKey, sender: Sender) -> Sentence:
        """Stop the person's answers in a place, all of them for those who may; return what to tell them."""
        count = await self._stop_each(self._registry.running(place=place), sender)
        return words.stopped_here(count) if count else words.NOTHING_RUNNING

    async def stop_all(self, answers: Iterable[Answer], sender: Sender) -> None:
        """Stop those of the answers that the person may stop."""
        await self._stop_each(answers, sender)

    async def _stop_each(self, answers: Iterable[Answer], sender: Sender) -> int:
        """Stop those that the person may, their own first, which wait for nothing; return how many that are."""
        own_first = sorted(answers, key=lambda answer: answer.prompt.asker != sender.key)
        return sum([await self._stop(answer, sender) for answer in own_first if not answer.over])

    async def _stop(self, answer: Answer, sender: Sender) -> bool:
        """Stop `answer` if `sender` may; return whether they may. The asker's stop waits for nothing."""
        if sender.key == answer.prompt.asker:
            self._answering.stop(answer)
            return True
        caller = await sender.caller()
        if not self._may_stop(caller):
            _log.info("stop_ignored", answer=answer.id, user=str(sender.key))
            return False
        self._answering.stop(answer, by=caller.origin.name)
        return True

    def _may_stop(self, caller: Caller) -> bool:
        """Whether somebody may stop the answers of others."""
        if caller.is_app:
            return False
        asker = caller.asker
        return caller.moderates or (self._rules.is_admin(asker) and self._rules.allows(asker))
