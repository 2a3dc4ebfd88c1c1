"""Tells a person something as privately as Discord allows."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any

import discord
import structlog

from tickertape.discord.gateway import permissions
from tickertape.discord.gateway.callers import locale_of
from tickertape.discord.http.errors import CALL_ERRORS
from tickertape.languages import Languages, Sentence
from tickertape.tasks import Tasks

_log = structlog.get_logger(__name__)

Person = discord.User | discord.Member
Sending = Coroutine[Any, Any, discord.Message]


class Notices:
    """Sends short messages beside the answers."""

    def __init__(self, client: discord.Client, tasks: Tasks, languages: Languages) -> None:
        self._client = client
        self._tasks = tasks
        self._languages = languages

    async def tell_author(self, message: discord.Message, sentence: Sentence) -> None:
        """Tell the author of `message` in a direct message; if they take none, in a reply where the bot may write."""
        locale = locale_of(message.channel)
        if await self.tell_person(message.author, sentence, locale):
            return
        if permissions.missing_to_answer(message.channel) is None:
            text = self._languages.of(locale).say(sentence)
            await self._protected(message.reply(text, mention_author=False), "reply")

    async def tell_person(self, person: Person, sentence: Sentence, locale: str) -> bool:
        """Tell `person` in a direct message; return whether they take one."""
        text = self._languages.of(locale).say(sentence)
        return await self._protected(person.send(text), "direct message")

    async def tell_known(self, user_id: int, sentence: Sentence, locale: str) -> bool:
        """Do the same for somebody of whom no more is known than the id, such as after a restart."""
        text = self._languages.of(locale).say(sentence)
        return await self._protected(self._write(user_id, text), "direct message")

    async def _write(self, user_id: int, text: str) -> discord.Message:
        place = await self._client.create_dm(discord.Object(user_id))
        return await place.send(text)

    async def _protected(self, call: Sending, what: str) -> bool:
        """Make a call that is not cancelled with us, and return whether it worked."""
        try:
            await self._tasks.protect(call, what)
        except CALL_ERRORS as error:
            _log.warning("notice_failed", what=what, error=str(error))
            return False
        return True
