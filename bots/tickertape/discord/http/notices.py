"""Tells a person something as privately as Discord allows."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any

import discord
import structlog

from tickertape.answer.answer import Answer
from tickertape.discord import words
from tickertape.discord.gateway.origins import locale_of
from tickertape.discord.http.errors import CALL_ERRORS
from tickertape.discord.tasks import Tasks
from tickertape.languages import Languages, Sentence, in_english

_log = structlog.get_logger(__name__)

Person = discord.User | discord.Member
Sending = Coroutine[Any, Any, discord.Message]


class Notices:
    """Sends short messages beside the answers."""

    def __init__(self, tasks: Tasks, languages: Languages) -> None:
        self._tasks = tasks
        self._languages = languages

    async def tell(self, message: discord.Message, sentence: Sentence) -> None:
        """Tell the author of `message` in a direct message; if they take none, in a reply."""
        text = self._languages.of(locale_of(message.channel)).say(sentence)
        if not await self._tell_privately(message.author, text):
            await self._protected(message.reply(text, mention_author=False), "reply")

    async def tell_cannot_write(
        self, person: Person, channel: object, permission: Sentence, locale: str
    ) -> None:
        """Tell `person` in a direct message, if they take one, that the bot may not write in `channel`."""
        _log.error(
            "permission_missing", permission=in_english(permission), channel=getattr(channel, "id", None)
        )
        sentence = words.cannot_write(getattr(channel, "mention", None), permission)
        await self._tell_privately(person, self._languages.of(locale).say(sentence))

    async def tell_when_refused(self, answer: Answer, person: Person, channel: object) -> None:
        """Wait until `answer` is done; if a missing permission kept it from being shown, tell `person`."""
        await answer.done.wait()
        if answer.refused is not None and answer.refused.permission is not None:
            locale = answer.prompt.locale
            await self.tell_cannot_write(person, channel, answer.refused.permission, locale)

    async def _tell_privately(self, person: Person, text: str) -> bool:
        return await self._protected(person.send(text), "direct message")

    async def _protected(self, call: Sending, what: str) -> bool:
        """Make a call that is not cancelled with us, and return whether it worked."""
        try:
            await self._tasks.protect(call, what)
        except CALL_ERRORS as error:
            _log.warning("notice_failed", what=what, error=str(error))
            return False
        return True
