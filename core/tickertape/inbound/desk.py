"""What people do beside asking: see figures, choose, judge, ask again, make the bot forget. The same on all platforms.

What is said is Markdown for whoever asked, privately. What may not be done raises `PromptRefused` with a sentence.
"""

from __future__ import annotations

import csv
import io
import secrets
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from decimal import Decimal

import structlog

from tickertape.answer.preparation import PromptRefused
from tickertape.durable.store.errors import DatabaseRefuses, StoreError
from tickertape.durable.store.records import AnswerRecord, Choice, ModelUsage, Rating, UsageRow
from tickertape.languages import Lines, Sentence, words
from tickertape.memory.catalogue import UnknownName
from tickertape.memory.tokens import tokens_of
from tickertape.prompts.asker import Asker, direct_messages
from tickertape.prompts.keys import MessageKey, PersonKey
from tickertape.prompts.prompt import MAX_PROMPT, Origin, Prompt
from tickertape.prompts.stored import attachments_of
from tickertape.rules.quota import DAY
from tickertape.screen.body import File
from tickertape.service import Service

_log = structlog.get_logger(__name__)

MONTH = 30 * DAY
"""Seconds that a summary of usage looks back."""

_CONTINUE = "Go on exactly where you stopped, without repeating anything."
"""What a model is told when somebody wants more of an answer that its length limit ended."""

SUGGESTIONS = 25
"""Most suggestions of an autocompletion (Discord's limit)."""


@dataclass(frozen=True, slots=True)
class Again:
    """A prompt to be asked once more: the answer that it had, the prompt with a key of its own, the answer's messages."""

    record: AnswerRecord
    prompt: Prompt
    messages: tuple[MessageKey, ...]


class Desk:
    """Serves one process."""

    def __init__(self, service: Service) -> None:
        self._store = service.store
        self._rules = service.assistant.rules
        self._choices = service.assistant.choices
        self._currency = service.settings.currency
        self._clock = service.clock

    async def usage(self, asker: Asker) -> Lines:
        """Return what the asker's own answers took."""
        self._rules.check(asker)
        return await self._summary(words.USAGE_YOURS, asker.user)

    async def usage_of_all(self, asker: Asker) -> Lines:
        """Return what all answers took, for the owner's admins."""
        self._require_admin(asker)
        return await self._summary(words.USAGE_ALL, None)

    async def export(self, asker: Asker) -> File:
        """Return every answer's figures as CSV, without any text, for the owner's admins."""
        self._require_admin(asker)
        table = io.StringIO()
        writer = csv.writer(table)
        columns = [field.name for field in fields(UsageRow)]
        writer.writerow(columns)
        try:
            async for row in self._store.usage.export(0.0):
                writer.writerow(_cell(getattr(row, column)) for column in columns)
        except StoreError as error:
            raise _sorry(error) from error
        return File("usage.csv", table.getvalue())

    async def choices(self, choice: Choice, prompt: Prompt) -> Lines:
        """Return the models or personas that may be used there, with the one that would answer marked."""
        asker = _asker(prompt)
        self._rules.check(asker)
        resolved = await self._choices.resolve(prompt)
        chosen = resolved.model if choice is Choice.MODEL else resolved.persona
        lines = [
            f"- **{name}**{' ✓' if name == chosen else ''}{f': {described}' if described else ''}"
            for name, described in self._usable(choice, asker)
        ]
        title = words.MODEL_CHOICES if choice is Choice.MODEL else words.PERSONA_CHOICES
        return Lines((title, *lines))

    def suggest(self, choice: Choice, asker: Asker, typed: str) -> list[str]:
        """Return the names that go on as is `typed`, then those that hold it; nothing to those who may not ask."""
        names = [name for name, _ in self._usable(choice, asker)]
        wanted = typed.strip().casefold()
        begins = [name for name in names if name.casefold().startswith(wanted)]
        holds = [name for name in names if wanted in name.casefold() and name not in begins]
        return (begins + holds)[:SUGGESTIONS]

    async def choose(
        self, choice: Choice, name: str, prompt: Prompt, *, whole_channel: bool, moderates: bool
    ) -> Sentence:
        """Let a model or persona answer in the prompt's conversation, or for moderators in its whole channel."""
        asker = _asker(prompt)
        wide = whole_channel or prompt.conversation is None
        scope = str(prompt.place if wide else prompt.conversation)
        if wide and not (moderates or self._rules.is_admin(asker)):
            raise PromptRefused(words.ONLY_MODERATORS_CHOOSE)
        try:
            found = self._choices.models.pick(name)[0].name if choice is Choice.MODEL else None
            self._rules.check(asker, found)
            found = await self._choices.choose(choice, scope, name, asker.user, self._clock())
        except UnknownName as unknown:
            raise PromptRefused(unknown.sentence) from unknown
        except StoreError as error:
            raise _sorry(error) from error
        return words.chosen(found, for_channel=wide)

    async def forget(self, prompt: Prompt, *, moderates: bool) -> Sentence:
        """Erase the prompt's conversation; in a conversation of several people, for moderators only."""
        asker = _asker(prompt)
        self._rules.check(asker)
        if prompt.conversation is None:
            raise PromptRefused(words.NOTHING_TO_FORGET)
        private = direct_messages(prompt.platform) in asker.channels
        if not (private or moderates or self._rules.is_admin(asker)):
            raise PromptRefused(words.ONLY_MODERATORS_FORGET)
        try:
            erased = await self._store.conversations.forget(prompt.conversation)
        except StoreError as error:
            raise _sorry(error) from error
        return words.forgotten(erased.turns)

    async def forget_person(self, asker: Asker) -> Sentence:
        """Erase everything that the asker ever said to the bot, and its answers."""
        try:
            erased = await self._store.conversations.forget_person(asker.user)
        except StoreError as error:
            raise _sorry(error) from error
        return words.forgotten(erased.turns)

    async def rate(self, answer: str, asker: Asker, rating: Rating) -> Sentence:
        """Keep what the asker thinks of an answer; the last word counts."""
        self._rules.check(asker)
        try:
            known = await self._store.answers.feedback(answer, asker.user, rating, self._clock())
        except StoreError as error:
            raise _sorry(error) from error
        return words.RATED if known else words.ANSWER_UNKNOWN

    async def again(self, answer: str, asker: Asker, *, moderates: bool) -> Again:
        """Return the prompt of an answer, to be asked again with its files, in its place in the conversation."""
        record = await self._allowed(answer, asker, moderates=moderates)
        if record.prompt is None:
            raise PromptRefused(words.PROMPT_GONE)
        turn, messages = await self._traces(record)
        prompt = self._anew(record, record.prompt, asker)
        prompt = replace(prompt, replaces=turn, attachments=attachments_of(record.surface))
        return Again(record, prompt, messages)

    async def go_on(self, answer: str, asker: Asker, *, moderates: bool) -> Again:
        """Return a prompt that has the model go on with an answer that its length limit ended."""
        record = await self._allowed(answer, asker, moderates=moderates)
        _, messages = await self._traces(record)
        prompt = replace(self._anew(record, _CONTINUE, asker), said_in=None)
        return Again(record, prompt, messages)

    async def answer_of(self, key: MessageKey) -> AnswerRecord | None:
        """Return the answer that a message is part of, or whose prompt it is; None as well if that can't be told now."""
        try:
            return await self._store.answers.by_message(key) or await self._store.answers.by_prompt(key)
        except StoreError as error:
            _log.error("answer_not_found", message=str(key), error=error.detail)
            return None

    async def edited(self, key: MessageKey, text: str) -> AnswerRecord | None:
        """Take note that the message `key` now says `text`; return the answer whose prompt it is, if it is one's.

        A database that refuses it takes it later; where it cannot be read, no answer is found.
        """
        text = text.strip()
        if not text or len(text) > MAX_PROMPT:
            return None
        record = await self._asked_in(key)
        await self._edit(key, text)
        changed = record is not None and record.prompt is not None and record.prompt != text
        return record if changed else None

    async def deleted(self, key: MessageKey) -> None:
        """Take note that the message `key` is gone: what it said is forgotten, later if the database refuses it now."""
        try:
            await self._store.conversations.delete(key)
        except DatabaseRefuses:
            self._store.conversations.delete_later(key)
        except StoreError as error:
            _log.error("deletion_not_remembered", message=str(key), error=error.detail)

    async def _asked_in(self, key: MessageKey) -> AnswerRecord | None:
        """Return the answer whose prompt the message `key` is; None as well if that can't be told now."""
        try:
            return await self._store.answers.by_prompt(key)
        except StoreError as error:
            _log.error("answer_not_found", message=str(key), error=error.detail)
            return None

    async def _edit(self, key: MessageKey, text: str) -> None:
        try:
            await self._store.conversations.edit(key, text, tokens_of(text))
        except DatabaseRefuses:
            self._store.conversations.edit_later(key, text, tokens_of(text))
        except StoreError as error:
            _log.error("edit_not_remembered", message=str(key), error=error.detail)

    async def _allowed(self, answer: str, asker: Asker, *, moderates: bool) -> AnswerRecord:
        """Return an answer that the asker may have written again."""
        self._rules.check(asker)
        try:
            record = await self._store.answers.find(answer)
        except StoreError as error:
            raise _sorry(error) from error
        if record is None:
            raise PromptRefused(words.ANSWER_UNKNOWN)
        if not (moderates or asker.user == record.asker or self._rules.is_admin(asker)):
            raise PromptRefused(words.NOT_YOURS_AGAIN)
        return record

    async def _traces(self, record: AnswerRecord) -> tuple[int | None, tuple[MessageKey, ...]]:
        """Return the turn that is the question's answer in its conversation, and the messages of this answer."""
        try:
            messages = tuple(await self._store.answers.messages(record.id))
            turn = await self._store.answers.turn_of(record.prompt_key.message)
        except StoreError as error:
            raise _sorry(error) from error
        return turn, messages

    @staticmethod
    def _anew(record: AnswerRecord, text: str, asker: Asker) -> Prompt:
        """Return a prompt that belongs to who asked first, and counts for who asks now."""
        said_in = record.prompt_key.message
        return Prompt(
            key=replace(said_in, again=secrets.token_hex(4)),
            text=text,
            asker=record.asker,
            place=record.place,
            conversation=record.conversation,
            origin=Origin(asker),
            model=record.model,
            persona=record.persona,
            said_in=said_in,
        )

    async def _summary(self, title: Sentence, asker: PersonKey | None) -> Lines:
        now = self._clock()
        try:
            day = await self._store.usage.summary(now - DAY, asker=asker)
            month = await self._store.usage.summary(now - MONTH, asker=asker)
        except StoreError as error:
            raise _sorry(error) from error
        return Lines((title, *self._lines(words.LAST_DAY, day), *self._lines(words.LAST_MONTH, month)))

    def _lines(self, when: Sentence, models: list[ModelUsage]) -> list[Sentence]:
        return [self._line(when, one) for one in models] or [words.no_usage(when)]

    def _line(self, when: Sentence, one: ModelUsage) -> Sentence:
        cost = None if one.cost is None else words.amount(Decimal(str(one.cost)), self._currency)
        return words.usage(when, one.model, one.answers, one.prompt_tokens + one.completion_tokens, cost)

    def _usable(self, choice: Choice, asker: Asker) -> list[tuple[str, str]]:
        """Return the names that the asker may choose, each with its description."""
        if choice is Choice.MODEL:
            described = {info.name: info.description for info, _ in self._choices.models}
        else:
            described = {persona.name: persona.description for persona in self._choices.personas}
        names = self._rules.usable(asker, described, models=choice is Choice.MODEL)
        return [(name, described[name]) for name in names]

    def _require_admin(self, asker: Asker) -> None:
        self._rules.check(asker)
        if not self._rules.is_admin(asker):
            raise PromptRefused(words.ONLY_ADMINS)


def _asker(prompt: Prompt) -> Asker:
    if prompt.origin is None:
        raise ValueError("nobody is named who asks")
    return prompt.origin.asker


def _sorry(error: StoreError) -> PromptRefused:
    """Return the refusal to somebody whose wish the database did not fulfil."""
    _log.error("store_failed", error=error.detail)
    return PromptRefused(error.sentence)


_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""With these a spreadsheet takes a cell for a formula (OWASP, CSV injection)."""


def _cell(value: object) -> object:
    """Return a value as it can be put into a table: times as ISO 8601, and no text that a spreadsheet would execute."""
    if isinstance(value, float) and value > DAY * 365:
        return datetime.fromtimestamp(value, UTC).isoformat(timespec="milliseconds")
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value
