"""The door through which everything comes that happens on a platform: what it means is decided here, once for all.

    adapter ─▶ fact (`tickertape.inbound.facts`) ─▶ inbox ─▶ an answer begins | ends | is remembered otherwise
                                                             nothing | a private word

Adapters parse what their platform sends, and make calls. They decide nothing about it.
"""

from __future__ import annotations

import structlog

from tickertape.answer.answer import Answer
from tickertape.answer.preparation import PromptRefused
from tickertape.inbound.asking import Asking
from tickertape.inbound.changes import Changes
from tickertape.inbound.commands import Commands
from tickertape.inbound.facts import Addressed, Edited, Follows, Gesture, Question, Reacted, Said
from tickertape.inbound.offers import Offers
from tickertape.inbound.participation import Participation
from tickertape.inbound.stopping import Stopping
from tickertape.languages import Sentence, in_english
from tickertape.prompts.keys import MessageKey

_log = structlog.get_logger(__name__)


class Inbox:
    """One for all platforms of a process."""

    def __init__(
        self,
        asking: Asking,
        stopping: Stopping,
        offers: Offers,
        changes: Changes,
        commands: Commands,
        participation: Participation,
    ) -> None:
        self._asking = asking
        self._changes = changes
        self._participation = participation
        self.stopping = stopping
        self.offers = offers
        self.commands = commands

    def may_concern(self, said: Said) -> bool:
        """Whether a message may be a question, as far as can be told at once."""
        if said.addressed is Addressed.NOBODY:
            return self._participation.may_follow(said)
        return said.addressed is Addressed.US

    async def said(self, said: Said) -> None:
        """Answer a message if it is meant for the bot; return when its answer is written down, and begun.

        Whoever addressed the bot, or goes on with what it said, and gets no answer is told why; nobody else hears of it:
        people who talk in a thread where it takes part are not told of limits with every message.
        """
        if not self.may_concern(said):
            return
        with self._asking.expecting(said.question.key) as is_first:
            if not is_first:
                return
            if said.lacking is not None:
                await self._tell_lacking(said.question, said.lacking)
            elif said.addressed is Addressed.US or await self._participation.welcomes(said):
                await self._answer(said)

    async def _tell_lacking(self, question: Question, lacking: Sentence) -> None:
        _log.error("cannot_answer", place=str(question.place), reason=in_english(lacking))
        self._asking.note_refused(question)
        await question.sender.tell(lacking)

    async def _answer(self, said: Said) -> None:
        try:
            await self._asking.ask_expected(said.question)
        except PromptRefused as refusal:
            if said.addressed is Addressed.US or said.follows is Follows.OURS:
                await said.question.sender.tell(refusal.sentence)

    async def ask(self, question: Question) -> Answer | None:
        """Have a command answered, as `Asking.ask` does; raises `PromptRefused`."""
        return await self._asking.ask(question)

    async def reacted(self, reacted: Reacted) -> None:
        """Do what a reaction asks for."""
        if reacted.gesture is Gesture.STOP:
            await self.stopping.reacted(reacted.message, reacted.sender)
        else:
            await self.offers.reacted(reacted.message, reacted.sender, reacted.spots)

    async def edited(self, edited: Edited) -> None:
        """Take in a message as it is now."""
        await self._changes.edited(edited)

    async def deleted(self, message: MessageKey) -> None:
        """Take note that a message is gone."""
        await self._changes.deleted(message)
